/** `gvpie reload`: what comes back out of a cartridge is what went in, and an edit is a child. */
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import type { Label } from '../../shared/cartridge/label.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { namesOn } from '../support/names-on.ts';
import { Workplace } from './gvpie.ts';

const PROGRAM = '\uFEFF# é\r\nPARAM count 3 1 9\r\nPARAM gap 2 0 9\r\nRECT 1 1 count*4 gap+1\r\n\r\n';
let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

const done = (...args: string[]): Promise<string> => place.done(...args);

async function shown(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await done('script', 'show', name, '--json'));
}

async function pressed(name = 'bars.png', ...more: string[]): Promise<Label> {
  place.write('bars.pxl', PROGRAM);
  await done('press', 'bars.pxl', '-o', name, '--size', '48x16', '--param', 'count=7', ...more);
  return openCartridge(place.read(name)).label;
}

/** What an orchestrator does with all that is due. */
async function renderAll(): Promise<void> {
  const { code, stdout } = await place.process(['up', '--once']);
  expect(code, stdout).toBe(EXIT.ok);
}

/** Opens the newest cartridge of a script on the shelf. */
async function cartridgeOf(name: string) {
  const runs = JSON.parse(await done('runs', name, '--json'));
  return { run: runs[0], cartridge: openCartridge(place.read(`cartridges/${runs[0].cartridge_name}`)) };
}

describe('gvpie reload', () => {
  it('makes a row of program, canvas and params as the label has them, BOM and line ends included', async () => {
    const { checksum } = await pressed();
    expect(await done('reload', 'bars.png')).toBe(
      'bars is added (pixel, 48×16) and due: what the cartridge was drawn by\n',
    );
    expect(await shown('bars')).toMatchObject({
      ...{ code: PROGRAM, lang: 'pixel', width: 48, height: 16 },
      ...{ params: { count: 7, gap: 2 }, parents: [checksum] },
    });
    expect(await done('reload', 'bars.png')).toBe(
      'bars is there already: what the cartridge was drawn by, due\n',
    );
    expect(await done('script', 'show', 'bars')).toContain(`made from  ${checksum}\n`);
  });

  it('takes a name beside one that is another script’s, and refuses one that was asked for', async () => {
    await pressed();
    await done('script', 'add', 'bars', '--code', 'HALT');
    expect(await done('reload', 'bars.png')).toContain('bars-2 is added');
    expect(await done('reload', 'bars.png')).toContain('bars-2 is there already');
    const { code, stderr } = await place.run(['reload', 'bars.png', '--name', 'bars']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('Expected a new name, found the script "bars", which draws something else');
  });

  it('of what was rendered here knows the picture, whichever of the params the row had; an edit makes a child', async () => {
    await done(
      'script',
      'add',
      'bars',
      place.write('bars.pxl', PROGRAM),
      '--size',
      '48x16',
      '--param',
      'count=7',
    );
    await renderAll();
    const first = await cartridgeOf('bars');
    const file = `cartridges/${first.run.cartridge_name}`;
    expect(await done('reload', file)).toContain('bars is there already');
    expect(await done('reload', file, '--name', 'again')).toContain('what the cartridge was drawn by');
    expect(await done('reload', file, '--name', 'wide', '--param', 'gap=5')).toContain(
      `a child of ${first.cartridge.label.checksum}\n`,
    );
    await renderAll();
    const again = await cartridgeOf('again');
    expect(again.run).toMatchObject({ known: 1, cartridge_name: first.run.cartridge_name });
    expect(await done('runs', 'again')).toMatch(/ success, known +0 /);
    const child = await cartridgeOf('wide');
    expect(child.run).toMatchObject({ known: 0, outcome: 'success' });
    expect(child.cartridge.label.parents).toEqual([{ checksum: first.cartridge.label.checksum }]);
    expect(child.cartridge.label.params).toEqual({ count: 7, gap: 5 });
    expect(await done('verify', `cartridges/${child.run.cartridge_name}`)).toMatch(/^ok/);
    // Rendered once more, the unedited one has the same pixels, and is no child of itself.
    await place.process(['script', 'set', 'again', '--force-render']);
    await done('requeue', '--script', 'again');
    await renderAll();
    const forced = await cartridgeOf('again');
    expect(forced.run).toMatchObject({ known: 0, outcome: 'success' });
    expect(forced.cartridge.label).toEqual({
      ...first.cartridge.label,
      script: { name: 'again', revision: expect.any(Number) },
    });
    expect(
      namesOn(place.at('cartridges')).filter((name) => /^(bars|again|wide).*png$/.test(name)),
    ).toHaveLength(3);
    const database = openDatabase(place.at('daemon.db'), { durability: 'fast' });
    try {
      expect(
        database
          .prepare('SELECT parent, file_name FROM cartridge_parents JOIN cartridges ON id = cartridge_id')
          .all(),
      ).toEqual([{ parent: first.cartridge.label.checksum, file_name: child.run.cartridge_name }]);
    } finally {
      database.close();
    }
  }, 60_000);

  it('of an edited program keeps the params that it declares and that were no defaults, and says what it leaves out', async () => {
    await pressed('bars.png', '--param', 'gap=4');
    place.write('new.pxl', 'PARAM count 2 1 9\nPARAM size 8 1 9\nRECT 1 1 count size');
    const { code, stderr } = await place.run(['reload', 'bars.png', '--edit', 'new.pxl', '--name', 'new']);
    expect({ code, stderr }).toEqual({
      code: EXIT.ok,
      stderr: 'left out, as the edited program has no such PARAM: gap=4\n',
    });
    expect(await shown('new')).toMatchObject({ params: { count: 7 }, width: 48, height: 16 });
    // The default of a program that is replaced is nobody's wish.
    place.write('three.pxl', PROGRAM.replace('gap 2', 'gap 3'));
    await pressed('plain.png');
    expect(await done('reload', 'plain.png', '--edit', 'three.pxl', '--name', 'three')).toContain(
      'a child of',
    );
    expect((await shown('three')).params).toEqual({ count: 7 });
    expect(await done('reload', 'plain.png', '--edit', 'bars.pxl', '--name', 'same')).toContain(
      'what the cartridge was drawn by',
    );
  });

  it('refuses an edit that would be refused, and adds nothing', async () => {
    await pressed();
    const { code, stdout, stderr } = await place.run(['reload', 'bars.png', '--param', 'count=10', '--json']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('bars.png');
    expect(JSON.parse(stdout).status).toBe('refused');
    expect((await place.run(['script', 'show', 'bars'])).code).toBe(EXIT.badInput);
  });

  it('says of a PNG whose label was stripped what it is, and names the cartridge on the shelf with its pixels', async () => {
    await done('script', 'add', 'bars', place.write('bars.pxl', PROGRAM), '--size', '48x16');
    await renderAll();
    const { run } = await cartridgeOf('bars');
    const file = `cartridges/${run.cartridge_name}`;
    place.write('stripped.png', await sharp(place.read(file)).png({ palette: false }).toBuffer());
    const stripped = await place.run(['reload', 'stripped.png']);
    expect(stripped.code).toBe(EXIT.badInput);
    expect(stripped.stderr).toContain('an ordinary PNG without gvpie');
    expect(stripped.stderr).toContain(`the same pixels are on the shelf as ${file}: gvpie reload ${file}\n`);
    const other = await sharp(place.read(file)).negate({ alpha: false }).png({ palette: false }).toBuffer();
    place.write('other.png', other);
    const unknown = await place.run(['reload', 'other.png']);
    expect(unknown.code).toBe(EXIT.badInput);
    expect(unknown.stderr).toContain('no cartridge that is known here has these pixels');
  }, 60_000);

  it('refuses a cartridge that does not match itself, with the code of what is wrong', async () => {
    const label = await pressed();
    const pixels = openCartridge(place.read('bars.png')).pixels;
    const whole = { pixels, canvas: { width: 48, height: 16 }, run: undefined, createdAt: undefined };
    const lie: Label = { ...labelOf({ ...label, program: 'HALT' }), program_sha256: '0'.repeat(64) };
    place.write('lie.png', press({ ...whole, label: lie }));
    const { code, stderr } = await place.run(['reload', 'lie.png']);
    expect(code).toBe(EXIT.programChecksum);
    expect(stderr).toContain('the program does not match its checksum');
  });
});
