/** A program's file as its author has it, before and after it was rewritten: owner, permissions, names and saves. */
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Refusal } from '../../cli/refusal.ts';
import { rewrite } from '../../cli/rewrite.ts';
import { HostFault } from '../../shared/faults.ts';
import { fill, noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WAS = Buffer.from('rect 1 1 1 1');
const BYTES = Buffer.from('RECT 1 1 1 1\n');
const isRoot = process.geteuid?.() === 0;
const reason = noSmallDisk();

/** A folder with the file `a` as it was read. */
function scene(mode = 0o644): { folder: string; path: string; text: () => string } {
  const folder = temporaryFolder();
  const path = join(folder, 'a');
  writeFileSync(path, WAS);
  chmodSync(path, mode);
  return { folder, path, text: () => readFileSync(path, 'utf8') };
}

/** Somebody who is not root, and no file's owner, until the test has ended. */
function becomeNobody(): void {
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
}

describe('a file that is rewritten', () => {
  it.each([0o600, 0o640, 0o666, 0o755])('keeps its permissions %o, whatever the umask says', (mode) => {
    const { folder, path, text } = scene(mode);
    rewrite(path, WAS, BYTES);
    expect([text(), statSync(path).mode & 0o7777]).toEqual([`${BYTES}`, mode]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.skipIf(!isRoot)('keeps its owner and its group under the hands of root', () => {
    const { path, text } = scene(0o4750);
    chownSync(path, 12_345, 23_456);
    chmodSync(path, 0o4750);
    rewrite(path, WAS, BYTES);
    const { uid, gid, mode } = statSync(path);
    expect([text(), uid, gid, mode & 0o7777]).toEqual([`${BYTES}`, 12_345, 23_456, 0o4750]);
  });

  it.skipIf(!isRoot).each([
    ['whose owner is another', 0o777],
    ['in a folder that takes no new one', 0o755],
  ])('is written in place where it is one %s', (_, mode) => {
    const { folder, path, text } = scene(0o666);
    chmodSync(folder, mode);
    const { ino } = statSync(path);
    becomeNobody();
    rewrite(path, WAS, BYTES);
    expect([text(), statSync(path).ino, statSync(path).uid]).toEqual([`${BYTES}`, ino, 0]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.each([
    ['longer', WAS, BYTES],
    ['shorter', BYTES, WAS],
  ])('keeps its other names in step, when it becomes %s', (_, was, bytes) => {
    const { folder, path, text } = scene();
    writeFileSync(path, was);
    linkSync(path, join(folder, 'b'));
    rewrite(path, was, bytes);
    expect([text(), readFileSync(join(folder, 'b'), 'utf8')]).toEqual([`${bytes}`, `${bytes}`]);
    expect(statSync(path).nlink).toBe(2);
  });

  it('is that to which a symlink leads', () => {
    const { folder, text } = scene();
    mkdirSync(join(folder, 'links'));
    const link = join(folder, 'links', 'b');
    symlinkSync('../a', link);
    rewrite(link, WAS, BYTES);
    expect([text(), lstatSync(link).isSymbolicLink()]).toEqual([`${BYTES}`, true]);
    expect(readdirSync(join(folder, 'links'))).toEqual(['b']);
  });
});

describe('a file is left as it is', () => {
  const expectRefused = (path: string, words: string): void => {
    expect(() => rewrite(path, WAS, BYTES)).toThrow(Refusal);
    expect(() => rewrite(path, WAS, BYTES)).toThrow(words);
  };

  it.each([0o444, 0o400, 0o555])('where nobody may write it, root included: %o', (mode) => {
    const { folder, path, text } = scene(mode);
    expectRefused(path, `Expected a file that may be written, found ${path}, which may only be read`);
    expect([text(), readdirSync(folder)]).toEqual([`${WAS}`, ['a']]);
  });

  it.skipIf(!isRoot)('where others may write it', () => {
    const { folder, path, text } = scene(0o644);
    chmodSync(folder, 0o777);
    becomeNobody();
    expectRefused(path, 'which may only be read');
    expect([text(), readdirSync(folder)]).toEqual([`${WAS}`, ['a']]);
  });

  it.each([
    ['one name', 1],
    ['two names', 2],
  ])('where it was saved since it was read, under %s', (_, names) => {
    for (const save of [`${WAS}\n`, `${WAS}`.replace('1', '2'), '']) {
      const { folder, path, text } = scene();
      if (names === 2) linkSync(path, join(folder, 'b'));
      writeFileSync(path, save);
      expectRefused(path, `Expected ${path} as it was read, found it changed meanwhile; nothing was written`);
      expect([text(), readdirSync(folder)]).toEqual([save, ['a', 'b'].slice(0, names)]);
    }
  });

  it('where it is no longer', () => {
    const { folder, path } = scene();
    rmSync(path);
    expectRefused(path, 'changed meanwhile');
    expect(readdirSync(folder)).toEqual([]);
  });

  describe.skipIf(reason !== undefined)(`where the disk is full${reason ? ` (${reason})` : ''}`, () => {
    it.each([
      ['one name', 1],
      ['two names', 2],
    ])('under %s', (_, names) => {
      const disk = join(temporaryFolder(), 'disk');
      smallDisk(disk, 64);
      const path = join(disk, 'a');
      // All that is left to grow in is the rest of a page.
      const was = Buffer.alloc(4_096, 'a');
      const bytes = Buffer.alloc(4_097, 'b');
      writeFileSync(path, was);
      if (names === 2) linkSync(path, join(disk, 'b'));
      const empty = fill(disk);
      expect(() => rewrite(path, was, bytes)).toThrow(HostFault);
      expect(() => rewrite(path, was, bytes)).toThrow(`Could not write ${path}: ENOSPC: `);
      expect(readFileSync(path).equals(was)).toBe(true);
      expect(readdirSync(disk).sort()).toEqual([...['a', 'b'].slice(0, names), 'filler']);
      empty();
      rewrite(path, was, bytes);
      expect(readFileSync(path).equals(bytes)).toBe(true);
    });
  });
});
