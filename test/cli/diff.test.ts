/** `gvpie diff`: what differs is named, in text, in JSON and as a picture, and nothing else is. */
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { comparePictures } from '../../cli/picture-difference.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { openPngImage } from '../../shared/cartridge/png-image.ts';
import { without } from '../shared/cartridge/sample.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

async function pressed(name: string, program: string, size = '8x4', ...more: string[]): Promise<void> {
  place.write('a.pxl', program);
  const { code, stderr } = await place.run(['press', 'a.pxl', '-o', name, '--size', size, ...more]);
  expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
}

const diff = (...args: string[]) => place.run(['diff', ...args]);

describe('gvpie diff', () => {
  it('finds nothing between two pressings of one program, whatever the time, the run and the form', async () => {
    await pressed('a.png', 'RECT 1 1 2 2');
    await pressed('b.png', 'RECT 1 1 2 2', '8x4', '--reproducible');
    expect(await diff('a.png', 'b.png')).toEqual({
      ...{ code: EXIT.ok, stderr: '' },
      stdout: 'program   the same\nlabel     the same\npixels    the same\n',
    });
    expect(JSON.parse((await diff('a.png', 'b.png', '--json')).stdout)).toMatchObject({
      same: true,
      pixels: null,
    });
  });

  it('names lines, fields and pixels that differ', async () => {
    await pressed('a.png', 'COLOR #ff0000\nRECT 1 1 2 2\r\nHALT');
    await pressed('b.png', 'COLOR #ff0100\nRECT 1 1 2 2\nHALT');
    const { code, stdout } = await diff('a.png', 'b.png');
    expect(code).toBe(EXIT.failed);
    expect(stdout).toBe(`program   2 lines removed, 2 added
  - 1  COLOR #ff0000
  - 2  RECT 1 1 2 2␍
  + 1  COLOR #ff0100
  + 2  RECT 1 1 2 2
label     the same
pixels    4 of 32 differ, by at most 1, within 2×2 at 1,1; the first at 1,1: ff0000ff → ff0100ff
`);
  });

  it('counts pixels that only one canvas has, and draws both and what differs', async () => {
    await pressed('a.png', 'COLOR #00ff00\nRECT 0 0 3 2', '4x2');
    await pressed('b.png', 'COLOR #00ff00\nRECT 0 0 3 2', '3x5');
    const { code, stdout } = await diff('a.png', 'b.png', '-o', 'd.png', '--json');
    expect(code).toBe(EXIT.failed);
    const { pixels, label } = JSON.parse(stdout);
    expect(pixels).toEqual({
      ...{ count: 2 + 9, of: 8 + 15 - 6, largest: 0, box: { x: 0, y: 0, width: 4, height: 5 } },
      first: { x: 3, y: 0, before: '000000ff', after: null },
    });
    expect(label.changes).toContainEqual({ field: 'canvas.width', before: '4', after: '3' });
    const { canvas, pixels: drawn } = openPngImage(place.read('d.png'));
    const all = Buffer.from(drawn());
    expect(canvas).toEqual({ width: 4 + 4 + 3 + 4 + 4, height: 5 });
    const at = (x: number, y: number): string => all.toString('hex', 4 * (y * 19 + x), 4 * (y * 19 + x) + 4);
    expect([at(0, 0), at(3, 0), at(4, 0), at(8, 0), at(8, 4)]).toEqual([
      ...['00ff00ff', '000000ff', '00000000', '00ff00ff', '000000ff'],
    ]);
    expect([at(15, 0), at(18, 0), at(15, 4), at(18, 4)]).toEqual([
      '555555ff',
      'ff00ffff',
      'ff00ffff',
      '00000000',
    ]);
  });

  it('agrees with a comparison pixel by pixel, by sharp, of two examples', async () => {
    await pressed('a.png', 'LINE 0 0 60 30\nTXT 4 8 one', '64x32');
    await pressed('b.png', 'LINE 0 1 60 30\nTXT 4 8 two', '64x32');
    const raws = await Promise.all(
      ['a.png', 'b.png'].map((name) => sharp(place.read(name)).ensureAlpha().raw().toBuffer()),
    );
    const [one, other] = raws as [Buffer, Buffer];
    let differing = 0;
    for (let at = 0; at < one.length; at += 4) {
      if (one.compare(other, at, at + 4, at, at + 4) !== 0) differing++;
    }
    expect(differing).toBeGreaterThan(20);
    const found = comparePictures(openCartridge(place.read('a.png')), openCartridge(place.read('b.png')));
    expect(found?.count).toBe(differing);
  });

  it('compares the pixels of ordinary PNGs, and says which has no label', async () => {
    await pressed('a.png', 'RECT 1 1 2 2');
    place.write('b.png', await sharp(place.read('a.png')).png({ palette: false }).toBuffer());
    const one = await diff('a.png', 'b.png');
    expect(one).toMatchObject({ code: EXIT.failed });
    expect(one.stdout).toBe('label     none in b.png, which is an ordinary PNG\npixels    the same\n');
    expect(await diff('b.png', 'b.png')).toMatchObject({ code: EXIT.ok });
  });

  it('takes nothing that has a label for an ordinary PNG, though another of its texts is lost', async () => {
    await pressed('a.png', 'RECT 1 1 2 2');
    place.write('half.png', without('checksum', place.read('a.png')));
    const { code, stderr } = await diff('half.png', 'a.png');
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('half.png is damaged: CART-E011: Expected a cartridge\'s text "checksum"');
    expect(await place.run(['import', 'half.png'])).toMatchObject({
      code: EXIT.badInput,
      stdout: expect.stringMatching(/^refused +half\.png {2}damaged: CART-E011/),
    });
    expect((await place.run(['contact-sheet', 'half.png', '-o', 'sheet.png'])).code).toBe(EXIT.badInput);
    const reloaded = await place.run(['reload', 'half.png']);
    expect([reloaded.code, reloaded.stderr]).toEqual([EXIT.badInput, expect.not.stringContaining('import')]);
    // The control: with the label it has lost all that says what it is.
    place.write('plain.png', without('gvpie', place.read('a.png')));
    expect((await diff('plain.png', 'a.png')).stdout).toContain('none in plain.png');
    expect(await place.run(['import', 'plain.png'])).toMatchObject({ code: EXIT.ok });
    expect((await place.run(['reload', 'plain.png'])).stderr).toContain('gvpie import plain.png');
  });

  it('refuses what is no PNG, is damaged, or would be written over', async () => {
    await pressed('a.png', 'RECT 1 1 2 2');
    place.write('no.png', 'no');
    expect(await diff('a.png', 'no.png')).toMatchObject({ code: EXIT.badInput });
    place.write('cut.png', place.read('a.png').subarray(0, -1));
    expect((await diff('cut.png', 'a.png')).stderr).toContain('cut.png is damaged: CART-E002');
    expect(await diff('a.png', 'a.png', '-o', 'a.png')).toMatchObject({ code: EXIT.usage });
  });
});
