/** One row draws another row's picture, through both daemons as users start them, and its cartridge proves it. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePng } from '../../shared/cartridge/png.ts';
import { cli, Pair, type PairRun } from '../support/pair.ts';

const A = 'CLEAR navy\nCOLOR gold\nDISC 40 30 20\nTXT 4 4 A';

/** A pair that serves, with A rendered. */
async function pairWithA(...flags: string[]) {
  const pair = new Pair();
  await Promise.all([pair.renderer(), pair.orchestrator(...flags)]);
  pair.insert('a', A);
  const run = await pair.run('a');
  return { pair, run, file: join(pair.cartridges, run.cartridge_path ?? ''), a: pair.cartridge(run) };
}

const drawing = (checksum: string, rest = 'BLIT logo 8 4'): string =>
  `CLEAR maroon\nIMAGE logo 128 64 ${checksum}\n${rest}`;

const errorOf = ({ stderr }: PairRun) =>
  JSON.parse(stderr ?? '{}').error as { code: string; message: string };

/** What A looks like at (8, 4) of a maroon canvas; made without the product. */
function expected(a: Uint8Array): Buffer {
  const picture = Buffer.alloc(128 * 64 * 4, Buffer.of(0x80, 0, 0, 255));
  for (let y = 0; y < 60; y++) {
    Buffer.from(a).copy(picture, ((y + 4) * 128 + 8) * 4, y * 512, y * 512 + 480);
  }
  return picture;
}

async function verify(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = cli('verify', ...args);
  const { code } = await child.ended;
  return { code, output: child.output() };
}

describe('a row that draws the picture of another row', () => {
  it.each(['spool', 'slot'])(
    'gets it from the registry, and verifies by itself beside it (%s)',
    async (door) => {
      const { pair, file, a } = await pairWithA('--door', door);
      const { checksum } = a.text;
      pair.insert('b', drawing(checksum));
      const run = await pair.run('b');
      expect(run.outcome, run.stderr ?? '').toBe('success');
      const b = pair.cartridge(run);
      expect(Buffer.from(b.pixels).equals(expected(a.pixels))).toBe(true);
      expect(b.label.inputs).toEqual([{ checksum, width: 128, height: 64 }]);
      expect(a.label).not.toHaveProperty('inputs');

      const path = join(pair.cartridges, run.cartridge_path ?? '');
      expect(await verify(path)).toMatchObject({ code: 0 });
      const far = join(pair.folder, 'far');
      mkdirSync(far);
      copyFileSync(path, join(far, 'b.png'));
      const without = await verify(join(far, 'b.png'));
      expect(without.code).toBe(2);
      expect(without.output).toContain(
        `128×64 pixels of checksum ${checksum}, found none; --input FILE names`,
      );
      expect(await verify(join(far, 'b.png'), '--input', file)).toMatchObject({ code: 0 });
    },
  );

  it('gets an error while the file holds other pixels, and the picture once it is mended', async () => {
    const { pair, file, a } = await pairWithA();
    const whole = join(pair.folder, 'whole.png');
    copyFileSync(file, whole);
    const other = Uint8Array.from(a.pixels);
    other[100] = (other[100] as number) ^ 1;
    writeFileSync(file, writePng(other, a.canvas));
    pair.insert('b', drawing(a.text.checksum));
    const failed = await pair.run('b');
    expect(failed).toMatchObject({ outcome: 'failed', cartridge_path: null });
    expect(errorOf(failed)).toMatchObject({
      code: 'RUN-E008',
      message: expect.stringContaining(`at ${file}, found other pixels, whose checksum is `),
    });
    copyFileSync(whole, file);
    await pair.idle();
    const run = pair.runs('b').at(-1) as PairRun;
    expect(run.outcome).toBe('success');
    expect(Buffer.from(pair.cartridge(run).pixels).equals(expected(a.pixels))).toBe(true);
  });

  it('gets it from an older file of the same picture where the newest is gone', async () => {
    const { pair, a } = await pairWithA();
    // Another program, or the picture would be known.
    pair.insert('twin', `${A}\n`);
    const twin = await pair.run('twin');
    rmSync(join(pair.cartridges, twin.cartridge_path ?? ''));
    pair.insert('b', drawing(a.text.checksum));
    const run = await pair.run('b');
    expect(run.outcome, run.stderr ?? '').toBe('success');
    expect(Buffer.from(pair.cartridge(run).pixels).equals(expected(a.pixels))).toBe(true);
  });

  it('is refused where nobody has drawn that picture, and where its only file is gone', async () => {
    const { pair, file, a } = await pairWithA();
    pair.insert('nobody', drawing('0'.repeat(64)));
    expect(errorOf(await pair.run('nobody'))).toMatchObject({
      code: 'ROW-E008',
      message: `Expected a cartridge of 128×64 with the checksum ${'0'.repeat(64)} for line 2, found none`,
    });
    rmSync(file);
    pair.insert('b', drawing(a.text.checksum));
    const refused = await pair.run('b');
    expect(refused.outcome).toBe('refused');
    expect(errorOf(refused)).toMatchObject({
      code: 'ROW-E008',
      message: expect.stringContaining('its file gone'),
    });
    // Drawn once more, it is there again; the row is asked for once more too.
    pair.execute(
      `UPDATE jobs SET state = 'queued' WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = 'a')`,
    );
    await pair.run('a', 2);
    pair.execute(
      `UPDATE jobs SET state = 'queued' WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = 'b')`,
    );
    expect((await pair.run('b', 2)).outcome).toBe('success');
  });

  it('may itself be drawn by a third, and all of them verify', async () => {
    const { pair, a } = await pairWithA();
    pair.insert('b', drawing(a.text.checksum));
    const b = pair.cartridge(await pair.run('b'));
    pair.insert('c', drawing(b.text.checksum, 'BLIT logo 0 0'));
    const run = await pair.run('c');
    const c = pair.cartridge(run);
    expect(Buffer.from(c.pixels).equals(Buffer.from(b.pixels))).toBe(true);
    const all = pair.shelf().map((name) => join(pair.cartridges, name));
    expect(await verify(...all)).toMatchObject({ code: 0 });
  });
});
