/** `gvpie import`: what others pressed is taken in once and only if it proves itself; other PNGs become pictures to draw. */
import { mkdirSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { namesOn } from '../support/names-on.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

const done = (...args: string[]): Promise<string> => place.done(...args);

async function pressed(name: string, program = 'RECT 1 1 9 3'): Promise<void> {
  place.write('a.pxl', program);
  await done('press', 'a.pxl', '-o', name, '--size', '16x8');
}

async function imported(...files: string[]) {
  const { code, stdout } = await place.run(['import', ...files, '--json']);
  return { code, results: JSON.parse(stdout) };
}

describe('gvpie import', () => {
  it('takes a cartridge onto the shelf as it is, under a readable name, and once', async () => {
    await pressed('My box.png');
    const { code, results } = await imported('My box.png');
    expect(code).toBe(EXIT.ok);
    expect(results).toMatchObject([{ status: 'imported', kind: 'cartridge', verdict: 'ok' }]);
    expect(results[0].file).toMatch(/^cartridges\/My-box_\d{8}T\d{9}Z-[0-9a-f]{12}\.png$/);
    expect(place.read(results[0].file).equals(place.read('My box.png'))).toBe(true);
    await pressed('again.png');
    expect((await imported('again.png', 'My box.png')).results).toMatchObject([
      { status: 'was there', file: results[0].file },
      { status: 'was there', file: results[0].file },
    ]);
    // The same pixels by another program are another cartridge.
    await pressed('other.png', '# other\nRECT 1 1 9 3');
    expect((await imported('other.png')).results).toMatchObject([{ status: 'imported' }]);
    expect(namesOn(place.at('cartridges'))).toHaveLength(2);
    expect(await place.run(['replay', '--all'])).toMatchObject({ code: EXIT.ok });
  });

  it('takes in one that is signed beside one that is not, once, and nothing that says less than what is there', async () => {
    await pressed('plain.png');
    place.write('signed.png', place.read('plain.png'));
    const env = { GVPIE_KEYS: place.at('keys'), HOME: place.folder };
    for (const args of [
      ['key', 'create'],
      ['sign', 'signed.png'],
    ]) {
      expect((await place.run(args, { env })).code).toBe(EXIT.ok);
    }
    expect((await imported('plain.png', 'signed.png', 'signed.png', 'plain.png')).results).toMatchObject([
      ...[{ status: 'imported' }, { status: 'imported' }, { status: 'was there' }, { status: 'was there' }],
    ]);
    const files = namesOn(place.at('cartridges')).map((name) => place.read(`cartridges/${name}`));
    expect(files.filter((file) => file.equals(place.read('signed.png')))).toHaveLength(1);
    expect(files).toHaveLength(2);
    // Its private twin has the signature, too.
    const published = await place.run(['publish', 'signed.png', '-o', 'clean.png', '--json']);
    expect(place.read(JSON.parse(published.stdout).twin).equals(place.read('signed.png'))).toBe(true);
  });

  it('refuses what does not prove itself or is damaged, and takes in the others', async () => {
    await pressed('good.png');
    const { pixels, label, canvas } = openCartridge(place.read('good.png'));
    const lie = { ...labelOf({ ...label, program: 'RECT 1 1 9 2' }), used: label.used!, uses: label.uses! };
    place.write('lie.png', press({ pixels, canvas, label: lie, run: undefined, createdAt: undefined }));
    const bytes = Buffer.from(place.read('good.png'));
    bytes[bytes.length - 20]! ^= 1;
    place.write('damaged.png', bytes);
    place.write('no.png', 'no');
    const { code, results } = await imported('lie.png', 'damaged.png', 'no.png', 'none.png', 'good.png');
    expect(code).toBe(EXIT.badInput);
    expect(results.map(({ status }: { status: string }) => status)).toEqual([
      ...['refused', 'refused', 'refused', 'refused', 'imported'],
    ]);
    expect(results[0].message).toContain('the program gives other pixels');
    expect((await imported('lie.png')).code).toBe(EXIT.failed);
    expect(namesOn(place.at('cartridges'))).toHaveLength(1);
  });

  it('judges a cartridge by the pictures on the shelf too, and so refuses one that lies about drawing them', async () => {
    await pressed('part.png');
    await imported('part.png');
    await done('contact-sheet', 'part.png', '-o', 'sheets.png');
    const { pixels, label, canvas } = openCartridge(place.read('sheets.png'));
    const program = label.program.replace('#202020', '#202021');
    const lie = { ...labelOf({ ...label, program }), used: label.used!, uses: label.uses! };
    mkdirSync(place.at('far'));
    place.write('far/sheet.png', place.read('sheets.png'));
    place.write('far/lie.png', press({ pixels, canvas, label: lie, run: undefined, createdAt: undefined }));
    const { code, results } = await imported('far/sheet.png', 'far/lie.png');
    expect(results).toMatchObject([
      { status: 'imported', verdict: 'ok' },
      { status: 'refused', message: expect.stringContaining('the program gives other pixels') },
    ]);
    expect(code).toBe(EXIT.failed);
  });

  it('makes a picture of a PNG without a label, which rows draw, backups have, and replay finds', async () => {
    const raw = Buffer.from(Array.from({ length: 6 * 4 * 3 }, (_, at) => (at * 37) % 256));
    const png = await sharp(raw, { raw: { width: 6, height: 4, channels: 3 } })
      .png()
      .toBuffer();
    place.write('Logo 1.png', png);
    const said = await done('import', 'Logo 1.png');
    const [, file = ''] = /(cartridges\/inputs\/Logo-1_[0-9a-f]{12}\.png)/.exec(said) ?? [];
    expect(place.read(file).equals(png)).toBe(true);
    const [, line = ''] = /^ +(IMAGE .*)$/m.exec(said) ?? [];
    const rgba = await sharp(png).ensureAlpha().raw().toBuffer();
    expect(line).toBe(`IMAGE logo_1 6 4 ${sha256Hex(rgba)}`);
    expect((await imported('Logo 1.png')).results).toMatchObject([
      { status: 'was there', file, kind: 'picture' },
    ]);

    await done('script', 'add', 'framed', '--code', `${line}\nBLIT logo_1 1 1`, '--size', '8x6');
    expect((await place.process(['up', '--once'])).code).toBe(EXIT.ok);
    const [run] = JSON.parse(await done('runs', 'framed', '--json'));
    const { pixels } = openCartridge(place.read(`cartridges/${run.cartridge_name}`));
    for (let y = 0; y < 4; y++) {
      const row = pixels.subarray(4 * ((y + 1) * 8 + 1), 4 * ((y + 1) * 8 + 7));
      expect(rgba.subarray(24 * y, 24 * (y + 1)).equals(row)).toBe(true);
    }
    expect(await place.run(['replay', '--all'])).toMatchObject({ code: EXIT.ok });

    await done('backup', 'backups');
    const check = await place.run(['restore', 'backups', '--check']);
    expect(check, check.stdout).toMatchObject({ code: EXIT.ok });
    await done('restore', 'backups', '--db', 'new.db', '--cartridges', 'new');
    expect(place.read(file.replace('cartridges', 'new')).equals(png)).toBe(true);
    // What is no longer what was imported is named.
    place.write(file, (await sharp(png).negate().png().toBuffer()) as Uint8Array);
    expect(await place.run(['backup', 'others'])).toMatchObject({ code: EXIT.failed });
  }, 60_000);
});
