/** The CPU painter: tile by tile over one array of RGBA words. */
import type { EncodedList } from '../display/builder.ts';
import { SHAPE_WORDS, TAG_SHADE, WORD_TAG } from '../display/encoding.ts';
import { type Bins, bin } from './bin.ts';
import { fine } from './fine.ts';
import type { Painted, Painter, Standing } from './painter.ts';
import { shadeInSlices } from './shading.ts';

/** Paints an encoded list; see Painter for the result. */
export function paintOnCpu(list: EncodedList, tileSize?: number): Uint8Array {
  const slices = paintInSlices(list, tileSize);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

/**
 * As paintOnCpu, but stops after each tile, and where a pixel takes much more often, so that whoever drives it can let
 * other work have its turn.
 */
export function* paintInSlices(list: EncodedList, tileSize?: number): Generator<void, Uint8Array> {
  const out = new Uint32Array(list.canvas.width * list.canvas.height);
  const bins = bin(list, tileSize);
  for (let tile = 0; tile < bins.tilesX * bins.tilesY; tile++) {
    yield* paintTile(list, bins, tile, out);
    yield;
  }
  const bytes = new Uint8Array(out.buffer);
  if (HOST_IS_BIG_ENDIAN) swapWords(bytes);
  return bytes;
}

/** Paints one tile, whatever the others are: what lies between two shades at once, and a shade as shadeInSlices does. */
export function* paintTile(
  list: EncodedList,
  bins: Bins,
  tile: number,
  out: Uint32Array,
): Generator<void, void> {
  if (list.shades.length === 0) {
    fine(list, bins, tile, out);
    return;
  }
  const { width, height } = list.canvas;
  const { tileSize, tilesX, offsets, entries } = bins;
  const [left, top] = [(tile % tilesX) * tileSize, Math.floor(tile / tilesX) * tileSize];
  const part = {
    left,
    top,
    right: Math.min(left + tileSize, width),
    bottom: Math.min(top + tileSize, height),
  };
  const end = offsets[tile + 1]!;
  let from = offsets[tile]!;
  for (let entry = from; entry < end; entry++) {
    const at = entries[entry]! * SHAPE_WORDS;
    if (list.shapes[at + WORD_TAG] !== TAG_SHADE) continue;
    fine(list, bins, tile, out, from, entry);
    yield* shadeInSlices(list, at, part, out);
    from = entry + 1;
  }
  fine(list, bins, tile, out, from, end);
}

/** How the CPU painter is named in replies and to people. */
export const CPU_ADAPTER = 'cpu (typescript)';

/** A picture that the CPU has painted. @param standIn why it did so in place of a GPU */
export function paintedOnCpu(pixels: Uint8Array, standIn?: string): Painted {
  return { pixels, backend: 'cpu', adapter: CPU_ADAPTER, dispatches: 0, standIn };
}

/** The standing of the CPU as the painter of choice. */
export function cpuStanding(reason: string): Standing {
  return { backend: 'cpu', adapter: CPU_ADAPTER, reason, health: 'ok' };
}

export const cpuPainter: Painter = {
  standing: cpuStanding('asked for'),
  paint: (list) => paintedOnCpu(paintOnCpu(list)),
};

// Words are packed with R in the low byte, so their bytes stand in RGBA order on little-endian hosts only.
const HOST_IS_BIG_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 0;

function swapWords(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, view.getUint32(at, true), false);
}
