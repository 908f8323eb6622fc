/** Calls over one connection to a Unix socket. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { frameLength, unpackAnswer } from '../frame.ts';
import { type Caller, checkAnswer } from './caller.ts';

export async function callOverSocket(name: string, path: string): Promise<Caller> {
  const socket = createConnection(path);
  await once(socket, 'connect');
  let chunks: Buffer[] = [];
  let length = 0;
  let arrived: (frame: Buffer) => void = () => {};
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    const expected = frameLength(chunks[0] as Buffer);
    if (expected === undefined || length < expected) return;
    const frame = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    chunks = [];
    length = 0;
    arrived(frame);
  });
  return {
    name,
    async call(_id, command) {
      const answer = new Promise<Buffer>((resolve) => {
        arrived = resolve;
      });
      const bytes = Buffer.allocUnsafe(4 + Buffer.byteLength(command));
      bytes.writeUInt32LE(bytes.length - 4, 0);
      bytes.write(command, 4);
      socket.write(bytes);
      const { reply, pixels } = unpackAnswer(await answer);
      return checkAnswer(reply, pixels);
    },
    close: () => socket.destroy(),
  };
}
