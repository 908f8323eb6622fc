/** `gvpie render` and `gvpie check`: one program, this process, no daemons. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { LIMITS } from '../../shared/limits.ts';
import { cli } from '../support/pair.ts';
import { waitUntil } from '../support/wait-until.ts';
import { Workplace } from './gvpie.ts';

const HELLO = 'TXT 10 10 Hello\r\nRECT 5 15 100 2\r\n';
const BAD = 'TXT ten 10 Hello\nHALT\nFOO\n';
const BAD_WORDS = [
  'bad.pxl:1:5: error PXL-E016: Expected a name that has a value, found "ten"',
  '    TXT ten 10 Hello',
  '        ^^^',
  '    hint: SET ten value gives it one',
  'bad.pxl:3:1: error PXL-E006: Expected an opcode, found "FOO"',
  '    FOO',
  '    ^^^',
];

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('hello.pxl', HELLO);
  place.write('bad.pxl', BAD);
});
afterEach(() => place.clear());

describe('gvpie render', () => {
  it('makes a cartridge named after the program, which carries it to the byte', async () => {
    const { code, stdout, stderr } = await place.run(['render', 'hello.pxl']);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    const bytes = place.read('hello.png');
    expect(stdout).toBe(
      `hello.png  128×64, ${bytes.length} bytes, painted on cpu\n3 steps, 2 shapes, 254 pixels written\n`,
    );
    const { label, pixels, run } = openCartridge(bytes);
    expect(label.program).toBe(HELLO);
    expect(label.checksum).toBe(sha256Hex(pixels));
    expect(run?.backend).toBe('cpu');
    expect(label.script).toBeUndefined();
    expect(readdirSync(place.folder).sort()).toEqual(['bad.pxl', 'hello.png', 'hello.pxl']);
  });

  it('writes raw RGBA of the size asked for, from standard input to standard output too', async () => {
    const file = await place.run(['render', 'hello.pxl', '--raw', '--size', '16x8', '-o', 'out.rgba']);
    expect(file.code).toBe(EXIT.ok);
    const raw = place.read('out.rgba');
    expect(raw.length).toBe(16 * 8 * 4);
    const piped = await place.run(['render', '-', '--raw', '--size', '16x8', '-o', '-', '--json'], {
      input: HELLO,
    });
    expect(piped.code).toBe(EXIT.usage);
    const plain = await place.run(['render', '-', '-o', '-'], { input: 'HALT' });
    expect(plain.code).toBe(EXIT.ok);
    expect(plain.stdout).toContain('cartridge_type');
  });

  it('describes the picture in JSON, with the checksum of its pixels', async () => {
    const { stdout } = await place.run(['render', 'hello.pxl', '--json', '-o', 'a.png']);
    const report = JSON.parse(stdout);
    const bytes = place.read('a.png');
    expect(report).toEqual({
      status: 'ok',
      path: 'a.png',
      format: 'PNG',
      bytes: bytes.length,
      canvas: { width: 128, height: 64 },
      checksum: sha256Hex(openCartridge(bytes).pixels),
      backend: 'cpu',
      adapter: expect.any(String),
      uses: openCartridge(bytes).label.uses,
      price: { steps: 3, shapes: 2, pixels_written: 254, bytes: 32768 },
      warnings: [],
      timings_ms: { parse: expect.any(Number), run: expect.any(Number), paint: expect.any(Number) },
    });
  });

  it('refuses a bad program with every error, and writes nothing', async () => {
    const { code, stdout, stderr } = await place.run(['render', 'bad.pxl', '--json']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr.split('\n').slice(0, 7)).toEqual(BAD_WORDS);
    expect(stderr).toMatch(/2 errors\n$/);
    const { status, errors } = JSON.parse(stdout);
    expect(status).toBe('refused');
    expect(errors.map((one: { code: string }) => one.code)).toEqual(['PXL-E016', 'PXL-E006']);
    expect(existsSync(place.at('bad.png'))).toBe(false);
  });

  it('warns of what it had to draw as a box, and renders', async () => {
    const { code, stderr } = await place.run(['render', '-', '-o', 'a.png'], { input: 'TXT 0 0 é' });
    expect(code).toBe(EXIT.ok);
    expect(stderr).toMatch(/^stdin:1: warning PXL-W001: .*U\+00E9/);
    expect(stderr).toMatch('\n    hint: FONT FIXED5X7 and FONT FIXED6X13 have it\n');
  });

  it.each([
    ['a program that is not there', ['render', 'none.pxl'], EXIT.badInput, 'found no file'],
    ['a folder as the program', ['render', '.'], EXIT.badInput, 'found a folder'],
    ['standard input without a name for the picture', ['render', '-'], EXIT.usage, 'Expected -o OUT'],
    [
      'the program as its own picture',
      ['render', 'hello.pxl', '-o', './hello.pxl'],
      EXIT.usage,
      'another file',
    ],
    ['a folder as the picture', ['render', 'hello.pxl', '-o', '.'], EXIT.usage, 'found the folder .'],
    [
      'a picture in no folder',
      ['render', 'hello.pxl', '-o', 'no/a.png'],
      EXIT.badInput,
      'Expected a folder for no/a.png, found no folder /',
    ],
  ])('refuses %s', async (_, args, exit, words) => {
    const { code, stdout, stderr } = await place.run(args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('refuses to paint on a GPU where there is none, with the way out, and writes nothing', async () => {
    // No driver is found under this name, whatever this machine has.
    const env = { VK_DRIVER_FILES: '/nowhere/none.json' };
    const { code, stdout, stderr } = await place.run(['render', 'hello.pxl', '--backend', 'gpu'], { env });
    expect({ code, stdout }).toEqual({ code: EXIT.internal, stdout: '' });
    expect(stderr).toMatch(/^gvpie: Expected a GPU.*, found .*\nhint: /m);
    expect(existsSync(place.at('hello.png'))).toBe(false);
  });

  it('refuses an endless program within its limit on sources', async () => {
    const { code, stderr } = await place.run(['render', '/dev/zero', '-o', 'a.png']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain(`Expected at most ${LIMITS.sourceBytes} bytes of source`);
  });

  it('reads a FIFO, and says what it waits for when nothing comes', async () => {
    execFileSync('mkfifo', [place.at('fifo')]);
    const rendered = cli('render', place.at('fifo'), '-o', place.at('a.png'));
    await waitUntil('the word of waiting', () =>
      rendered.output().includes(`waiting for the program from ${place.at('fifo')}; Ctrl-C gives up\n`),
    );
    place.write('fifo', HELLO);
    expect((await rendered.ended).code).toBe(EXIT.ok);
  });

  it('replaces a picture through its symlink, keeping its permissions', async () => {
    mkdirSync(place.at('kept'));
    place.write('kept/old.png', 'old');
    chmodSync(place.at('kept/old.png'), 0o640);
    symlinkSync('kept/old.png', place.at('link.png'));
    expect((await place.run(['render', 'hello.pxl', '-o', 'link.png'])).code).toBe(EXIT.ok);
    expect(readlinkSync(place.at('link.png'))).toBe('kept/old.png');
    expect(openCartridge(place.read('kept/old.png')).label.program).toBe(HELLO);
    expect(statSync(place.at('kept/old.png')).mode & 0o777).toBe(0o640);
  });

  it('writes to a device in place of replacing it', async () => {
    expect((await place.run(['render', 'hello.pxl', '-o', '/dev/null'])).code).toBe(EXIT.ok);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('gvpie check', () => {
  it('prints the exact price at the size asked for, and writes nothing', async () => {
    const { code, stdout, stderr } = await place.run(['check', 'hello.pxl', '--size', '32x32']);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).toMatch(
      /^hello\.pxl is right: 3 steps, 2 shapes, \d+ pixels written, overdraw 0\.\d+, 4096 bytes at 32×32\n$/,
    );
    expect(readdirSync(place.folder).sort()).toEqual(['bad.pxl', 'hello.pxl']);
  });

  it('agrees with render on price and uses', async () => {
    const [checked, rendered] = await Promise.all([
      place.run(['check', '-', '--json'], { input: HELLO }),
      place.run(['render', '-', '--json', '-o', 'a.png'], { input: HELLO }),
    ]);
    const { price, uses, warnings } = JSON.parse(rendered.stdout);
    const canvas = { width: 128, height: 64 };
    const overdraw = Number((price.pixels_written / (128 * 64)).toFixed(3));
    expect(JSON.parse(checked.stdout)).toEqual({ status: 'ok', canvas, price, overdraw, uses, warnings });
  });

  it('prints every error with its caret', async () => {
    const { code, stdout, stderr } = await place.run(['check', 'bad.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(stderr.split('\n').slice(0, 7)).toEqual(BAD_WORDS);
    const json = await place.run(['check', 'bad.pxl', '--json']);
    expect(json.code).toBe(EXIT.badInput);
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'refused', errors: [{ line: 1 }, { line: 3 }] });
  });

  it('refuses bytes that are not UTF-8', async () => {
    const { code, stderr } = await place.run(['check', '-'], { input: Uint8Array.of(0x48, 0xff) });
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('stdin:1:2: error PXL-E001');
  });
});
