/** `gvpie pause`, `resume` and `limit`: what is taken from now on. What is under way goes on in any case. */
import type { Database } from '../orchestrator/host/migrate.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { JobRow } from '../orchestrator/queue.ts';
import { SCOPES, type Scope } from '../orchestrator/script.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { nameOf } from './job-words.ts';
import { count, say, sayJson } from './print.ts';
import { wrongUsage } from './refusal.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** Jobs under way that are named; the rest are counted. */
const NAMED = 8;

/** @throws {Refusal} when a word is no scope; a script's name is one only behind `script` */
export function readScope(word: string, verb: 'pause' | 'resume' | 'limit'): Scope | 'script' {
  if (word === 'all') return 'engine';
  const scope = ([...SCOPES, 'script'] as const).find((one) => one === word);
  if (scope !== undefined) return scope;
  const name = /^[\w.-]+$/.test(word) ? word : JSON.stringify(word);
  throw wrongUsage(
    `Expected all, ${SCOPES.join(', ')} or script, found ${JSON.stringify(word)}`,
    `gvpie ${verb} script ${name}${verb === 'limit' ? ' N' : ''}, if that is a script`,
  );
}

export async function pause(
  scope: Scope | 'script',
  name: string | undefined,
  paused: boolean,
  options: JsonOption,
  settings: Settings,
): Promise<ExitCode> {
  const verb = paused ? 'pause' : 'resume';
  const what = whatOf(scope, name, `gvpie ${verb} script NAME`);
  const found = await withDatabase(settings, (database) => {
    const changed = turn(database, scope, name, paused);
    return { changed, ...lookAt(database, scope, name) };
  });
  const { changed, running, queued, isEnginePaused } = found;
  if (options.json) {
    sayJson({ status: 'ok', ...ofWhat(scope, name), paused, changed, queued, running: idsOf(running) });
    return EXIT.ok;
  }
  const already = changed ? '' : ' already';
  if (paused) say(`${what} is paused${already}; ${underWay(running)}; ${queued} queued`);
  else {
    const still = isEnginePaused && scope !== 'engine' ? '; engine is paused still: gvpie resume' : '';
    say(`${what} is ${changed ? 'resumed' : 'not paused'}; ${queued} queued${still}`);
  }
  return EXIT.ok;
}

/** @param words of a lang or of all the number or `none`, of a script its name before them */
export async function limitJobs(
  scope: Scope | 'script',
  words: readonly string[],
  options: JsonOption,
  settings: Settings,
): Promise<ExitCode> {
  const name = scope === 'script' ? words[0] : undefined;
  const rest = scope === 'script' ? words.slice(1) : words;
  const how = `gvpie limit ${scope === 'script' ? 'script NAME' : scope} N, or none`;
  const what = whatOf(scope, name, how);
  const concurrency = readBound(rest, how);
  const { changed, running } = await withDatabase(settings, (database) => {
    const before = scope === 'script' ? planOf(database, name as string).concurrency : undefined;
    if (scope === 'script') new ScriptCatalog(database).setScript(name as string, { concurrency });
    const changed =
      scope === 'script' ? before !== concurrency : new QueueCatalog(database).limit(scope, concurrency);
    return { changed, ...lookAt(database, scope, name) };
  });
  if (options.json) {
    sayJson({ status: 'ok', ...ofWhat(scope, name), concurrency, changed, running: idsOf(running) });
  } else {
    const bound = concurrency === null ? 'has no bound' : `has at most ${concurrency} under way at once`;
    say(`${what} ${bound}${changed ? '' : ', as before'}; ${underWay(running)}`);
  }
  return EXIT.ok;
}

/** Whether that changed anything. */
function turn(
  database: Database,
  scope: Scope | 'script',
  name: string | undefined,
  paused: boolean,
): boolean {
  if (scope !== 'script') return new QueueCatalog(database).pause(scope, paused);
  const catalog = new ScriptCatalog(database);
  const { enabled } = scriptNamed(catalog, name as string);
  if (paused) catalog.disable(name as string);
  else catalog.enable(name as string);
  return enabled === paused;
}

function lookAt(database: Database, scope: Scope | 'script', name: string | undefined) {
  const queue = new QueueCatalog(database);
  const choice = {
    ...(name !== undefined && { scriptName: name }),
    ...(scope !== 'script' && scope !== 'engine' && { lang: scope }),
  };
  return {
    running: queue.list({ ...choice, state: 'running' }, 1_000),
    queued: queue.totals(choice).queued,
    isEnginePaused: queue.controls().some((control) => control.scope === 'engine' && control.paused),
  };
}

function planOf(database: Database, name: string) {
  scriptNamed(new ScriptCatalog(database), name);
  const [plan] = new QueueCatalog(database).plans(name);
  return plan ?? { concurrency: null };
}

/** @throws {Refusal} when there is a name without `script`, or `script` without a name */
function whatOf(scope: Scope | 'script', name: string | undefined, how: string): string {
  if ((scope === 'script') !== (name !== undefined)) {
    const found = name === undefined ? 'none' : JSON.stringify(name);
    throw wrongUsage(
      `Expected ${scope === 'script' ? 'the name of a script' : 'no name'}, found ${found}`,
      how,
    );
  }
  return name ?? scope;
}

function readBound(words: readonly string[], how: string): number | null {
  const [word, ...more] = words;
  if (more.length === 0 && word === 'none') return null;
  const number = /^\d{1,7}$/.test(word ?? '') ? Number(word) : 0;
  if (more.length === 0 && number >= 1 && number <= 1_000_000) return number;
  throw wrongUsage(
    `Expected a whole number from 1 to 1000000, or none, found ${words.join(' ') || 'nothing'}`,
    how,
  );
}

function ofWhat(scope: Scope | 'script', name: string | undefined): object {
  return name === undefined ? { scope } : { scope, name };
}

function idsOf(jobs: readonly JobRow[]): number[] {
  return jobs.map(({ id }) => id);
}

function underWay(running: readonly JobRow[]): string {
  if (running.length === 0) return 'nothing is under way';
  const named = running.slice(0, NAMED).map((job) => `${job.id} (${nameOf(job)})`);
  const more = running.length > NAMED ? ', …' : '';
  const go = running.length === 1 ? 'goes on' : 'go on';
  return `${count(running.length, 'job')} under way ${go}: ${named.join(', ')}${more}`;
}
