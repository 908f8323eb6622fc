/** `gvpie publish`: what goes out says nothing but its pixels, and what stays is found again. */
import { existsSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import BetterSqlite3 from 'better-sqlite3';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { without } from '../shared/cartridge/sample.ts';
import { namesOn } from '../support/names-on.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

const done = (...args: string[]): Promise<string> => place.done(...args);

/** A walk of its own over a PNG: types of chunks, and all that IDATs inflate to. */
function looked(file: Buffer): { types: string[]; inflated: Buffer; end: number } {
  const types: string[] = [];
  const data: Buffer[] = [];
  let at = 8;
  while (at < file.length) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    types.push(type);
    if (type === 'IDAT') data.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
    if (type === 'IEND') break;
  }
  return { types: [...new Set(types)], inflated: inflateSync(Buffer.concat(data)), end: at };
}

const WORD = 'zq-secret-word';
const PALETTE = `# ${WORD}\nRECT 1 1 9 3`;
const FULL = `# ${WORD}\nFOR x 0 40\nFOR y 0 9\nCOLOR x*5 y*20 99 255-x\nPIX x y\nEND\nEND`;

describe('gvpie publish', () => {
  it.each([
    ['with a palette', PALETTE, ['IHDR', 'PLTE', 'IDAT', 'IEND'], 10],
    ['in full', FULL, ['IHDR', 'IDAT', 'IEND'], 41 * 4],
  ])('writes pixels and nothing else, %s', async (_, program, types, rowBytes) => {
    place.write('a.pxl', program);
    const size = types.length === 4 ? '80x10' : '41x10';
    await done('press', 'a.pxl', '-o', 'a.png', '--size', size);
    const before = place.read('a.png');
    expect(before.includes(WORD)).toBe(true);
    await done('publish', 'a.png', '-o', 'clean.png');
    const clean = place.read('clean.png');
    const found = looked(clean);
    expect(found).toMatchObject({ types, end: clean.length });
    // A filter byte a row and its samples, and not a byte more.
    expect(found.inflated.length).toBe(10 * (1 + rowBytes));
    for (const hidden of [WORD, 'gvpie', 'checksum', 'PXL']) expect(clean.includes(hidden)).toBe(false);
    const raw = await sharp(clean).ensureAlpha().raw().toBuffer();
    expect(sha256Hex(raw)).toBe(openCartridge(before).label.checksum);
    expect(place.read('a.png').equals(before)).toBe(true);
  });

  it('keeps the cartridge on the shelf, once, and reload of the picture names it', async () => {
    place.write('box.pxl', PALETTE);
    await done('press', 'box.pxl', '-o', 'box.png');
    const said = await done('publish', 'box.png', '-o', 'clean.png');
    const [, twin = ''] = /on the shelf as (\S+)\n/.exec(said) ?? [];
    expect(twin).toMatch(/^cartridges\/box_/);
    expect(place.read(twin).equals(place.read('box.png'))).toBe(true);
    const { code, stderr } = await place.run(['reload', 'clean.png']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain(`the same pixels are on the shelf as ${twin}: gvpie reload ${twin}\n`);
    expect(await done('reload', twin)).toContain('is added');
    // Pressed once more it is the same cartridge, but for time and run.
    await done('press', 'box.pxl', '-o', 'later.png');
    expect(JSON.parse(await done('publish', 'later.png', '-o', 'later-clean.png', '--json')).twin).toBe(twin);
    expect(namesOn(place.at('cartridges'))).toHaveLength(1);
    expect(await done('replay', '--all')).toMatch(/^cartridges +1\nok +1$/m);
  });

  it('keeps it for good, however old: retention takes what rows have rendered, and no other', async () => {
    const days = ['1', '2', '3'].map((n) => `${n}.png`);
    for (const file of days) {
      place.write('a.pxl', `PIX ${file[0]} 1`);
      await done('press', 'a.pxl', '-o', file);
      await done('import', file);
    }
    const database = new BetterSqlite3(place.at('daemon.db'));
    database.exec("UPDATE cartridges SET created_at = '2025-01-0' || id || 'T00:00:00.000Z'");
    const harvest = 'UPDATE cartridges SET taken_in_at = NULL WHERE id < 3';
    const swept = () =>
      done('gc', '--keep-cartridges', '30d', '--sweep', '--yes').then(() => namesOn(place.at('cartridges')));
    expect(await swept()).toHaveLength(3);
    // As if rows had rendered two of them, of which one is published.
    database.exec(harvest);
    const file = database.prepare('SELECT file_name FROM cartridges WHERE id = 2').pluck().get() as string;
    await done('publish', `cartridges/${file}`, '-o', 'clean.png');
    expect(await swept()).toEqual(expect.arrayContaining([file]));
    expect(database.prepare('SELECT id FROM cartridges WHERE swept_at IS NULL').pluck().all()).toEqual([
      2, 3,
    ]);
    database.close();
  });

  it('refuses to write over the cartridge or any other, or a file that is none', async () => {
    place.write('box.pxl', PALETTE);
    await done('press', 'box.pxl', '-o', 'box.png');
    await done('press', 'box.pxl', '-o', 'other.png');
    expect(await place.run(['publish', 'box.png', '-o', 'box.png'])).toMatchObject({ code: EXIT.usage });
    const over = await place.run(['publish', 'box.png', '-o', 'other.png']);
    expect(over).toMatchObject({ code: EXIT.usage });
    expect(over.stderr).toContain('its program would be lost');
    // What cannot be opened may still hold the only copy of a program: a byte was flipped, or a text is lost.
    const other = place.read('other.png');
    const flipped = Buffer.from(other);
    flipped[flipped.length - 20]! ^= 1;
    for (const file of [flipped, without('created_at', other)]) {
      place.write('broken.png', file);
      expect((await place.run(['verify', 'broken.png'])).code).toBe(EXIT.badInput);
      const { code, stderr } = await place.run(['publish', 'box.png', '-o', 'broken.png']);
      expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining('its program would be lost')]);
      expect(place.read('broken.png').equals(file)).toBe(true);
    }
    await done('publish', 'box.png', '-o', 'clean.png');
    await done('publish', 'box.png', '-o', 'clean.png');
    expect(await place.run(['publish', 'clean.png', '-o', 'c.png'])).toMatchObject({ code: EXIT.badInput });
    expect(existsSync(place.at('c.png'))).toBe(false);
  });
});
