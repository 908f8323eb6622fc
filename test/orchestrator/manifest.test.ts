/** Manifests of backups: what is read is what was written, to the byte, and nothing that leads astray. */
import { describe, expect, it } from 'vitest';
import { backupName, isBackupName, outdated } from '../../orchestrator/backup-name.ts';
import {
  decodeManifest,
  encodeManifest,
  type ManifestContent,
  pathComplaint,
} from '../../orchestrator/manifest.ts';
import { sampleOf } from '../../orchestrator/sample.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { canonicalText } from '../../shared/canonical.ts';
import { LIMITS } from '../../shared/limits.ts';

const entry = (path: string) => ({ path, bytes: 3, sha256: sha256Hex(path) });

const CONTENT: ManifestContent = {
  format: 1,
  gvpie: '0.1.0',
  migration: 6,
  semantics: 'a'.repeat(64),
  created_at: '2026-11-22T03:45:12.345Z',
  database: { bytes: 4_096, sha256: sha256Hex('database') },
  cartridges: [entry('a.png'), entry('b/c.png'), entry('ärger.png')],
  missing: ['gone.png'],
  counts: { scripts: 1, jobs: 2, runs: 3, foreign: 0 },
};

/** A manifest of any content, with the checksum that goes with it: what a liar would write. */
function forged(change: object): Uint8Array {
  const content = { ...CONTENT, ...change };
  return Buffer.from(`${canonicalText({ ...content, checksum: sha256Hex(canonicalText(content)) })}\n`);
}

describe('a manifest', () => {
  it('is read as it was written', () => {
    expect(decodeManifest(encodeManifest(CONTENT))).toEqual(CONTENT);
    expect(decodeManifest(forged({}))).toEqual(CONTENT);
    const owned = { ...CONTENT, identity: '0123456789abcdef'.repeat(2) };
    expect(decodeManifest(encodeManifest(owned))).toEqual(owned);
  });

  it('is refused with any bit of it flipped, with a byte too few and with one too many', () => {
    const bytes = encodeManifest(CONTENT);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      expect(typeof decodeManifest(flipped), `byte ${at}`).toBe('string');
    }
    expect(typeof decodeManifest(bytes.subarray(0, -1))).toBe('string');
    expect(typeof decodeManifest(Buffer.concat([bytes, Buffer.from('\n')]))).toBe('string');
  });

  it('of a newer format is refused by that, whatever else it has', () => {
    expect(decodeManifest(forged({ format: 2, more: [] }))).toBe(
      'Expected a backup of format 1, found format 2: a newer gvpie wrote it',
    );
  });

  it.each([
    [{ identity: 'x'.repeat(32) }, 'identity'],
    [{ identity: 'a'.repeat(31) }, 'identity'],
    [{ cartridges: [entry('../a.png')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('/etc/passwd')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('a/../../b.png')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('a//b.png')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('a\nb.png')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('\u009b31m.png')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('a\0.png')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('')] }, 'cartridges.0.path'],
    [{ cartridges: [entry('..\\a.png')] }, 'cartridges.0.path'],
    [{ missing: ['../a.png'] }, 'missing.0'],
    [{ cartridges: [{ ...entry('a.png'), sha256: `../${'a'.repeat(61)}` }] }, 'cartridges.0.sha256'],
    [{ cartridges: [{ ...entry('a.png'), bytes: -1 }] }, 'cartridges.0.bytes'],
    [{ cartridges: [{ ...entry('a.png'), bytes: LIMITS.cartridgeBytes + 1 }] }, 'cartridges.0.bytes'],
    [{ cartridges: [{ ...entry('a.png'), mode: 7 }] }, 'cartridges.0'],
    [{ database: { bytes: 2 ** 60, sha256: sha256Hex('') } }, 'database.bytes'],
    [{ database: { bytes: 1e308, sha256: sha256Hex('') } }, 'database.bytes'],
    [{ counts: { ...CONTENT.counts, runs: 0.5 } }, 'counts.runs'],
    [{ created_at: 'yesterday' }, 'created_at'],
    [{ more: 1 }, 'its top'],
    [{ cartridges: [entry('b.png'), entry('a.png')] }, 'in order, each once'],
    [{ cartridges: [entry('a.png'), entry('a.png')] }, 'in order, each once'],
    [{ cartridges: [entry('a'), entry('a/b.png')] }, 'to be a file or a folder, found both'],
  ])('with its checksum right and %j is refused', (change, where) => {
    const said = decodeManifest(forged(change));
    expect(said).toContain(where);
    expect(said).toMatch(/^Expected /);
  });

  it.each(['', 'null', '[]', '{}', '"x"', '{', '\ufeff{}', '[['.repeat(100_000)])('is not %j', (text) => {
    expect(typeof decodeManifest(Buffer.from(text))).toBe('string');
  });

  it('has room for a path of 1,024 bytes and names of 255, and for none longer', () => {
    const name = 'ä'.repeat(127);
    expect(pathComplaint(`${name}x`)).toBeUndefined();
    expect(pathComplaint(`${name}xx`)).toContain('255');
    const path = 'x/'.repeat(511);
    expect(pathComplaint(`${path}xy`)).toBeUndefined();
    expect(pathComplaint(`${path}xyz`)).toContain('1024');
    expect(pathComplaint('\ud800')).toContain('control');
  });
});

describe('the name of a backup', () => {
  const at = Date.UTC(2026, 10, 22, 3, 45, 12, 345);

  it('is its time and its id', () => {
    expect(backupName(at, '1a2b3c4d', [])).toBe('20261122T034512345Z-1a2b3c4d');
  });

  it('comes behind all others, after the clock was set back too', () => {
    const later = backupName(at + 60_000, 'ffffffff', []);
    const next = backupName(at, '00000000', [later]);
    expect(next).toBe('20261122T034612346Z-00000000');
    expect([next, later].sort()).toEqual([later, next]);
    // However wrong it was.
    const wrong = backupName(Date.UTC(9_999, 0, 1), 'ffffffff', [later]);
    const right = backupName(at, '00000000', [wrong]);
    expect([right, wrong, later].sort()).toEqual([later, wrong, right]);
    expect(backupName(at, '00000000', ['99999999T999999999Z-00000000'])).toBe('20261122T034512345Z-00000000');
  });

  it.each([
    '..',
    '20261122T034512345Z-1a2b3c4',
    '20261122T034512345Z-1A2B3C4D',
    'x20261122T034512345Z-1a2b3c4d',
  ])('is not %s', (name) => {
    expect(isBackupName(name)).toBe(false);
    expect(isBackupName('20261122T034512345Z-1a2b3c4d')).toBe(true);
  });

  it('says which are old: all but the newest so many', () => {
    expect(outdated(['b', 'a', 'c'], 2)).toEqual(['a']);
    expect(outdated(['b', 'a', 'c'], 3)).toEqual([]);
    expect(outdated(['b', 'a', 'c'], 1)).toEqual(['a', 'b']);
  });
});

describe('a sample', () => {
  const cartridges = Array.from({ length: 100 }, (_, n) => entry(`${String(n).padStart(3, '0')}.png`));
  const content = { ...CONTENT, cartridges };

  it('is the same for the same backup and seed, and another for another', () => {
    const { paths, seed } = sampleOf(content, 10);
    expect(sampleOf(content, 10)).toEqual({ paths, seed });
    expect(sampleOf(content, 10, seed)).toEqual({ paths, seed });
    expect(sampleOf(content, 10, seed + 1).paths).not.toEqual(paths);
    expect(new Set(paths).size).toBe(10);
  });

  it('is everything where there is no more, or all is asked for', () => {
    for (const size of ['all', 100, 101] as const) expect(sampleOf(content, size).paths).toHaveLength(100);
    expect(sampleOf(content, 99).paths).toHaveLength(99);
  });
});
