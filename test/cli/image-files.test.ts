/** `--input FILE`, the folder of a cartridge, and what inspect says: how people draw another cartridge's canvas. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { writePng } from '../../shared/cartridge/png.ts';
import { press } from '../../shared/cartridge/press.ts';
import { gvpieOnTerminal, HAS_TERMINALS } from '../support/terminal.ts';
import { Workplace } from './gvpie.ts';

const SIZE = ['--size', '40x20'];
const AT = { left: 7, top: 3 };

let place: Workplace;
/** Of a.png. */
let checksum: string;
let pixels: Buffer;
const canvas = { width: 24, height: 12 };

/** Programs, and the cartridge that gvpie made of the first. */
const made = new Map<string, Uint8Array | string>();

beforeAll(async () => {
  place = new Workplace();
  made.set('a.pxl', 'CLEAR navy\nCOLOR gold\nDISC 8 6 4\nTXT 12 2 Hi');
  for (const [name, content] of made) place.write(name, content);
  expect((await place.run(['render', 'a.pxl', '--size', '24x12'])).code).toBe(EXIT.ok);
  made.set('a.png', place.read('a.png'));
  const a = openCartridge(place.read('a.png'));
  checksum = a.text.checksum;
  pixels = Buffer.from(a.pixels);
  made.set('b.pxl', `CLEAR maroon\nIMAGE a 24 12 ${checksum}\nBLIT a ${AT.left} ${AT.top}\n`);
  await place.clear();
});
beforeEach(() => {
  place = new Workplace();
  for (const [name, content] of made) place.write(name, content);
});
afterEach(() => place.clear());

/** Maroon, and the canvas of a.png upon it; made without the product. */
function expected(): Buffer {
  const picture = Buffer.alloc(40 * 20 * 4, Buffer.of(0x80, 0, 0, 255));
  for (let y = 0; y < canvas.height; y++) {
    pixels.copy(picture, ((AT.top + y) * 40 + AT.left) * 4, y * 96, (y + 1) * 96);
  }
  return picture;
}

const renderB = (...more: string[]) => place.run(['render', 'b.pxl', ...SIZE, ...more]);
const pixelsOfB = (): Buffer => Buffer.from(openCartridge(place.read('b.png')).pixels);

describe('gvpie render --input', () => {
  it('draws the canvas of a cartridge, and the new one names it', async () => {
    const { code, stdout, stderr } = await renderB('--input', 'a.png');
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).toContain('b.png  40×20');
    expect(pixelsOfB().equals(expected())).toBe(true);
    expect(openCartridge(place.read('b.png')).label.inputs).toEqual([{ checksum, ...canvas }]);
    const json = JSON.parse((await renderB('--input', 'a.png', '--json')).stdout);
    expect(json).toMatchObject({ status: 'ok', inputs: [{ checksum, ...canvas }] });
  });

  it('costs what check says, which needs no input', async () => {
    const priced = JSON.parse((await place.run(['check', 'b.pxl', ...SIZE, '--json'])).stdout);
    const painted = JSON.parse((await renderB('--input', 'a.png', '--json')).stdout);
    expect(priced.price).toEqual(painted.price);
    expect(priced.uses).toBe(painted.uses);
    const traced = JSON.parse((await place.run(['trace', 'b.pxl', ...SIZE, '--json'])).stdout);
    expect(traced.price).toEqual(painted.price);
  });

  it('takes any file that holds the pixels, among others, through a symlink', async () => {
    const raw = sharp(pixels, { raw: { ...canvas, channels: 4 } });
    place.write('indexed.png', await raw.clone().png({ palette: true, progressive: true }).toBuffer());
    place.write('plain.data', pixels);
    place.write('other.png', writePng(new Uint8Array(4), { width: 1, height: 1 }));
    symlinkSync('a.png', place.at('link.png'));
    for (const file of ['indexed.png', 'plain.data', 'link.png']) {
      const { code, stderr } = await renderB('--input', 'other.png', '--input', file);
      expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
      expect(pixelsOfB().equals(expected())).toBe(true);
      rmSync(place.at('b.png'));
    }
  });

  it('says what is missing, with line, size, checksum and the way out, and draws nothing', async () => {
    const { code, stdout, stderr } = await renderB();
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(stderr).toBe(
      `b.pxl:2: error CMD-E013: Expected an input for IMAGE a, 24×12 pixels of checksum ${checksum}, found none\n` +
        '    hint: --input FILE names a file that holds it\n',
    );
    expect(() => place.read('b.png')).toThrow('ENOENT');
  });

  const changed = (): Buffer => {
    const other = Buffer.from(pixels);
    other[40] = (other[40] as number) ^ 1;
    return other;
  };

  it.each([
    ['one other pixel', () => writePng(changed(), canvas), 'x holds 24×12 of checksum '],
    ['one other pixel, raw', changed, 'x holds raw RGBA of checksum '],
    [
      'the same bytes in another shape',
      () => writePng(pixels, { width: 12, height: 24 }),
      'x holds 12×24 of ',
    ],
    ['half a PNG', () => place.read('a.png').subarray(0, 700), 'x is a PNG that cannot be read: Expected '],
    ['nothing', () => Buffer.alloc(0), 'x holds raw RGBA of checksum e3b0c442'],
    ['a program', () => Buffer.from('HALT'), 'x holds raw RGBA of checksum '],
  ])('does not believe a file with %s, and says what it holds', async (_, content, words) => {
    place.write('x', content());
    const { code, stderr } = await renderB('--input', 'x');
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('error CMD-E013');
    expect(stderr).toContain(`hint: --input FILE names a file that holds it; ${place.at(words)}`);
  });

  it('refuses 16 bits a sample', async () => {
    const deep = sharp(pixels, { raw: { ...canvas, channels: 4 } }).toColourspace('rgb16');
    place.write('deep.png', await deep.png().toBuffer());
    expect((await renderB('--input', 'deep.png')).stderr).toContain('at most 8 bits per sample, found 16');
  });

  it('refuses at once what is no file or too large, even where no IMAGE asks for it', async () => {
    mkdirSync(place.at('folder'));
    execFileSync('mkfifo', [place.at('fifo')]);
    place.write('junk', '');
    truncateSync(place.at('junk'), 100_000_000);
    for (const [file, words] of [
      ['none.png', 'Expected an input at'],
      ['folder', 'Expected a regular file'],
      ['fifo', 'Expected a regular file'],
    ]) {
      const { code, stdout, stderr } = await place.run(['render', 'a.pxl', '--input', file ?? '']);
      expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
      expect(stderr).toContain(words);
    }
    const { code, stderr } = await renderB('--input', 'junk');
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('Expected at most 67108864 bytes, found 100000000');
  });
});

describe('gvpie verify of a cartridge with inputs', () => {
  let b: Buffer;
  beforeAll(async () => {
    place = new Workplace();
    for (const [name, content] of made) place.write(name, content);
    expect((await renderB('--input', 'a.png')).code).toBe(EXIT.ok);
    b = place.read('b.png');
    await place.clear();
  });
  beforeEach(() => {
    place.write('b.png', b);
    mkdirSync(place.at('far'));
  });

  it('finds them beside it, whatever they are called and whatever else lies there', async () => {
    renameSync(place.at('a.png'), place.at('m.PNG'));
    mkdirSync(place.at('0.png'));
    execFileSync('mkfifo', [place.at('1.png')]);
    symlinkSync('nowhere', place.at('2.png'));
    place.write('3.png', '');
    place.write('4.png', place.read('m.PNG').subarray(0, 300));
    expect(await place.run(['verify', 'b.png'])).toMatchObject({ code: EXIT.ok, stderr: '' });
    symlinkSync('../b.png', place.at('far/link.png'));
    expect((await place.run(['verify', 'far/link.png'])).code).toBe(EXIT.ok);
  });

  it('takes them from --input elsewhere, and without it says what is missing', async () => {
    renameSync(place.at('b.png'), place.at('far/b.png'));
    const without = await place.run(['verify', 'far/b.png']);
    expect(without).toMatchObject({ code: EXIT.badInput, stderr: '' });
    expect(without.stdout).toBe(
      'not ok  far/b.png  an input is missing: line 2: Expected an input for IMAGE a, 24×12 pixels of checksum ' +
        `${checksum}, found none; --input FILE names a file that holds it, or lay its cartridge beside far/b.png\n`,
    );
    const json = await place.run(['verify', 'far/b.png', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { path: 'far/b.png', verdict: 'input-missing', errors: [{ code: 'CMD-E013', line: 2 }] },
    ]);
    const given = await place.run(['verify', 'far/b.png', 'a.png', '--input', 'a.png']);
    expect(given).toMatchObject({ code: EXIT.ok, stderr: '' });
    expect((await place.run(['verify', 'far/b.png', '--input', 'none.png'])).code).toBe(EXIT.badInput);
  });

  it('does not believe a neighbour that claims the checksum and has other pixels', async () => {
    const { label, run, text } = openCartridge(place.read('a.png'));
    const other = Buffer.from(pixels);
    other[3 * 4] = (other[3 * 4] as number) ^ 1;
    if (run === undefined) throw new Error('the good cartridge has a run');
    const whole = press({ pixels, canvas, label: { ...label, canvas }, run, createdAt: text.created_at });
    // The texts of one, which stand between the header and the palette, around the pixels of the other.
    const texts = whole.subarray(33, Buffer.from(whole).indexOf('PLTE') - 4);
    const lie = writePng(other, canvas, [texts]);
    place.write('a.png', lie);
    const { code, stdout } = await place.run(['verify', 'b.png']);
    expect(code).toBe(EXIT.badInput);
    expect(stdout).toContain(`beside b.png; ${place.at('a.png')} holds 24×12 of checksum `);
    // A sound one further on is found all the same.
    place.write('z.png', whole);
    expect((await place.run(['verify', 'b.png'])).code).toBe(EXIT.ok);
  });

  it('objects to a label that leaves its inputs out, or names others', async () => {
    const { label, run, text, pixels: own } = openCartridge(place.read('b.png'));
    if (run === undefined) throw new Error('the good cartridge has a run');
    const forge = (inputs: { checksum: string; width: number; height: number }[]) => {
      const { program, canvas: size, used } = label;
      const forged = labelOf({ program, canvas: size, used, checksum: text.checksum, inputs });
      return press({ pixels: own, canvas: size, label: forged, run, createdAt: text.created_at });
    };
    const named = { checksum, ...canvas };
    place.write('good.png', forge([named]));
    place.write('none.png', forge([]));
    place.write('more.png', forge([named, { ...named, checksum: '0'.repeat(64) }]));
    const { code, stdout } = await place.run(['verify', 'good.png', 'none.png', 'more.png']);
    expect(code).toBe(EXIT.failed);
    expect(stdout).toContain('ok      good.png');
    expect(stdout).toContain(
      `none.png  the label does not say what the program did: inputs ${checksum} none → 24×12`,
    );
    expect(stdout).toContain(
      `more.png  the label does not say what the program did: inputs ${'0'.repeat(64)} 24×12 → none`,
    );
  });
});

describe('gvpie why of a cartridge with inputs', () => {
  it('finds them as verify does', async () => {
    await renderB('--input', 'a.png');
    const { code, stdout } = await place.run(['why', 'b.png', '15', '9']);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toContain('15,9 is #ffd700ff: 2 shapes painted it');
    mkdirSync(place.at('far'));
    renameSync(place.at('b.png'), place.at('far/b.png'));
    const without = await place.run(['why', 'far/b.png', '15', '9']);
    expect(without.code).toBe(EXIT.badInput);
    expect(without.stderr).toContain('error CMD-E013');
    expect((await place.run(['why', 'far/b.png', '15', '9', '--input', 'a.png'])).stdout).toBe(stdout);
  });
});

describe('gvpie inspect', () => {
  it('prints the line that draws a cartridge, ready to be pasted, and the inputs of one', async () => {
    const { stdout } = await place.run(['inspect', 'a.png']);
    const [, line] = /^to draw it +(IMAGE .*)$/m.exec(stdout) ?? [];
    expect(line).toBe(`IMAGE a 24 12 ${checksum}`);
    expect(stdout).not.toMatch(/^input/m);
    place.write('b.pxl', `CLEAR maroon\n${line}\nBLIT a ${AT.left} ${AT.top}`);
    await renderB('--input', 'a.png');
    expect(pixelsOfB().equals(expected())).toBe(true);
    expect((await place.run(['inspect', 'b.png'])).stdout).toContain(
      `\ninput           ${checksum}, 24×12\n`,
    );
    const json = JSON.parse((await place.run(['inspect', 'b.png', '--json'])).stdout);
    expect(json.label.inputs).toEqual([{ checksum, ...canvas }]);
  });

  it('says it of any PNG, though that is no cartridge', async () => {
    place.write('my photo.png', writePng(pixels, canvas));
    const { code, stdout, stderr } = await place.run(['inspect', 'my photo.png']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(stderr).toContain('not a cartridge: CART-E011');
    expect(stderr).toContain(`with --input my photo.png and the line IMAGE my_photo 24 12 ${checksum}\n`);
  });
});

describe('gvpie preview --input', () => {
  const env = { NO_COLOR: '1' };

  it('prints the picture once, or what is missing', async () => {
    const args = ['preview', 'b.pxl', '--size', '16x4'];
    place.write('b.pxl', `IMAGE a 24 12 ${checksum}\nCLIP 0 0 3 1\nBLIT a 0 0`);
    expect((await place.run([...args, '--input', 'a.png'], { env })).stdout).toMatch(/^\S{0,3} /);
    const without = await place.run(args, { env });
    expect({ code: without.code, stdout: without.stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(without.stderr).toContain('b.pxl:1: error CMD-E013');
  });

  it.skipIf(!HAS_TERMINALS)('reads the file again at each save of the program', async () => {
    const white = async (length: number): Promise<string> => {
      place.write('bar.pxl', `RECT 0 0 ${length} 1`);
      await place.run(['render', 'bar.pxl', '--size', '9x1']);
      return openCartridge(place.read('bar.png')).text.checksum;
    };
    const save = (sum: string): string => place.write('p.pxl', `IMAGE bar 9 1 ${sum}\nBLIT bar 0 0`);
    const first = await white(3);
    save(first);
    const terminal = gvpieOnTerminal(
      ['preview', place.at('p.pxl'), '--size', '16x4', '--input', place.at('bar.png')],
      { columns: 100, rows: 12, env },
    );
    const shows = (length: number): Promise<string[]> =>
      terminal.frame(`a bar of ${length}`, ([row]) => row?.trimEnd() === '▀'.repeat(length));
    await shows(3);
    const second = await white(5);
    save(second);
    await shows(5);
    // The old one is gone: that is said in place of the picture, and the preview goes on.
    save(first);
    const refused = await terminal.frame('a complaint', (rows) => rows.at(-1)?.includes('refused') ?? false);
    expect(refused[0]).toMatch(/^p\.pxl:1: error CMD-E013: Expected an input for IMAGE bar/);
    rmSync(place.at('bar.png'));
    save(`${second}\n`);
    const gone = await terminal.frame('that the file is gone', (rows) =>
      rows.join(' ').includes('found no file'),
    );
    expect(gone.at(-1)).toBe('p.pxl  refused: 1 error');
    await white(5);
    save(second);
    await shows(5);
    terminal.type('q');
    expect(await terminal.ended).toEqual({ code: EXIT.ok, mode: 'cooked' });
  });
});
