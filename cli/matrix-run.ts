/** `gvpie script run` of a script with a matrix: asks for all points of its newest slot, or for some, and waits for all of them. */
import { setTimeout as pause } from 'node:timers/promises';
import { JobCatalog, type Point } from '../orchestrator/host/job-catalog.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { workingOn } from '../orchestrator/host/owner-table.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { JobState, RunRow } from '../orchestrator/script.ts';
import { systemClock } from '../shared/host/clock.ts';
import { NO_PARAMS, type Params } from '../shared/params.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { noOrchestratorWorks } from './how-to-start.ts';
import { paramWords } from './options.ts';
import { requireUnpaused } from './paused.ts';
import { complainAbout, count, say, sayJson } from './print.ts';
import { badInput, unavailable } from './refusal.ts';
import { errorsOf } from './run-row.ts';

/** How often the jobs are looked at, ms. */
const LOOK_MS = 50;
/** Failures that are told; the rest are counted. */
const TOLD = 20;

export interface PointOptions {
  readonly json?: boolean;
  readonly force?: boolean;
  readonly point?: Params;
}

/** @throws {Refusal} when no orchestrator is there, or nothing more of it ends for as long as an answer may take */
export async function runMatrix(
  database: Database,
  name: string,
  options: PointOptions,
  settings: Settings,
): Promise<ExitCode> {
  const jobs = new JobCatalog(database);
  const ask = (): readonly Point[] => {
    const points = chosenOf(name, jobs.newestPoints(name) ?? [], options.point ?? NO_PARAMS);
    jobs.ask(idsOf(points), options.force === true);
    return points;
  };
  let points = ask();
  if (workingOn(database).length === 0) {
    const what = points.length === 0 ? name : `${name}, ${count(points.length, 'point')},`;
    throw unavailable(`${what} is due, but ${noOrchestratorWorks(settings.database)}`);
  }
  if (!jobs.states(idsOf(points)).has('running')) {
    requireUnpaused(database, name, new ScriptCatalog(database).showScript(name)?.lang ?? '');
  }
  let ended = -1;
  for (let until = 0; ; await pause(LOOK_MS)) {
    const states = jobs.states(idsOf(points));
    const left = (states.get('queued') ?? 0) + (states.get('running') ?? 0);
    if (points.length > 0 && left === 0) return report(jobs, name, points, states, options.json === true);
    if (points.length - left !== ended) until = systemClock.monotonic() + settings.timeoutMs;
    ended = points.length - left;
    if (points.length === 0) {
      points = ask();
      const refusal = points.length === 0 ? refusalOf(database, name) : undefined;
      if (refusal !== undefined) return reportRefusal(name, refusal, options.json === true);
    }
    if (systemClock.monotonic() < until) continue;
    const rest =
      points.length === 0 ? 'is not planned yet' : `has ${count(left, 'point')} of ${points.length} left`;
    const since = `nothing has ended for ${settings.timeoutMs} ms`;
    throw unavailable(`${name} ${rest}, and ${since}`, 'gvpie queue shows what the others wait for');
  }
}

/**
 * Those that have all these values; none where there are no points yet.
 *
 * @throws {Refusal} when there are points, and none of them has
 */
function chosenOf(name: string, points: readonly Point[], params: Params): readonly Point[] {
  const wanted = Object.entries(params);
  const chosen = points.filter((point) => wanted.every(([param, value]) => point.params[param] === value));
  if (points.length === 0 || chosen.length > 0) return chosen;
  const hint = `gvpie script show ${name}`;
  throw badInput(`Expected a point of the matrix of ${name}, found ${paramWords(params)}`, hint);
}

function idsOf(points: readonly Point[]): number[] {
  return points.map(({ id }) => id);
}

/** Why its plan was refused, so that it has no points; undefined where it was not. */
function refusalOf(database: Database, name: string): RunRow | undefined {
  const catalog = new ScriptCatalog(database);
  const run = catalog.latestRun(name);
  const isOfNow = run?.revision === catalog.showScript(name)?.revision;
  return isOfNow && run?.outcome === 'refused' ? run : undefined;
}

function reportRefusal(name: string, run: RunRow, json: boolean): ExitCode {
  const errors = errorsOf(run);
  complainAbout(name, errors);
  if (json) sayJson({ name, slot: null, points: 0, states: { refused: 1 }, failures: [{ errors }] });
  return EXIT.failed;
}

function report(
  jobs: JobCatalog,
  name: string,
  points: readonly Point[],
  states: ReadonlyMap<JobState, number>,
  json: boolean,
): ExitCode {
  const failures = jobs.failed(idsOf(points), TOLD).map(({ id, slot, state }) => {
    const run = jobs.runs(id).at(-1);
    return { job: id, slot, state, errors: run === undefined ? [] : errorsOf(run) };
  });
  const [slot] = points[0]?.slot.split(' ', 1) ?? [];
  if (json) sayJson({ name, slot, points: points.length, states: Object.fromEntries(states), failures });
  for (const one of failures) complainAbout(`${name} ${one.slot}`, one.errors);
  const words = [...states].map(([state, number]) => `${number} ${state}`).join(', ');
  if (!json) say(`${name}: ${count(points.length, 'point')} of ${slot}: ${words}`);
  return states.get('done') === points.length ? EXIT.ok : EXIT.failed;
}
