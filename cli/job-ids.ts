/** Ids of jobs as people type them. */
import { wrongUsage } from './refusal.ts';

/** The id that a word is; undefined where it is none. */
export function jobId(word: string): number | undefined {
  return /^\d{1,15}$/.test(word) ? Number(word) : undefined;
}

/**
 * Ids, each once, in the order in which they were typed.
 *
 * @throws {Refusal} when a word is none
 */
export function jobIds(words: readonly string[]): number[] {
  const found = words.map((word) => {
    const id = jobId(word);
    if (id !== undefined) return id;
    throw wrongUsage(
      `Expected the id of a job, found ${JSON.stringify(word)}`,
      'gvpie queue shows ids; --script NAME means all jobs of a script',
    );
  });
  return [...new Set(found)];
}
