/** `gvpie up`: renderers, one or several, and the orchestrator as processes under one supervisor. */
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

/**
 * Runs all daemons until told to stop, or with `once` until the orchestrator has had its one round.
 * A daemon that crashes is started again with backoff; one that refuses to start ends it all.
 *
 * @param flags setting flags to hand on
 * @param options how many renderers, and whether a single round is all
 * @returns the exit code
 */
export async function up(
  settings: Settings,
  flags: readonly string[],
  options: { readonly once: boolean; readonly renderers: number },
): Promise<number> {
  introduce(options.once ? 'up --once' : 'up', [
    ['socket', resolve(settings.socketDir)],
    ...(options.renderers === 1 ? [] : [['renderers', `${options.renderers}`] as const]),
    // What came of it is the renderer's to say: a device is opened in its process alone.
    ['paints on', asksFor(settings.backend)],
    ['database', resolve(settings.database)],
    ['cartridges', resolve(settings.cartridges)],
  ]);
  const journal = openJournal('supervisor', settings.log);
  const renderers = Array.from({ length: options.renderers }, (_, n) => {
    const name = options.renderers === 1 ? 'renderer' : `renderer ${n + 1}`;
    return new Ward(name, ['renderer', ...flags], journal);
  });
  const round = options.once ? ['--once'] : [];
  const orchestrator = new Ward('orchestrator', ['orchestrator', ...flags, ...round], journal);

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
        orchestrator.kill();
      },
    );
  });

  // In a single round the orchestrator's end is the end; a crash of it is started again all the same.
  const guarded = renderers.map((renderer) => renderer.guard(false));
  const first = await Promise.race([...guarded, orchestrator.guard(options.once), told]);
  const began = performance.now();
  const left = await orchestrator.end(ORCHESTRATOR_PATIENCE_MS);
  const patienceMs = PATIENCE_MS - (performance.now() - began);
  const renderersLeft = await Promise.all(renderers.map((renderer) => renderer.end(patienceMs)));
  if (forced !== undefined) return forced;
  if (first !== undefined && first !== EXIT.ok) return first;
  // Told to stop in the middle of a round: the orchestrator says whether all had succeeded by then.
  if (options.once && first === undefined) return left ?? EXIT.internal;
  const crashed = options.once && orchestrator.crashes > 0;
  return crashed || left === undefined || renderersLeft.includes(undefined) ? EXIT.internal : EXIT.ok;
}
