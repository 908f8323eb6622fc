/** `gvpie up`: renderers and orchestrators, one or several of each, as processes under one supervisor. */
import { resolve } from 'node:path';
import { openJournal } from '../shared/host/journal.ts';
import { forcedExitCode, hearSignals } from '../shared/host/lifecycle.ts';
import type { Settings } from '../shared/settings.ts';
import { asksFor, introduce } from './banner.ts';
import { EXIT } from './exit-codes.ts';
import { Ward } from './ward.ts';

/** All daemons together are drained by then, ms, or killed. The orchestrator needs a renderer to drain. */
const ORCHESTRATOR_PATIENCE_MS = 4_300;
const PATIENCE_MS = 5_000;

interface UpOptions {
  readonly once?: boolean;
  readonly cycle?: number;
  readonly orchestrators?: number;
  readonly renderers?: number;
}

/**
 * Runs the daemons until told to stop, or with `once` until each orchestrator has had its one round.
 * A daemon that crashes is started again with backoff; one that refuses to start ends it all.
 *
 * @param flags setting flags to hand on
 * @param options `cycle`: how often every script is rendered again, ms; `orchestrators`, `renderers`: how many, 1 or more
 * @returns the exit code
 */
export async function up(
  settings: Settings,
  flags: readonly string[],
  { once = false, cycle, orchestrators: number = 1, renderers: painters = 1 }: UpOptions,
): Promise<number> {
  introduce(once ? 'up --once' : 'up', [
    ['socket', resolve(settings.socketDir)],
    ...(painters === 1 ? [] : [['renderers', `${painters}`] as const]),
    // What came of it is the renderer's to say: a device is opened in its process alone.
    ['paints on', asksFor(settings.backend)],
    ['database', resolve(settings.database)],
    ['cartridges', resolve(settings.cartridges)],
  ]);
  const journal = openJournal('supervisor', settings.log);
  const renderers = Array.from({ length: painters }, (_, n) => {
    const name = painters === 1 ? 'renderer' : `renderer ${n + 1}`;
    return new Ward(name, ['renderer', ...flags], journal);
  });
  const work = [...(once ? ['--once'] : []), ...(cycle === undefined ? [] : [`--cycle=${cycle / 1_000}`])];
  const orchestrators = Array.from({ length: number }, (_, index) => {
    const name = number === 1 ? 'orchestrator' : `orchestrator ${index + 1}`;
    return new Ward(name, ['orchestrator', ...flags, ...work], journal);
  });

  let forced: number | undefined;
  const told = new Promise<undefined>((resolve) => {
    hearSignals(
      (signal) => {
        journal.info('supervisor:stopping', { signal });
        resolve(undefined);
      },
      (signal) => {
        journal.warn('supervisor:forced', { signal });
        forced = forcedExitCode(signal);
        for (const renderer of renderers) renderer.kill();
        for (const orchestrator of orchestrators) orchestrator.kill();
      },
    );
  });

  // In a single round the orchestrators' end is the end; a crash of one is started again all the same.
  const guarded = renderers.map((renderer) => renderer.guard(false));
  const ends = orchestrators.map((orchestrator) => orchestrator.guard(once));
  const worked = once ? Promise.all(ends).then(worst) : Promise.race(ends);
  const first = await Promise.race([...guarded, worked, told]);
  const began = performance.now();
  const lefts = await Promise.all(orchestrators.map((one) => one.end(ORCHESTRATOR_PATIENCE_MS)));
  const left = lefts.includes(undefined) ? undefined : worst(lefts as number[]);
  const patienceMs = PATIENCE_MS - (performance.now() - began);
  const renderersLeft = await Promise.all(renderers.map((renderer) => renderer.end(patienceMs)));
  if (forced !== undefined) return forced;
  if (first !== undefined && first !== EXIT.ok) return first;
  // Told to stop in the middle of a round: the orchestrator says whether all had succeeded by then.
  if (once && first === undefined) return left ?? EXIT.internal;
  const crashed = once && orchestrators.some(({ crashes }) => crashes > 0);
  return crashed || left === undefined || renderersLeft.includes(undefined) ? EXIT.internal : EXIT.ok;
}

/** The exit code that says most: of those that are not 0, the highest. */
function worst(codes: readonly number[]): number {
  return Math.max(EXIT.ok, ...codes);
}
