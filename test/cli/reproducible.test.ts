/** `gvpie press --reproducible`: the same file again, and what the other commands make of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  place.write('hi.pxl', 'PARAM x 1 0 9\nTXT x 1 Hi');
  for (const [name, ...flags] of [['one.png'], ['two.png'], ['other.png', '--param', 'x=2']]) {
    const { code } = await place.run(['press', 'hi.pxl', '--reproducible', '-o', name ?? '', ...flags]);
    expect(code).toBe(EXIT.ok);
  }
});
afterAll(() => place.clear());

describe('gvpie press --reproducible', () => {
  it('writes the same file again, under another command’s name too, and another one for another param', async () => {
    await place.run(['render', 'hi.pxl', '--reproducible', '-o', 'rendered.png']);
    const one = place.read('one.png');
    expect(place.read('two.png').equals(one)).toBe(true);
    expect(place.read('rendered.png').equals(one)).toBe(true);
    expect(place.read('other.png').equals(one)).toBe(false);
  });

  it('is what makes the difference: without it the file says when it was pressed', async () => {
    await place.run(['press', 'hi.pxl', '-o', 'dated.png']);
    expect(place.read('dated.png').includes('created_at')).toBe(true);
    expect(place.read('one.png').includes('created_at')).toBe(false);
  });

  it('gives a cartridge that verifies, and of which inspect says why it has no date', async () => {
    expect(await place.run(['verify', 'one.png', 'other.png'])).toMatchObject({ code: EXIT.ok });
    const { code, stdout } = await place.run(['inspect', 'one.png']);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^created +not said: pressed reproducibly$/m);
    const said = JSON.parse((await place.run(['inspect', 'one.png', '--json'])).stdout);
    expect([said.run, 'created_at' in said.text]).toEqual([null, false]);
  });

  it('is not for raw pixels, which press has no flag for', async () => {
    expect((await place.run(['render', 'hi.pxl', '--raw', '--reproducible'])).code).toBe(EXIT.usage);
    expect((await place.run(['press', 'hi.pxl', '--raw'])).code).toBe(EXIT.usage);
  });
});
