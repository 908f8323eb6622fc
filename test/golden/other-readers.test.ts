/** Other programs read the cartridge of every example, a signed and a reproducible one too, and see the same pixels and texts. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { readChunks } from '../../shared/cartridge/chunk.ts';
import { openCartridge, readLabel } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { signatureText } from '../../shared/cartridge/signature.ts';
import { withSignature } from '../../shared/cartridge/signed.ts';
import { pressExamples } from '../support/cartridge-corpus.ts';
import { READERS, type Reading } from '../support/other-readers.ts';

let folder: string;
const paths: string[] = [];
/** What each cartridge carries. */
const carried: { readonly name: string; readonly pixels: string; readonly texts: Record<string, string> }[] =
  [];
/** The first one with one pixel turned over and another name of its renderer, and the first without its last bytes. */
let forged: string;
let torn: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gvpie-readers-'));
  const examples = [...(await pressExamples())].map(([name, { bytes }]) => [name, bytes] as const);
  const [, first] = examples[0]!;
  const { pixels, canvas, label, labelDigest } = openCartridge(first);
  const { privateKey } = generateKeyPairSync('ed25519');
  const signed = withSignature(first, signatureText(privateKey, labelDigest, '2026-01-01T00:00:00.000Z'));
  const reproducible = press({ pixels, canvas, label, run: undefined, createdAt: undefined });
  for (const [name, bytes] of [...examples, ['signed', signed], ['reproducible', reproducible]] as const) {
    const { label, run } = readLabel(bytes);
    carried.push({ name, pixels: label.checksum, texts: textsIn(bytes) });
    paths.push(join(folder, `${name}.png`));
    writeFileSync(paths.at(-1)!, bytes);
    if (paths.length > 1) continue;
    pixels[0] = pixels[0]! ^ 1;
    const other = press({
      pixels,
      canvas,
      label: { ...label, checksum: sha256Hex(pixels) },
      run: { ...run!, renderer: 'x' },
      createdAt: '1999-01-01T00:00:00Z',
    });
    [forged, torn] = [join(folder, 'forged.png'), join(folder, 'torn.png')];
    writeFileSync(forged, other);
    writeFileSync(torn, bytes.subarray(0, bytes.length - 60));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The texts as they stand in the file: behind the keyword of a tEXt a NUL, of an iTXt that is not compressed five. */
function textsIn(bytes: Uint8Array): Record<string, string> {
  const texts = readChunks(bytes).filter(({ type }) => type === 'tEXt' || type === 'iTXt');
  return Object.fromEntries(texts.map(({ data }) => Buffer.from(data).toString().split(/\0+/)));
}

/** Where a reading differs from what a cartridge carries. */
function objections(reading: Reading | undefined, expected: (typeof carried)[number]): string[] {
  if (reading === undefined) return [`${expected.name}: it says nothing`];
  const { pixels = expected.pixels, texts, faults } = reading;
  const found = [
    ...(pixels === expected.pixels ? [] : [`${expected.name}: pixels ${pixels}`]),
    ...(faults === undefined ? [] : [`${expected.name}: ${faults.slice(0, 60)}`]),
  ];
  for (const [keyword, text] of Object.entries(texts ?? {})) {
    const wanted = expected.texts[keyword];
    const isSame = keyword in expected.texts && (text === undefined || text === wanted);
    if (!isSame) found.push(`${expected.name}: ${keyword} ${text?.slice(0, 60)}`);
  }
  return found;
}

describe('the cartridges of all examples', () => {
  it.for(READERS)('are read right by $name', async ({ missing, read, keywords }, context) => {
    const why = missing();
    if (why !== undefined) return context.skip(why);
    const readings = await read(paths);
    expect(carried.flatMap((expected, at) => objections(readings[at], expected))).toEqual([]);
    // It says something of each, which would be seen if it were something else.
    for (const [at, { texts }] of readings.entries()) {
      const written = Object.keys(carried[at]!.texts).filter(
        (keyword) => keywords?.includes(keyword) ?? true,
      );
      if (texts !== undefined) expect(Object.keys(texts)).toEqual(expect.arrayContaining(written));
    }
    const [first] = carried;
    if (readings[0]?.pixels !== undefined || readings[0]?.texts?.created_at !== undefined) {
      expect(objections((await read([forged]))[0], first!)).not.toEqual([]);
    }
    if ('faults' in (readings[0] ?? {})) {
      expect(objections((await read([torn]))[0], first!)).not.toEqual([]);
    }
  });

  it('were read by all of these programs that are there; those that are not are named aloud', (context) => {
    const gone = READERS.flatMap(({ name, missing }) => {
      const why = missing();
      return why === undefined ? [] : [`${name}: ${why}`];
    });
    expect(READERS.length - gone.length).toBeGreaterThanOrEqual(3);
    if (gone.length === 0) return;
    console.warn(`SKIPPED: other readers of cartridges that are missing here: ${gone.join('; ')}`);
    context.skip(gone.join('; '));
  });
});
