/** What the scene of `queue-crash.ts` is made of, and what must have become of all of it in the end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchCatalog } from '../../orchestrator/host/batch-catalog.ts';
import type { Database } from '../../orchestrator/host/migrate.ts';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { objectionsToHistory, readHistory } from './job-history.ts';
import { nameless, namesOn } from './names-on.ts';
import { namesIn } from './renderer-process.ts';
import type { Place } from './shelf-objections.ts';

/** Scripts with a part of their own: left open by a dead one, cancelled while it runs, and dead and queued once more. */
export const LEFT = 'left-by-the-dead';
export const STUCK = 'to-be-cancelled';
export const DEAD = 'dead-and-requeued';
export const DAY_MS = 86_400_000;

interface Scripted {
  readonly name: string;
  readonly code: string;
  readonly schedule?: string;
  readonly catchUp?: string;
  readonly matrix?: string;
  readonly needs?: string;
  readonly batch?: string;
  readonly attempts?: number;
  /** How each of its jobs has to end. */
  readonly end: string;
  /** How many of them there are; undefined: one for each day that was missed. */
  readonly jobs?: number;
}

export const SCRIPTS: readonly Scripted[] = [
  { name: LEFT, code: 'TXT 1 1 left', end: 'done', jobs: 1 },
  { name: DEAD, code: 'TXT 1 1 dead', attempts: 1, end: 'done', jobs: 1 },
  { name: STUCK, code: 'TXT 1 1 stuck', end: 'cancelled', jobs: 1 },
  { name: 'plain', code: 'RECT 1 1 30 20', end: 'done', jobs: 1 },
  { name: 'refused', code: 'RECT ten', end: 'refused', jobs: 1 },
  {
    name: 'night',
    code: 'PARAM n 1 1 9\nRECT 1 1 n 9',
    matrix: '{"n":[1,2]}',
    batch: 'b',
    end: 'done',
    jobs: 2,
  },
  { name: 'after', code: 'TXT 1 1 after', needs: '["night"]', batch: 'b', end: 'done', jobs: 1 },
  { name: 'once', code: 'TXT 1 1 once', schedule: 'at 2026-01-01T00:00', end: 'done', jobs: 1 },
  { name: 'daily', code: 'TXT 1 1 daily', schedule: 'every 1d', catchUp: 'all', end: 'done' },
  { name: 'unplanned', code: 'HALT', schedule: 'every now and then', end: 'refused', jobs: 1 },
];

interface JobRow {
  readonly id: number;
  readonly script_id: number;
  readonly name: string;
  readonly slot: string;
  readonly params: string | null;
  readonly state: string;
}

interface RunRow {
  readonly job_id: number;
  readonly outcome: string;
  readonly known: number;
  readonly cartridge_path: string | null;
}

/** Everything that is not as it must be in the end. */
export async function objectionsTo(sql: Database, place: Place): Promise<string[]> {
  const found: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) found.push(what);
  };
  const jobs = sql.prepare<[], JobRow>(JOBS).all();
  const runs = sql
    .prepare<[], RunRow>('SELECT job_id, outcome, known, cartridge_path FROM improvement_runs')
    .all();
  for (const script of SCRIPTS) {
    const own = jobs.filter(({ name }) => name === script.name);
    const count = script.jobs ?? missedDays(sql, script.name);
    expect(`${script.name} has ${count} jobs: ${own.length}`, own.length === count);
    for (const { id, slot, state } of own) {
      const ended = runs.filter(({ job_id }) => job_id === id);
      const times = (outcome: string) => ended.filter((run) => run.outcome === outcome).length;
      expect(`${script.name} ${slot} is ${script.end}: ${state}`, state === script.end);
      expect(
        `${script.name} ${slot} has its success: ${times('success')}`,
        times('success') === +(script.end === 'done'),
      );
      expect(
        `${script.name} ${slot} is refused as it should: ${times('refused')}`,
        times('refused') === +(script.end === 'refused'),
      );
    }
  }
  const rendered = runs.filter(({ outcome, known }) => outcome === 'success' && known === 0);
  const shelf = namesOn(place.cartridges);
  expect('no object is without a name', nameless(place.cartridges).length === 0);
  expect(
    `the shelf holds a cartridge of each success: ${shelf.join(', ')}`,
    shelf.length === rendered.length,
  );
  for (const { job_id, cartridge_path } of rendered) {
    const job = jobs.find(({ id }) => id === job_id);
    const code = SCRIPTS.find(({ name }) => name === job?.name)?.code ?? '';
    const params = job?.params == null ? {} : { params: JSON.parse(job.params) };
    const { pixels } = await render(
      Buffer.from(code),
      { width: 128, height: 64 },
      cpuPainter,
      () => 0,
      params,
    );
    expect(
      `${cartridge_path} is that of an undisturbed run`,
      isWhole(join(place.cartridges, cartridge_path ?? ''), sha256Hex(pixels)),
    );
  }
  const counts = new BatchCatalog(sql).counts('b');
  expect('the batch is done', counts?.states.done === 3 && counts.toCome === 0 && counts.scripts === 2);
  const counted = sql.prepare(`SELECT count(*) FROM improvement_scripts AS script WHERE run_count <> (
    SELECT count(*) FROM improvement_runs WHERE script_id = script.id AND name <> 'unplanned')`);
  expect('every script counts its runs', counted.pluck().get() === 0);
  const owners = sql.prepare<[], string>('SELECT id FROM orchestrators').pluck().all();
  expect(
    `nobody is entered any more who owned something: ${owners.join(', ')}`,
    owners.every((id) => /^o\d/.test(id)),
  );
  for (const room of ['tmp', 'inbox', 'outbox', 'work', 'renderer', 'poison']) {
    const left = namesIn(place.socket, room);
    expect(`nothing is left in ${room}: ${left.join(', ')}`, left.length === 0);
  }
  const ids = new Map(jobs.map(({ name, script_id }) => [name, script_id]));
  const rules = {
    atOnce: (script: number) => (script === ids.get('night') ? 2 : 1),
    needs: (script: number) => (script === ids.get('after') ? [ids.get('night') ?? 0] : []),
    points: () => 2,
  };
  return [...found, ...objectionsToHistory(readHistory(sql), rules)];
}

const JOBS = `SELECT job.id, script_id, name, slot, job.params, state
  FROM jobs AS job JOIN improvement_scripts AS script ON script.id = script_id`;

function missedDays(sql: Database, name: string): number {
  const { since, to } = sql
    .prepare<[string], { since: string; to: string }>(
      'SELECT revised_at AS since, planned_to AS "to" FROM improvement_scripts WHERE name = ?',
    )
    .get(name) ?? { since: '', to: '' };
  return Math.floor(Date.parse(to) / DAY_MS) - Math.floor(Date.parse(since) / DAY_MS);
}

function isWhole(path: string, checksum: string): boolean {
  try {
    const cartridge = openCartridge(readFileSync(path));
    return judgeFile(cartridge) === undefined && cartridge.text.checksum === checksum;
  } catch {
    return false;
  }
}
