/** The thread that judges cartridges for `gvpie replay`, one at a time. */
import { parentPort } from 'node:worker_threads';
import type { Input } from '../shared/inputs.ts';
import { type Assignment, Judge, type Outcome } from './replay-judge.ts';

/** What a thread is told: a cartridge to judge, or the files that are said to hold what it asked for. */
export type ToThread = Assignment | { readonly files: readonly string[] };

/** What a thread says: what it found, which inputs it asks for, or what it could not do. */
export type FromThread =
  | { readonly outcome: Outcome }
  | { readonly inputs: readonly Input[] }
  | { readonly fault: string };

let tell: ((files: readonly string[]) => void) | undefined;
let judge: Judge | undefined;

function ask(inputs: readonly Input[]): Promise<readonly string[]> {
  return new Promise((resolve) => {
    tell = resolve;
    post({ inputs });
  });
}

function post(message: FromThread): void {
  parentPort?.postMessage(message);
}

parentPort?.on('message', (told: ToThread) => {
  if ('files' in told) {
    tell?.(told.files);
    return;
  }
  judge ??= new Judge(told.named, ask);
  judge.judge(told).then(
    (outcome) => post({ outcome }),
    (error: Error) => post({ fault: error.stack ?? error.message }),
  );
});
