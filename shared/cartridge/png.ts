/** PNG as gvpie writes it: a palette where 256 opaque colours are enough, otherwise 8-bit RGBA. */
import { crc32, deflateSync } from 'node:zlib';
import { type Canvas, canvasBytes } from '../canvas.ts';
import { invariant } from '../faults.ts';
import { deflateBytes } from './byte-deflate.ts';
import { PNG_SIGNATURE, writeChunk } from './chunk.ts';
import { type Indexed, indexed } from './palette.ts';
import { deflateDifferences } from './row-difference.ts';

/**
 * Median time to write, and bytes, Node 20 on two cores of an AMD EPYC; sharp at its level 1, without filters:
 *
 *     picture                                    form                  ours              sharp
 *     128×64, a line of text                     1 bit                0.06 ms   155 B   0.44 ms   0.8 kB
 *     1080p, 5,000 words, white on black         1 bit                 4.9 ms   101 kB   10.4 ms   791 kB
 *     1080p, 1,000 rectangles, 12 colours        4 bits                3.0 ms    28 kB    5.0 ms   199 kB
 *     1080p, 1,000 rectangles, all colours       RGBA                  1.3 ms    20 kB    4.5 ms   188 kB
 *     the same at alpha 128                      RGBA                  2.4 ms    94 kB    7.4 ms   438 kB
 *     1080p, 500 triangles                       RGBA                  3.1 ms   219 kB    6.1 ms   314 kB
 *     1080p, 2,000 lines of text, a colour each  RGBA                 12.0 ms  1888 kB   14.3 ms  1156 kB
 *     4096², 10,000 shapes                       RGBA                 19.6 ms  1036 kB   39.0 ms  2226 kB
 *
 * zlib at level 1 took 16.7 ms for the lines of text as RGBA, and 7 ms for the rectangles. Its levels make little
 * difference to packed indices: of the 5,000 words 1 took 2.0 ms and gave 101 kB, 2 and 3 took 2.1 and 2.4 ms and gave
 * 98 and 96 kB, 6 took 4.9 ms; of the line of text 3 gave 80 B and 1 82 B in the same time. But text in 8 bits
 * took level 1 8 ms, and 3 25 ms.
 */
const SMALL_BYTES = 32_768;

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

/** Who deflates indices: zlib, whose bytes differ from build to build, or we ourselves, in two to six times the time. */
type Deflater = 'zlib' | 'own';

/**
 * The bytes of a PNG file; the same input gives the same bytes under the same zlib, and under any where it is not asked.
 *
 * @param pixels RGBA8, row-major, width × height × 4 bytes
 * @param chunks finished chunks to stand before the pixels
 */
export function writePng(
  pixels: Uint8Array,
  canvas: Canvas,
  chunks: readonly Uint8Array[] = [],
  deflater: Deflater = 'zlib',
): Uint8Array {
  invariant(pixels.length === canvasBytes(canvas), 'a picture holds exactly its canvas');
  // Whole pixels are compared as words, which lie at offsets that 4 divides.
  const { buffer, byteOffset } = pixels.byteOffset % 4 === 0 ? pixels : pixels.slice();
  const words = new Int32Array(buffer, byteOffset, canvas.width * canvas.height);
  const picture = indexed(words, canvas);
  const form = picture === undefined ? inFull(words, canvas) : withPalette(picture, deflater);
  return Buffer.concat([
    PNG_SIGNATURE,
    writeChunk('IHDR', header(canvas, form)),
    ...chunks,
    ...form.before,
    ...pixelChunk(form.stream),
    writeChunk('IEND', new Uint8Array(0)),
  ]);
}

function withPalette({ colors, depth, rows }: Indexed, deflater: Deflater): Form {
  const before = [writeChunk('PLTE', colors)];
  const stream = deflater === 'own' ? deflateBytes(rows) : [byZlib(rows)];
  return { depth, type: 3, before, stream };
}

function byZlib(rows: Uint8Array): Uint8Array {
  return deflateSync(
    rows,
    rows.length <= SMALL_BYTES ? { level: 3, chunkSize: roomFor(rows) } : { level: 1 },
  );
}

/** What deflate could fill at most: zlib's own 16 KiB for each line of text give the garbage collector much to do. */
function roomFor({ length }: Uint8Array): number {
  return length + 128;
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
