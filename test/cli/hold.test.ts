/** Holding a file: two that rewrite it wait for each other, and nobody waits for ever. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { whileHeld } from '../../cli/hold.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Adds a line to a file as a rewrite does, with a pause between looking and writing, in threads. */
async function added(file: string, threads: number, isHeld: boolean): Promise<number> {
  const source = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const { workerData: { module, file, isHeld } } = require('node:worker_threads');
    import(module).then(({ whileHeld }) => {
      const add = () => {
        const was = readFileSync(file, 'utf8');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        writeFileSync(file, was + 'line\\n');
      };
      if (isHeld) whileHeld(file, add);
      else add();
    });`;
  const module = join(packageRoot(), 'dist/cli/hold.js');
  const workers = Array.from(
    { length: threads },
    () => new Worker(source, { eval: true, workerData: { module, file, isHeld } }),
  );
  const ends = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  expect(await Promise.all(ends)).toEqual(workers.map(() => 0));
  return readFileSync(file, 'utf8').split('\n').length - 1;
}

describe('a file that is held', () => {
  it('loses nothing of what several add to it at once, which it does otherwise', async () => {
    const folder = temporaryFolder();
    for (const name of ['held', 'free']) writeFileSync(join(folder, name), '');
    expect(await added(join(folder, 'held'), 3, true)).toBe(3);
    expect(await added(join(folder, 'free'), 3, false)).toBeLessThan(3);
    expect(readdirSync(folder).sort()).toEqual(['free', 'held']);
  });

  it('is waited for as long as it may take, and then taken from one that was killed', () => {
    const file = join(temporaryFolder(), 'a');
    const mark = join(file, '..', '.a.held');
    writeFileSync(mark, '');
    const begun = performance.now();
    expect(whileHeld(file, () => existsSync(mark), 60)).toBe(true);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
    expect(existsSync(mark)).toBe(false);
  });

  it('is let go where the work fails, and refused where no mark can be made', () => {
    const folder = temporaryFolder();
    const fail = (): never => {
      throw new Error('failed');
    };
    expect(() => whileHeld(join(folder, 'a'), fail)).toThrow('failed');
    expect(readdirSync(folder)).toEqual([]);
    expect(() => whileHeld(join(folder, 'gone', 'a'), fail)).toThrow('ENOENT');
  });
});
