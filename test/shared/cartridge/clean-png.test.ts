/** Clean PNGs: what says its pixels alone passes, and whatever else a PNG can say beside them is objected to. */
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { requireClean, writeCleanPng } from '../../../shared/cartridge/clean-png.ts';
import { openPngImage } from '../../../shared/cartridge/png-image.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { writeText } from '../../../shared/cartridge/text-chunk.ts';
import { png, pressing, ramp } from './sample.ts';

const CANVAS = { width: 12, height: 7 };
const FULL = ramp(CANVAS);
const PALETTE = Uint8Array.from({ length: 12 * 7 * 4 }, (_, at) =>
  at % 4 === 3 ? 255 : 40 * ((at >> 2) % 3),
);

/** The clean file of a palette with some of its chunks as `change` has them. */
function changed(change: (type: string, data: Uint8Array) => Uint8Array[]): Uint8Array {
  const chunks = readChunks(writeCleanPng(PALETTE, CANVAS));
  return png(chunks.flatMap(({ type, data }) => change(type, data)));
}

/** With one kind of chunk holding something else. */
const holding = (wanted: string, of: (data: Uint8Array) => Uint8Array): Uint8Array =>
  changed((type, data) => [writeChunk(type, type === wanted ? of(data) : data)]);

function objection(file: Uint8Array): string {
  // Each says what the pixels are, and hides what it says beside them.
  expect(sha256Hex(openPngImage(file).pixels())).toBe(sha256Hex(PALETTE));
  try {
    requireClean(file, sha256Hex(PALETTE));
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

describe('a clean PNG', () => {
  it('is what is written, with a palette or in full, and is told from a cartridge and from other pixels', () => {
    for (const pixels of [PALETTE, FULL]) {
      const file = writeCleanPng(pixels, CANVAS);
      expect(() => requireClean(file, sha256Hex(pixels))).not.toThrow();
      expect(() => requireClean(file, sha256Hex('other'))).toThrow('has the pixels');
    }
    const given = pressing(CANVAS);
    expect(() => requireClean(press(given), given.label.checksum)).toThrow('chunks of its pixels alone');
  });

  it('has no other chunk, be it one that readers ignore, nor its pixels in several', () => {
    const beside = changed((type, data) => [
      writeChunk(type, data),
      ...(type === 'PLTE' ? [writeText('a', 'word')] : []),
    ]);
    const split = changed((type, data) =>
      (type === 'IDAT' ? [data.subarray(0, 3), data.subarray(3)] : [data]).map((part) =>
        writeChunk(type, part),
      ),
    );
    for (const file of [beside, split]) expect(objection(file)).toContain('chunks of its pixels alone');
  });

  it('hides nothing in colours that no pixel has, behind its stream, in filters, or in how it is compressed', () => {
    const word = Buffer.from('wor');
    const unused = holding('PLTE', (data) => Buffer.concat([data, word]));
    const behind = holding('IDAT', (data) => Buffer.concat([data, word]));
    const recompressed = holding('IDAT', (data) => deflateSync(inflateSync(data), { level: 0 }));
    const filtered = holding('IDAT', (data) => {
      const rows = inflateSync(data);
      const stride = rows.length / CANVAS.height;
      // Rows are alike, so each says with filter 2 that it differs from the one above by nothing.
      for (let y = 1; y < CANVAS.height; y++) rows.fill(0, y * stride, (y + 1) * stride)[y * stride] = 2;
      return deflateSync(rows);
    });
    for (const file of [unused, behind, recompressed, filtered]) {
      expect(objection(file)).toContain('follows from its pixels to the byte');
    }
    expect(objection(changed((type, data) => [writeChunk(type, data)]))).toBe('none');
  });
});
