/** Files that appear whole or not at all, whatever their names are. */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFile, requireOutput, writeOutput } from '../../cli/output.ts';
import { HostFault } from '../../shared/faults.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const BYTES = Buffer.from('new');

describe('an output', () => {
  // 255 bytes are the most that a name may have; a file that is not whole yet has a longer one.
  it.each([
    ['x', 255],
    ['é', 127],
    ['漢', 85],
    ['😀', 63],
    ['a漢', 63],
  ])('may have the longest name of %s', (character, count) => {
    const folder = temporaryFolder();
    const path = join(folder, character.repeat(count));
    for (const content of ['one', 'two']) {
      writeOutput(path, Buffer.from(content));
      expect(readFileSync(path, 'utf8')).toBe(content);
    }
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it.each([
    ['a name that no file can have', 'x'.repeat(256), 'ENAMETOOLONG'],
    ['symlinks that lead in a circle', 'loop', 'ELOOP'],
  ])('is refused beforehand, and not written, at %s', (_, name, code) => {
    const folder = temporaryFolder();
    symlinkSync('loop', join(folder, 'loop'));
    const path = join(folder, name);
    for (const act of [() => requireOutput(path, '-'), () => writeOutput(path, BYTES)]) {
      expect(act).toThrow(HostFault);
      expect(act).toThrow(`Could not write ${path}: ${code}: `);
    }
    expect(readdirSync(folder)).toEqual(['loop']);
    // A program that is no better is refused when it is read.
    writeFileSync(join(folder, 'out'), '');
    expect(() => requireOutput(join(folder, 'out'), path)).not.toThrow();
  });

  it('goes through symlinks, also where they lead to nothing yet, and fails where that has no folder', () => {
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder, name);
    mkdirSync(at('far'));
    symlinkSync('far/link', at('first'));
    symlinkSync('end', at('far/link'));
    // First there is no end, and then there is.
    for (const bytes of [BYTES, Buffer.from('newer')]) {
      writeOutput(at('first'), bytes);
      expect(readFileSync(at('far/end'))).toEqual(bytes);
    }
    expect([readlinkSync(at('first')), readlinkSync(at('far/link'))]).toEqual(['far/link', 'end']);
    expect(readdirSync(at('far')).sort()).toEqual(['end', 'link']);
    symlinkSync('gone/end', at('lost'));
    expect(() => writeOutput(at('lost'), BYTES)).toThrow(`Could not write ${at('lost')}: ENOENT: `);
    expect(readlinkSync(at('lost'))).toBe('gone/end');
  });

  it('leaves nothing behind where the last moment refuses it, nor takes away what is not its own', () => {
    const folder = temporaryFolder();
    const target = join(folder, 'a');
    writeFileSync(target, 'old');
    const refuse = (wet: string): void => {
      expect(readFileSync(wet, 'utf8')).toBe('new');
      throw new Error(wet);
    };
    expect(() => replaceFile(target, BYTES, 0o600, refuse)).toThrow('.wet');
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(target, 'utf8')).toBe('old');
    // What a process of the same number left when it was killed: it stays, and is in nobody's way.
    let left = '';
    replaceFile(target, BYTES, 0o600, (wet) => {
      left = `${wet}.copy`;
      writeFileSync(left, 'half');
      expect(basename(wet)).toMatch(`.a.${process.pid}-`);
    });
    renameSync(left, left.slice(0, -'.copy'.length));
    replaceFile(target, Buffer.from('newer'), 0o600);
    expect(readFileSync(target, 'utf8')).toBe('newer');
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
