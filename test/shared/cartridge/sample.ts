/** Cartridges for tests: a small whole one, and PNGs put together chunk by chunk. */
import { deflateSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import { sha256Hex } from '../../../shared/bytes.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { CartridgeFault } from '../../../shared/cartridge/cartridge-fault.ts';
import { PNG_SIGNATURE, readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { type Label, labelOf, type RunRecord } from '../../../shared/cartridge/label.ts';
import type { Pressing } from '../../../shared/cartridge/press.ts';
import { keywordOf, writeInternationalText, writeText } from '../../../shared/cartridge/text-chunk.ts';
import type { Used } from '../../../shared/used.ts';

export const USED: Used = {
  canvas: 1,
  blend: { 'src-over': 1 },
  opcodes: { HALT: 1, TXT: 1 },
  glyphs: { '0048': '111f11', '0069': '040c0e' },
};

export const RUN: RunRecord = { id: 'job-1', backend: 'cpu', adapter: 'test', renderer: '0.1.0' };

/** A pressing that says when and by whom. */
type DatedPressing = Pressing & { readonly run: RunRecord; readonly createdAt: string };

/** What `press` takes for a picture of the given size. */
export function pressing(canvas: Canvas = { width: 3, height: 2 }, pixels = ramp(canvas)): DatedPressing {
  const label = labelOf({
    program: 'TXT 0 0 Hi\nHALT',
    canvas,
    used: USED,
    checksum: sha256Hex(pixels),
    script: { name: 'hi', revision: 1 },
  });
  return { pixels, canvas, label, run: RUN, createdAt: '2026-01-02T03:04:05.678Z' };
}

/** Pixels that are all different from their neighbours. */
export function ramp({ width, height }: Canvas): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => (i * 37 + 11) & 0xff);
}

/** The chunks of a cartridge by name, to be changed one at a time. */
export interface Parts {
  IHDR: Uint8Array;
  cartridge_type: Uint8Array;
  checksum: Uint8Array;
  created_at: Uint8Array;
  gvpie: Uint8Array;
  gvpie_run: Uint8Array;
  IDAT: Uint8Array;
  IEND: Uint8Array;
}

export function parts({ pixels, canvas, label, run, createdAt }: DatedPressing = pressing()): Parts {
  return {
    IHDR: header(canvas.width, canvas.height),
    cartridge_type: writeText('cartridge_type', label.cartridge_type),
    checksum: writeText('checksum', label.checksum),
    created_at: writeText('created_at', createdAt),
    gvpie: writeInternationalText('gvpie', canonicalize(label) ?? ''),
    gvpie_run: writeInternationalText('gvpie_run', canonicalize(run) ?? ''),
    IDAT: writeChunk('IDAT', deflateSync(rows(pixels, canvas))),
    IEND: writeChunk('IEND', new Uint8Array(0)),
  };
}

/** A file of the given chunks behind PNG's signature. */
export function png(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([PNG_SIGNATURE, ...chunks]);
}

/** A whole cartridge in which some chunks are replaced, or dropped with `undefined`. */
export function altered(change: { readonly [Name in keyof Parts]?: Uint8Array | undefined }): Uint8Array {
  const chunks = Object.values({ ...parts(), ...change });
  return png(chunks.filter((chunk) => chunk !== undefined));
}

/** A whole cartridge with another label; nothing is recomputed. */
export function labelled(change: { readonly [field: string]: unknown }): Uint8Array {
  const label: Label = { ...pressing().label, ...change };
  return altered({ gvpie: writeInternationalText('gvpie', JSON.stringify(label)) });
}

/** A file without its texts of a keyword. */
export function without(keyword: string, file: Uint8Array): Buffer {
  const left = readChunks(file).filter((chunk) => keywordOf(chunk) !== keyword);
  return Buffer.from(png(left.map(({ type, data }) => writeChunk(type, data))));
}

export function header(width: number, height: number, form: readonly number[] = [8, 6, 0, 0, 0]): Uint8Array {
  const data = Buffer.alloc(8 + form.length);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set(form, 8);
  return writeChunk('IHDR', data);
}

export function rows(pixels: Uint8Array, { width, height }: Canvas): Buffer {
  const all = Buffer.alloc(height * (width * 4 + 1));
  for (let y = 0; y < height; y++) {
    all.set(pixels.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  }
  return all;
}

/** The file with its IHDR and IDATs taken from another PNG of the same picture. */
export function withPixelsOf(cartridge: Uint8Array, other: Uint8Array): Uint8Array {
  const texts = readChunks(cartridge).filter((chunk) => chunk.type.endsWith('Xt'));
  const chunks = readChunks(other).flatMap((chunk) => (chunk.type === 'IHDR' ? [chunk, ...texts] : [chunk]));
  return png(chunks.map((chunk) => writeChunk(chunk.type, chunk.data)));
}

/** The CartridgeFault that `action` throws; any other outcome is an error that says so. */
export function faultOf(action: () => unknown): CartridgeFault {
  try {
    action();
  } catch (error) {
    if (error instanceof CartridgeFault) return error;
    throw new Error('expected a CartridgeFault, another error was thrown', { cause: error });
  }
  throw new Error('expected a CartridgeFault, nothing was thrown');
}
