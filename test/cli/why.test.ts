/** `gvpie why`, in a folder of its own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(async () => {
  place = new Workplace();
  place.write(
    'a.pxl',
    'CLEAR navy\nDEF spot x\n  DISC x 8 4\nEND\nCALL spot 10\nCOLOR #ff000080\nRECT 8 8 4 4\n',
  );
  await place.run(['render', 'a.pxl', '--size', '32x16']);
});
afterEach(() => place.clear());

describe('gvpie why', () => {
  it('names the statements that painted a pixel, the front one first', async () => {
    const { code, stdout } = await place.run(['why', 'a.png', '9', '9']);
    expect(code).toBe(EXIT.ok);
    const lines = stdout.split('\n').map((line) => line.trimEnd());
    expect(lines[0]).toBe('9,9 is #ff7f7fff: 3 shapes painted it, the front one first');
    expect(lines[2]).toMatch(/^ +7 +RECT 8 8 4 4 +4×4 at 8,8 #ff000080 +#ff7f7fff$/);
    expect(lines[3]).toMatch(/^ +3 +spot, called on line 5 +DISC x 8 4 +\S+ at \S+ #ffffffff +#ffffffff$/);
    expect(lines[4]).toMatch(/^ +1 +CLEAR navy +32×16 at 0,0 #000080ff +#000080ff +hidden$/);
  });

  it('prints one JSON document', async () => {
    const { stdout } = await place.run(['why', 'a.png', '0', '0', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      x: 0,
      y: 0,
      pixel: '#000080ff',
      shapes: [{ line: 1, source: 'CLEAR navy', calls: [], hidden: false }],
    });
  });

  it('says how many shapes lie behind the thousand, and how many calls lead to the sixteen', async () => {
    const deep = 'DEF f n\n  IF n>1\n    CALL f n-1\n    RET\n  END\n  RECT 0 0 9 9\nEND\nCALL f 18';
    place.write('b.pxl', `COLOR #fff8\nFOR i 1 1000\n  PIX 8 8\nEND\n${deep}`);
    await place.run(['render', 'b.pxl', '--size', '32x16']);
    const { stdout } = await place.run(['why', 'b.png', '8', '8']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2 + 1_000 + 1);
    expect(lines[0]).toContain(': 1001 shapes painted it, the front one first');
    expect(lines[2]).toContain('f, called on line 7, … and 2 calls more');
    expect(lines.at(-1)).toBe('… and 1 shape more behind them');
    const told = JSON.parse((await place.run(['why', 'b.png', '8', '8', '--json'])).stdout);
    expect([told.shapes.length, told.more_shapes, told.shapes[0].more_calls]).toEqual([1_000, 1, 2]);
    // The control: where nothing is left out, nothing says so.
    const whole = await place.run(['why', 'b.png', '0', '0']);
    expect(whole.stdout.split('\n')).toHaveLength(2 + 1 + 1);
    const record = JSON.parse((await place.run(['why', 'a.png', '9', '9', '--json'])).stdout);
    expect(Object.keys(record)).toEqual(['x', 'y', 'pixel', 'shapes']);
    expect(Object.keys(record.shapes[1])).not.toContain('more_calls');
  });

  it('tells of a SHADE what it made of the pixel that was there, and what comes of that', async () => {
    const shade = 'SHADE 2 2 9 9\n  SET r r+x\n  SET g 255\n  SET a 128\nEND\n';
    place.write('b.pxl', `CLEAR #600020\n${shade}SHADE 0 0 4 4\n  SET b 9\n  SET r 7\nEND\n`);
    await place.run(['render', 'b.pxl', '--size', '16x16']);
    const { stdout } = await place.run(['why', 'b.png', '5', '3']);
    const lines = stdout.split('\n').map((line) => line.trimEnd());
    expect(lines[0]).toBe('5,3 is #628020ff: 2 shapes painted it, the front one first');
    expect(lines[2]).toMatch(
      /^ +2 +SHADE 2 2 9 9 +shade 9×9 at 2,2, makes #63ff2080 of #600020ff there +#628020ff$/,
    );
    const { shapes } = JSON.parse((await place.run(['why', 'b.png', '3', '3', '--json'])).stdout);
    expect(shapes).toMatchObject([
      { line: 7, shape: { kind: 'shade', color: '#078009ff' }, before: '#618020ff', hidden: false },
      { line: 2, before: '#600020ff', pixel: '#618020ff', hidden: false },
      { line: 1, hidden: false },
    ]);
    expect(shapes[2]).not.toHaveProperty('before');
  });

  it.each([
    [
      'a pixel outside the canvas',
      ['why', 'a.png', '32', '0'],
      EXIT.usage,
      'Expected a pixel from 0,0 to 31,15',
    ],
    ['a place that is none', ['why', 'a.png', '-1', '0'], EXIT.usage, ''],
    ['a file that is not there', ['why', 'b.png', '0', '0'], EXIT.badInput, 'b.png'],
    ['a file that is no cartridge', ['why', 'a.pxl', '0', '0'], EXIT.badInput, 'not a PNG'],
  ])('refuses %s', async (_, args, code, words) => {
    const found = await place.run(args);
    expect(found).toMatchObject({ code, stdout: '' });
    expect(found.stderr).toContain(words);
  });
});
