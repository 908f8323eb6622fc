/** How far a backup or a restore is, as a line that is seen on a terminal. */
import type { HearProgress } from '../orchestrator/host/keeping.ts';
import { byteWords } from './byte-words.ts';
import { beginProgress } from './progress-line.ts';

export interface KeepingProgress {
  readonly hear: HearProgress;
  readonly say: (words: string) => void;
  readonly end: () => void;
}

/** @param databaseUnit what the database is counted in */
export function beginKeepingProgress(databaseUnit: 'pages' | 'bytes'): KeepingProgress {
  let words = '';
  const line = beginProgress(() => words);
  const say = (now: string): void => {
    words = now;
    line.tick();
  };
  return { hear: (...told) => say(keepingWords(databaseUnit, ...told)), say, end: line.end };
}

export function keepingWords(
  databaseUnit: 'pages' | 'bytes',
  ...[what, done, total]: Parameters<HearProgress>
): string {
  if (what === 'cartridges') return `cartridges: ${done} of ${total}`;
  return databaseUnit === 'pages'
    ? `database, pages: ${done} of ${total}`
    : `database: ${byteWords(done)} of ${byteWords(total)}`;
}
