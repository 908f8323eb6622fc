/** Cartridges in a reader of another language, which was written from docs/cartridge.md: it finds in them what we do. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { signatureText } from '../../shared/cartridge/signature.ts';
import { withSignature } from '../../shared/cartridge/signed.ts';
import { without } from '../shared/cartridge/sample.ts';
import { pressExamples, pressProgram } from '../support/cartridge-corpus.ts';
import { listedExamples } from './corpus.ts';

const READER = join(import.meta.dirname, '../../test/support/read_cartridge.py');
const SEED_KEYS = ['cartridge_type', 'checksum', 'created_at'];
/** Python takes a second for so many. */
const MOST_PIXELS = 50_000;
/** Of many colours, not all of them opaque. */
const FULL = 'FOR x 0 40\nFOR y 0 9\nCOLOR x*5 y*20 99 255-x\nPIX x y\nEND\nEND';
const hasPython = spawnSync('python3', ['--version']).error === undefined;
if (!hasPython) console.warn('SKIPPED: no python3, so no reader in it was tried');

interface Read {
  readonly verdict: string;
  readonly code?: string;
  readonly canonical?: boolean;
  readonly order?: readonly string[];
  readonly signed?: readonly boolean[];
}

let folder: string;
let examples: Uint8Array[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gvpie-python-reader-'));
  const small = listedExamples().filter(({ canvas }) => canvas.width * canvas.height <= MOST_PIXELS);
  // Of all these none has more colours than a palette.
  const full = await pressProgram(FULL, { width: 41, height: 10 });
  examples = [...(await pressExamples(small)).values(), full].map(({ bytes }) => bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(files: readonly Uint8Array[]): Read[] {
  const paths = files.map((file, at) => {
    const path = join(folder, `${at}.png`);
    writeFileSync(path, file);
    return path;
  });
  const { stdout, stderr } = spawnSync('python3', [READER, ...paths], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Read);
}

/** Without time and run, deflated by gvpie itself. */
function reproducible(file: Uint8Array): Uint8Array {
  return press({ ...openCartridge(file), run: undefined, createdAt: undefined });
}

it.skipIf(!hasPython)(
  'examples are read whole, dated and reproducible: canonical, and the seed’s three keys first',
  () => {
    expect(examples.length).toBeGreaterThan(10);
    // In both forms of pixels.
    expect(new Set(examples.map((file) => file[25]))).toEqual(new Set([3, 6]));
    for (const [at, found] of read(examples).entries()) {
      expect(found, `${at}`).toMatchObject({ verdict: 'ok', canonical: true, signed: [] });
      expect(found.order).toEqual([...SEED_KEYS, 'gvpie', 'gvpie_run']);
    }
    for (const found of read(examples.map(reproducible))) {
      expect(found).toMatchObject({
        verdict: 'ok',
        canonical: true,
        order: [...SEED_KEYS.slice(0, 2), 'gvpie'],
      });
    }
  },
);

it.skipIf(!hasPython)('what is wrong with one is found, and which label a signature is on', () => {
  const [first, second] = examples as [Uint8Array, Uint8Array];
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = signatureText(privateKey, openCartridge(first).labelDigest, '2026-11-22T04:00:00.000Z');
  const given = openCartridge(first);
  const whole = { ...given, run: undefined, createdAt: undefined };
  const pixels = Uint8Array.from(given.pixels);
  pixels[0]! ^= 1;
  const label = { ...given.label, program: `${given.label.program} ` };
  const pressed = press({ ...whole, pixels, label: { ...given.label, checksum: sha256Hex(pixels) } });
  const flipped = Uint8Array.from(first);
  flipped[flipped.length - 20]! ^= 1;
  const { used: _, ...unused } = given.label;
  expect(read([withSignature(first, text), withSignature(second, text)])).toMatchObject([
    { verdict: 'ok', canonical: true, signed: [true] },
    { verdict: 'ok', canonical: true, signed: [false] },
  ]);
  expect(
    read([
      press({ ...whole, label }),
      press({ ...whole, pixels, digest: given.label.checksum }),
      press({ ...whole, label: unused }),
      flipped,
      without('checksum', first),
      pressed,
    ]).map(({ verdict, code }) => code ?? verdict),
  ).toEqual(['program-checksum', 'pixels-differ', 'CART-E015', 'CART-E003', 'CART-E011', 'ok']);
});
