/** The verdict on how a hostile program ended: what there is to object to. */
import type { Complaint } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Hostile } from './hostile.ts';

/** How a program ended, and what it took. */
export interface Outcome {
  readonly name: string;
  /** Of a run that finished. */
  readonly steps?: number;
  /** Of a program that was refused. */
  readonly complaints?: readonly Complaint[];
  /** What was thrown that is no fault of the program's. */
  readonly broke?: string;
  /** Of parse and run, on all cores together. */
  readonly cpuMs: number;
  /** The most memory that the process held meanwhile, over what it held before the first program, MiB. */
  readonly peakMiB: number;
}

/** Ten times what it takes, and a tenth of what anything quadratic would. */
export const MOST_CPU_MS = 10_000;
export const MOST_MIB = 256;
/** Of a message, a hint or an excerpt. */
export const MOST_WORDS = 1_000;

/** What is wrong with an outcome, in words; nothing when it is as it must be. */
export function objections({ end }: Hostile, outcome: Outcome): string[] {
  const { broke, steps, complaints = [], cpuMs, peakMiB } = outcome;
  const found: string[] = [];
  const expect = (what: string, wanted: unknown, given: unknown) => {
    if (wanted !== given) found.push(`Expected ${what} ${wanted}, found ${given}`);
  };
  if (broke !== undefined) return [`Expected a fault of the program, found ${broke}`];
  const [first] = complaints;
  expect('the code', 'refused' in end ? end.refused : undefined, first?.code);
  if ('refused' in end) expect('the line', end.line, first?.line);
  else expect('steps', end.steps, steps);
  if (complaints.length > LIMITS.errors) found.push(`Expected few complaints, found ${complaints.length}`);
  for (const [index, { message, hint = '', excerpt = '', line = 0 }] of complaints.entries()) {
    for (const text of [message, hint, excerpt]) {
      if (text.length > MOST_WORDS)
        found.push(`Expected few words, found ${text.length}: ${text.slice(0, 80)}`);
    }
    if (line < (complaints[index - 1]?.line ?? 0)) found.push('Expected complaints in order of lines');
  }
  if (cpuMs > MOST_CPU_MS) found.push(`Expected at most ${MOST_CPU_MS} ms, found ${cpuMs}`);
  if (peakMiB > MOST_MIB) found.push(`Expected at most ${MOST_MIB} MiB, found ${peakMiB}`);
  return found;
}
