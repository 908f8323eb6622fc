/**
 * A writer of PNGs in every form, made from the specification alone and knowing nothing of ours: samples by chance, bits
 * packed, rows filtered, passes of Adam7, and beside each file the pixels that it stands for.
 */
import { crc32, deflateSync } from 'node:zlib';
import { seededBetween } from '../../shared/seeded.ts';

export interface PngForm {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly type: 0 | 2 | 3 | 4 | 6;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly interlaced?: boolean;
  /** The filter of every row; otherwise they take turns. */
  readonly filter?: number;
  /** One colour is clear, or colours of the palette have alphas. */
  readonly clear?: boolean;
  /** zlib's level. */
  readonly level?: number;
  /** Bytes in each IDAT; otherwise there is one. */
  readonly idatBytes?: number;
  /** Chunks between IHDR and the palette, and between palette and pixels. */
  readonly early?: readonly Uint8Array[];
  readonly late?: readonly Uint8Array[];
}

export interface WrittenPng {
  readonly bytes: Buffer;
  /** RGBA, 8 bits; of 16-bit samples the upper 8. */
  readonly rgba: Uint8Array;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

export function writeForm(form: PngForm, seed: number): WrittenPng {
  const { width, height, type, depth } = form;
  const between = seededBetween(seed);
  const channels = CHANNELS[type];
  const highest = 2 ** depth - 1;
  const colors =
    type === 3 ? Array.from({ length: 2 ** depth }, () => [0, 0, 0].map(() => between(0, 256))) : [];
  const alphas = colors.slice(0, 1 + colors.length / 2).map(() => between(0, 256));
  // Few values, so that the clear colour comes often.
  const values = Array.from({ length: 6 }, () => between(0, highest + 1));
  const samples = Array.from({ length: width * height * channels }, () => values[between(0, 6)]!);
  const clear = samples.slice(0, channels);

  const rgba = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const pixel = samples.slice(at * channels, (at + 1) * channels);
    const isClear = form.clear === true && type < 3 && pixel.every((sample, k) => sample === clear[k]);
    rgba.set(rgbaOf(pixel, isClear), 4 * at);
  }

  function rgbaOf(pixel: readonly number[], isClear: boolean): number[] {
    const [one = 0, two = 0, three = 0, four = 0] = pixel.map((sample) =>
      depth === 16 ? sample >> 8 : type === 3 ? sample : (sample * 255) / highest,
    );
    const alpha = isClear ? 0 : 255;
    if (type === 0) return [one, one, one, alpha];
    if (type === 2) return [one, two, three, alpha];
    if (type === 4) return [one, one, one, two];
    if (type === 6) return [one, two, three, four];
    return [...colors[one]!, form.clear === true ? (alphas[one] ?? 255) : 255];
  }

  const rows: Buffer[] = [];
  for (const [left, top, across, down] of form.interlaced ? ADAM7 : [[0, 0, 1, 1] as const]) {
    let above: Buffer | undefined;
    for (let y = top; y < height; y += down) {
      const line: number[] = [];
      for (let x = left; x < width; x += across) {
        line.push(...samples.slice((y * width + x) * channels, (y * width + x + 1) * channels));
      }
      if (line.length === 0) continue;
      const row = packed(line, depth);
      const filter = form.filter ?? rows.length % 5;
      rows.push(
        filtered(row, above ?? Buffer.alloc(row.length), Math.max(1, (channels * depth) >> 3), filter),
      );
      above = row;
    }
  }
  const stream = deflateSync(Buffer.concat(rows), { level: form.level ?? 6 });
  const idats: Buffer[] = [];
  const step = form.idatBytes ?? stream.length;
  for (let at = 0; at < stream.length; at += step) idats.push(chunk('IDAT', stream.subarray(at, at + step)));

  const tRNS =
    type === 3 ? Buffer.from(alphas) : Buffer.from(clear.flatMap((sample) => [sample >> 8, sample & 255]));
  const bytes = Buffer.concat([
    SIGNATURE,
    chunk('IHDR', ihdr(form)),
    ...(form.early ?? []),
    ...(type === 3 ? [chunk('PLTE', Buffer.from(colors.flat()))] : []),
    ...(form.clear === true ? [chunk('tRNS', tRNS)] : []),
    ...(form.late ?? []),
    ...idats,
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return { bytes, rgba };
}

/** One chunk, its CRC computed. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function ihdr({ width, height, depth, type, interlaced }: PngForm): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([depth, type, 0, 0, interlaced ? 1 : 0], 8);
  return data;
}

/** Samples as bits, the highest first. */
function packed(samples: readonly number[], depth: number): Buffer {
  const bits = samples.map((sample) => sample.toString(2).padStart(depth, '0')).join('');
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}

function filtered(row: Buffer, above: Buffer, unit: number, filter: number): Buffer {
  const bytes = row.map((byte, at) => {
    const left = row[at - unit] ?? 0;
    const up = above[at]!;
    const corner = at < unit ? 0 : above[at - unit]!;
    return byte - [0, left, up, Math.floor((left + up) / 2), predicted(left, up, corner)][filter]!;
  });
  return Buffer.from([filter, ...bytes]);
}

function predicted(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const candidates = [left, up, corner];
  const distances = candidates.map((candidate) => Math.abs(estimate - candidate));
  return candidates[distances.indexOf(Math.min(...distances))]!;
}
