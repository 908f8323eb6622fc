/** Cartridges of a newer format: what `verify` and `inspect` make of what they know, and that they say that there is more. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { readChunks, writeChunk } from '../../shared/cartridge/chunk.ts';
import { readLabel } from '../../shared/cartridge/open.ts';
import { keywordOf, writeInternationalText } from '../../shared/cartridge/text-chunk.ts';
import { png } from '../shared/cartridge/sample.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  place.write('hi.pxl', 'TXT 1 1 Hi');
  expect((await place.run(['render', 'hi.pxl'])).code).toBe(EXIT.ok);
  place.write('more.png', relabelled({ format: 2, mood: 'calm' }));
  place.write('other.png', relabelled({ format: 2, used: 'all', program_sha256: undefined }));
});
afterAll(() => place.clear());

/** The cartridge with another label; nothing is recomputed. */
function relabelled(change: object): Uint8Array {
  const file = place.read('hi.png');
  const label = writeInternationalText('gvpie', JSON.stringify({ ...readLabel(file).label, ...change }));
  return png(
    readChunks(file).map((chunk) =>
      keywordOf(chunk) === 'gvpie' ? label : writeChunk(chunk.type, chunk.data),
    ),
  );
}

describe('a newer cartridge', () => {
  it('verifies by what is known of it, and verify says that there is more', async () => {
    const { code, stdout } = await place.run(['verify', 'more.png', 'hi.png']);
    expect(code).toBe(EXIT.ok);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^ok {6}more\.png/),
      '        its label is of format 2, newer than this gvpie: what that adds was not looked at',
      expect.stringMatching(/^ok {6}hi\.png/),
      '',
    ]);
    const [more, old] = JSON.parse((await place.run(['verify', '--json', 'more.png', 'hi.png'])).stdout);
    expect([more.verdict, more.newer, old.verdict, 'newer' in old]).toEqual(['ok', 2, 'ok', false]);
  });

  it('that cannot be read whole is refused by verify, and inspect prints what it can read', async () => {
    expect((await place.run(['verify', 'other.png'])).stdout).toContain('CART-E019');
    const { code, stdout } = await place.run(['inspect', 'other.png']);
    expect(code).toBe(EXIT.badInput);
    expect(stdout).toMatch(/^format +2, newer than this gvpie, which reads only some of it$/m);
    expect(stdout).toMatch(/^not read +program_sha256, used$/m);
    expect(stdout).toMatch(/\n\nTXT 1 1 Hi\n$/);
    const said = JSON.parse((await place.run(['inspect', 'other.png', '--json'])).stdout);
    expect(said).toMatchObject({
      newer: 2,
      unread: ['program_sha256', 'used'],
      label: { program: 'TXT 1 1 Hi' },
    });
  });

  it('is called too new where it cannot be read whole, not damaged, and gives its program and its label all the same', async () => {
    expect((await place.run(['verify', 'other.png'])).stdout).toContain('too new for this gvpie: CART-E019');
    for (const command of [
      ['extract', 'other.png'],
      ['inspect', 'other.png', '--program'],
    ]) {
      expect(await place.run(command)).toMatchObject({ code: EXIT.ok, stdout: 'TXT 1 1 Hi' });
    }
    const label = JSON.parse((await place.run(['extract', 'other.png', '--label'])).stdout);
    expect(label).toMatchObject({ format: 2, used: 'all', program: 'TXT 1 1 Hi' });
    expect((await place.run(['extract', 'other.png', '--pixels'])).code).toBe(EXIT.badInput);
    place.write('lines.png', relabelled({ format: 2, program: ['TXT 1 1 Hi'] }));
    expect(await place.run(['extract', 'lines.png'])).toMatchObject({
      ...{ code: EXIT.badInput, stdout: '', stderr: expect.stringContaining('too new') },
    });
  });

  it('is taken in and reloaded by what is known of it, and that there is more is said', async () => {
    const more = 'its label is of format 2, newer than this gvpie: what that adds was not looked at';
    const { code, stdout } = await place.run(['import', 'more.png']);
    expect([code, stdout]).toEqual([EXIT.ok, expect.stringMatching(`^imported .*verified\n +${more}\n$`)]);
    expect(
      (await place.run(['import', 'more.png', 'hi.png', '--json'])).stdout.match(/"newer": ?2/g),
    ).toHaveLength(1);
    const reloaded = await place.run(['reload', 'more.png']);
    expect([reloaded.code, reloaded.stderr]).toEqual([EXIT.ok, expect.stringContaining(`more.png: ${more}`)]);
    expect((await place.run(['reload', 'hi.png', '--name', 'known'])).stderr).toBe('');
  });

  it('is inspected whole where it can be', async () => {
    const { code, stdout } = await place.run(['inspect', 'more.png']);
    expect([code, stdout]).toEqual([
      EXIT.ok,
      expect.stringMatching(/^format +2, newer than this gvpie: some/m),
    ]);
  });
});
