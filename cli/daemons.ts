/** The two daemons as commands: run until told to stop, end with a true exit code. */
import { resolve } from 'node:path';
import type { OnceResult } from '../orchestrator/doors.ts';
import { serveOrchestrator } from '../orchestrator/host/serve.ts';
import { serveRenderer } from '../renderer/host/serve.ts';
import { openJournal } from '../shared/host/journal.ts';
import { untilTold } from '../shared/host/lifecycle.ts';
import { whatIsServed } from '../shared/protocol/announcement.ts';
import type { Settings } from '../shared/settings.ts';
import { describePainting, introduce } from './banner.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { howToStart } from './how-to-start.ts';
import { unavailable } from './refusal.ts';
import { SERVING } from './ward.ts';

/** Serves the socket until a signal comes. */
export async function runRenderer(settings: Settings): Promise<ExitCode> {
  const socket = resolve(settings.socketDir);
  const journal = openJournal('renderer', settings.log);
  const serving = begin(async () => {
    const renderer = await serveRenderer(settings, journal);
    introduceAlone('renderer', [
      ['socket', socket],
      ['serves', whatIsServed(renderer.slot)],
      ['paints on', describePainting(renderer.standing)],
    ]);
    return renderer;
  });
  const stop = async (): Promise<void> => (await serving).stop();
  let abandon = (): void => {};
  // One that may not serve ends it all.
  const refused = serving.then((renderer) => {
    abandon = () => renderer.abandon();
    return new Promise<never>(() => {});
  });
  return (await untilTold(stop, journal, refused, () => abandon())) ? EXIT.ok : EXIT.internal;
}

/**
 * Works on the database until a signal comes, or, with `once`, until what is due has had its attempt.
 *
 * @param options `cycle`: how often every script is rendered again, ms
 */
export async function runOrchestrator(
  settings: Settings,
  { once = false, cycle }: { readonly once?: boolean; readonly cycle?: number },
): Promise<ExitCode> {
  const socket = resolve(settings.socketDir);
  const database = resolve(settings.database);
  const journal = openJournal('orchestrator', settings.log);
  const told = new AbortController();
  const options = {
    ...{ once, backend: settings.backend, giveUp: told.signal },
    ...(cycle !== undefined && { cycleMs: cycle }),
  };
  const working = begin(async () => {
    const orchestrator = await serveOrchestrator(settings, journal, options);
    introduceAlone(once ? 'orchestrator --once' : 'orchestrator', [
      ['socket', `${socket} (door ${settings.door})`],
      ['database', database],
      ['cartridges', `${resolve(settings.cartridges)} (${settings.durability})`],
    ]);
    return orchestrator;
  });
  const stop = async (): Promise<void> => {
    told.abort();
    await (await working).stop();
  };
  let result: OnceResult | undefined;
  let why: string | undefined;
  const ended = working.then(async ({ finished, lost }) => {
    const end = await Promise.race([finished, lost.then((reason) => ({ reason }))]);
    if (typeof end === 'string') result = end;
    else why = end.reason;
  });
  const drained = await untilTold(stop, journal, ended);
  if (why !== undefined) {
    // A supervisor starts it again, on what lies there now.
    journal.error('database:lost', { message: why });
    return EXIT.internal;
  }
  if (!drained) return EXIT.internal;
  if (!once) return EXIT.ok;
  if (result === 'no-renderer') {
    throw unavailable(`no renderer is serving ${socket}: start one with ${howToStart('renderer')}`);
  }
  // Told to stop before every script had its attempt: not all succeeded.
  return result === 'succeeded' ? EXIT.ok : EXIT.failed;
}

/** Begins a daemon in the next turn: whoever listens for signals by then hears those that come while it starts. */
async function begin<Daemon>(start: () => Promise<Daemon>): Promise<Daemon> {
  await Promise.resolve();
  return start();
}

/** Once it serves. Under a supervisor, to which there is a channel, that one introduces both daemons. */
function introduceAlone(what: string, fields: readonly (readonly [string, string])[]): void {
  if (process.send === undefined) introduce(what, fields);
  // A supervisor that is gone by now is heard of elsewhere.
  else process.send(SERVING, undefined, undefined, () => {});
}
