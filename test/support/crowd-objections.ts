/** What must hold once a storm over a crowd of daemons is over: of each slot one success and one cartridge, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import type { CrowdStorm } from './crowd-storm.ts';
import { type Event, objectionsToHistory, readHistory } from './job-history.ts';
import { nameless, namesOn } from './names-on.ts';
import { namesIn } from './renderer-process.ts';
import { EVERY_MS, type Planned, POINTS } from './storm-plan.ts';

interface Script {
  readonly id: number;
  readonly name: string;
  readonly run_count: number;
  readonly success_count: number;
  readonly runs: number;
  readonly successes: number;
  readonly skipped_slots: number;
  readonly revised_at: string | null;
  readonly planned_to: string | null;
}

interface Job {
  readonly id: number;
  readonly script_id: number;
  readonly slot: string;
  readonly params: string | null;
  readonly state: string;
  readonly successes: number;
  readonly refusals: number;
}

interface Success {
  readonly id: number;
  readonly script_id: number;
  readonly job_id: number;
  readonly known: number;
  readonly cartridge_path: string;
}

interface Registered {
  readonly file_name: string;
  readonly run_id: number;
  readonly checksum: string;
}

export interface Verdict {
  readonly objections: readonly string[];
  readonly events: readonly Event[];
  /** Ids of scripts by their names. */
  readonly ids: ReadonlyMap<string, number>;
  /** How many jobs were done, and how many runs that took. */
  readonly done: number;
  readonly runs: number;
  /** Jobs of the dead that were in hand at three deaths: they are nobody's, and rightly poison. */
  readonly poison: number;
}

export async function judgeStorm({
  place,
  planned,
}: Pick<CrowdStorm, 'place' | 'planned'>): Promise<Verdict> {
  const found: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) found.push(what);
  };
  const database = new BetterSqlite3(place.database, { readonly: true });
  const all = <Row>(sql: string) => database.prepare<[], Row>(sql).all();
  const scripts = all<Script>(SCRIPTS);
  const jobs = all<Job>(JOBS);
  const successes = all<Success>(`SELECT id, script_id, job_id, known, cartridge_path FROM improvement_runs
    WHERE outcome = 'success'`);
  const registry = all<Registered>('SELECT file_name, run_id, checksum FROM cartridges');
  const events = readHistory(database);
  database.close();
  const ids = new Map(scripts.map(({ id, name }) => [name, id]));
  const plans = new Map(planned.map((one) => [ids.get(one.name) ?? 0, one]));

  expect('no script is lost', scripts.length === planned.length);
  for (const script of scripts) {
    const plan = plans.get(script.id);
    const own = jobs.filter((job) => job.script_id === script.id);
    if (plan !== undefined) expectSlots(expect, plan, script, own);
    expect(`${script.name} counts its runs`, script.run_count === script.runs);
    expect(`${script.name} counts its successes`, script.success_count === script.successes);
    for (const { slot, state, successes: count, refusals } of own) {
      const name = `${script.name} ${slot}`;
      expect(`${name} has ended as it has to: ${state}`, endsOf(plan).includes(state));
      expect(`${name} has the successes it should: ${count}`, count === (state === 'done' ? 1 : 0));
      expect(`${name} has the refusals it should: ${refusals}`, refusals === (state === 'refused' ? 1 : 0));
    }
  }

  const files = new Map(registry.map((row) => [row.file_name, row]));
  const pictures = new Map<string, string>();
  const points = new Map(jobs.map(({ id, params }) => [id, params]));
  for (const { id, script_id, job_id, known, cartridge_path } of successes) {
    const row = files.get(cartridge_path);
    expect(`${cartridge_path} is registered as of its run`, known === 1 || row?.run_id === id);
    const plan = plans.get(script_id);
    const checksum = plan && (await pictureOf(plan, points.get(job_id) ?? null, pictures));
    expect(`${cartridge_path} has the pixels of an undisturbed run`, row?.checksum === checksum);
  }
  const rendered = successes.filter(({ known }) => known === 0).length;
  expect('the registry lists nothing else', registry.length === rendered);
  const shelf = namesOn(place.cartridges).sort();
  expect('no object is without a name', nameless(place.cartridges).length === 0);
  const strange = shelf.filter((name) => !files.has(name));
  expect(`the shelf holds nothing else: ${strange.join(', ')}`, strange.length === 0);
  for (const { file_name, checksum } of registry) {
    expect(`${file_name} is whole`, isWhole(join(place.cartridges, file_name), checksum));
  }

  for (const room of ['tmp', 'inbox', 'outbox', 'work', 'renderer']) {
    const left = namesIn(place.socket, room);
    expect(`nothing is left in ${room}: ${left.join(', ')}`, left.length === 0);
  }
  const poison = namesIn(place.socket, 'poison');
  const wrong = poison.filter((name) => !/^[0-9a-f-]{36}\.json(\.why)?$/.test(name));
  expect(`nothing else is poison: ${wrong.join(', ')}`, wrong.length === 0);
  const wet = namesIn(place.socket).filter((name) => name.endsWith('.wet') || name === 'cmd.json');
  expect(`nothing is left in the socket: ${wet.join(', ')}`, wet.length === 0);

  found.push(...objectionsToHistory(events, rulesOf(plans, ids)));
  const runs = scripts.reduce((sum, script) => sum + script.runs, 0);
  const done = jobs.filter(({ state }) => state === 'done').length;
  return { objections: found, events, ids, done, runs, poison: poison.length >> 1 };
}

function endsOf(plan: Planned | undefined): readonly string[] {
  if (plan?.kind === 'refused') return ['refused'];
  // A slot that waited when the next one came gave its place to it.
  return plan?.kind === 'scheduled' && plan.catchUp === 'one' ? ['done', 'skipped'] : ['done'];
}

/** Every slot that came due is there, as a job or as one that was passed over. */
function expectSlots(
  expect: (what: string, holds: boolean) => void,
  { kind, catchUp }: Planned,
  { name, skipped_slots, revised_at, planned_to }: Script,
  own: readonly Job[],
): void {
  if (kind !== 'scheduled') {
    const slots = kind === 'matrix' ? POINTS.map((n) => `r1 {"n":${n}}`) : ['r1'];
    const found = own.map(({ slot }) => slot).sort();
    expect(`${name} has its slots: ${found.join(', ')}`, found.join() === slots.join());
    return;
  }
  const [from, to] = [Date.parse(revised_at ?? ''), Date.parse(planned_to ?? '')];
  const due = Math.floor(to / EVERY_MS) - Math.floor(from / EVERY_MS);
  const times = own.map(({ slot }) => Date.parse(slot));
  const isSlot = (ms: number) => ms % EVERY_MS === 0 && ms > from && ms <= to;
  expect(`${name} has jobs of its slots alone`, times.every(isSlot));
  const skipped = catchUp === 'all' ? 0 : skipped_slots;
  expect(`${name} has dealt with ${due} slots: ${own.length} and ${skipped}`, own.length + skipped === due);
  expect(`${name} had slots`, due > 0);
}

/** The checksum of a picture, painted here. */
async function pictureOf(plan: Planned, point: string | null, known: Map<string, string>): Promise<string> {
  const key = `${plan.name} ${point}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const params = point === null ? {} : { params: JSON.parse(point) };
  const { pixels } = await render(Buffer.from(plan.code), plan, cpuPainter, () => 0, params);
  const checksum = sha256Hex(pixels);
  known.set(key, checksum);
  return checksum;
}

function isWhole(path: string, checksum: string): boolean {
  try {
    const cartridge = openCartridge(readFileSync(path));
    return judgeFile(cartridge) === undefined && cartridge.text.checksum === checksum;
  } catch {
    return false;
  }
}

function rulesOf(plans: ReadonlyMap<number, Planned>, ids: ReadonlyMap<string, number>) {
  return {
    atOnce: (script: number) => (plans.get(script)?.kind === 'matrix' ? POINTS.length : 1),
    needs: (script: number) => plans.get(script)?.needs.map((name) => ids.get(name) ?? -1) ?? [],
    points: (script: number) => (plans.get(script)?.kind === 'matrix' ? POINTS.length : 1),
  };
}

const SCRIPTS = `
  SELECT id, name, run_count, success_count, skipped_slots, revised_at, planned_to,
    (SELECT count(*) FROM improvement_runs WHERE script_id = script.id AND finished_at IS NOT NULL) AS runs,
    (SELECT count(*) FROM improvement_runs WHERE script_id = script.id AND outcome = 'success') AS successes
  FROM improvement_scripts AS script ORDER BY id`;

const JOBS = `
  SELECT id, script_id, slot, params, state,
    (SELECT count(*) FROM improvement_runs WHERE job_id = job.id AND outcome = 'success') AS successes,
    (SELECT count(*) FROM improvement_runs WHERE job_id = job.id AND outcome = 'refused') AS refusals
  FROM jobs AS job ORDER BY id`;
