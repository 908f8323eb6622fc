/**
 * The peers of the spool: the same renderer behind loopback HTTP and behind a Unix socket. They decode,
 * answer and sign as the renderer's daemon does, so that the transport is all that differs.
 */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { answer } from '../../renderer/answer.ts';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { decodeCommand } from '../../shared/protocol/command.ts';
import { VERSION } from '../../shared/version.ts';
import { packAnswer } from '../frame.ts';

/** A command's bytes in, a frame out. */
async function serveCommand(command: Buffer): Promise<Buffer> {
  const decoded = decodeCommand(command);
  const { reply, pixels } = await answer(decoded, {
    backends: { standing: cpuPainter.standing, painterFor: () => cpuPainter },
    version: VERSION,
    allowance: FULL_ALLOWANCE,
    last: undefined,
    nowMs: Date.now(),
    breathe: () => Promise.resolve(),
    readInput: (path, maxBytes) => diskFiles.read(path, maxBytes),
    monotonic: () => performance.now(),
  });
  const signed = { id: decoded.id, ...reply, command_sha256: sha256Hex(command), renderer: 'peer' };
  return packAnswer(JSON.stringify(signed), pixels ?? new Uint8Array(0));
}

/** HTTP/1.1 on a free loopback port: keep-alive, no Nagle, a length instead of chunks, one write an answer. */
export async function serveHttp(): Promise<{ ready: string; stop(): Promise<void> }> {
  const server = createHttpServer(
    { keepAlive: true, noDelay: true, keepAliveTimeout: 60_000 },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const frame = await serveCommand(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
        response.writeHead(200, {
          'Content-Type': 'application/octet-stream',
          'Content-Length': frame.length,
        });
        response.end(frame);
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await closed(server);
  };
  return { ready: String((server.address() as AddressInfo).port), stop };
}

/** A Unix socket: each command behind its length (unsigned 32-bit, little-endian), each answer a frame. */
export async function serveSocket(path: string): Promise<{ ready: string; stop(): Promise<void> }> {
  const server = createSocketServer((socket) => {
    let held: Buffer = Buffer.alloc(0);
    socket.on('data', async (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readUInt32LE(0)) {
        const end = 4 + held.readUInt32LE(0);
        const command = held.subarray(4, end);
        held = held.subarray(end);
        socket.write(await serveCommand(command));
      }
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  return { ready: path, stop: () => closed(server) };
}

async function closed(server: Server): Promise<void> {
  server.close();
  server.unref();
}
