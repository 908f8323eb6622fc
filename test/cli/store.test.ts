/** gvpie store: what is printed, with which exit code, and who has to wait. */
import { existsSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { acquireLock } from '../../shared/host/lock.ts';
import { keptStore, storedCartridge } from '../support/kept-store.ts';
import { namesOn } from '../support/names-on.ts';
import { QueuePlace } from './queue-place.ts';

let place: QueuePlace;
beforeEach(async () => {
  place = new QueuePlace();
  await keptStore(place.folder, 6);
});
afterEach(() => place.clear());

describe('gvpie sign', () => {
  it('has registry and objects follow what lies on the shelf, wherever it is called from', async () => {
    const keys = ['--keys', place.at('keys')];
    expect((await place.say('key', 'create', ...keys)).code).toBe(EXIT.ok);
    place.write('c1.png', storedCartridge(1));
    symlinkSync('cartridges/c2.png', place.at('link.png'));
    const signed = ['cartridges/c0.png', 'link.png', 'c1.png'];
    expect((await place.say('sign', ...signed, ...keys)).code).toBe(EXIT.ok);
    expect((await place.say('store', 'verify')).stdout).toBe('6 cartridges, 6 objects: all is well\n');
    const bytes = place.read('cartridges/c0.png');
    expect(bytes.length).toBeGreaterThan(storedCartridge(0).length);
    const rows = await place.json('store', 'list');
    expect(rows[0]).toMatchObject({ file_name: 'c0.png', bytes: bytes.length, sha256: sha256Hex(bytes) });
    expect(rows[1]).toMatchObject({ sha256: sha256Hex(storedCartridge(1)) });
    // Without a database there is nobody to be told, and then the store says what it sees.
    place.write('moved.db', '');
    renameSync(place.at('daemon.db'), place.at('moved.db'));
    expect((await place.say('sign', 'cartridges/c3.png', ...keys)).code).toBe(EXIT.ok);
    renameSync(place.at('moved.db'), place.at('daemon.db'));
    expect((await place.say('store', 'verify')).stdout).toContain(
      'signed         c3.png  it was signed (1 more)',
    );
    expect((await place.say('store', 'verify')).code).toBe(EXIT.ok);
    // Signed again it is told after all.
    expect((await place.say('sign', 'cartridges/c3.png', ...keys)).stdout).toContain('was signed already');
    expect((await place.say('store', 'verify')).stdout).toBe('6 cartridges, 6 objects: all is well\n');
  });
});

describe('gvpie store list', () => {
  it('prints a line for each cartridge, or one document, of all or of a script', async () => {
    place.sql(`INSERT INTO improvement_scripts (id, name, lang, code) VALUES (9, 'mine', 'pixel', 'HALT');
      UPDATE cartridges SET script_id = 9 WHERE file_name = 'c4.png'; UPDATE cartridges SET swept_at = '2026' WHERE file_name = 'c5.png'`);
    const { code, stdout } = await place.say('store', 'list');
    expect([code, stdout.split('\n').length]).toEqual([EXIT.ok, 7]);
    expect(stdout).toMatch(/^2026-01-01T00:00:00\.000Z {8,}2×2 +\d+ {2}[0-9a-f]{12} {2}c0\.png\n/);
    expect(stdout).toContain('c5.png  swept 2026');
    expect(await place.json('store', 'list')).toHaveLength(6);
    const [mine, ...others] = await place.json('store', 'list', '--script', 'mine');
    expect([Object.keys(mine).sort(), mine.script, others]).toEqual([
      ['bytes', 'checksum', 'created_at', 'file_name', 'height', 'script', 'sha256', 'swept_at', 'width'],
      ...['mine', []],
    ]);
    place.sql('DELETE FROM cartridges');
    expect(await place.json('store', 'list')).toEqual([]);
    expect((await place.say('store', 'list', '--script', 'none')).code).toBe(EXIT.badInput);
  });
});

describe('gvpie store verify', () => {
  it('says that all is well, what is wrong, and what is only to be known', async () => {
    expect(await place.say('store', 'verify')).toEqual({
      code: EXIT.ok,
      stdout: '6 cartridges, 6 objects: all is well\n',
    });
    place.write('cartridges/note.txt', 'x');
    expect((await place.say('store', 'verify')).code).toBe(EXIT.ok);
    rmSync(place.at('cartridges/c0.png'));
    const { code, stdout } = await place.say('store', 'verify');
    expect([code, stdout]).toEqual([
      EXIT.failed,
      `missing        c0.png  Expected a cartridge, found none; its object is whole: gvpie store repair puts it back
foreign        note.txt  the registry does not name it
6 cartridges, 6 objects: 1 foreign, 1 missing\n`,
    ]);
    expect(await place.json('store', 'verify')).toMatchObject({
      findings: [{ path: 'c0.png', problem: 'missing', object: 'intact' }, { path: 'note.txt' }],
      ...{ cartridges: 6, objects: 6, found: { foreign: 1, missing: 1 }, ok: false },
    });
  });

  it('renders again with --deep, in one document', async () => {
    // Programs that draw something else than the pixels beside them.
    const { code, stdout } = await place.run(['store', 'verify', '--deep', '--jobs', '1', '--json']);
    const { files, replay } = JSON.parse(stdout);
    expect([code, files.ok, replay.summary.cartridges]).toEqual([expect.any(Number), true, 6]);
    expect(code).not.toBe(EXIT.ok);
  });
});

describe('gvpie store repair', () => {
  it('says what it would do, does it, and then finds nothing to do', async () => {
    renameSync(place.at('cartridges/c1.png'), place.at('cartridges/mine.png'));
    const dry = await place.say('store', 'repair', '--dry-run');
    expect(dry).toEqual({
      code: EXIT.ok,
      stdout: 'c1.png  would be put back\n1 name and 0 objects would be made; 0 left\n',
    });
    expect(existsSync(place.at('cartridges/c1.png'))).toBe(false);
    expect((await place.say('store', 'repair')).stdout).toContain('c1.png  put back');
    expect(await place.json('store', 'repair')).toEqual({
      ...{ dry_run: false, repaired: 0, objects: 0, left: 0, names: [], troubles: [] },
    });
  });

  it('takes from backups what was written over in its place, and says what it cannot have', async () => {
    await place.say('backup', 'backups');
    writeFileSync(place.at('cartridges/c0.png'), storedCartridge(50));
    writeFileSync(place.at('cartridges/c1.png'), 'nothing');
    const left = await place.say('store', 'repair');
    expect([left.code, left.stdout]).toEqual([
      EXIT.failed,
      expect.stringContaining('not ok  c0.png  overwritten: '),
    ]);
    const { code, stdout } = await place.say('store', 'repair', '--from', 'backups');
    expect([code, stdout]).toEqual([
      EXIT.ok,
      expect.stringContaining('c0.png  put back; what lay there is c0-found-'),
    ]);
    expect(place.read('cartridges/c0.png').equals(storedCartridge(0))).toBe(true);
    expect((await place.json('store', 'verify')).ok).toBe(true);
  });

  it('gives a shelf that was restored its objects, which it lacked nowhere until then', async () => {
    await place.say('backup', 'backups');
    const to = ['--db', 'back.db', '--cartridges', 'back'];
    expect((await place.say('restore', 'backups', ...to)).code).toBe(EXIT.ok);
    expect(existsSync(place.at('back/.objects'))).toBe(false);
    const restored = await place.json('store', 'verify', ...to);
    expect(restored).toMatchObject({ objects: 0, found: { 'object-missing': 6 }, ok: true });
    expect(await place.json('store', 'repair', ...to)).toMatchObject({ repaired: 0, objects: 6, left: 0 });
    expect((await place.say('store', 'verify', ...to)).stdout).toBe('6 cartridges, 6 objects: all is well\n');
  });

  it('lets what has no objects be swept as ever', async () => {
    rmSync(place.at('cartridges/.objects'), { recursive: true });
    const swept = await place.json('gc', '--keep-cartridges', '1d', '--sweep', '--yes');
    expect([swept.left, swept.kinds.cartridges.gone]).toEqual([0, 6]);
    expect(namesOn(place.at('cartridges'))).toEqual([]);
  });

  it('is made by one of two that are begun at once, whole, and the other one says so or finds nothing to do', async () => {
    rmSync(place.at('cartridges/c0.png'));
    renameSync(place.at('cartridges/c1.png'), place.at('cartridges/mine.png'));
    writeFileSync(place.at('cartridges/next'), storedCartridge(50));
    renameSync(place.at('cartridges/next'), place.at('cartridges/c2.png'));
    for (const command of ['repair', 'rebuild', 'gc']) {
      const both = await Promise.all([1, 2].map(() => place.process(['store', command])));
      const codes = both.map(({ code }) => code);
      expect([EXIT.ok, EXIT.unavailable], both.map(({ stderr }) => stderr).join()).toEqual(
        expect.arrayContaining(codes),
      );
      expect(codes).toContain(EXIT.ok);
    }
    expect(await place.json('store', 'verify')).toMatchObject({ cartridges: 8, found: {}, ok: true });
  });

  it('waits for nobody: the second of two that change the store ends with 75', async () => {
    const lock = acquireLock(place.at('cartridges/.objects/store.lock'), '2026');
    try {
      for (const command of ['repair', 'rebuild', 'gc']) {
        const { code, stdout } = await place.say('store', command);
        expect([code, stdout]).toEqual([
          EXIT.unavailable,
          expect.stringContaining('another command is changing the store'),
        ]);
      }
      expect((await place.say('store', 'verify')).code).toBe(EXIT.ok);
    } finally {
      lock.release();
    }
    expect((await place.say('store', 'gc')).code).toBe(EXIT.ok);
  });
});

describe('gvpie store rebuild', () => {
  it('makes a registry where there is no database, and sets a damaged one aside when it is told to', async () => {
    const before = await place.json('store', 'list');
    for (const part of ['', '-wal', '-shm']) rmSync(place.at(`daemon.db${part}`), { force: true });
    const { code, stdout } = await place.say('store', 'rebuild');
    expect([code, stdout]).toEqual([
      EXIT.ok,
      '6 files, 6 cartridges: 6 added, 0 changed, 0 left alone\n0 objects made; 0 of 0 without a file forgotten\n',
    ]);
    expect(await place.json('store', 'list')).toEqual(before);
    const whole = place.read('daemon.db');
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, 4_096 * 3, 4_096 * 20);
    place.write('daemon.db', damaged);
    const refused = await place.say('store', 'rebuild');
    expect([refused.code, refused.stdout]).toEqual([EXIT.badInput, expect.stringContaining('--set-aside')]);
    expect(place.read('daemon.db').equals(damaged)).toBe(true);
    const document = await place.json('store', 'rebuild', '--set-aside');
    expect(document).toMatchObject({ added: 6, set_aside: expect.stringContaining('daemon.db.damaged-') });
    const kept = readdirSync(place.folder).find((name) => /\.damaged-\w+$/.test(name)) ?? '';
    expect(place.read(kept).equals(damaged)).toBe(true);
    expect(await place.json('store', 'list')).toEqual(before);
  });

  it('names what it cannot read, and is stopped by the fuse', async () => {
    place.write('cartridges/torn.png', storedCartridge(9).subarray(0, 50));
    const torn = await place.say('store', 'rebuild');
    expect([torn.code, torn.stdout]).toEqual([
      EXIT.failed,
      expect.stringContaining('not ok  torn.png  Expected'),
    ]);
    rmSync(place.at('cartridges/torn.png'));
    rmSync(place.at('cartridges/.objects'), { recursive: true });
    for (const n of [0, 1]) rmSync(place.at(`cartridges/c${n}.png`));
    const fused = await place.say('store', 'rebuild');
    expect([fused.code, fused.stdout]).toEqual([
      EXIT.failed,
      expect.stringContaining('found 2 of 6; none of them was forgotten'),
    ]);
    expect(await place.json('store', 'rebuild', '--yes')).toMatchObject({
      gone: 2,
      forgotten: 2,
      fuse: false,
    });
  });
});

describe('gvpie store gc', () => {
  it('has the fields that are documented, and says how what it counts is removed', async () => {
    expect(await place.json('store', 'gc')).toEqual({
      status: 'counted',
      objects: { of: 6, of_bytes: expect.any(Number), go: 0, go_bytes: 0, gone: 0 },
      leftovers: { go: 0, go_bytes: 0, gone: 0 },
      fuse_percent: 20,
    });
    expect((await place.say('store', 'gc')).stdout).toBe('nothing would go of 6 objects\n');
    const names = namesOn(place.at('cartridges'));
    expect((await place.say('store', 'gc', '--sweep', '--yes')).stdout).toBe(
      'removed 0 of 6 objects and 0 leftovers\n',
    );
    expect(namesOn(place.at('cartridges'))).toEqual(names);
  });
});

describe('every command of the store', () => {
  it('needs a shelf, and all but rebuild a database', async () => {
    for (const command of ['verify', 'repair', 'gc']) {
      const { code, stdout } = await place.say('store', command, '--cartridges', 'nowhere');
      expect([code, stdout], command).toEqual([
        EXIT.badInput,
        expect.stringContaining('Expected the folder of cartridges'),
      ]);
    }
    for (const command of ['list', 'verify', 'repair', 'gc']) {
      expect((await place.say('store', command, '--db', 'none.db')).code, command).toBe(EXIT.badInput);
    }
    expect(existsSync(place.at('none.db'))).toBe(false);
  });
});
