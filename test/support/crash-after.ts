/** A renderer that dies after a chosen effect, and another, its successor or beside it, which has to put everything right. */
import { serveRenderer } from '../../renderer/host/serve.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { startProgram } from './child.ts';
import { allAnswered, askSlot, objections, setScene } from './crash-scene.ts';
import { endRenderer, startRenderer } from './renderer-process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

export interface CrashResult {
  /** The effects that the first renderer had, in order, as "<number> <name>". */
  readonly effects: readonly string[];
  readonly killed: boolean;
  readonly objections: readonly string[];
}

/** @param effect the number of the effect after which the first renderer dies; 0 lets it end well */
export async function crashAfter(effect: number): Promise<CrashResult> {
  const socket = temporaryFolder();
  setScene(socket);
  askSlot(socket);
  const first = startProgram('crashing-renderer', [socket, `${effect}`]);
  await waitUntil(
    'a death, or a service to the end',
    () => first.end() !== undefined || allAnswered(socket),
    20_000,
  );
  first.process.kill('SIGTERM');
  const { signal } = await first.ended;
  const second = await serveRenderer({ socketDir: socket, backend: 'cpu' }, silentJournal);
  await waitUntil('the successor to answer everything', () => allAnswered(socket), 20_000);
  await second.stop();
  return {
    effects: first.output().trimEnd().split('\n'),
    killed: signal === 'SIGKILL',
    objections: await objections(socket),
  };
}

/**
 * As `crashAfter`, but beside another renderer, which has the slot and lives all the time: it is stopped while the first one
 * finds what the dead left, and goes on when that one has died of it.
 */
export async function crashBesideAnother(effect: number): Promise<CrashResult> {
  const socket = temporaryFolder();
  const other = await startRenderer(socket);
  await waitUntil('it to serve', () => other.output().includes('renderer:serving'));
  // A process that is stopped lives: nobody takes the slot from it.
  other.process.kill('SIGSTOP');
  setScene(socket);
  askSlot(socket);
  const first = startProgram('crashing-renderer', [socket, `${effect}`]);
  const lines = () => first.output().trimEnd().split('\n');
  await waitUntil(
    'a death, or the first job of its own',
    () => first.end() !== undefined || lines().some(isOwnJob),
    20_000,
  );
  other.process.kill('SIGCONT');
  if (effect > 0) await first.ended;
  await waitUntil('the other to answer everything', () => allAnswered(socket), 20_000);
  await endRenderer(first);
  await endRenderer(other);
  return {
    effects: lines(),
    killed: first.end()?.signal === 'SIGKILL',
    objections: await objections(socket),
  };
}

/** How many effects a renderer beside another has until it takes its first job: its announcement, and what the dead left. */
export async function effectsOfRecovery(): Promise<number> {
  const { effects } = await crashBesideAnother(0);
  return effects.findIndex(isOwnJob);
}

function isOwnJob(effect: string): boolean {
  return /rename inbox\/.* to work\//.test(effect);
}

/** Crashes after each of these effects, several at a time; gives one line for each thing that went wrong. */
export async function crashAfterEach(
  effects: readonly number[],
  atATime: number,
  crash: (effect: number) => Promise<CrashResult> = crashAfter,
): Promise<string[]> {
  const wrong: string[] = [];
  const left = [...effects];
  const work = async (): Promise<void> => {
    for (let effect = left.shift(); effect !== undefined; effect = left.shift()) {
      const result = await crash(effect);
      const last = result.effects.at(-1);
      if (!result.killed) wrong.push(`after ${effect}: it did not die; its last effect was ${last}`);
      for (const one of result.objections) wrong.push(`after ${last}: expected that ${one}`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return wrong;
}
