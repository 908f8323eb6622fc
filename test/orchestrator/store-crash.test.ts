/** Repair, rebuild and gc die after each of their effects: no content is lost, no name leads to half a file, the next one ends it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../support/child.ts';
import {
  filesOf,
  findings,
  type KeptStore,
  keptStore,
  objectOf,
  rowsOf,
  storedCartridge,
  storeIn,
  withWalk,
} from '../support/kept-store.ts';
import { CHANGES, type Change, changeStore } from '../support/store-change.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AT_A_TIME = 3;

/** A store in which each of them has something to do. */
let model: string;
beforeAll(async () => {
  const later: (() => void)[] = [];
  model = temporaryFolder((cleanUp) => later.push(cleanUp as () => void));
  const store = await keptStore(model, 8);
  const at = (name: string): string => join(store.cartridges, name);
  rmSync(at('c0.png'));
  renameSync(at('c1.png'), at('mine.png'));
  rmSync(at('c2.png'));
  writeFileSync(at('c2.png'), storedCartridge(77));
  rmSync(objectOf(store, storedCartridge(3)));
  // A file that is nowhere, and rows that are not there for files that are.
  rmSync(at('c4.png'));
  rmSync(objectOf(store, storedCartridge(4)));
  await withWalk(store, (_, database) => {
    database.exec("DELETE FROM cartridges WHERE file_name IN ('c5.png', 'c6.png')");
  });
  for (const [name, bytes] of [
    [objectOf(store, storedCartridge(98)), storedCartridge(98)],
    [objectOf(store, storedCartridge(99)), storedCartridge(99)],
    [at('.c9.png.wet'), new Uint8Array(9)],
  ] as const) {
    mkdirSync(join(name, '..'), { recursive: true });
    writeFileSync(name, bytes);
    utimesSync(name, 1_000, 1_000);
  }
  return () => {
    for (const cleanUp of later) cleanUp();
  };
});

interface Death {
  readonly store: KeptStore;
  readonly effects: readonly string[];
  readonly killed: boolean;
}

/** A copy of the model in which one of them dies after an effect; 0: after none. */
async function dieAfter(what: Change, effect: number): Promise<Death> {
  const store = storeIn(temporaryFolder());
  execFileSync('cp', ['-a', `${model}/.`, store.folder]);
  return { store, ...(await change(store, what, effect)) };
}

async function change(store: KeptStore, what: Change, effect: number): Promise<Omit<Death, 'store'>> {
  const child = startProgram('crashing-store', [what, store.folder, `${effect}`]);
  const { code, signal } = await child.ended;
  if (effect === 0 && code !== 0) throw new Error(child.output());
  const effects = child.output().replaceAll(`${store.folder}/`, '').trimEnd().split('\n');
  return { effects, killed: signal === 'SIGKILL' };
}

const stateOf = (store: KeptStore): object => ({ files: filesOf(store), rows: rowsOf(store) });

describe.each(CHANGES)('%s', (what) => {
  it('that dies after any of its effects loses nothing, and the next one does the rest', {
    timeout: 120_000,
  }, async () => {
    const whole = await dieAfter(what, 0);
    const done = stateOf(whole.store);
    const { files } = stateOf(storeIn(model)) as { files: Record<string, string> };
    expect(done).not.toEqual(stateOf(storeIn(model)));
    const kept = new Set(Object.values(what === 'gc' ? filesOf(whole.store) : files));
    const contents = new Set([...Object.values(files), ...Object.values(filesOf(whole.store))]);
    const numbers = whole.effects.map((_, index) => index + 1);
    const wrong: string[] = [];
    let deaths = 0;
    const work = async (): Promise<void> => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const { store, effects, killed } = await dieAfter(what, number);
        if (killed) deaths++;
        const last = effects.at(-1);
        const found = new Set(Object.values(filesOf(store)));
        if ([...kept].some((sum) => !found.has(sum))) wrong.push(`after ${last}: a content is lost`);
        if ([...found].some((sum) => !contents.has(sum))) wrong.push(`after ${last}: half a file`);
        await withWalk(store, (walk) => changeStore(walk, what));
        try {
          expect(stateOf(store)).toEqual(done);
        } catch (error) {
          wrong.push(`after ${last}: ${(error as Error).message}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    expect(wrong).toEqual([]);
    expect(deaths).toBe(whole.effects.length);
    console.log(`${what}: ${whole.effects.length} effects, each of them the last one once`);
    expect(whole.effects.length).toBeGreaterThanOrEqual(3);
  });
});

describe('all three', () => {
  it('leave nothing that is wrong when they follow each other', async () => {
    const store = storeIn(temporaryFolder());
    execFileSync('cp', ['-a', `${model}/.`, store.folder]);
    for (const what of CHANGES) await withWalk(store, (walk) => changeStore(walk, what));
    expect(await findings(store)).toEqual([]);
    // The registry has what was put aside and what was renamed, too: they are whole cartridges.
    expect(rowsOf(store)).toHaveLength(9);
  });
});
