/** Arrival: how long after one row's commit its cartridge is there. */
import { watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { seededBetween } from '../shared/seeded.ts';
import type { Pair } from './rows.ts';
import { SEED } from './seed.ts';

/** Longest wait for one cartridge, ms. */
const PATIENCE_MS = 5_000;

/**
 * Inserts rows one at a time, at random phases of the orchestrator's poll.
 *
 * @returns milliseconds from each commit to the moment at which the cartridge's name appeared
 */
export async function measureArrivals(pair: Pair, rows: number): Promise<number[]> {
  const random = seededBetween(SEED);
  const insert = pair.database.prepare(
    `INSERT INTO improvement_scripts (name, lang, code) VALUES (?, 'pixel', ?)`,
  );
  let awaited = '';
  let arrived: () => void = () => {};
  const watcher = watch(pair.cartridges, (_event, name) => {
    if (name?.startsWith(awaited)) arrived();
  });
  const samples: number[] = [];
  try {
    for (let row = 0; row < rows; row++) {
      await pause(random(0, 100));
      awaited = `arrival-${row}_`;
      const late = new AbortController();
      const cartridge = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      insert.run(`arrival-${row}`, `TXT 5 5 ${row}\nRECT 5 15 ${row} 10`);
      const start = performance.now();
      const tooLate = pause(PATIENCE_MS, undefined, { signal: late.signal }).then(() => {
        throw new Error(`Expected a cartridge within ${PATIENCE_MS} ms, found none for row ${row}`);
      });
      await Promise.race([cartridge, tooLate]);
      samples.push(performance.now() - start);
      tooLate.catch(() => {});
      late.abort();
    }
  } finally {
    watcher.close();
  }
  return samples;
}
