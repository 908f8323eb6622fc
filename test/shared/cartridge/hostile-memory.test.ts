/** What reading a file takes of memory: at most four times the larger of file and canvas, and a fixed sum for its records. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RECORD_BYTES } from '../../../shared/cartridge/label.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { startChild } from '../../support/child.ts';
import { chunk } from '../../support/png-forms.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { altered, header, parts, png, pressing } from './sample.ts';

const MIB = 2 ** 20;
/** For records, whatever is in them: docs/cartridge.md says so. */
const RECORDS_BYTES = 176 * MIB;
/** What V8 may grow by meanwhile. */
const BESIDES_BYTES = 24 * MIB;
/** MiB of V8's heap, in which no pixels lie. */
const HEAP_MIB = 160;

interface Outcome {
  readonly end: string;
  readonly roseBytes: number;
}

/** Read in a process of its own, with so little heap that what is not bounded ends it. */
async function read(bytes: Uint8Array): Promise<Outcome> {
  const { code, output } = await reader(bytes, HEAP_MIB);
  expect([code, output]).toEqual([0, expect.stringMatching(/^\{.*\}\n$/)]);
  return JSON.parse(output);
}

async function reader(bytes: Uint8Array, heapMiB: number): Promise<{ code: number | null; output: string }> {
  const folder = temporaryFolder();
  const [harmless, file] = [join(folder, 'harmless.png'), join(folder, 'hostile.png')];
  writeFileSync(harmless, press(pressing()));
  writeFileSync(file, bytes);
  const program = join(packageRoot(), 'dist/test/support/read-hostile-file.js');
  const child = startChild(process.execPath, [`--max-old-space-size=${heapMiB}`, program, harmless, file]);
  return { code: (await child.ended).code, output: child.output() };
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly file: () => Uint8Array;
  readonly end: string;
  /** Of what is surely in memory at once, bytes: less would mean that it is not measured. */
  readonly atLeast?: number;
}

const PICTURES: Readonly<Record<string, Picture>> = {
  'pixels as long as the file, in thousands of chunks': {
    ...{ width: 2_048, height: 2_048, end: '16777216 bytes of pixels', atLeast: 40 * MIB },
    file: () => sized(2_048, 2_048, [8, 6, 0, 0, 0], ...storedPieces(2_048, 2_048)),
  },
  'many pixels of one bit': {
    ...{ width: 4_096, height: 4_096, end: '67108864 bytes of pixels', atLeast: 60 * MIB },
    file: () => sized(4_096, 4_096, [1, 0, 0, 0, 0], idat(deflateSync(Buffer.alloc(4_096 * 513)))),
  },
  'the largest canvas, over a stream that ends at once, with enough behind it to be plausible': {
    ...{ width: 16_384, height: 4_096, end: 'CART-E008' },
    file: () =>
      sized(
        16_384,
        4_096,
        [8, 6, 0, 0, 0],
        idat(Buffer.concat([deflateSync(Buffer.alloc(99)), Buffer.alloc(300_000)])),
      ),
  },
  'a bomb of pixels': {
    ...{ width: 64, height: 64, end: 'CART-E009' },
    file: () => sized(64, 64, [8, 6, 0, 0, 0], idat(deflateSync(Buffer.alloc(16 * MIB)))),
  },
  '65,536 chunks of nothing': { width: 3, height: 2, end: 'whole', file: () => crowded(LIMITS.chunks) },
};

/** Labels by what is in them: their text, and what becomes of them. */
const LABELS: Readonly<Record<string, readonly [text: () => string, end: string]>> = {
  'the longest text': [() => padded(RECORD_BYTES), 'whole'],
  'a text that inflates to more': [() => padded(16 * MIB), 'CART-E013'],
  'more lists than it may have': [() => withFields(`"x":[${many(1_000_000, () => '[]')}]`), 'CART-E013'],
  'as many fields as it may have': [() => withFields(many(520_000, (n) => `"n${n}":1`)), 'whole'],
  // As zod keeps an issue for each, this one alone took 245 MiB.
  'as many glyphs, each of them wrong': [() => withGlyphs((n) => `"n${n}":1`), 'CART-E014'],
  'as many glyphs, each of them right': [
    () => withGlyphs((n) => `"${(n + 4_096).toString(16).toUpperCase()}":"1f"`),
    'CART-E015',
  ],
  'as many params, the last one wrong': [
    () => withFields(`"params":{${many(520_000, (n) => `"n${n}":1`)},"z":"z"}`),
    'CART-E014',
  ],
};

// Each is a process of its own, on processors that others may be using too.
const TIMEOUT = { timeout: 120_000 };

describe.runIf(process.platform === 'linux')('the memory that a file takes', TIMEOUT, () => {
  it.each(Object.entries(PICTURES))(
    'is at most four times the larger of file and canvas: %s',
    async (_, { width, height, file, end, atLeast = 0 }) => {
      const bytes = file();
      const outcome = await read(bytes);
      expect(outcome.end).toBe(end);
      expect(outcome.roseBytes).toBeGreaterThanOrEqual(atLeast);
      const most = 4 * Math.max(bytes.length, 4 * width * height) + BESIDES_BYTES;
      expect(outcome.roseBytes).toBeLessThan(most);
    },
  );

  it.each(Object.entries(LABELS))('is a fixed sum for a label: %s', async (_, [text, end]) => {
    const file = altered({ gvpie: compressed(text()) });
    const outcome = await read(file);
    expect(outcome.end).toBe(end);
    expect(outcome.roseBytes).toBeLessThan(RECORDS_BYTES);
  });

  it('is held to what the heap has: with less of it the process ends, which shows that it would be seen', async () => {
    const text = LABELS['as many fields as it may have']![0]();
    const { code, output } = await reader(altered({ gvpie: compressed(text) }), 24);
    expect([code, output]).not.toEqual([0, expect.anything()]);
  });
});

function sized(
  width: number,
  height: number,
  form: readonly number[],
  ...chunks: readonly Uint8Array[]
): Uint8Array {
  return png([header(width, height, form), ...chunks, chunk('IEND', Buffer.alloc(0))]);
}

function idat(data: Uint8Array): Buffer {
  return chunk('IDAT', data);
}

/** Rows stored as they are, in chunks of 8 KiB. */
function storedPieces(width: number, height: number): Uint8Array[] {
  const rows = Buffer.alloc(height * (4 * width + 1), 0x5a);
  for (let y = 0; y < height; y++) rows[y * (4 * width + 1)] = 2;
  const stream = deflateSync(rows, { level: 0 });
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += 8_192) pieces.push(idat(stream.subarray(at, at + 8_192)));
  return pieces;
}

function crowded(count: number): Uint8Array {
  const named = parts();
  const more = Array<Uint8Array>(count - Object.keys(named).length).fill(chunk('teST', Buffer.alloc(0)));
  return altered({ IEND: Buffer.concat([...more, named.IEND]) });
}

/** A label's chunk, so small that four times the file are nothing beside it. */
function compressed(text: string): Uint8Array {
  return chunk('iTXt', Buffer.concat([Buffer.from('gvpie\0\x01\0\0\0'), deflateSync(text, { level: 1 })]));
}

function labelText(): string {
  return JSON.stringify(pressing().label);
}

function padded(bytes: number): string {
  return labelText() + ' '.repeat(bytes - Buffer.byteLength(labelText()));
}

function withFields(fields: string): string {
  return labelText().replace('{', `{${fields},`);
}

function withGlyphs(glyph: (n: number) => string): string {
  return labelText().replace('"glyphs":{', `"glyphs":{${many(520_000, glyph)},`);
}

function many(count: number, item: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => item(n)).join();
}
