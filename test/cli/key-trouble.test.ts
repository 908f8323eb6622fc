/** Keys in trouble: folders and files that are something else, two commands at once, and what is left of one that was killed. */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { KeyRing } from '../../cli/key-ring.ts';
import { Refusal } from '../../cli/refusal.ts';
import { HostFault } from '../../shared/faults.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Workplace } from './gvpie.ts';

let folder: string;
beforeEach(() => {
  folder = join(temporaryFolder(), 'keys');
});

/** What is thrown has to be for whoever typed the command. */
function words(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect([Refusal, HostFault].some((kind) => error instanceof kind)).toBe(true);
    return (error as Error).message;
  }
  throw new Error('expected a refusal, nothing was thrown');
}

describe.skipIf(process.platform === 'win32')('a ring of keys', () => {
  it('takes a key for revoked where anything has the name for that', () => {
    const ring = new KeyRing(folder);
    const [lost, deep, open] = ['lost', 'deep', 'open'].map((name) => ring.create(name));
    symlinkSync('nowhere', join(folder, `${lost?.name}.revoked`));
    mkdirSync(join(folder, `${deep?.name}.revoked`));
    const revoked = Object.fromEntries(ring.list().map((key) => [key.name, key.revoked_at]));
    expect(revoked).toEqual({ lost: 'unknown', deep: 'unknown', [`${open?.name}`]: null });
    expect(ring.revoke(ring.find('lost'), '2026-01-01T00:00:00Z')).toBe('unknown');
  });

  it('says what is in its place, and never that it has a fault of its own', () => {
    symlinkSync('keys', folder);
    expect(words(() => new KeyRing(folder).list())).toContain('leads to itself');
    expect(words(() => new KeyRing(folder).create('ann'))).toContain('Could not write');
    rmSync(folder);
    writeFileSync(folder, '');
    expect(words(() => new KeyRing(folder).list())).toContain('Expected a folder of keys');
    expect(words(() => new KeyRing(join(folder, 'deeper')).list())).toContain('found no file');
    expect(words(() => new KeyRing(folder).create('ann'))).toContain('Could not write');
    rmSync(folder);
    const ring = new KeyRing(folder);
    ring.create('ann');
    for (const target of ['nowhere', 'bob.pub']) {
      symlinkSync(target, join(folder, 'bob.pub'));
      expect(words(() => ring.list())).toMatch(/found (no file|a symlink that leads to itself)/);
      expect(words(() => ring.create('bob'))).toContain('a name that is free');
      rmSync(join(folder, 'bob.pub'));
    }
  });

  it('is not another’s key where only the private half of a pair was written', () => {
    const ring = new KeyRing(folder);
    ring.create('ann');
    rmSync(join(folder, 'ann.pub'));
    expect(ring.list()).toEqual([]);
    expect(words(() => ring.create('ann'))).toContain('ann.pem');
  });
});

describe('two that make a key of one name at once', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => place.clear());

  it('leave one pair, which belongs together, and nothing beside it', async () => {
    const create = () => place.process(['key', 'create', 'ann', '--keys', place.at('keys')]);
    const codes = (await Promise.all([create(), create(), create()])).map(({ code }) => code);
    expect(codes.filter((code) => code === EXIT.ok)).toHaveLength(1);
    expect(readdirSync(place.at('keys')).sort()).toEqual(['ann.pem', 'ann.pub']);
    const ring = new KeyRing(place.at('keys'));
    expect(ring.privateKey(ring.find('ann')).type).toBe('private');
  });
});
