/** Cartridges of which only their labels say what they were drawn with: each label is read once, and by itself. */
import { describe, expect, it } from 'vitest';
import { CartridgeShelf } from '../../orchestrator/host/shelf.ts';
import { sweep } from '../../orchestrator/sweep.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { memoryDatabase } from '../support/memory-database.ts';
import { ago, HOUR_MS, order, sweepDoors, type World } from '../support/sweep-world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const sum = (letter: string): string => letter.repeat(64);

/** Cartridges a to f, of which f is the newest and was drawn with e, e with d; labels of b and a cannot be read. */
function world(): World {
  const sql = memoryDatabase();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const [index, name] of names.entries()) {
    sql
      .prepare(
        `INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at) VALUES (?, ?, 4, 4, 1, ?)`,
      )
      .run(`${name}.png`, sum(name), ago((10 - index) * HOUR_MS));
  }
  const labels = new Map([
    ['f.png', [sum('e')]],
    ['e.png', [sum('d')]],
    ['d.png', []],
    ['c.png', []],
  ]);
  return { sql, files: new Set(names.map((name) => `${name}.png`)), labels };
}

/** Sweeps all but the newest; what was read of labels, and between which breaths. */
async function sweepOf(it: World, change = {}): Promise<string[]> {
  const heard: string[] = [];
  const doors = sweepDoors(it);
  const inputsOf = (fileName: string) => {
    heard.push(fileName);
    return it.labels?.get(fileName);
  };
  const breathe = async (): Promise<void> => {
    if (heard.at(-1) !== '-') heard.push('-');
  };
  const shelf = { ...doors.shelf, inputsOf };
  await sweep({ ...doors, shelf, breathe }, order({ cartridges: '1' }, change));
  return heard;
}

const noted = ({ sql }: World): unknown[] =>
  sql.prepare(`SELECT file_name || ' ' || inputs FROM cartridges WHERE inputs IS NOT NULL`).pluck().all();

describe('inputs that only labels tell', () => {
  it('are read once of each that stays, with a breath after each, and then stand in the registry', async () => {
    const one = world();
    expect(await sweepOf(one)).toEqual(['-', 'f.png', '-', 'e.png', '-', 'd.png', '-']);
    expect([...one.files].sort()).toEqual(['d.png', 'e.png', 'f.png']);
    expect(noted(one)).toEqual([`d.png []`, `e.png ["${sum('d')}"]`, `f.png ["${sum('e')}"]`]);
    expect(await sweepOf(one)).toEqual(['-']);
    expect([...one.files].sort()).toEqual(['d.png', 'e.png', 'f.png']);
  });

  it('are read, and kept nowhere, where it is only counted', async () => {
    const one = world();
    expect(await sweepOf(one, { isMeant: false })).toEqual(['-', 'f.png', '-', 'e.png', '-', 'd.png', '-']);
    expect(noted(one)).toEqual([]);
  });

  it('are asked for again where the label could not be read', async () => {
    const one = world();
    const unread = { ...one, labels: new Map() };
    expect(await sweepOf(unread, { isForced: false })).toEqual(['-', 'f.png', '-']);
    expect(noted(one)).toEqual([]);
    await sweepOf(one);
    expect([...one.files].sort()).toEqual(['d.png', 'e.png', 'f.png']);
  });

  it('are none of a file that is not there, which says nothing', () => {
    const shelf = new CartridgeShelf(diskFiles, temporaryFolder(), 'fast');
    expect(shelf.inputsOf('none.png')).toBeUndefined();
  });
});
