/** fmt, trace, check --lines and params end to end, each command in a folder of its own. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { LIMITS } from '../../shared/limits.ts';
import { fill, noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Workplace } from './gvpie.ts';

const noDisk = noSmallDisk();
if (noDisk !== undefined) console.warn(`SKIPPED, a full disk is not tested: ${noDisk}`);

const UNTIDY = '# a box\r\nset x  5\nif x>3\nrect x,x 10 (x*2)\nend\n';
const TIDY = '# a box\nSET x 5\nIF x>3\n  RECT x x 10 x*2\nEND\n';
const CHART = 'PARAM n 3 1 9\nFOR i 1 n\n  RECT i*10 0 5 i\nEND\n';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('untidy.pxl', UNTIDY);
  place.write('tidy.pxl', TIDY);
  place.write('bad.pxl', 'RECT 1 2\n');
  place.write('chart.pxl', CHART);
});
afterEach(() => place.clear());

describe('gvpie fmt', () => {
  it('prints the canonical text and leaves the file alone', async () => {
    const { code, stdout } = await place.run(['fmt', 'untidy.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.ok, stdout: TIDY });
    expect(place.read('untidy.pxl').toString()).toBe(UNTIDY);
    expect((await place.run(['fmt', '-'], { input: UNTIDY })).stdout).toBe(TIDY);
  });

  it('rewrites with --write, names what changed, and changes it once', async () => {
    const first = await place.run(['fmt', '-w', 'untidy.pxl', 'tidy.pxl']);
    expect(first).toMatchObject({ code: EXIT.ok, stdout: 'untidy.pxl\n' });
    expect(place.read('untidy.pxl').toString()).toBe(TIDY);
    expect(await place.run(['fmt', '-w', 'untidy.pxl'])).toMatchObject({ code: EXIT.ok, stdout: '' });
  });

  it('only names what would change with --check', async () => {
    expect(await place.run(['fmt', '--check', 'untidy.pxl', 'tidy.pxl'])).toMatchObject({
      code: EXIT.failed,
      stdout: 'untidy.pxl\n',
    });
    expect((await place.run(['fmt', '--check', 'tidy.pxl'])).code).toBe(EXIT.ok);
    expect(place.read('untidy.pxl').toString()).toBe(UNTIDY);
  });

  it('leaves a program that is refused as it is, and goes on with the others', async () => {
    const { code, stdout, stderr } = await place.run(['fmt', '-w', 'bad.pxl', 'untidy.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: 'untidy.pxl\n' });
    expect(stderr).toMatch('bad.pxl:1:9: error PXL-E007');
    expect(place.read('bad.pxl').toString()).toBe('RECT 1 2\n');
  });

  it('refuses what indentation makes too long to be read again, and says by how much', async () => {
    const depth = LIMITS.nesting;
    const lines = [...Array(depth).fill('IF 1'), ...Array(8_000).fill('PUSH'), ...Array(depth).fill('END')];
    place.write('deep.pxl', lines.join('\n'));
    const { code, stdout, stderr } = await place.run(['fmt', '-w', 'deep.pxl', 'untidy.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: 'untidy.pxl\n' });
    expect(stderr).toContain('deep.pxl: error PXL-E002: Expected at most 1048576 bytes in canonical form');
    expect(place.read('deep.pxl').toString()).toBe(lines.join('\n'));
  });

  it('names a file that is not there, and goes on with the others', async () => {
    const { code, stdout, stderr } = await place.run(['fmt', '-w', 'nowhere.pxl', 'untidy.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: 'untidy.pxl\n' });
    expect(stderr).toContain('nowhere.pxl');
  });

  it('refuses to rewrite a FIFO, at once, and what leads nowhere; and goes on with the others', async () => {
    execFileSync('mkfifo', [place.at('fifo')]);
    symlinkSync('loop', place.at('loop'));
    mkdirSync(place.at('folder'));
    const wrong = ['fifo', 'loop', 'folder'];
    const { code, stdout, stderr } = await place.run(['fmt', '-w', ...wrong, 'untidy.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: 'untidy.pxl\n' });
    expect(stderr.split('\n')).toEqual([
      `gvpie: Expected a file to rewrite at ${place.at('fifo')}, found a pipe or a device`,
      `gvpie: Expected a program at ${place.at('loop')}, found a symlink that leads to itself`,
      `gvpie: Expected a file to rewrite at ${place.at('folder')}, found a folder`,
      '',
    ]);
  });

  it('leaves a file alone that may only be read, and says nothing of one with nothing to change', async () => {
    for (const file of ['untidy.pxl', 'tidy.pxl']) chmodSync(place.at(file), 0o444);
    const { code, stdout, stderr } = await place.run(['fmt', '-w', 'untidy.pxl', 'tidy.pxl']);
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(stderr).toContain('found untidy.pxl, which may only be read\n');
    expect(stderr).not.toContain(' tidy.pxl');
    expect(place.read('untidy.pxl').toString()).toBe(UNTIDY);
  });

  it('rewrites a file with the longest name', async () => {
    const name = `${'é'.repeat(125)}.pxl`;
    place.write(name, UNTIDY);
    expect(await place.run(['fmt', '-w', name])).toEqual({ code: EXIT.ok, stdout: `${name}\n`, stderr: '' });
    expect(place.read(name).toString()).toBe(TIDY);
  });

  it.skipIf(noDisk !== undefined)('does not name what a full disk kept it from, and goes on', async () => {
    const disk = join(temporaryFolder(), 'disk');
    smallDisk(disk, 64);
    const full = join(disk, 'full.pxl');
    writeFileSync(full, UNTIDY);
    fill(disk);
    const files = ['bad.pxl', full, 'untidy.pxl', 'bad.pxl'];
    const { code, stdout, stderr } = await place.run(['fmt', '-w', ...files]);
    expect({ code, stdout }).toEqual({ code: EXIT.internal, stdout: 'untidy.pxl\n' });
    expect(stderr).toContain(`gvpie: Could not write ${full}: ENOSPC: no space left on device\n`);
    expect(stderr.split('bad.pxl:1:9: ')).toHaveLength(3);
    expect(readFileSync(full, 'utf8')).toBe(UNTIDY);
    expect(readdirSync(disk).sort()).toEqual(['filler', 'full.pxl']);
  });

  it.each([
    ['both ways', ['-w', '--check', 'tidy.pxl']],
    ['standard input written', ['-w', '-']],
    ['two programs on one output', ['tidy.pxl', 'untidy.pxl']],
  ])('refuses %s', async (_, args) => {
    expect(await place.run(['fmt', ...args])).toMatchObject({ code: EXIT.usage, stdout: '' });
  });
});

describe('gvpie check --lines', () => {
  it('says of a program that is refused what each line had cost by then', async () => {
    place.write('forever.pxl', 'SET n 3\nWHILE 1\nADD n 1\nEND\n');
    const { code, stdout, stderr } = await place.run([
      'check',
      '--lines',
      'forever.pxl',
      '--max-steps',
      '101',
    ]);
    expect(code).toBe(EXIT.badInput);
    expect(stdout).toMatch(/^ +1 +1 +1 +0 +0 +SET n 3$/m);
    expect(stdout).toMatch(/^ +2 +51 +50 +0 +0 +WHILE 1$/m);
    expect(stderr).toContain('forever.pxl:2:1: error PXL-E012');
    const json = JSON.parse(
      (await place.run(['check', '--lines', '--json', 'forever.pxl', '--max-steps', '101'])).stdout,
    );
    expect(json).toMatchObject({ status: 'refused', lines: [{ line: 1 }, { line: 2 }, { line: 3 }] });
  });

  it('adds up to the price', async () => {
    const { stdout } = await place.run(['check', 'chart.pxl', '--lines', '--json']);
    const { lines, price, overdraw } = JSON.parse(stdout);
    expect(lines.map(({ line, times }: { line: number; times: number }) => [line, times])).toEqual([
      [1, 1],
      [2, 1],
      [3, 3],
      [4, 3],
      [5, 1],
    ]);
    const steps = lines.reduce((sum: number, line: { steps: number }) => sum + line.steps, 0);
    expect(steps).toBe(price.steps);
    expect(overdraw).toBe(Number((30 / (128 * 64)).toFixed(3)));
  });

  it('prints a table with the source', async () => {
    const { stdout } = await place.run(['check', 'chart.pxl', '--lines']);
    expect(stdout).toMatch(/^ {3}3 {6}3 {6}3 {7}3 {6}30 {4}RECT i\*10 0 5 i$/m);
    expect(stdout).toMatch('chart.pxl is right: 9 steps, 3 shapes, 30 pixels written, overdraw 0.004');
  });
});

describe('gvpie trace', () => {
  const rowsOf = (stdout: string) =>
    stdout
      .split('\n')
      .slice(1, -1)
      .map((line) => line.trim().split(/ {2,}/));

  it.each([
    ['with a final LF', 'SET x 5\n'],
    ['without one', 'SET x 5'],
    ['with a byte order mark and CRLFs', '\uFEFFSET x 5\r\n'],
  ])('shows the source as check does, and the HALT that is added, of a file %s', async (_, text) => {
    place.write('file.pxl', text);
    const trace = await place.run(['trace', 'file.pxl']);
    expect(rowsOf(trace.stdout)).toEqual([
      ['1', '1', '1', 'SET x 5', 'x=5'],
      ['2', '2', '2', 'HALT, left out'],
    ]);
    const check = await place.run(['check', 'file.pxl', '--lines']);
    expect(check.stdout).toMatch(/ {2}SET x 5\n.* {2}HALT, left out\n\n/);
  });

  it('says which pixels a program needs besides itself, each once, and nothing of one that needs none', async () => {
    const sums = ['a1', 'b2'].map((byte) => byte.repeat(32));
    const [one, two] = sums;
    const lines = [`IMAGE a 3 2 ${one}`, '', `IMAGE b 1 1 ${two}`, `IMAGE c 3 2 ${one}`, ''];
    const { code, stdout } = await place.run(['check', '-'], { input: lines.join('\n') });
    expect(code).toBe(EXIT.ok);
    expect(stdout.split('\n').slice(1)).toEqual([
      `  line 1 needs 3×2 pixels of checksum ${one}`,
      `  line 3 needs 1×1 pixels of checksum ${two}`,
      '  gvpie render takes them with --input FILE',
      '',
    ]);
    expect((await place.run(['check', 'tidy.pxl'])).stdout.split('\n')).toHaveLength(2);
  });

  it('numbers the lines executed, beside the steps that a heavy line takes more of', async () => {
    const heavy = `SET x ${Array(18).fill(1).join('+')}`;
    const { stdout } = await place.run(['trace', '-', '--from', '2'], { input: `SET y 1\n${heavy}\nHALT` });
    expect(rowsOf(stdout)).toEqual([
      ['2', '4', '2', heavy, 'x=18'],
      ['3', '5', '3', 'HALT'],
    ]);
  });

  it('says how many lines were executed where none of them is shown', async () => {
    const last = await place.run(['trace', 'chart.pxl', '--from', '9', '--count', '4']);
    expect(rowsOf(last.stdout)).toEqual([['9', '9', '5', 'HALT, left out']]);
    const beyond = await place.run(['trace', 'chart.pxl', '--from', '10', '--count', '4']);
    expect(beyond).toMatchObject({
      code: EXIT.ok,
      stdout: '9 lines executed, fewer than 10; --from 6 shows the last\n',
    });
    const { stdout } = await place.run(['trace', 'chart.pxl', '--from', '10', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ from: 10, steps: [], more: 0, executed: 9 });
  });

  it('leads to the last lines where one more table would not hold the rest', async () => {
    const more = async (count: string) =>
      (await place.run(['trace', 'chart.pxl', '--count', count])).stdout.split('\n').at(-2);
    expect(await more('8')).toBe('… 1 more line executed; --from 9 goes on');
    expect(await more('5')).toBe('… 4 more lines executed; --from 6 goes on');
    expect(await more('4')).toBe('… 5 more lines executed; --from 5 goes on, --from 6 shows the last');
  });

  it('prints what each line changed and drew, and how to go on', async () => {
    const { code, stdout } = await place.run(['trace', 'chart.pxl', '--count', '4']);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/3 {5}3 {6}RECT i\*10 0 5 i {2}5×1 at 10,0 #ffffffff/);
    expect(stdout).toMatch('… 5 more lines executed; --from 5 goes on');
  });

  it('prints one JSON document, of a refused program too', async () => {
    const { code, stdout, stderr } = await place.run(['trace', '-', '--json'], {
      input: 'SET x 2\nSET x x/0',
    });
    expect(code).toBe(EXIT.badInput);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'refused',
      steps: [{ step: 1, line: 1, changed: { x: 2 } }, { line: 2 }],
      errors: [{ code: 'PXL-E024', line: 2 }],
    });
    expect(stderr).toMatch('stdin:2:8: error PXL-E024');
    const right = await place.run(['trace', '-', '--json'], { input: 'TXT 1 1 é' });
    expect(JSON.parse(right.stdout)).toMatchObject({
      status: 'ok',
      executed: 2,
      steps: [
        { step: 1, line: 1, changed: {}, shapes: [{ kind: 'glyph', x: 1, y: 1, w: 5, h: 7 }] },
        { step: 2 },
      ],
      price: { steps: 2, shapes: 1 },
      warnings: [{ code: 'PXL-W001', line: 1 }],
    });
  });
});

describe('a PARAM', () => {
  it('is set on the command line, stands on the cartridge, and is proven with it', async () => {
    for (const [args, n] of [
      [[], 3],
      [['--param', 'N=9'], 9],
    ] as const) {
      const { stdout } = await place.run(['render', 'chart.pxl', '-o', `${n}.png`, '--json', ...args]);
      expect(JSON.parse(stdout).price.shapes).toBe(n);
      const label = JSON.parse((await place.run(['inspect', `${n}.png`, '--json'])).stdout);
      expect(JSON.stringify(label)).toContain(`"params":{"n":${n}}`);
    }
    expect((await place.run(['verify', '3.png', '9.png'])).code).toBe(EXIT.ok);
  });

  it('outside its range is refused, with the line that declares it', async () => {
    const { code, stderr } = await place.run(['check', 'chart.pxl', '--param', 'n=10']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toMatch('chart.pxl:1: error PXL-E033: Expected n from 1 to 9, found 10');
  });

  it('reaches a row of the database and its cartridge', async () => {
    expect((await place.run(['script', 'add', 'chart', 'chart.pxl', '--param', 'n=7'])).code).toBe(EXIT.ok);
    expect((await place.run(['up', '--once'])).code).toBe(EXIT.ok);
    const { stdout } = await place.run(['runs', '--json']);
    expect(stdout).toContain('"outcome":"success"');
    const file = /[^"/]+\.png/.exec(stdout)?.[0] ?? '';
    const label = (await place.run(['inspect', `cartridges/${file}`, '--json'])).stdout;
    expect(label).toContain('"params":{"n":7}');
    expect((await place.run(['verify', `cartridges/${file}`])).code).toBe(EXIT.ok);
  });
});

describe('a limit of a run', () => {
  it('is named with who lowered it', async () => {
    const { code, stderr } = await place.run(['check', 'chart.pxl', '--max-shapes', '2']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toMatch(
      'chart.pxl:3:3: error PXL-E013: Expected at most 2 shapes, found one more on line 3',
    );
    expect(stderr).toMatch(
      'hint: GVPIE_MAX_SHAPES or --max-shapes raises this limit: the language allows 1000000',
    );
    expect((await place.run(['check', 'chart.pxl', '--max-shapes', '3'])).code).toBe(EXIT.ok);
  });

  it('that a renderer has by default is told by check and script add, which refuse nothing', async () => {
    const shade = (turns: number) => `SHADE 0 0 width height\nLOOP ${turns}\nSET r x\nEND\nEND`;
    const warning =
      /^stdin: warning: \d+ operations of SHADEs are more than the 17179869184 that a renderer allows by default: GVPIE_MAX_SHADE or --max-shade raises this limit, where the renderer is started\n$/;
    const add = ['script', 'add', 'dear', '-', '--size', '1024x1024'];
    for (const args of [['check', '-', '--size', '1024x1024'], add]) {
      const dear = await place.run(args, { input: shade(16_384) });
      expect(dear).toMatchObject({ code: EXIT.ok, stderr: expect.stringMatching(warning) });
    }
    const cheap = await place.run(['check', '-', '--size', '1024x1024'], { input: shade(4_096) });
    expect(cheap).toMatchObject({ code: EXIT.ok, stderr: '' });
  });

  it('of bytes refuses the canvas', async () => {
    expect((await place.run(['check', 'chart.pxl', '--max-bytes', '32768'])).code).toBe(EXIT.ok);
    const { stderr } = await place.run(['render', 'chart.pxl', '--max-bytes', '32767']);
    expect(stderr).toMatch('PXL-E032: Expected a canvas of at most 32767 bytes, found 128×64 = 32768');
  });
});
