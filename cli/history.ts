/** `gvpie history`: a job's whole life, run by run. */
import { JobCatalog } from '../orchestrator/host/job-catalog.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import type { JobRow, JobRun } from '../orchestrator/queue.ts';
import type { Settings } from '../shared/settings.ts';
import { withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { jobId } from './job-ids.ts';
import { nameOf, runJson, whyEnded } from './job-words.ts';
import { say, sayJson, sayTable, snakeCase } from './print.ts';
import { badInput } from './refusal.ts';
import { outcomeWords } from './run-row.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';
import { spanWords } from './time-words.ts';

interface Life {
  readonly job: JobRow;
  readonly runs: readonly JobRun[];
}

/** @param word the id of a job; or, where there is no such job, the name of a script, whose newest jobs are meant */
export async function history(
  word: string,
  options: { readonly limit: number; readonly json?: boolean },
  settings: Settings,
): Promise<ExitCode> {
  const lives = await withDatabase(settings, (database) => {
    const queue = new QueueCatalog(database);
    const id = jobId(word);
    const job = id === undefined ? undefined : queue.job(id);
    const found =
      job !== undefined ? [job] : queue.jobsOf(word, options.limit).flatMap((one) => queue.job(one) ?? []);
    if (found.length === 0 && queue.plans(word).length === 0) return undefined;
    const catalog = new JobCatalog(database);
    return found.map((one): Life => ({ job: one, runs: catalog.runs(one.id) }));
  });
  if (lives === undefined) {
    if (options.json) sayJson({ job: word, state: 'unknown' });
    else {
      throw badInput(
        `Expected a job or the name of a script, found none named ${JSON.stringify(word)}`,
        'gvpie queue shows ids of jobs, gvpie script list names',
      );
    }
    return EXIT.badInput;
  }
  if (options.json) sayJson(lives.map(({ job, runs }) => ({ ...snakeCase(job), runs: runs.map(runJson) })));
  else if (lives.length === 0) say('no jobs yet');
  for (const [index, life] of (options.json ? [] : lives).entries()) {
    if (index > 0) say();
    sayLife(life);
  }
  return EXIT.ok;
}

function sayLife({ job, runs }: Life): void {
  const style = styleOf(process.stdout);
  for (const line of fieldLines(fieldsOf(job), style.dim)) say(line);
  if (runs.length === 0) return;
  say();
  sayTable(
    [
      { title: 'RUN', align: 'right' },
      { title: 'STARTED' },
      { title: 'ENDED' },
      { title: 'OUTCOME' },
      { title: 'MS', align: 'right' },
      { title: 'BACKEND' },
      { title: 'ORCHESTRATOR' },
      { title: 'CARTRIDGE OR ERROR' },
    ],
    runs.map((run) => [
      String(run.id),
      run.startedAt,
      run.finishedAt ?? '',
      outcomeWords(run),
      String(run.durationMs ?? ''),
      run.backend ?? '',
      run.owner ?? '',
      whyEnded(run),
    ]),
  );
}

function fieldsOf(job: JobRow): [string, string][] {
  const { state, waits, endedAt, dueAt, cancel, attempts, batch } = job;
  const stands = state === 'running' && cancel ? 'running, being cancelled' : state;
  const took =
    endedAt === null ? '' : `, ${spanWords(Date.parse(endedAt) - Date.parse(dueAt))} after it was due`;
  return [
    ['job', String(job.id)],
    ['script', `${nameOf(job)} (${job.lang}, revision ${job.revision})`],
    ['slot', job.slot],
    ...(batch === null ? [] : [['batch', batch] as [string, string]]),
    ['state', waits === null ? stands : `${stands}: ${waits}`],
    ['due', dueAt],
    ...(endedAt === null ? [] : [['ended', `${endedAt}${took}`] as [string, string]]),
    ...(attempts === 0 ? [] : [['attempts', String(attempts)] as [string, string]]),
  ];
}
