/** Every byte of one cartridge, turned over in nine ways: what gvpie says of it is what a second reader says. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Finding, verifyBytes } from '../../cli/verify.ts';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { press } from '../../shared/cartridge/press.ts';
import { AuthorFault } from '../../shared/faults.ts';
import { expectedVerdict, type Rerender, type Rerendered, sorted } from '../support/second-reader.ts';

const CANVAS = { width: 12, height: 9 };
const PROGRAM = '# é\r\nPARAM n 3 0 9\nCOLOR rgb(9, max(n, 99), 200)\nRECT n 1 4 2\nTXT 1 2 A';
/** All bits, and each of them. */
const MASKS = [0xff, 1, 2, 4, 8, 16, 32, 64, 128];

interface Chunk {
  readonly type: string;
  /** Of its length field. */
  readonly at: number;
  readonly length: number;
}

let good: Buffer;
let chunks: Chunk[];
const rendered = new Map<string, Rerendered>();

/** The program as it is: only what the label says beside it can have changed by then. */
const rerender: Rerender = async ({ program, params }) => {
  const key = sorted([program, params ?? {}]);
  let found = rendered.get(key);
  if (found === undefined) {
    try {
      const given = { params: params ?? {} };
      const {
        pixels,
        used,
        params: settled,
      } = await render(Buffer.from(program), CANVAS, cpuPainter, () => 0, given);
      found = { checksum: sha256Hex(pixels), used, params: settled };
    } catch (error) {
      if (!(error instanceof AuthorFault)) throw error;
      found = 'refused';
    }
    rendered.set(key, found);
  }
  return found;
};

beforeAll(async () => {
  const { pixels, used, params, price } = await render(Buffer.from(PROGRAM), CANVAS, cpuPainter, () => 0);
  const script = { name: 'été', revision: 2 };
  const parts = { program: PROGRAM, canvas: CANVAS, params, used, price: { ...price }, script };
  const label = labelOf({ ...parts, checksum: sha256Hex(pixels) });
  const run = { backend: 'cpu', adapter: 'test', renderer: '1', timings_ms: { run: 0.5 } };
  good = Buffer.from(press({ pixels, canvas: CANVAS, label, run, createdAt: '2026-02-28T23:59:59.5Z' }));
  chunks = [];
  for (let at = 8; at < good.length; at += 12 + good.readUInt32BE(at)) {
    chunks.push({ type: good.toString('latin1', at + 4, at + 8), at, length: good.readUInt32BE(at) });
  }
});

function flipped(at: number, mask: number): Buffer {
  const bytes = Buffer.from(good);
  bytes[at] = bytes[at]! ^ mask;
  return bytes;
}

/** Sets the CRC of a chunk to that of what it holds now. */
function mend(bytes: Buffer, { at, length }: Chunk): Buffer {
  bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, at + 8 + length)), at + 8 + length);
  return bytes;
}

function inShort(finding: Finding): string {
  if (finding.verdict === 'damaged') return `damaged ${finding.code}`;
  return finding.verdict === 'pixels-differ' ? `pixels-differ ${finding.whose}` : finding.verdict;
}

async function verdictOn(bytes: Buffer): Promise<string> {
  return inShort(await verifyBytes(bytes, () => new Map()));
}

/** Judges a file both ways, and gives what both say. */
async function agreed(
  bytes: Buffer,
  at: number,
  mask: number,
  objections: string[],
  again = rerender,
): Promise<string> {
  const [found, expected] = [await verdictOn(bytes), await expectedVerdict(bytes, again)];
  const isRight = expected.startsWith('damaged ')
    ? expected.slice(8).split('|').includes(found.slice(8))
    : found === expected;
  if (!isRight) objections.push(`byte ${at} xor ${mask}: expected ${expected}, found ${found}`);
  return found;
}

/** Where in the file the value of a field of the label stands: its first byte, and the one behind its last. */
function placeOf(field: string): [number, number] {
  const { at, length } = chunks.find(
    (one) => good.toString('latin1', one.at + 8, one.at + 14) === 'gvpie\0',
  )!;
  const start = at + 8 + 'gvpie\0\0\0\0\0'.length;
  const text = good.subarray(start, at + 8 + length);
  const value = Buffer.from(sorted(JSON.parse(text.toString())[field]));
  const from = text.indexOf(`"${field}":${value.toString()}`) + field.length + 3;
  expect(text.subarray(from, from + value.length)).toEqual(value);
  return [start + from, start + from + value.length];
}

describe('a cartridge with one byte turned over', () => {
  it('is a good one without that, for both readers', async () => {
    expect(await verdictOn(good)).toBe('ok');
    expect(await expectedVerdict(good, rerender)).toBe('ok');
    expect(good.length).toBeLessThan(2_000);
    expect(chunks.map(({ type }) => type).join(' ')).toBe('IHDR tEXt tEXt tEXt iTXt iTXt PLTE IDAT IEND');
  });

  it('is damaged wherever it is, under the code of its place', async () => {
    const found = new Map<string, Set<string>>();
    const objections: string[] = [];
    for (let at = 0; at < good.length; at++) {
      const chunk = chunks.findLast((one) => one.at <= at);
      const within = at - (chunk?.at ?? 0);
      const part = chunk === undefined ? 'signature' : within < 4 ? 'length' : within < 8 ? 'type' : 'rest';
      for (const mask of MASKS) {
        const code = await agreed(flipped(at, mask), at, mask, objections);
        found.set(part, (found.get(part) ?? new Set()).add(code.replace('damaged CART-', '')));
      }
    }
    expect(objections).toEqual([]);
    const codes = Object.fromEntries([...found].map(([part, set]) => [part, [...set].sort().join(' ')]));
    expect(codes).toEqual({
      signature: 'E001',
      // A length that leads elsewhere finds no CRC there, or the end.
      length: 'E002 E003 E004',
      type: 'E003 E005',
      rest: 'E003',
    });
  });

  it('is what its place makes of it where its CRC is mended', async () => {
    const counts = new Map<string, number>();
    const objections: string[] = [];
    for (const chunk of chunks) {
      for (let at = chunk.at + 4; at < chunk.at + 8 + chunk.length; at++) {
        for (const mask of MASKS) {
          const found = await agreed(mend(flipped(at, mask), chunk), at, mask, objections);
          counts.set(found, (counts.get(found) ?? 0) + 1);
        }
      }
    }
    expect(objections).toEqual([]);
    // Each of these was met, so nothing of this is said of nothing.
    for (const verdict of [
      ...[
        'ok',
        'program-checksum',
        'pixels-differ file',
        'pixels-differ rerender',
        'semantics-changed',
        'bad-program',
      ],
      ...[5, 6, 7, 10, 11, 13, 14, 15, 17].map((code) => `damaged CART-E0${String(code).padStart(2, '0')}`),
    ]) {
      expect(counts.get(verdict) ?? 0, verdict).toBeGreaterThan(0);
    }
  });

  it.each([
    ['program', ['program-checksum', 'CART-E013']],
    ['program_sha256', ['program-checksum', 'CART-E013', 'CART-E014']],
    ['checksum', ['CART-E013', 'CART-E014', 'CART-E015']],
    ['canvas', ['CART-E013', 'CART-E014', 'CART-E015']],
    ['cartridge_type', ['CART-E013', 'CART-E014']],
    ['uses', ['CART-E013', 'CART-E014', 'CART-E015']],
    ['used', ['CART-E013', 'CART-E014', 'CART-E015']],
    ['language', ['semantics-changed', 'CART-E013', 'CART-E014']],
    ['params', ['pixels-differ', 'bad-program', 'CART-E013', 'CART-E014']],
    // Nothing but a signature would bind these, and they change no picture.
    ['script', ['ok', 'CART-E013', 'CART-E014']],
    ['price', ['ok', 'CART-E013', 'CART-E014']],
    ['format', ['ok', 'CART-E013', 'CART-E014']],
  ])("in the label's %s is %j, with its CRC mended", async (field, allowed) => {
    const [from, to] = placeOf(field);
    const chunk = chunks.findLast((one) => one.at <= from)!;
    const met = new Set<string>();
    for (let at = from; at < to; at++) {
      for (const mask of MASKS) {
        const found = await verdictOn(mend(flipped(at, mask), chunk));
        met.add(found.replace(/^damaged /, '').replace(/^pixels-differ .*/, 'pixels-differ'));
      }
    }
    expect([...met].sort()).toEqual([...allowed].sort());
  });

  it('in what was used means other semantics or another label, with its digest mended too', async () => {
    const [from, to] = placeOf('used');
    const [uses] = placeOf('uses');
    const chunk = chunks.findLast((one) => one.at <= from)!;
    const objections: string[] = [];
    const met = new Set<string>();
    for (let at = from; at < to; at++) {
      for (const mask of MASKS) {
        const bytes = flipped(at, mask);
        try {
          const used = sorted(JSON.parse(bytes.toString('utf8', from, to)));
          bytes.write(createHash('sha256').update(used).digest('hex'), uses + 1, 'latin1');
        } catch {
          // It is no JSON any more.
        }
        met.add(await agreed(mend(bytes, chunk), at, mask, objections));
      }
    }
    expect(objections).toEqual([]);
    expect([...met].sort()).toEqual([
      ...['damaged CART-E013', 'damaged CART-E014', 'label-differs', 'semantics-changed'],
    ]);
  });

  it('is told apart: a second reader that is wrong is objected to', async () => {
    const objections: string[] = [];
    expect(await agreed(good, 0, 0, objections, async (): Promise<Rerendered> => 'refused')).toBe('ok');
    expect(objections).toEqual(['byte 0 xor 0: expected bad-program, found ok']);
  });
});
