/** `gvpie requeue`: ended jobs become due again. */

import { JobCatalog, type Requeued } from '../orchestrator/host/job-catalog.ts';
import type { JobState } from '../orchestrator/script.ts';
import type { Settings } from '../shared/settings.ts';
import { withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { chosenJobs, type JobOptions } from './job-choice.ts';
import { say, sayJson } from './print.ts';

interface RequeueOptions extends JobOptions {
  readonly dead?: boolean;
  readonly state?: JobState;
}

export async function requeueJobs(
  words: readonly string[],
  options: RequeueOptions,
  settings: Settings,
): Promise<ExitCode> {
  const state = options.dead ? 'dead' : options.state;
  const { ids, answers } = await withDatabase(settings, (database) => {
    const catalog = new JobCatalog(database);
    const choice = chosenJobs(database, words, options, state !== undefined, 'requeue');
    const ids = choice.ids ?? catalog.ended({ ...choice.filter, ...(state !== undefined && { state }) });
    return { ids, answers: catalog.requeue(ids) };
  });
  if (options.json) sayJson(answers.map((answer, index) => ({ job: ids[index], ...json(answer) })));
  else if (ids.length === 0) say('nothing has ended that could be queued again');
  for (const [index, answer] of (options.json ? [] : answers).entries()) {
    say(`${ids[index]}: ${'refused' in answer ? `refused: ${answer.refused}` : answer.answer}`);
  }
  const isWrong = answers.some((answer) => 'refused' in answer || answer.answer === 'unknown');
  return isWrong ? EXIT.badInput : EXIT.ok;
}

function json(answer: Requeued): object {
  return 'refused' in answer ? { answer: 'refused', reason: answer.refused } : answer;
}
