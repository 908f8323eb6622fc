/** The two daemons as commands: run until told to stop, end with a true exit code. */
import { resolve } from 'node:path';
import type { OnceResult } from '../orchestrator/doors.ts';
import { serveOrchestrator } from '../orchestrator/host/serve.ts';
import { choosePainter } from '../renderer/host/choose-painter.ts';
import { serveRenderer } from '../renderer/host/serve.ts';
import { openJournal } from '../shared/host/journal.ts';
import { untilTold } from '../shared/host/lifecycle.ts';
import { LockHeld } from '../shared/host/lock.ts';
import type { Settings } from '../shared/settings.ts';
import { VERSION } from '../shared/version.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './print.ts';
import { unavailable } from './refusal.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** Serves the socket until a signal comes. */
export async function runRenderer(settings: Settings): Promise<ExitCode> {
  const socket = resolve(settings.socketDir);
  const { painter, reason } = choosePainter(settings.backend);
  introduce('renderer', [
    ['socket', socket],
    ['paints on', `${painter.backend}, ${painter.adapter}: ${reason}`],
  ]);
  const journal = openJournal('renderer', settings.log);
  const serving = begin(
    () => serveRenderer(settings, journal),
    (error) => held(error, 'renderer', `serves ${socket}`),
  );
  const stop = async (): Promise<void> => (await serving).stop();
  let isLost = false;
  const ended = serving.then(async ({ lost }) => {
    await lost;
    isLost = true;
  });
  const drained = await untilTold(stop, journal, ended);
  if (isLost) throw unavailable(`another renderer has taken ${socket}`);
  return drained ? EXIT.ok : EXIT.internal;
}

/** Works on the database until a signal comes, or, with `once`, until what is due has had its attempt. */
export async function runOrchestrator(
  settings: Settings,
  { once }: { readonly once: boolean },
): Promise<ExitCode> {
  const socket = resolve(settings.socketDir);
  const database = resolve(settings.database);
  introduce(once ? 'orchestrator --once' : 'orchestrator', [
    ['socket', `${socket} (door ${settings.door})`],
    ['database', database],
    ['cartridges', `${resolve(settings.cartridges)} (${settings.durability})`],
  ]);
  const journal = openJournal('orchestrator', settings.log);
  const options = { once, backend: settings.backend };
  const working = begin(
    () => serveOrchestrator(settings, journal, options),
    (error) => held(error, 'orchestrator', `works on ${database}`),
  );
  const stop = async (): Promise<void> => (await working).stop();
  let result: OnceResult | undefined;
  const ended = working.then(async ({ finished }) => {
    result = await finished;
  });
  const drained = await untilTold(stop, journal, ended);
  if (!drained) return EXIT.internal;
  if (!once) return EXIT.ok;
  if (result === 'no-renderer') {
    throw unavailable(`no renderer is serving ${socket}: start one with npm run renderer`);
  }
  // Told to stop before every script had its attempt: not all succeeded.
  return result === 'succeeded' ? EXIT.ok : EXIT.failed;
}

/** Begins a daemon in the next turn: whoever listens for signals by then hears those that come while it starts. */
async function begin<Daemon>(
  start: () => Promise<Daemon>,
  taken: (error: LockHeld) => Error,
): Promise<Daemon> {
  await Promise.resolve();
  try {
    return await start();
  } catch (error) {
    throw error instanceof LockHeld ? taken(error) : error;
  }
}

/** On a terminal: what this process is and how it ends. In a pipe the journal speaks alone. */
function introduce(what: string, fields: readonly (readonly [string, string])[]): void {
  if (!process.stdout.isTTY) return;
  const style = styleOf(process.stdout);
  say(`${style.bold(`gvpie ${what}`)} ${VERSION}`);
  for (const line of fieldLines(fields, style.dim)) say(`  ${line}`);
  say('  Ctrl-C stops');
}

function held(error: LockHeld, who: string, does: string): Error {
  const by = error.holder === undefined ? '' : ` (pid ${error.holder.pid}, since ${error.holder.since})`;
  return unavailable(`another ${who}${by} already ${does}`);
}
