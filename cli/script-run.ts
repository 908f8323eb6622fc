/** `gvpie script run`: asks for a script once more and waits for the end of its run. */
import { setTimeout as pause } from 'node:timers/promises';
import { JobCatalog } from '../orchestrator/host/job-catalog.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { RunRow } from '../orchestrator/script.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { noOrchestratorWorks } from './how-to-start.ts';
import { type PointOptions, runMatrix } from './matrix-run.ts';
import { requireUnpaused } from './paused.ts';
import { complainAbout, say, sayJson, snakeCase } from './print.ts';
import { badInput, unavailable } from './refusal.ts';
import { errorsOf, outcomeOf } from './run-row.ts';

/** How often the history is looked at, ms. */
const LOOK_MS = 20;

export async function runScript(name: string, options: PointOptions, settings: Settings): Promise<ExitCode> {
  return withDatabase(settings, async (database) => {
    const catalog = new ScriptCatalog(database);
    const { enabled, revision, lang } = scriptNamed(catalog, name);
    if (!enabled) {
      const hint = `gvpie script enable ${name}`;
      throw badInput(`Expected an enabled script, found ${JSON.stringify(name)} disabled`, hint);
    }
    const points = new JobCatalog(database).newestPoints(name);
    if (points !== undefined) return runMatrix(database, name, options, settings);
    if (options.point !== undefined) {
      const hint = `gvpie script set ${name} --param, or --matrix`;
      throw badInput(`Expected a script with a matrix, found ${JSON.stringify(name)} without one`, hint);
    }
    // A run in flight answers the question too: it will close the revision that is marked here.
    const latest = catalog.latestRun(name);
    catalog.markDue(name, options.force === true);
    const after = latest === undefined ? 0 : latest.finishedAt === null ? latest.id - 1 : latest.id;
    if (!catalog.isWorkedOn()) {
      throw unavailable(`${name} is due, but ${noOrchestratorWorks(settings.database)}`);
    }
    // What is under way goes on.
    if (latest === undefined || latest.finishedAt !== null) requireUnpaused(database, name, lang);
    const until = systemClock.monotonic() + settings.timeoutMs;
    while (systemClock.monotonic() < until) {
      const run = catalog.latestRun(name);
      if (run !== undefined && run.id > after && run.finishedAt !== null && run.revision === revision) {
        return report(name, run, options.json === true);
      }
      await pause(LOOK_MS);
    }
    const waits = new QueueCatalog(database).plans(name)[0]?.waits ?? null;
    throw unavailable(
      `${name} is due and has not been rendered for ${settings.timeoutMs} ms${waits === null ? '' : `: ${waits}`}`,
      waits === null
        ? 'gvpie status shows whether a renderer serves'
        : 'gvpie queue shows what the others wait for',
    );
  });
}

function report(name: string, run: RunRow, json: boolean): ExitCode {
  if (json) sayJson(snakeCase(run));
  const outcome = outcomeOf(run);
  if (outcome === 'success') {
    const painted = run.backend === null ? '' : `, painted on ${run.backend}`;
    const how = run.known === 1 ? ', a known picture: --force renders it again' : painted;
    if (!json) say(`${name}: ${cartridgePath(run)} in ${run.durationMs} ms${how}`);
    return EXIT.ok;
  }
  complainAbout(name, errorsOf(run));
  const kept = run.cartridgeName === null ? '' : `, kept as ${cartridgePath(run)}`;
  if (!json) say(`${name}: ${outcome} in ${run.durationMs} ms${kept}`);
  return EXIT.failed;
}

/** As the orchestrator noted it, with its folder. */
function cartridgePath({ stdout, cartridgeName }: RunRow): string {
  try {
    return String((JSON.parse(stdout ?? '') as { cartridge: unknown }).cartridge);
  } catch {
    return cartridgeName ?? '';
  }
}
