/** `gvpie inspect` and `gvpie verify`: what is written on a cartridge, and whether it is true. */
import { symlinkSync } from 'node:fs';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { type Label, labelOf } from '../../shared/cartridge/label.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { usesDigest } from '../../shared/used.ts';
import { Workplace } from './gvpie.ts';

const PROGRAM = 'TXT 1 1 Hi\nHALT';
let place: Workplace;

/** The good cartridge with another label, pixels or program, consistent with itself unless told otherwise. */
function forge(change: { program?: string; pixel?: number; label?: (label: Label) => Label }): Uint8Array {
  const { label, run, pixels, canvas, text } = openCartridge(place.read('good.png'));
  const other = Uint8Array.from(pixels);
  if (change.pixel !== undefined) other[0] = change.pixel;
  const made = labelOf({
    program: change.program ?? label.program,
    canvas,
    used: label.used,
    checksum: sha256Hex(other),
  });
  if (run === undefined) throw new Error('the good cartridge has a run');
  const forged = change.label?.(made) ?? made;
  return press({ pixels: other, canvas, label: forged, run, createdAt: text.created_at });
}

beforeAll(async () => {
  place = new Workplace();
  place.write('good.pxl', PROGRAM);
  expect((await place.run(['render', 'good.pxl'])).code).toBe(EXIT.ok);
  const good = place.read('good.png');
  place.write('torn.png', good.subarray(0, good.length - 20));
  place.write('plain.png', PNG.sync.write(new PNG({ width: 2, height: 2 })));
  place.write('rgb.png', PNG.sync.write(new PNG({ width: 2, height: 2 }), { colorType: 2 }));
  place.write('other-pixels.png', forge({ pixel: 1 }));
  place.write('other-program.png', forge({ label: (label) => ({ ...label, program: 'HALT' }) }));
  place.write('refused.png', forge({ program: 'FOO' }));
  place.write(
    'changed.png',
    forge({
      label: (label) => {
        if (label.used === undefined) throw new Error('the good cartridge says what it used');
        const used = { ...label.used, opcodes: { ...label.used.opcodes, TXT: 7 } };
        return { ...label, used, uses: usesDigest(used) };
      },
    }),
  );
});
afterAll(() => place.clear());

describe('gvpie verify', () => {
  it.each([
    ['good.png', EXIT.ok, 'ok', ''],
    ['torn.png', EXIT.badInput, 'damaged', 'damaged: CART-E0'],
    ['good.pxl', EXIT.badInput, 'damaged', 'not a PNG: CART-E001'],
    ['plain.png', EXIT.badInput, 'damaged', 'not a cartridge: CART-E011: an ordinary PNG'],
    ['rgb.png', EXIT.badInput, 'damaged', 'not a cartridge: CART-E006'],
    ['none.png', EXIT.badInput, 'unreadable', '/none.png, found no file'],
    ['refused.png', EXIT.badInput, 'bad-program', 'the embedded program is refused: PXL-E006'],
    [
      'other-program.png',
      EXIT.programChecksum,
      'program-checksum',
      'the program does not match its checksum',
    ],
    ['other-pixels.png', EXIT.failed, 'pixels-differ', 'the program gives other pixels'],
    [
      'changed.png',
      EXIT.semanticsChanged,
      'semantics-changed',
      'opcodes TXT 7 → 1 on line 1; the pixels are the same',
    ],
  ])('of %s ends with %i: %s', async (path, exit, verdict, words) => {
    const [plain, json] = await Promise.all([
      place.run(['verify', path]),
      place.run(['verify', '--json', path]),
    ]);
    expect(plain.code).toBe(exit);
    expect(plain.stderr).toBe('');
    expect(plain.stdout).toMatch(exit === EXIT.ok ? /^ok {6}good\.png {2}[0-9a-f]{64}\n$/ : /^not ok {2}/);
    expect(plain.stdout).toContain(words);
    expect(json.code).toBe(exit);
    expect(JSON.parse(json.stdout)).toMatchObject([{ path, verdict }]);
  });

  it('objects to a cartridge with a single flipped bit, wherever it is', async () => {
    const good = place.read('good.png');
    const places = [0, 20, 100, good.length - 30];
    for (const at of places) {
      const flipped = Uint8Array.from(good);
      flipped[at] = (flipped[at] as number) ^ 1;
      place.write(`flipped-${at}.png`, flipped);
    }
    const { code, stdout } = await place.run(['verify', ...places.map((at) => `flipped-${at}.png`)]);
    expect(code).toBe(EXIT.badInput);
    expect(stdout.match(/^not ok/gm)).toHaveLength(places.length);
  });

  it.each([
    [EXIT.badInput, ['good.png', 'changed.png', 'other-pixels.png', 'other-program.png', 'torn.png']],
    [EXIT.programChecksum, ['other-program.png', 'changed.png', 'other-pixels.png', 'good.png']],
    [EXIT.failed, ['changed.png', 'other-pixels.png', 'good.png']],
    [EXIT.semanticsChanged, ['good.png', 'changed.png', 'good.png']],
  ])('ends with %i, the worst, of several', async (exit, paths) => {
    const { code, stdout } = await place.run(['verify', ...paths]);
    expect(code).toBe(exit);
    expect(stdout.trimEnd().split('\n')).toHaveLength(paths.length);
  });
});

describe('gvpie inspect', () => {
  it('prints label, texts, run and program', async () => {
    const { code, stdout } = await place.run(['inspect', 'good.png']);
    const { text } = openCartridge(place.read('good.png'));
    expect(code).toBe(EXIT.ok);
    expect(stdout).toContain(text.checksum);
    expect(stdout).toContain(text.created_at);
    expect(stdout).toMatch(/^canvas +128×64$/m);
    expect(stdout).toMatch(/^opcodes +HALT 1, TXT 1$/m);
    expect(stdout.endsWith(`\n\n${PROGRAM}\n`)).toBe(true);
  });

  it('prints the whole record as JSON', async () => {
    const { stdout } = await place.run(['inspect', 'good.png', '--json']);
    const { label, text, run } = openCartridge(place.read('good.png'));
    const bytes = place.read('good.png').length;
    expect(JSON.parse(stdout)).toEqual({ path: 'good.png', bytes, text, label, run, newer: null });
  });

  it('prints only the program, to the byte, through a symlink too', async () => {
    symlinkSync('good.png', place.at('link.png'));
    expect(await place.run(['inspect', 'link.png', '--program'])).toEqual({
      code: 0,
      stdout: PROGRAM,
      stderr: '',
    });
  });

  it('prints a program below its label without what a terminal would obey', async () => {
    const program = '# \x1b[2J\nHALT';
    const { label, run, pixels, canvas, text } = openCartridge(place.read('good.png'));
    if (run === undefined) throw new Error('the good cartridge has a run');
    const forged = labelOf({ program, canvas, used: label.used, checksum: label.checksum });
    place.write('escape.png', press({ pixels, canvas, label: forged, run, createdAt: text.created_at }));
    expect((await place.run(['inspect', 'escape.png'])).stdout).toContain('\n# ␛[2J\nHALT\n');
    expect((await place.run(['inspect', 'escape.png', '--program'])).stdout).toBe(program);
  });

  it.each([
    [['inspect', 'torn.png'], EXIT.badInput, 'torn.png is damaged: CART-E0'],
    [['inspect', 'good.pxl'], EXIT.badInput, 'good.pxl is not a PNG: CART-E001'],
    [
      ['inspect', 'plain.png'],
      EXIT.badInput,
      'plain.png is not a cartridge: CART-E011: an ordinary PNG without',
    ],
    [['inspect', 'rgb.png'], EXIT.badInput, 'rgb.png is not a cartridge: CART-E006'],
    [['inspect', '.'], EXIT.badInput, 'Expected a regular file'],
    [['inspect', 'none.png'], EXIT.badInput, 'found no file'],
    [['inspect', 'good.png', '--program', '--json'], EXIT.usage, 'found both'],
  ])('refuses %j', async (args, exit, words) => {
    const { code, stdout, stderr } = await place.run(args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('still reads a cartridge whose run was dropped', async () => {
    const good = place.read('good.png');
    const { run } = openCartridge(good);
    const start = good.indexOf('gvpie_run') - 8;
    const length = good.readUInt32BE(start) + 12;
    place.write('no-run.png', Buffer.concat([good.subarray(0, start), good.subarray(start + length)]));
    expect(run).toBeDefined();
    const { code, stdout } = await place.run(['inspect', 'no-run.png', '--json']);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(stdout).run).toBeNull();
  });
});
