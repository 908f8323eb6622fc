/** A soak: many rows through one pair of processes, whose memory must not grow with them. */
import { readFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { Pair } from '../support/pair.ts';

const ROWS = 20_000;
const BATCHES = 10;

it(`${ROWS} rows are rendered once each, and neither daemon's memory grows with them`, async () => {
  const pair = new Pair();
  const renderer = await pair.renderer();
  const orchestrator = await pair.orchestrator('--durability', 'fast');
  await pair.run('hello_gpu');
  const database = new BetterSqlite3(pair.database, { timeout: 5_000 });
  const insert = database.prepare(
    "INSERT INTO improvement_scripts (name, lang, code) VALUES (?, 'pixel', ?)",
  );
  const memory: number[][] = [];
  const begun = performance.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    database.transaction(() => {
      for (let n = 0; n < ROWS / BATCHES; n++)
        insert.run(`row ${batch}/${n}`, `TXT 1 1 ${batch} ${n}\nRECT ${n % 99} 20 9 9`);
    })();
    await pair.idle(600_000);
    memory.push([residentMb(renderer.pid), residentMb(orchestrator.pid)]);
  }
  database.close();
  const seconds = (performance.now() - begun) / 1_000;
  console.log(
    `${ROWS} rows in ${seconds.toFixed(0)} s; MB after each tenth (renderer, orchestrator): ${memory.join(' ')}`,
  );
  const runs = pair.query<{ outcome: string; count: number }>(
    'SELECT outcome, count(*) AS count FROM improvement_runs GROUP BY outcome',
  );
  expect(runs).toEqual([{ outcome: 'success', count: ROWS + 1 }]);
  expect(pair.shelf()).toHaveLength(ROWS + 1);
  // From the second tenth on: by then both have compiled what they run and their heaps have their size.
  for (const daemon of [0, 1]) expect(memory.at(-1)?.[daemon]).toBeLessThan(1.5 * (memory[1]?.[daemon] ?? 0));
});

function residentMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024);
}
