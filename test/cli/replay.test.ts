import { type ChildProcess, spawn } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { usesDigest } from '../../shared/used.ts';
import { pressProgram } from '../support/cartridge-corpus.ts';
import { Workplace } from './gvpie.ts';

const CANVAS = { width: 16, height: 16 };
let place: Workplace;

/** A cartridge with another version of RECT in its label, and other pixels if asked. */
function aged(bytes: Uint8Array, pixel?: number): Uint8Array {
  const { label, run, pixels, canvas, text } = openCartridge(bytes);
  const used = { ...label.used!, opcodes: { ...label.used!.opcodes, RECT: 7 } };
  const other = Uint8Array.from(pixels);
  if (pixel !== undefined) other[0] = pixel;
  const forged = { ...label, used, uses: usesDigest(used), checksum: sha256Hex(other) };
  return press({ pixels: other, canvas, label: forged, run: run!, createdAt: text.created_at });
}

async function rect(x: number, createdAt?: string): Promise<Uint8Array> {
  return (await pressProgram(`RECT ${x} 0 2 2`, CANVAS, createdAt)).bytes;
}

/** What is on the shelf: 40 that are as they were, and some that are not. */
beforeAll(async () => {
  place = new Workplace();
  mkdirSync(place.at('cartridges/old'), { recursive: true });
  for (let n = 0; n < 40; n++) {
    place.write(`cartridges/a${String(n).padStart(2, '0')}.png`, await rect(n % 14));
  }
  const bytes = await rect(3);
  place.write('cartridges/b-changed.png', aged(bytes));
  place.write('cartridges/c-differs.png', aged(bytes, 9));
  place.write('cartridges/d-torn.png', bytes.subarray(0, bytes.length - 9));
  place.write('cartridges/e-late.png', aged(await rect(4, '2026-06-01T00:00:00.000Z')));
});
afterAll(() => place.clear());

/** Without the two lines that say times. */
function timeless(stdout: string): string {
  return stdout.replace(/^(slowest|took) .*\n/gm, '');
}

describe('gvpie replay', () => {
  it('names what is not as it was, in order, and sums up', async () => {
    const { code, stdout, stderr } = await place.process(['replay', 'cartridges', '--jobs', '2']);
    expect({ code, stderr }).toEqual({ code: EXIT.badInput, stderr: '' });
    expect(timeless(stdout).split('\n')).toEqual([
      expect.stringMatching(
        /^changed cartridges\/b-changed\.png .*RECT 7 → 1 on line 1; the pixels are the same$/,
      ),
      expect.stringMatching(/^differs cartridges\/c-differs\.png .*RECT 7 → 1 on line 1; the pixels differ$/),
      expect.stringMatching(/^not ok {2}cartridges\/d-torn\.png {2}damaged: CART-E0/),
      expect.stringMatching(/^changed cartridges\/e-late\.png/),
      'cartridges         44',
      'ok                 40',
      'damaged            1',
      'semantics-changed  3',
      'would differ       1: their programs give other pixels today',
      'only changed       2: their pixels are the same by semantics that have changed',
      '',
    ]);
    expect(stdout).toMatch(/^slowest .*\.png .*ms, .*\ntook .*\/s with 2 jobs\n$/m);
  });

  it('says the same with any number of threads', async () => {
    const all = await Promise.all(
      ['1', '3'].map((jobs) => place.process(['replay', 'cartridges', '--jobs', jobs])),
    );
    expect(new Set(all.map(({ stdout }) => timeless(stdout))).size).toBe(1);
  });

  it('says as much in one JSON document', async () => {
    const { code, stdout } = await place.process(['replay', 'cartridges', '--json']);
    const { findings, summary } = JSON.parse(stdout);
    expect(code).toBe(EXIT.badInput);
    expect(findings.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      ...['semantics-changed', 'semantics-changed', 'damaged', 'semantics-changed'],
    ]);
    expect(findings[0].changes[0].places).toEqual([{ line: 1, column: 1 }]);
    expect(summary).toMatchObject({
      ...{ cartridges: 44, total: 44, interrupted: false, would_differ: 1, only_changed: 2 },
      verdicts: { ok: 40, damaged: 1, 'semantics-changed': 3 },
    });
    expect(summary.slowest).toHaveLength(3);
  });

  it('ends well where all is as it was, and passes over what was pressed before --since', async () => {
    const good = await place.process(['replay', 'cartridges/a00.png', 'cartridges/a01.png', '--json']);
    expect(good).toMatchObject({ code: EXIT.ok });
    expect(JSON.parse(good.stdout)).toMatchObject({ findings: [], summary: { cartridges: 2 } });
    const late = await place.process(['replay', 'cartridges', '--since', '2026-06-01', '--json']);
    const { findings } = JSON.parse(late.stdout);
    // What is damaged does not say when it was pressed.
    expect(findings.map(({ path }: { path: string }) => path)).toEqual([
      ...['cartridges/d-torn.png', 'cartridges/e-late.png'],
    ]);
    const later = await place.process([
      'replay',
      'cartridges',
      '--since',
      '2026-06-01T00:00:00.001Z',
      '--json',
    ]);
    expect(JSON.parse(later.stdout).summary.cartridges).toBe(1);
  });

  it.each([
    [['replay'], EXIT.usage, 'Expected one of FILE…, --all and --script'],
    [['replay', '--all', 'a.png'], EXIT.usage, 'Expected one of FILE…'],
    [
      ['replay', '--all', '--since', 'June'],
      EXIT.usage,
      'Expected a time such as 2026-03-29T02:30Z, found "June" for --since',
    ],
    [['replay', '--all', '--jobs', '17'], EXIT.usage, 'Expected a whole number from 1 to 16'],
    [['replay', '--script', 'none'], EXIT.badInput, 'Expected a database at'],
    [['replay', '--all', '--cartridges', 'nowhere'], EXIT.badInput, 'found neither'],
  ])('refuses %j', async (args, code, words) => {
    // Refused before any thread is started, so they need no process.
    const ended = await place.called(args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(words);
  });
});

describe('gvpie replay --all', () => {
  it('refuses a folder without any cartridge, and verify says what a folder is for', async () => {
    mkdirSync(place.at('notes'));
    place.write('notes/a.txt', 'x');
    const { code, stderr } = await place.run(['replay', 'notes']);
    expect({ code, stderr }).toEqual({
      ...{ code: EXIT.badInput, stderr: 'gvpie: Expected cartridges in notes, found no PNG\n' },
    });
    const { stdout } = await place.run(['verify', 'notes']);
    expect(stdout).toContain('/notes: gvpie replay notes is about all that is in a folder\n');
  });

  it('is about the folder of cartridges where there is no database', async () => {
    const { stdout } = await place.process(['replay', '--all', '--json']);
    expect(JSON.parse(stdout).summary.cartridges).toBe(44);
  });

  it('is about what the registry has, finds inputs by their checksums, and says what is gone', async () => {
    const inner = await pressProgram('CLEAR gold\nRECT 1 1 2 2', CANVAS);
    const [width, height] = [CANVAS.width, CANVAS.height];
    const source = `IMAGE i ${width} ${height} ${sha256Hex(inner.pixels)}\nBLIT i 0 0`;
    const { bytes: outer } = await outerOf(source, inner.bytes);
    place.write('cartridges/old/inner.png', inner.bytes);
    place.write('outer.png', outer);
    linkSync(place.at('outer.png'), place.at('cartridges/outer.png'));
    for (const name of ['one', 'two']) {
      expect((await place.run(['script', 'add', name, '--code', 'HALT'])).code).toBe(EXIT.ok);
    }
    const database = new BetterSqlite3(place.at('daemon.db'));
    const add = database.prepare(
      `INSERT INTO cartridges (file_name, script_id, checksum, width, height, bytes, created_at)
       VALUES (?, (SELECT id FROM improvement_scripts WHERE name = ?), ?, 16, 16, 1, ?)`,
    );
    add.run('outer.png', 'one', 'x', '2026-01-01T00:00:00.000Z');
    add.run('gone.png', 'one', 'y', '2026-03-01T00:00:00.000Z');
    add.run('a07.png', 'two', 'z', '2026-02-01T00:00:00.000Z');
    const told = async (...args: string[]) => {
      const { stdout } = await place.process(['replay', ...args, '--json', '--jobs', '1']);
      const { findings, summary } = JSON.parse(stdout);
      return [...findings.map(({ verdict }: { verdict: string }) => verdict), summary.verdicts.ok ?? 0];
    };
    expect(await told('--all')).toEqual(['unreadable', 'input-missing', 1]);
    add.run('old/inner.png', null, sha256Hex(inner.pixels), '2026-01-01T00:00:00.000Z');
    expect(await told('--all')).toEqual(['unreadable', 3]);
    expect(await told('--script', 'one')).toEqual(['unreadable', 1]);
    expect(await told('--script', 'two')).toEqual([1]);
    expect(await told('--all', '--since', '2026-01-15T00:00:00Z')).toEqual(['unreadable', 1]);
    expect(await told('--all', '--since', '2026-03-01T00:00:00.001Z')).toEqual([0]);
    // What a sweep gave up is neither looked for nor drawn from.
    const mark = (name: string, at: string | null) =>
      database.prepare('UPDATE cartridges SET swept_at = ? WHERE file_name = ?').run(at, name);
    mark('gone.png', '2026-06-01T00:00:00.000Z');
    expect(await told('--all')).toEqual([3]);
    mark('old/inner.png', '2026-06-01T00:00:00.000Z');
    expect(await told('--all')).toEqual(['input-missing', 1]);
    mark('gone.png', null);
    mark('old/inner.png', null);
    // Nothing outside the shelf is read, be it by a name or by a symlink.
    symlinkSync(place.at('outer.png'), place.at('cartridges/link.png'));
    for (const name of ['../outer.png', 'link.png', place.at('outer.png')]) {
      add.run(name, 'two', 'x', '2026-02-01T00:00:00.000Z');
    }
    expect(await told('--script', 'two')).toEqual(['unreadable', 'unreadable', 'unreadable', 1]);
    const none = await place.process(['replay', '--script', 'three']);
    expect(none).toMatchObject({ code: EXIT.badInput, stdout: '' });
    expect(none.stderr).toContain('found none named "three"');
    database.close();
  });
});

async function outerOf(source: string, inner: Uint8Array): Promise<{ bytes: Buffer }> {
  place.write('outer.pxl', source);
  place.write('inner.png', inner);
  const args = ['render', 'outer.pxl', '--size', '16x16', '--input', 'inner.png', '-o', 'rendered.png'];
  expect((await place.run(args)).code).toBe(EXIT.ok);
  return { bytes: place.read('rendered.png') };
}

describe('gvpie replay of more than anybody will wait for', () => {
  const TOTAL = 2_000;

  beforeAll(async () => {
    const slow = await pressProgram('SET i 0\nWHILE i<300000\n  ADD i 1\nEND\nRECT 0 0 5 5', CANVAS);
    mkdirSync(place.at('many'));
    place.write('slow.png', slow.bytes);
    for (let n = 0; n < TOTAL; n++) {
      // One in fifty is told about.
      if (n % 50 === 0) place.write(`many/${n}.png`, 'no cartridge');
      else linkSync(place.at('slow.png'), place.at(`many/${n}.png`));
    }
  });

  /** Runs it until `enough` has been done at its first words. */
  async function replayUntil(
    enough: (child: ChildProcess) => void,
  ): Promise<{ code: unknown; said: string }> {
    const main = join(packageRoot(), 'dist/cli/main.js');
    const child = spawn(process.execPath, [main, 'replay', 'many', '--jobs', '2'], { cwd: place.folder });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') setTimeout(() => enough(child), 300);
      said += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, said };
  }

  it('says what it has found so far when it is interrupted, and ends with 130', async () => {
    const { code, said } = await replayUntil((child) => child.kill('SIGINT'));
    expect(code).toBe(130);
    const [, judged, total] = /^cartridges +(\d+) of (\d+), then it was interrupted$/m.exec(said) ?? [];
    expect(Number(total)).toBe(TOTAL);
    expect(Number(judged)).toBeGreaterThan(0);
    expect(Number(judged)).toBeLessThan(TOTAL);
    expect(said).toMatch(/^not ok {2}many\/0\.png {2}not a PNG: CART-E001/);
  });

  it('ends when its reader has gone', async () => {
    const begun = performance.now();
    const { code } = await replayUntil((child) => child.stdout?.destroy());
    expect(code).toBe(EXIT.badInput);
    // All of them take twenty seconds where nothing else is done.
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});
