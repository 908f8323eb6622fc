/** The thread that presses large answers, so that the daemon's own goes on meanwhile. */
import { parentPort } from 'node:worker_threads';
import { diskFiles } from '../../shared/host/files.ts';
import type { Unbelievable } from '../../shared/protocol/belief.ts';
import type { LargeAnswer, Pressed } from '../doors.ts';
import { pressAnswer } from './press-answer.ts';

/** What comes back for an answer. */
export type ThreadResult = Pressed | Unbelievable | { readonly fault: string };

parentPort?.on('message', (answer: LargeAnswer) => {
  const result = attempt(answer);
  // A small file may lie in a buffer that it shares with others: then it is copied.
  const bytes = 'bytes' in result ? result.bytes : undefined;
  const isAlone = bytes !== undefined && bytes.length === bytes.buffer.byteLength;
  parentPort?.postMessage(result, isAlone ? [bytes.buffer as ArrayBuffer] : []);
});

function attempt(answer: LargeAnswer): ThreadResult {
  try {
    return pressAnswer(diskFiles, answer);
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
