/** The thread that presses large answers, so that the daemon's own goes on meanwhile. */
import { parentPort } from 'node:worker_threads';
import { diskFiles } from '../../shared/host/files.ts';
import type { Unbelievable } from '../../shared/protocol/belief.ts';
import type { LargeAnswer } from '../doors.ts';
import { pressAnswer } from './press-answer.ts';

/** What comes back for an answer. */
export type ThreadResult = Uint8Array | Unbelievable | { readonly fault: string };

parentPort?.on('message', (answer: LargeAnswer) => {
  const result = attempt(answer);
  // A small file may lie in a buffer that it shares with others: then it is copied.
  const isAlone = result instanceof Uint8Array && result.length === result.buffer.byteLength;
  parentPort?.postMessage(result, isAlone ? [result.buffer as ArrayBuffer] : []);
});

function attempt(answer: LargeAnswer): ThreadResult {
  try {
    return pressAnswer(diskFiles, answer);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
