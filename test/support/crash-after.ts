/** A renderer that dies after a chosen effect, and its successor, which has to put everything right. */
import { serveRenderer } from '../../renderer/host/serve.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { startProgram } from './child.ts';
import { allAnswered, askSlot, objections, setScene } from './crash-scene.ts';
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

/** Crashes after each of these effects, several at a time; gives one line for each thing that went wrong. */
export async function crashAfterEach(effects: readonly number[], atATime: number): Promise<string[]> {
  const wrong: string[] = [];
  const left = [...effects];
  const work = async (): Promise<void> => {
    for (let effect = left.shift(); effect !== undefined; effect = left.shift()) {
      const result = await crashAfter(effect);
      const last = result.effects.at(-1);
      if (!result.killed) wrong.push(`after ${effect}: it did not die; its last effect was ${last}`);
      for (const one of result.objections) wrong.push(`after ${last}: expected that ${one}`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return wrong;
}
