import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ringOn } from '../../../shared/host/bell.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

function listen(folder: string): (string | undefined)[] {
  const rings: (string | undefined)[] = [];
  onTestFinished(ringOn(folder, (name) => rings.push(name)));
  return rings;
}

const scans = (rings: readonly unknown[]) => rings.filter((name) => name === undefined).length;

describe('a bell on a folder', () => {
  it('rings once at the start and then slowly by itself', async () => {
    const rings = listen(temporaryFolder());
    expect(rings).toEqual([undefined]);
    const start = performance.now();
    await waitUntil('two scans', () => scans(rings) >= 3);
    expect(performance.now() - start).toBeGreaterThan(400);
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it('rings with the name of each file that is renamed in', async () => {
    const folder = temporaryFolder();
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    const rings = listen(inside);
    for (let n = 0; n < 50; n++) {
      writeFileSync(join(folder, 'wet'), '');
      renameSync(join(folder, 'wet'), join(inside, `${n}`));
    }
    await waitUntil('50 names', () => new Set(rings.filter((name) => name !== undefined)).size === 50, 1_000);
  });

  it('waits for a folder that is not there, and hears a folder that was replaced', async () => {
    const folder = join(temporaryFolder(), 'late');
    const rings = listen(folder);
    mkdirSync(folder);
    const hears = async (name: string) => {
      // Which scan begins to watch is not known: written again until it is heard.
      await waitUntil(`a ring for ${name}`, () => {
        writeFileSync(join(folder, name), '');
        return rings.includes(name);
      });
    };
    await hears('first');
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await hears('second');
  });

  it('is silent when closed', async () => {
    const folder = temporaryFolder();
    const rings: (string | undefined)[] = [];
    ringOn(folder, (name) => rings.push(name))();
    const control = listen(folder);
    writeFileSync(join(folder, 'a'), '');
    await waitUntil('the control to ring twice', () => control.includes('a') && scans(control) > 1);
    expect(rings).toEqual([undefined]);
  });
});
