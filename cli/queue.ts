/** `gvpie queue`: what is queued and running, in the order in which it will be taken, and what holds it up. */

import { resolve } from 'node:path';
import { JobCatalog } from '../orchestrator/host/job-catalog.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { workingOn } from '../orchestrator/host/owner-table.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import { hasEnded } from '../orchestrator/life.ts';
import type { Control, JobChoice, JobRow, JobRun, QueueTotals } from '../orchestrator/queue.ts';
import type { JobState } from '../orchestrator/script.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { heldById } from './held.ts';
import { noOrchestratorWorks, noRendererServes } from './how-to-start.ts';
import { jobJson, nameOf, whyEnded } from './job-words.ts';
import { pausedLines } from './paused.ts';
import { presenceAt } from './presence-at.ts';
import { say, sayJson, sayTable } from './print.ts';
import { type Making, progressWords } from './progress-words.ts';
import { type Style, styleOf } from './style.ts';
import { ageWords } from './time-words.ts';

interface QueueOptions {
  readonly state?: JobState;
  readonly batch?: string;
  readonly limit: number;
  readonly json?: boolean;
}

interface LookedAt {
  readonly row: JobRow;
  readonly run: JobRun | undefined;
  /** How far it is, as far as a renderer says that it has it in hand. */
  readonly making: Making | undefined;
}

/** What is to be said of the queue. */
interface Look {
  /** With the run that each is under way in, or ended with. */
  readonly jobs: readonly LookedAt[];
  readonly totals: QueueTotals;
  readonly controls: readonly Control[];
  readonly orchestrators: number;
  readonly renderers: number;
}

export async function listQueue(
  name: string | undefined,
  options: QueueOptions,
  settings: Settings,
): Promise<ExitCode> {
  const { state, batch } = options;
  const choice = {
    ...(name !== undefined && { scriptName: name }),
    ...(batch !== undefined && { batch }),
    ...(state !== undefined && { state }),
  };
  const look = await withDatabase(settings, (database) => {
    if (name !== undefined) scriptNamed(new ScriptCatalog(database), name);
    return lookAt(database, choice, options.limit, settings);
  });
  const nowMs = systemClock.now();
  if (options.json) {
    const { jobs, totals, controls, orchestrators, renderers } = look;
    sayJson({
      jobs: jobs.map(({ row, run }) => jobJson(row, run)),
      totals,
      paused: controls.filter((control) => control.paused).map(({ scope }) => scope),
      limits: Object.fromEntries(
        controls.flatMap(({ scope, concurrency }) => (concurrency === null ? [] : [[scope, concurrency]])),
      ),
      orchestrators,
      renderers,
    });
    return EXIT.ok;
  }
  const style = styleOf(process.stdout);
  if (look.jobs.length > 0) sayJobs(look, nowMs, style);
  for (const line of notes(look, settings)) say(style.yellow(line));
  say(totalsLine(look, state));
  return EXIT.ok;
}

function lookAt(database: Database, choice: JobChoice, limit: number, settings: Settings): Look {
  const queue = new QueueCatalog(database);
  const jobs = new JobCatalog(database);
  const renderers = presenceAt(settings).alive();
  const held = heldById(renderers);
  const spoolIds = held.size > 0 ? queue.spoolIds() : undefined;
  return {
    jobs: queue.list(choice, limit).map((row) => {
      const run = row.state === 'queued' ? undefined : jobs.runs(row.id).at(-1);
      return { row, run, making: run && held.get(spoolIds?.get(run.id) ?? '') };
    }),
    totals: queue.totals(choice),
    controls: queue.controls(),
    orchestrators: workingOn(database).length,
    renderers: renderers.length,
  };
}

function sayJobs({ jobs }: Look, nowMs: number, style: Style): void {
  sayTable(
    [
      { title: 'ID', align: 'right' },
      { title: 'SCRIPT', dress: style.bold },
      { title: 'SLOT' },
      { title: 'LANG' },
      { title: 'PRIORITY', align: 'right' },
      { title: 'ATTEMPTS', align: 'right' },
      { title: 'AGE', align: 'right' },
      { title: 'STATE' },
      { title: 'WHY' },
    ],
    jobs.map(({ row, run, making }) => [
      String(row.id),
      nameOf(row),
      row.slot,
      row.lang,
      String(row.priority ?? ''),
      String(row.attempts),
      ageWords(row.dueAt, nowMs),
      row.cancel && row.state === 'running' ? 'cancelling' : row.state,
      lastCell(row, run, making, nowMs),
    ]),
  );
}

function lastCell(row: JobRow, run: JobRun | undefined, making: Making | undefined, nowMs: number): string {
  if (row.state === 'queued') return row.waits ?? '';
  if (run === undefined) return '';
  if (hasEnded(row.state)) return whyEnded(run);
  const by = run.owner === null ? '' : ` at ${run.owner}`;
  const far = making === undefined ? '' : `, ${progressWords(making)}`;
  return `under way for ${ageWords(run.startedAt, nowMs)}${by}${far}`;
}

/** What holds all of it up, and how that is ended. */
function notes({ controls, orchestrators, renderers, totals }: Look, settings: Settings): string[] {
  const isBusy = totals.queued + totals.running > 0;
  return [
    ...pausedLines(controls),
    ...controls.flatMap(({ scope, concurrency }) =>
      concurrency === null ? [] : [`${scope} has at most ${concurrency} under way at once`],
    ),
    ...(orchestrators === 0 ? [noOrchestratorWorks(resolve(settings.database))] : []),
    ...(renderers === 0 && isBusy ? [noRendererServes(settings)] : []),
  ];
}

function totalsLine({ jobs, totals }: Look, state: JobState | undefined): string {
  const { queued, waiting, running } = totals;
  const held = waiting === 0 ? '' : ` (${waiting} of them cannot begin yet)`;
  const all = `${queued} queued${held}, ${running} running`;
  const open = state === 'queued' ? queued : state === 'running' ? running : queued + running;
  if (state !== undefined && hasEnded(state)) return `${jobs.length} ${state} listed; ${all}`;
  return open > jobs.length ? `${all}; listed ${jobs.length}` : all;
}
