/** Calls over loopback HTTP: one kept connection, no Nagle, lengths on both sides. */
import { Agent, request } from 'node:http';
import { unpackAnswer } from '../frame.ts';
import { type Caller, checkAnswer } from './caller.ts';

export function callOverHttp(name: string, port: number): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, noDelay: true });
  const options = { host: '127.0.0.1', port, method: 'POST', path: '/', agent };
  return {
    name,
    async call(_id, command) {
      const frame = await new Promise<Buffer>((resolve, reject) => {
        const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(command) };
        const asked = request({ ...options, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
          );
          response.on('error', reject);
        });
        asked.on('error', reject);
        asked.end(command);
      });
      const { reply, pixels } = unpackAnswer(frame);
      return checkAnswer(reply, pixels);
    },
    close: () => agent.destroy(),
  };
}
