/** `gvpie cancel`: cancels jobs, and waits a little for the truth about each. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Cancelled, JobCatalog } from '../orchestrator/host/job-catalog.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { workingOn } from '../orchestrator/host/owner-table.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { chosenJobs, type JobOptions } from './job-choice.ts';
import { count, say, sayJson } from './print.ts';
import { wrongUsage } from './refusal.ts';

/** How long orchestrators have to answer, ms: they look at every poll, and clear up after a dead one within ten. */
const PATIENCE_MS = 3_000;
const LOOK_MS = 25;

/** The worst first. */
const SEVERITY: readonly ExitCode[] = [EXIT.badInput, EXIT.failed, EXIT.unavailable, EXIT.ok];

interface CancelOptions extends JobOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

export async function cancelJobs(
  words: readonly string[],
  options: CancelOptions,
  settings: Settings,
): Promise<ExitCode> {
  const { isNamed, ids, answers } = await withDatabase(settings, async (database) => {
    const catalog = new JobCatalog(database);
    const choice = chosenJobs(database, words, options, options.all === true, 'cancel');
    const ids = choice.ids ?? catalog.open(choice.filter);
    if (options.all && !options.yes && ids.length > 0) {
      const hint = 'gvpie cancel --all --yes';
      throw wrongUsage(
        `Expected --yes to cancel all there is, ${count(ids.length, 'job')}, found none`,
        hint,
      );
    }
    return { isNamed: choice.ids !== undefined, ids, answers: await cancel(database, catalog, ids) };
  });
  if (options.json) {
    sayJson(answers.map(({ answer, state, endedAt }, index) => json(ids[index], answer, state, endedAt)));
  } else if (ids.length === 0) say('nothing is queued or under way');
  for (const [index, answer] of (options.json ? [] : answers).entries()) {
    say(`${ids[index]}: ${answerWords(answer)}`);
  }
  const codes = answers.map((answer) => exitOf(answer, isNamed));
  return SEVERITY.find((code) => codes.includes(code)) ?? EXIT.ok;
}

/** Where each stands once all have answered that were under way, or after a while. */
async function cancel(
  database: Database,
  catalog: JobCatalog,
  ids: readonly number[],
): Promise<readonly Cancelled[]> {
  const until = systemClock.monotonic() + PATIENCE_MS;
  let answers = catalog.cancel(ids);
  while (answers.some(({ answer }) => answer === 'cancelling') && systemClock.monotonic() < until) {
    // Whoever could answer is not there.
    if (workingOn(database).length === 0) break;
    await pause(LOOK_MS);
    const open = ids.filter((_, index) => answers[index]?.answer === 'cancelling');
    const now = new Map(catalog.cancelled(open).map((answer, index) => [open[index], answer]));
    answers = answers.map((answer, index) => now.get(ids[index]) ?? answer);
  }
  return answers;
}

function answerWords({ answer, state, endedAt }: Cancelled): string {
  if (answer === 'cancelling')
    return 'cancelling: a run is under way, and its orchestrator has not answered yet';
  if (answer !== 'done') return answer;
  return `done: too late, it was ${state} at ${endedAt ?? 'a time that is not known'}`;
}

function json(
  job: number | undefined,
  answer: Cancelled['answer'],
  state: Cancelled['state'],
  endedAt: Cancelled['endedAt'],
): object {
  return answer === 'done' ? { job, answer, state, ended_at: endedAt } : { job, answer };
}

function exitOf({ answer }: Cancelled, isNamed: boolean): ExitCode {
  if (answer === 'unknown') return EXIT.badInput;
  if (answer === 'cancelling') return EXIT.unavailable;
  // One that ended while all of a script were looked for is what was wanted.
  return answer === 'done' && isNamed ? EXIT.failed : EXIT.ok;
}
