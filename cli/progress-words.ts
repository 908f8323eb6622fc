/** Progress in words: the phase of a command in hand, and how much of it is done. */

import { visible } from '../renderer/language/caret.ts';
import type { Progress } from '../renderer/progress.ts';
import type { InHand } from '../shared/protocol/announcement.ts';
import { ageWords } from './time-words.ts';

/** What can be said of a picture in the making. */
export type Making = Pick<InHand, 'phase' | 'done' | 'of'>;

/** Whole percents, 0 to 100, rounded down; undefined where nothing is counted. */
export function percentOf({ done, of }: Pick<Making, 'done' | 'of'>): number | undefined {
  if (done === undefined || of === undefined) return undefined;
  return Math.floor((100 * Math.min(done, of)) / of);
}

/** `painting 34 %`, `running`. */
export function progressWords(making: Making): string {
  const percent = percentOf(making);
  return percent === undefined ? making.phase : `${making.phase} ${percent} %`;
}

/** Of a picture that this process makes. */
export function makingWords({ phase, count }: Progress): string {
  return progressWords({ phase, ...count });
}

/** What a renderer has in hand, a line each, and one for those that are not listed. */
export function heldLines(held: readonly InHand[], nowMs: number, most: number): string[] {
  const lines = held.slice(0, most).map(({ id, since, ...making }) => {
    const what = id === null ? 'the command in the slot' : visible(id);
    return `${what}: ${visible(progressWords(making))}, in hand for ${ageWords(since, nowMs)}`;
  });
  return held.length > most ? [...lines, `… and ${held.length - most} more in hand`] : lines;
}
