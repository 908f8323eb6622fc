/** `gvpie contact-sheet`: a cartridge of cartridges, whose cells hold the pictures to the pixel. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sheetProgram } from '../../cli/sheet-program.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

const done = (...args: string[]): Promise<string> => place.done(...args);

async function pressed(name: string, program: string, size: string): Promise<void> {
  place.write('a.pxl', program);
  await done('press', 'a.pxl', '-o', name, '--size', size);
}

/** A pixel of a cartridge in the workplace. */
function at(name: string, x: number, y: number): string {
  const { pixels, canvas } = openCartridge(place.read(name));
  return Buffer.from(pixels).toString('hex', 4 * (y * canvas.width + x), 4 * (y * canvas.width + x) + 4);
}

describe('gvpie contact-sheet', () => {
  it('shows a small picture larger, one that fits as it is, and of a large one the middle', async () => {
    await pressed('small.png', 'COLOR red\nRECT 0 0 1 1', '4x2');
    await pressed('fits.png', 'COLOR lime\nRECT 0 0 1 1', '16x12');
    await pressed('large.png', 'CLEAR blue\nCOLOR yellow\nRECT 10 10 1 1', '36x32');
    const words = ['contact-sheet', 'small.png', 'fits.png', 'large.png', '-o', 'sheet.png'];
    words.push('--size', '16x12', '--columns', '3');
    const said = await done(...words);
    expect(said).toMatch(/^sheet\.png {2}80×39, 3 pictures, /);
    // Four times as large, in the middle of its height.
    expect([
      at('sheet.png', 8, 10),
      at('sheet.png', 11, 13),
      at('sheet.png', 12, 13),
      at('sheet.png', 8, 9),
    ]).toEqual([...['ff0000ff', 'ff0000ff', '000000ff', '000000ff']]);
    expect([at('sheet.png', 32, 8), at('sheet.png', 33, 8)]).toEqual(['00ff00ff', '000000ff']);
    // Its (10, 10) is the cell's first.
    expect([at('sheet.png', 56, 8), at('sheet.png', 57, 8), at('sheet.png', 55, 8)]).toEqual([
      ...['ffff00ff', '0000ffff', '202020ff'],
    ]);
    expect(await done('verify', 'sheet.png')).toMatch(/^ok/);
    const first = place.read('sheet.png');
    await done(...words);
    expect(place.read('sheet.png').equals(first)).toBe(true);
  });

  it('shows the newest of the shelf, each picture once, of a script or of all', async () => {
    for (const name of ['one', 'two']) {
      await pressed(`${name}.png`, `TXT 1 1 ${name}`, '32x16');
      await done('import', `${name}.png`);
    }
    const { files } = JSON.parse(await done('contact-sheet', '-o', 'sheet.png', '--json'));
    expect(files.map((file: string) => file.replace(/_.*/, ''))).toEqual([
      'cartridges/two',
      'cartridges/one',
    ]);
    const last = JSON.parse(await done('contact-sheet', '--last', '1', '-o', 'sheet.png', '--json'));
    expect(last.files).toHaveLength(1);
    const none = await place.run(['contact-sheet', '--script', 'hello_gpu', '-o', 'none.png']);
    expect(none).toMatchObject({ code: EXIT.badInput });
  });

  it('refuses a file that is no picture, one that holds other pixels than it says, and to write over one', async () => {
    await pressed('a.png', 'RECT 1 1 2 2', '8x8');
    place.write('no.png', 'no');
    const { label, canvas } = openCartridge(place.read('a.png'));
    const pixels = new Uint8Array(8 * 8 * 4);
    const lie = { pixels, canvas, label, digest: label.checksum, run: undefined, createdAt: undefined };
    place.write('lie.png', press(lie));
    const lying = await place.run(['contact-sheet', 'lie.png', '-o', 's.png']);
    expect(lying).toMatchObject({ code: EXIT.badInput, stdout: '' });
    expect(lying.stderr).toContain('lie.png holds 8×8 of checksum');
    expect(await place.run(['contact-sheet', 'a.png', 'no.png', '-o', 's.png'])).toMatchObject({
      code: EXIT.badInput,
    });
    expect(await place.run(['contact-sheet', 'a.png', '-o', 'a.png'])).toMatchObject({ code: EXIT.usage });
    expect(await place.run(['contact-sheet', 'a.png', '--last', '2', '-o', 's.png'])).toMatchObject({
      code: EXIT.usage,
    });
  });
});

describe('the program of a sheet', () => {
  const picture = (title: string, digit: string) => ({
    ...{ title, canvas: { width: 4, height: 4 }, checksum: digit.repeat(64) },
  });

  it('names each picture once, and lets no title be more than a text', () => {
    const titles = ['a', 'b\nCLEAR red', '   ', '\u001b[31m', 'x'.repeat(500)];
    const { program } = sheetProgram(
      titles.map((title) => picture(title, '1')),
      { width: 60, height: 20 },
    );
    expect(program.match(/^IMAGE /gm)).toHaveLength(1);
    expect(program.match(/^TXT .*$/gm)?.map((line) => line.split(' ').slice(3).join(' '))).toEqual([
      ...['a', 'b CLEAR ..', '-', '[31m', 'xxxxxxxx..'],
    ]);
    expect(program).not.toMatch(/^CLEAR red/m);
  });
});
