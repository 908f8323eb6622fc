/** `gvpie backup` and `gvpie restore`: what they print, how they end, and that a check finds whatever was changed. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteWords } from '../../cli/byte-words.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { keepingWords } from '../../cli/keeping-progress.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { acquireLock } from '../../shared/host/lock.ts';
import { seededBetween } from '../../shared/seeded.ts';
import { usesDigest } from '../../shared/used.ts';
import { contentsOf, dump, fileOf, keptEngine } from '../support/kept-engine.ts';
import { cli } from '../support/pair.ts';
import { waitUntil } from '../support/wait-until.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
let name: string;

beforeAll(async () => {
  place = new Workplace();
  await keptEngine(place.folder);
  const { code, stdout } = await place.run(['backup', 'kept', '--json']);
  expect(code).toBe(EXIT.ok);
  name = JSON.parse(stdout).backup;
});
afterAll(() => place.clear());

/** The backups once more, to be spoiled. */
function copy(): string {
  const folder = `copy-${readdirSync(place.folder).length}`;
  cpSync(place.at('kept'), place.at(folder), { recursive: true });
  return folder;
}

const check = (folder: string, ...more: string[]) => place.run(['restore', folder, '--check', ...more]);

describe('gvpie backup', () => {
  it('says what was copied, what was known, and what was left alone', async () => {
    const { code, stdout, stderr } = await place.run(['backup', 'fresh']);
    expect([code, stderr]).toEqual([EXIT.ok, '']);
    expect(stdout).toMatch(
      /^\d{8}T\d{9}Z-[0-9a-f]{8}: 7 cartridges \(6 new, [\d.]+ kB\) and the database, \d+ kB, in \d+ m?s\nleft alone: 1 file of the shelf that the database does not name\n$/,
    );
    const again = await place.run(['backup', 'fresh', '--keep', '1']);
    expect(again.stdout).toContain('(0 new, 0 B)');
    expect(again.stdout).toContain('removed 1 backup and 0 cartridges that no other has');
  });

  it('prints one document with --json', async () => {
    const { stdout } = await place.run(['backup', 'json', '--json', '--keep', '3']);
    expect(JSON.parse(stdout)).toMatchObject({
      gvpie: '0.1.0',
      migration: 6,
      cartridges: 7,
      missing: 0,
      scripts: 7,
      jobs: 7,
      runs: 7,
      foreign: 1,
      added: { cartridges: 6 },
      troubles: [],
      pruned: { backups: [], objects: 0, unreadable: [] },
    });
  });

  it('lists backups, the newest first, and ends with 1 where one cannot be read', async () => {
    const folder = copy();
    expect((await place.run(['backup', folder])).code).toBe(EXIT.ok);
    mkdirSync(place.at(`${folder}/backups/20990101T000000000Z-00000000`));
    const good = await place.run(['backup', folder, '--list']);
    expect(good.code).toBe(EXIT.ok);
    const rows = good.stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatch(/^20990101T000000000Z-00000000 +unfinished$/);
    expect(rows[3]).toMatch(new RegExp(`^${name} .* 7 .*finished$`));
    writeFileSync(place.at(`${folder}/backups/${name}/manifest.json`), '{}');
    const bad = await place.run(['backup', folder, '--list', '--json']);
    expect(bad.code).toBe(EXIT.failed);
    expect(JSON.parse(bad.stdout).map(({ state }: { state: string }) => state)).toEqual([
      'unfinished',
      'finished',
      'unreadable',
    ]);
  });

  it('ends with 1 and a line for each cartridge that is not as it was, and has all others', async () => {
    const gone = fileOf(
      { socket: '', database: place.at('daemon.db'), cartridges: place.at('cartridges') },
      'third',
    );
    const bytes = readFileSync(gone);
    rmSync(gone);
    try {
      const { code, stdout } = await place.run(['backup', 'without']);
      expect(code).toBe(EXIT.failed);
      expect(stdout).toContain(': 6 cartridges');
      expect(stdout).toMatch(/^not ok {2}third_\S+\.png {2}Expected a cartridge on the shelf, found none$/m);
      expect((await check('without')).stdout).toContain(
        'missing: 1 cartridge that the backup could not have either',
      );
    } finally {
      writeFileSync(gone, bytes);
    }
  });

  it.each([
    [EXIT.badInput, ['backup', 'cartridges'], 'apart from the cartridges'],
    [
      EXIT.badInput,
      ['backup', 'x', '--db', 'none.db'],
      'Expected a database at none.db, found none\nhint: --db says where it is\n',
    ],
    [
      EXIT.usage,
      ['restore', 'x', '--check', '--sample', 'x'],
      'Expected a whole number from 1 to 1000000, or all',
    ],
    [EXIT.badInput, ['backup', 'nowhere', '--list'], 'Expected a folder of backups'],
    [EXIT.badInput, ['backup', ''], 'found an empty path'],
    [EXIT.badInput, ['restore', 'nowhere', '--check'], 'Expected a folder of backups'],
    [EXIT.usage, ['backup', 'x', '--keep', '0'], 'from 1 to 1000'],
    [EXIT.usage, ['backup', 'x', '--keep', '1001'], 'from 1 to 1000'],
    [EXIT.usage, ['backup', 'x', '--keep', '1', '--list'], 'cannot be used with'],
    [EXIT.usage, ['backup'], 'missing required argument'],
  ])('ends with %i for %j', async (exit, args, words) => {
    const { code, stderr } = await place.run(args);
    expect(code).toBe(exit);
    expect(stderr).toContain(words);
    expect(readdirSync(place.folder)).not.toContain('x');
  });

  it('ends with 75 while another one is made', async () => {
    const folder = copy();
    const lock = acquireLock(place.at(`${folder}/backup.lock`), '2026');
    try {
      const { code, stderr } = await place.run(['backup', folder]);
      expect(code).toBe(EXIT.unavailable);
      expect(stderr).toContain('another backup is being made');
    } finally {
      lock.release();
    }
    expect((await place.run(['backup', folder])).code).toBe(EXIT.ok);
  });
});

describe('gvpie restore', () => {
  it('makes database and cartridges, and then refuses to make them again', async () => {
    const places = ['--db', 'made/daemon.db', '--cartridges', 'made/cartridges'];
    const { code, stdout } = await place.run(['restore', 'kept', ...places]);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toContain(`${name}: 7 cartridges in ${place.at('made/cartridges')}\n`);
    expect(dump(place.at('made/daemon.db'))).toEqual(dump(place.at('daemon.db')));
    const again = await place.run(['restore', 'kept', ...places]);
    expect([again.code, again.stdout]).toEqual([EXIT.badInput, '']);
    expect(again.stderr).toContain('hint: stop its daemons and move it away');
    rmSync(place.at('made/daemon.db'));
    const lock = acquireLock(place.at('made/.daemon.db.restoring.lock'), '2026');
    const held = await place.run(['restore', 'kept', ...places]);
    lock.release();
    expect([held.code, held.stdout]).toEqual([EXIT.unavailable, '']);
    expect(held.stderr).toContain('another restore goes to the same place');
    const { stdout: json } = await place.run(['restore', 'kept', ...places, '--backup', name, '--json']);
    expect(JSON.parse(json)).toMatchObject({
      backup: name,
      cartridges: 7,
      kept: 7,
      missing: 0,
      troubles: [],
    });
  });
});

describe('gvpie restore --check', () => {
  it('says that all is whole, and leaves nothing behind, there or elsewhere', async () => {
    const before = readdirSync(place.at('kept'));
    const { code, stdout, stderr } = await check('kept');
    expect([code, stderr]).toEqual([EXIT.ok, '']);
    expect(stdout).toMatch(
      new RegExp(
        `^${name}: 7 of 7 cartridges whole, database of version 6\nrendered again: 7 \\(seed \\d+\\), 7 with the same pixels\n$`,
      ),
    );
    expect(readdirSync(place.at('kept'))).toEqual(before);
    mkdirSync(place.at('room'));
    const json = JSON.parse(
      (await check('kept', '--at', 'room', '--sample', '2', '--seed', '7', '--json')).stdout,
    );
    expect(json).toMatchObject({ ok: true, sample: { size: 2, seed: 7, changed: [] }, troubles: [] });
    expect(readdirSync(place.at('room'))).toEqual([]);
    expect((await check('kept', '--at', 'nowhere')).code).toBe(EXIT.internal);
  });

  it('finds any byte of the manifest, of the database and of a cartridge that is not as it was written', async () => {
    const folder = copy();
    const between = seededBetween(20_261_122);
    const files = [...contentsOf(place.at(folder)).keys()].filter((path) => !path.endsWith('.lock'));
    expect(files.length).toBe(8);
    for (const path of files) {
      const whole = readFileSync(place.at(`${folder}/${path}`));
      const flipped = Buffer.from(whole);
      const at = between(0, whole.length);
      flipped[at] = (flipped[at] as number) ^ (1 << between(0, 8));
      writeFileSync(place.at(`${folder}/${path}`), flipped);
      const { code, stdout, stderr } = await place.run(['restore', folder, '--check', '--sample', '1']);
      const said = `${path}, byte ${at}: ${stdout}${stderr}`;
      expect(code, said).toBe(path.startsWith('objects') ? EXIT.failed : EXIT.badInput);
      expect(said).toMatch(/checksum|manifest|newer gvpie/);
      writeFileSync(place.at(`${folder}/${path}`), whole);
    }
    expect((await place.run(['restore', folder, '--check', '--sample', '1'])).code).toBe(EXIT.ok);
  });

  it('finds a picture that its program does not give, though every checksum is right', async () => {
    const other = new Workplace();
    try {
      const engine = await keptEngine(other.folder);
      const { label, run, pixels, canvas, text } = openCartridge(readFileSync(fileOf(engine, 'second')));
      if (run === undefined) throw new Error('the cartridge has a run');
      const lie = labelOf({ program: 'RECT 0 0 9 9', canvas, used: label.used, checksum: label.checksum });
      writeFileSync(
        fileOf(engine, 'second'),
        press({ pixels, canvas, label: lie, run, createdAt: text.created_at }),
      );
      expect((await other.run(['backup', 'kept'])).code).toBe(EXIT.ok);
      const { code, stdout } = await other.run(['restore', 'kept', '--check']);
      expect(code).toBe(EXIT.failed);
      expect(stdout).toContain('7 of 7 cartridges whole');
      expect(stdout).toMatch(/^not ok {2}second_\S+\.png {2}/m);
    } finally {
      await other.clear();
    }
  });

  it('names a picture from when the language meant something else, and takes it for whole', async () => {
    const other = new Workplace();
    try {
      const engine = await keptEngine(other.folder);
      const { label, run, pixels, canvas, text } = openCartridge(readFileSync(fileOf(engine, 'second')));
      if (run === undefined || label.used === undefined) throw new Error('the cartridge says what it used');
      const used = { ...label.used, opcodes: { ...label.used.opcodes, TXT: 7 } };
      const older = { ...label, used, uses: usesDigest(used) };
      writeFileSync(
        fileOf(engine, 'second'),
        press({ pixels, canvas, label: older, run, createdAt: text.created_at }),
      );
      expect((await other.run(['backup', 'kept'])).code).toBe(EXIT.ok);
      const { code, stdout } = await other.run(['restore', 'kept', '--check']);
      expect(code).toBe(EXIT.ok);
      expect(stdout).toMatch(
        /, 6 with the same pixels\n1 cartridge of them from when .*: second_\S+\.png\n$/,
      );
    } finally {
      await other.clear();
    }
  });

  it('takes its folder away when it is told to end', async () => {
    const child = cli('restore', place.at('kept'), '--check', '--sample', 'all');
    const asides = () => readdirSync(place.at('kept')).filter((one) => one.startsWith('.check-'));
    await waitUntil('a folder to restore in', () => asides().length > 0);
    child.process.kill('SIGTERM');
    expect(await child.ended).toEqual({ code: 143, signal: null });
    expect(asides()).toEqual([]);
  });
});

describe('progress', () => {
  it.each([
    ['pages', 'database', 3, 20, 'database, pages: 3 of 20'],
    ['bytes', 'database', 4_096, 81_920, 'database: 4.0 kB of 81 kB'],
    ['bytes', 'cartridges', 3, 20, 'cartridges: 3 of 20'],
  ] as const)('in %s, of %s, %i of %i, is %j', (unit, what, done, total, words) => {
    expect(keepingWords(unit, what, done, total)).toBe(words);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [9_999, '9.9 kB'],
    [10_000, '10 kB'],
    [999_999, '999 kB'],
    [1_000_000, '1.0 MB'],
    [2_000_000_000_000_000, '2000 TB'],
  ])('has %i bytes in words: %s', (bytes, words) => {
    expect(byteWords(bytes)).toBe(words);
  });
});
