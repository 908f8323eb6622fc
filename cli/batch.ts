/** `gvpie batch`: what has become of the scripts that share a batch. */
import { setTimeout as pause } from 'node:timers/promises';
import { BatchCatalog, type BatchFailure } from '../orchestrator/host/batch-catalog.ts';
import { workingOn } from '../orchestrator/host/owner-table.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import type { BatchCounts } from '../orchestrator/queue.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { noOrchestratorWorks, noRendererServes } from './how-to-start.ts';
import { firstError } from './job-words.ts';
import { pausedLines } from './paused.ts';
import { presenceAt } from './presence-at.ts';
import { complain, count, say, sayJson, sayTable } from './print.ts';
import { badInput, unavailable } from './refusal.ts';
import { errorsOf } from './run-row.ts';
import { styleOf } from './style.ts';

const LOOK_MS = 100;
/** How long no orchestrator may be there while it is waited, ms: a supervisor starts another one within that. */
const ABSENT_MS = 15_000;
/** Failures that are listed; the rest are counted. */
const LISTED = 100;

interface Look {
  readonly counts: BatchCounts;
  readonly failures: readonly BatchFailure[];
}

export async function showBatch(
  name: string,
  options: { readonly wait?: boolean; readonly json?: boolean },
  settings: Settings,
): Promise<ExitCode> {
  const { counts, failures } = await withDatabase(settings, async (database): Promise<Look> => {
    const catalog = new BatchCatalog(database);
    const isWorkedOn = (): boolean => workingOn(database).length > 0;
    if (options.wait) {
      const paused = pausedLines(new QueueCatalog(database).controls());
      const { canMove } = known(catalog, name);
      const absent = canMove && presenceAt(settings).alive().length === 0 ? [noRendererServes(settings)] : [];
      for (const line of [...paused, ...absent]) complain(`waiting, although ${line}`);
    }
    const counts = options.wait
      ? await waitFor(() => known(catalog, name), isWorkedOn, settings)
      : known(catalog, name);
    return { counts, failures: catalog.failures(name, LISTED) };
  });
  if (options.json) sayJson(json(name, counts, failures));
  else report(name, counts, failures);
  const isDone = leftOf(counts) === 0 && failedOf(counts) === 0;
  return options.wait && !isDone ? EXIT.failed : EXIT.ok;
}

/** @throws {Refusal} when no orchestrator is there, or none for a while */
async function waitFor(
  look: () => BatchCounts,
  isWorkedOn: () => boolean,
  settings: Settings,
): Promise<BatchCounts> {
  let seenMs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const counts = look();
    // What is disabled, or needs what has failed, is waited for in vain.
    if (leftOf(counts) === 0 || !counts.canMove) return counts;
    const now = systemClock.monotonic();
    if (isWorkedOn()) seenMs = now;
    else if (now - seenMs > ABSENT_MS) {
      throw unavailable(
        `${count(leftOf(counts), 'job')} left, but ${noOrchestratorWorks(settings.database)}`,
      );
    }
    await pause(LOOK_MS);
  }
}

/** @throws {Refusal} when no script has that batch */
function known(catalog: BatchCatalog, name: string): BatchCounts {
  const counts = catalog.counts(name);
  if (counts !== undefined) return counts;
  throw badInput(
    `Expected the name of a batch, found no script with ${JSON.stringify(name)}`,
    'gvpie script list shows them; gvpie script set NAME --batch BATCH puts a script into one',
  );
}

function leftOf({ states, toCome }: BatchCounts): number {
  return states.queued + states.running + toCome;
}

function failedOf({ states }: BatchCounts): number {
  return states.refused + states.rejected + states.dead + states.cancelled;
}

function json(name: string, counts: BatchCounts, failures: readonly BatchFailure[]): object {
  const { scripts, states, toCome, canMove } = counts;
  return {
    ...{ batch: name, scripts, states, to_come: toCome, left: leftOf(counts), can_move: canMove },
    failures: failures.map(({ jobId, scriptName, slot, state, stderr }) => ({
      ...{ job: jobId, script_name: scriptName, slot, state },
      errors: errorsOf({ stderr, success: 0 }),
    })),
    more_failures: failedOf(counts) - failures.length,
  };
}

function report(name: string, counts: BatchCounts, failures: readonly BatchFailure[]): void {
  const style = styleOf(process.stdout);
  if (failures.length > 0) {
    sayTable(
      [
        { title: 'JOB', align: 'right' },
        { title: 'SCRIPT', dress: style.bold },
        { title: 'SLOT' },
        { title: 'STATE', dress: style.red },
        { title: 'WHY' },
      ],
      failures.map(({ jobId, scriptName, slot, state, stderr }) => [
        ...[String(jobId), scriptName, slot, state],
        firstError(stderr) ?? '',
      ]),
    );
    const more = failedOf(counts) - failures.length;
    if (more > 0) say(`… and ${more} more`);
  }
  const { scripts, states, toCome, canMove } = counts;
  const found = Object.entries(states).filter(([, jobs]) => jobs > 0);
  const words = found.map(([state, jobs]) => `${jobs} ${state}`);
  if (toCome > 0) words.push(`${toCome} to come`);
  const stuck = leftOf(counts) > 0 && !canMove;
  if (stuck) say(style.yellow('what is left cannot begin: it is disabled, or needs what has not succeeded'));
  say(`${name}: ${count(scripts, 'script')}; ${words.join(', ') || 'no jobs'}`);
}
