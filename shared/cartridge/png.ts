/** PNG as gvpie writes it: a palette where 256 opaque colours are enough, otherwise 8-bit RGBA. */
import { crc32, deflateSync } from 'node:zlib';
import { type Canvas, canvasBytes } from '../canvas.ts';
import { invariant } from '../faults.ts';
import { PNG_SIGNATURE, writeChunk } from './chunk.ts';
import { type Indexed, indexed } from './palette.ts';
import { deflateDifferences } from './row-difference.ts';

/** How the pixels lie in the file. */
interface Form {
  /** Bits of a sample, or of an index. */
  readonly depth: number;
  /** PNG's colour type: 3 is a palette, 6 RGBA. */
  readonly type: 3 | 6;
  /** Chunks that belong right before the pixels. */
  readonly before: readonly Uint8Array[];
  /** The zlib stream in pieces. */
  readonly stream: readonly Uint8Array[];
}

/**
 * The bytes of a PNG file; the same input gives the same bytes under the same zlib.
 *
 * @param pixels RGBA8, row-major, width × height × 4 bytes
 * @param chunks finished chunks to stand before the pixels
 */
export function writePng(pixels: Uint8Array, canvas: Canvas, chunks: readonly Uint8Array[] = []): Uint8Array {
  invariant(pixels.length === canvasBytes(canvas), 'a picture holds exactly its canvas');
  // Whole pixels are compared as words, which lie at offsets that 4 divides.
  const { buffer, byteOffset } = pixels.byteOffset % 4 === 0 ? pixels : pixels.slice();
  const words = new Int32Array(buffer, byteOffset, canvas.width * canvas.height);
  const picture = indexed(words, canvas);
  const form = picture === undefined ? inFull(words, canvas) : withPalette(picture);
  return Buffer.concat([
    PNG_SIGNATURE,
    writeChunk('IHDR', header(canvas, form)),
    ...chunks,
    ...form.before,
    ...pixelChunk(form.stream),
    writeChunk('IEND', new Uint8Array(0)),
  ]);
}

function withPalette({ colors, depth, rows }: Indexed): Form {
  const before = [writeChunk('PLTE', colors)];
  return { depth, type: 3, before, stream: [deflateSync(rows, { level: rows.length <= 32_768 ? 3 : 1 })] };
}

function inFull(words: Int32Array, canvas: Canvas): Form {
  return { depth: 8, type: 6, before: [], stream: deflateDifferences(words, canvas) };
}

function header({ width, height }: Canvas, { depth, type }: Form): Uint8Array {
  const data = new DataView(new ArrayBuffer(13));
  data.setUint32(0, width);
  data.setUint32(4, height);
  data.setUint8(8, depth);
  data.setUint8(9, type); // compression, filter and interlace methods stay 0
  return new Uint8Array(data.buffer);
}

/** An IDAT, whose data is never copied before the file is put together: of noise it is as long as the pixels. */
function pixelChunk(stream: readonly Uint8Array[]): Uint8Array[] {
  const head = Buffer.from('\0\0\0\0IDAT', 'latin1');
  head.writeUInt32BE(stream.reduce((length, piece) => length + piece.length, 0));
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(stream.reduce((crc, piece) => crc32(piece, crc), crc32(head.subarray(4))));
  return [head, ...stream, tail];
}
