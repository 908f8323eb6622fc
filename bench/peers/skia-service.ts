/** The peer's renderer: an HTTP service that draws a scene with Skia and answers with its PNG. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCanvas } from '@napi-rs/canvas';
import type { Scene } from '../pictures/scene.ts';
import { prepareDrawing } from '../pictures/skia.ts';

/** HTTP/1.1 on a free loopback port: keep-alive, no Nagle, PNGs made in the thread pool. */
export async function serveSkia(): Promise<{ ready: string; stop(): Promise<void> }> {
  const server = createServer(
    { keepAlive: true, noDelay: true, keepAliveTimeout: 60_000 },
    (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const png = await pngOf(JSON.parse(Buffer.concat(chunks).toString()) as Scene);
        response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': png.length });
        response.end(png);
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { ready: String((server.address() as AddressInfo).port), stop };
}

/** Skia's fastest PNG of a small picture: `encodeSync` takes as long and holds the loop, sharp takes twice as long. */
async function pngOf(scene: Scene): Promise<Buffer> {
  const canvas = createCanvas(scene.canvas.width, scene.canvas.height);
  prepareDrawing(scene)(canvas.getContext('2d'));
  return canvas.encode('png');
}
