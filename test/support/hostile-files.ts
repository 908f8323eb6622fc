/** Files that were changed by chance, given to every reader: what came of them, and whether any of it is no typed fault. */
import { createPrivateKey } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { sha256Hex } from '../../shared/bytes.ts';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { Effort } from '../../shared/cartridge/effort.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { labelOf, RECORD_BYTES } from '../../shared/cartridge/label.ts';
import { openCartridge, readLabel } from '../../shared/cartridge/open.ts';
import { openPngImage } from '../../shared/cartridge/png-image.ts';
import { press } from '../../shared/cartridge/press.ts';
import { judgeSignature, signatureText } from '../../shared/cartridge/signature.ts';
import { withSignature } from '../../shared/cartridge/signed.ts';
import { LIMITS } from '../../shared/limits.ts';
import { labelled, pressing, ramp, USED } from '../shared/cartridge/sample.ts';
import { mutant } from './mutants.ts';
import { chunk, writeForm } from './png-forms.ts';

/** What reads files, each charging an effort; it gives a word for what it found. */
export type Reader = (bytes: Buffer, effort: Effort) => string;

export const READERS: Readonly<Record<string, Reader>> = {
  openCartridge(bytes, effort) {
    const cartridge = openCartridge(bytes, effort);
    const verdict = judgeFile(cartridge)?.verdict ?? 'whole';
    for (const chunk of cartridge.signatures) judgeSignature(chunk, cartridge.labelDigest, effort);
    return cartridge.newer === undefined ? verdict : `newer, ${verdict}`;
  },
  openPngImage(bytes, effort) {
    const { canvas, pixels } = openPngImage(bytes, effort);
    return pixels().length === 4 * canvas.width * canvas.height ? 'pixels' : 'not its canvas';
  },
};

export interface Tally {
  /** By what the readers said: their words, or the codes of faults; how often. */
  readonly ends: ReadonlyMap<string, number>;
  /** By change: how many of its files were read by some reader. */
  readonly read: ReadonlyMap<string, number>;
  /** What was spent, of what a file is worth at most: the highest. */
  readonly dearest: number;
}

/** The private key of RFC 8032, 7.1, TEST 1. */
const KEY = createPrivateKey({
  key: Buffer.from(
    '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'hex',
  ),
  format: 'der',
  type: 'pkcs8',
});
const SIGNED_AT = '2026-11-22T04:00:00.000Z';

/** Whole files of all kinds, small enough that a million of them can be read. */
export function wholeFiles(): Buffer[] {
  const files = [[3, 2] as const, [16, 9] as const, [64, 33] as const].map(([width, height]) =>
    press(pressing({ width, height })),
  );
  const flat = Uint8Array.from({ length: 20 * 20 * 4 }, (_, at) => (at % 4 === 3 || at % 7 > 2 ? 255 : 0));
  files.push(press(pressing({ width: 20, height: 20 }, flat)));
  const canvas = { width: 5, height: 4 };
  const pixels = ramp(canvas);
  const label = labelOf({
    program: `PARAM n 3\nIMAGE a 5 4 ${'a'.repeat(64)}\nBLIT a n 0\nHALT`,
    canvas,
    params: { n: 3 },
    inputs: [{ checksum: 'a'.repeat(64), ...canvas }],
    used: USED,
    checksum: sha256Hex(pixels),
    price: { steps: 1, shapes: 2, pixels_written: 3, bytes: 80 },
  });
  files.push(press({ ...pressing(canvas, pixels), label }));
  files.push(
    withSignature(press(pressing()), signatureText(KEY, readLabel(press(pressing())).labelDigest, SIGNED_AT)),
  );
  const [head, tail] = halves(press(pressing()));
  const text = deflateSync(JSON.stringify(pressing().label));
  files.push(
    Buffer.concat([head, chunk('iTXt', Buffer.concat([Buffer.from('gvpie\0\x01\0\0\0'), text])), tail]),
  );
  files.push(Buffer.from(labelled({ format: 2, palette: [1] })));
  const size = { width: 11, height: 7 };
  for (const form of [
    { type: 0, depth: 1, interlaced: true },
    { type: 0, depth: 8, clear: true },
    { type: 2, depth: 8, idatBytes: 50 },
    { type: 3, depth: 4, clear: true },
    { type: 3, depth: 8, interlaced: true },
    { type: 4, depth: 8 },
    { type: 6, depth: 16 },
  ] as const)
    files.push(writeForm({ ...size, ...form }, 5).bytes);
  return files.map((file) => Buffer.from(file));
}

/** A cartridge before its label and behind it. */
function halves(file: Uint8Array): [Buffer, Buffer] {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf('iTXtgvpie\0') - 4;
  return [bytes.subarray(0, at), bytes.subarray(at + 12 + bytes.readUInt32BE(at))];
}

/**
 * Gives the mutants from `from` up to and without `to` to all readers.
 *
 * @throws {Error} with seed and number, where a reader throws anything but a CartridgeFault, spends more than the file is
 *   worth, or refuses it for its effort, which is for slips of ours
 */
export function readMutants(seed: number, from: number, to: number, readers = READERS): Tally {
  const files = wholeFiles();
  const ends = new Map<string, number>();
  const read = new Map<string, number>();
  let dearest = 0;
  for (let number = from; number < to; number++) {
    const { bytes, change } = mutant(files, seed, number);
    const worth = worthOf(bytes);
    let isRead = false;
    for (const name in readers) {
      const effort = new Effort(bytes.length);
      let end: string;
      try {
        end = readers[name]!(bytes, effort);
        isRead = true;
      } catch (error) {
        if (!(error instanceof CartridgeFault) || error.code === 'CART-E018')
          throw new Error(`seed ${seed}, mutant ${number}: ${change}, ${name}`, { cause: error });
        end = error.code;
      }
      if (effort.spent > worth)
        throw new Error(
          `seed ${seed}, mutant ${number}: ${change}, ${name} spent ${effort.spent} of ${worth}`,
        );
      if (worth > 0) dearest = Math.max(dearest, effort.spent / worth);
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    if (isRead) read.set(change, (read.get(change) ?? 0) + 1);
  }
  return { ends, read, dearest };
}

/** The most that reading a file may take, bytes, by its size, its header and its compressed texts: as docs/cartridge.md has it. */
function worthOf(bytes: Buffer): number {
  const [width, height] = bytes.length < 24 ? [0, 0] : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const isAllowed = Math.max(width, height) <= LIMITS.canvasSide && width * height <= LIMITS.canvasPixels;
  let texts = 0;
  for (let at = bytes.indexOf('iTXt'); at >= 0; at = bytes.indexOf('iTXt', at + 4))
    texts += Math.min(RECORD_BYTES, 1_032 * bytes.length);
  return 3 * (bytes.length + (isAllowed ? 4 * width * height : 0) + texts);
}
