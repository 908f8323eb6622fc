/** The CPU painter: tile by tile over one array of RGBA words, by the kernel where the canvas is large enough for it. */
import type { EncodedList } from '../display/builder.ts';
import { SHAPE_WORDS, TAG_IMAGE, TAG_SHADE, WORD_TAG } from '../display/encoding.ts';
import type { Progress } from '../progress.ts';
import { type Bins, bin } from './bin.ts';
import { fine } from './fine.ts';
import { TILE_SIZE } from './layout.ts';
import { ownPixels, type Painted, type Painter, type Standing } from './painter.ts';
import { type Part, shadeInSlices } from './shading.ts';
import { hasLongShades } from './sharing.ts';
import { fitsKernel, type Scene, type Stage } from './stage.ts';
import { lendStage, returnStage, takeStage } from './stages.ts';

/**
 * Pixels from which on the kernel paints: it and its memory take 5 ms to make, once, and a process that paints one small
 * picture never has use for them.
 */
const KERNEL_PIXELS = 2 ** 16;
/** Side of a tile where the kernel does not paint, and no SHADE takes long, pixels. */
const SMALL_TILE_SIZE = 128;

export type Picture = Pick<Painted, 'pixels' | 'release'>;

/** Paints an encoded list; see Painter for the result, which is in memory of its own. */
export function paintOnCpu(list: EncodedList, tileSize?: number): Uint8Array {
  return ownPixels(finished(paintInSlices(list, tileSize)));
}

/** As paintOnCpu by the kernel, however small the canvas is; undefined where there is no kernel, or none for such tiles. */
export function paintByKernel(list: EncodedList, tileSize?: number): Uint8Array | undefined {
  const painting = onStage(list, bin(list, tileSize));
  return painting && ownPixels(finished(inSlices(painting)));
}

/**
 * Paints a list, but stops after each tile, and where a pixel takes much more often, so that whoever drives it can let
 * other work have its turn.
 */
export function paintInSlices(list: EncodedList, tileSize?: number): Generator<'turn', Picture> {
  return inSlices(openPainting(list, tileSize));
}

/** Paints a tile: at once, or, where it has shades, with stops on the way. Without them, a generator took as long as the tile. */
type PaintTile = (tile: number) => Generator<void, void> | undefined;

/** A picture in the making: its tiles can be painted in any order, each once or more often, and by several at once. */
export interface Painting {
  readonly bins: Bins;
  /** Where it stands, if other threads can paint it too. */
  readonly staged: { readonly stage: Stage; readonly scene: Scene } | undefined;
  readonly paint: PaintTile;
  /** To be called when all tiles are painted. */
  finish(): Picture;
  /** To be called in place of `finish` when it will not be painted to its end, and nobody paints it any more. */
  abandon(): void;
}

export function openPainting(list: EncodedList, tileSize?: number): Painting {
  const { width, height } = list.canvas;
  const isSmall = width * height < KERNEL_PIXELS;
  // A tile of 128 pixels may take a SHADE sixteen seconds: who counts tiles would see nothing for so long.
  const isQuick = isSmall && !hasLongShades(list);
  const bins = bin(list, tileSize ?? (isQuick ? SMALL_TILE_SIZE : TILE_SIZE));
  return (isSmall ? undefined : onStage(list, bins)) ?? inOwnMemory(list, bins);
}

function inOwnMemory(list: EncodedList, bins: Bins): Painting {
  const out = new Uint32Array(list.canvas.width * list.canvas.height);
  return {
    bins,
    staged: undefined,
    paint: tilesOf(list, bins, out),
    finish() {
      const pixels = new Uint8Array(out.buffer);
      if (HOST_IS_BIG_ENDIAN) swapWords(pixels);
      return { pixels };
    },
    abandon() {},
  };
}

/** Undefined where there is no stage, and where it does not fit in memory. */
function onStage(list: EncodedList, bins: Bins): Painting | undefined {
  const stage = fitsKernel(bins.tileSize) ? takeStage() : undefined;
  if (stage === undefined) return undefined;
  let scene: Scene;
  try {
    scene = stage.lay(list, bins);
  } catch (error) {
    returnStage(stage);
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const { pixels } = scene;
  return {
    bins,
    staged: { stage, scene },
    paint: tilePainter(stage, scene),
    finish() {
      const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
      const release = lendStage(stage);
      if (release !== undefined) return { pixels: bytes, release };
      try {
        return { pixels: new Uint8Array(bytes) };
      } finally {
        returnStage(stage);
      }
    },
    abandon: () => returnStage(stage),
  };
}

/** What paints tiles of a scene. @param room of the stage's, which nobody else uses meanwhile */
export function tilePainter(stage: Stage, { list, bins, pixels }: Scene, room = 0): PaintTile {
  const paint: Stretch = (tile, from, to) => stage.paint(tile, from, to, from !== bins.offsets[tile], room);
  const kernel = { paint, hasImages: hasImages(list) };
  return tilesOf(list, bins, pixels, kernel);
}

function tilesOf(list: EncodedList, bins: Bins, out: Uint32Array, kernel?: Kernel): PaintTile {
  if (list.shades.length > 0) return (tile) => paintTile(list, bins, tile, out, kernel);
  return (tile) => {
    painterOf(list, bins, tile, out, kernel)(tile, bins.offsets[tile]!, bins.offsets[tile + 1]!);
    return undefined;
  };
}

function hasImages({ shapes }: EncodedList): boolean {
  for (let at = WORD_TAG; at < shapes.length; at += SHAPE_WORDS) if (shapes[at] === TAG_IMAGE) return true;
  return false;
}

/** Tile by tile, with a stop after each, and where a pixel takes much. */
export function* inSlices(painting: Painting, progress?: Progress): Generator<'turn', Picture> {
  let isPainted = false;
  let tile = 0;
  const of = painting.bins.tilesX * painting.bins.tilesY;
  progress?.countBy(() => ({ done: tile, of }));
  try {
    for (; tile < of; tile++) {
      const slices = painting.paint(tile);
      if (slices !== undefined) for (const _ of slices) yield 'turn';
      yield 'turn';
    }
    isPainted = true;
  } finally {
    if (!isPainted) painting.abandon();
  }
  return painting.finish();
}

function finished(slices: Generator<unknown, Picture>): Picture {
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

/** Paints entries of a tile, `from` to before `to`, on what is there unless they begin with its first; none is a shade. */
type Stretch = (tile: number, from: number, to: number) => void;

/** Paints faster than `fine`, but no images. */
interface Kernel {
  readonly paint: Stretch;
  /** Whether the list has any. */
  readonly hasImages: boolean;
}

/** Paints one tile, whatever the others are: what lies between two shades at once, and a shade as shadeInSlices does. */
export function* paintTile(
  list: EncodedList,
  bins: Bins,
  tile: number,
  out: Uint32Array,
  kernel?: Kernel,
): Generator<void, void> {
  const [first, end] = [bins.offsets[tile]!, bins.offsets[tile + 1]!];
  const stretch = painterOf(list, bins, tile, out, kernel);
  let from = first;
  if (list.shades.length > 0) {
    for (let entry = first; entry < end; entry++) {
      const at = bins.entries[entry]! * SHAPE_WORDS;
      if (list.shapes[at + WORD_TAG] !== TAG_SHADE) continue;
      // In front of nothing it has the ground.
      if (from < entry || entry === first) stretch(tile, from, entry);
      yield* shadeInSlices(list, at, partOf(list, bins, tile), out);
      from = entry + 1;
    }
  }
  if (from < end || end === first) stretch(tile, from, end);
}

/** What paints a tile's stretches: the kernel, if there is one and it can. */
function painterOf(
  list: EncodedList,
  bins: Bins,
  tile: number,
  out: Uint32Array,
  kernel: Kernel | undefined,
): Stretch {
  const isForKernel = kernel !== undefined && !(kernel.hasImages && showsImages(list, bins, tile));
  return isForKernel ? kernel.paint : (_, from, to) => fine(list, bins, tile, out, from, to);
}

function showsImages({ shapes }: EncodedList, { entries, offsets }: Bins, tile: number): boolean {
  for (let entry = offsets[tile]!; entry < offsets[tile + 1]!; entry++) {
    if (shapes[entries[entry]! * SHAPE_WORDS + WORD_TAG] === TAG_IMAGE) return true;
  }
  return false;
}

/** Where a tile lies. */
function partOf({ canvas }: EncodedList, { tileSize, tilesX }: Bins, tile: number): Part {
  const [left, top] = [(tile % tilesX) * tileSize, Math.floor(tile / tilesX) * tileSize];
  return {
    left,
    top,
    right: Math.min(left + tileSize, canvas.width),
    bottom: Math.min(top + tileSize, canvas.height),
  };
}

/** How the CPU painter is named in replies and to people. */
export const CPU_ADAPTER = 'cpu (typescript)';

/**
 * A picture that the CPU has painted.
 *
 * @param standIn why it did so in place of a GPU
 * @param release see Painted
 */
export function paintedOnCpu(pixels: Uint8Array, standIn?: string, release?: () => void): Painted {
  const painted = { pixels, backend: 'cpu', adapter: CPU_ADAPTER, dispatches: 0, standIn } as const;
  return release === undefined ? painted : { ...painted, release };
}

/** The standing of the CPU as the painter of choice. */
export function cpuStanding(reason: string): Standing {
  return { backend: 'cpu', adapter: CPU_ADAPTER, reason, health: 'ok' };
}

export const cpuPainter: Painter = {
  standing: cpuStanding('asked for'),
  paint(list) {
    const { pixels, release } = finished(paintInSlices(list));
    return paintedOnCpu(pixels, undefined, release);
  },
};

// Words are packed with R in the low byte, so their bytes stand in RGBA order on little-endian hosts only.
const HOST_IS_BIG_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 0;

function swapWords(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, view.getUint32(at, true), false);
}
