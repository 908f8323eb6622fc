/** The thread that draws for `gvpie preview`, so that a slow program keeps nobody from ending or replacing it. */
import { parentPort, workerData } from 'node:worker_threads';
import { drawProgram, type Occasion } from './preview-draw.ts';

parentPort?.on('message', async (code: Uint8Array) => {
  const drawing = await drawProgram(code, workerData as Occasion);
  const moved = drawing.kind === 'picture' ? [drawing.pixels.buffer as ArrayBuffer] : [];
  parentPort?.postMessage(drawing, moved);
});
