/** Stages: memory in which the kernel paints. A picture's pixels are a part of its stage, which serves others after it. */
import { MOST_PAGES } from '../../shared/wasm/assembler.ts';
import type { EncodedList } from '../display/builder.ts';
import type { Bins } from './bin.ts';
import { kernelModule } from './kernel/fine-kernel.ts';
import { FIRST_ROOM, FOURS, KERNEL_SIDE, ROOM, SCENE } from './kernel/places.ts';

/** As much of WebAssembly's interface as is used here; Node.js has it, and its types lack it. */
declare const WebAssembly:
  | undefined
  | {
      validate(bytes: Uint8Array<ArrayBuffer>): boolean;
      Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
      Instance: new (module: object, host: object) => { readonly exports: object };
      Memory: new (limits: { initial: number; maximum: number; shared: true }) => Memory;
    };

/** Pages that threads share. */
interface Memory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface Kernel {
  paint(room: number, tile: number, from: number, to: number, isBegun: 0 | 1): void;
}

const PAGE_BYTES = 65_536;
/** Rooms of threads begin at multiples of it, bytes. */
const ROOM_BYTES = Math.ceil(ROOM.bytes / 4_096) * 4_096;
/** Threads that can paint in one stage. */
export const ROOMS = 9;
const LISTS = FIRST_ROOM + ROOMS * ROOM_BYTES;
/** What may be read beyond the last pixel, bytes. */
const MARGIN = 16;

/** Undefined until it was asked for; null where there is none. */
let kept: object | null | undefined;

/** The kernel's module; undefined without WebAssembly, its vectors or its threads, or where a word's highest byte is first. */
function kernel(): object | undefined {
  if (kept === undefined) {
    const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
    const bytes = isLittleEndian && typeof WebAssembly !== 'undefined' ? kernelModule() : undefined;
    kept = bytes !== undefined && WebAssembly!.validate(bytes) ? new WebAssembly!.Module(bytes) : null;
  }
  return kept ?? undefined;
}

/** A list and its bins as they lie on a stage, and the pixels, all of which are to be painted. */
export interface Scene {
  readonly list: EncodedList;
  readonly bins: Bins;
  readonly pixels: Uint32Array;
}

/** What another thread needs to paint on the same stage: it can be sent there. */
export interface StageParts {
  readonly memory: Memory;
  readonly module: object;
}

/** One memory, and the kernel that paints in it. */
export class Stage {
  readonly parts: StageParts;
  readonly #memory: Memory;
  readonly #kernel: Kernel;

  constructor(parts: StageParts) {
    const { memory, module } = parts;
    this.parts = parts;
    this.#memory = memory;
    this.#kernel = new WebAssembly!.Instance(module, { host: { memory } }).exports as Kernel;
  }

  /** Bytes. */
  get size(): number {
    return this.#memory.buffer.byteLength;
  }

  /**
   * Lays a list out to be painted. Whatever was laid out before it is no longer there.
   *
   * @throws {RangeError} when there is no more memory
   */
  lay(list: EncodedList, bins: Bins): Scene {
    const { width, height } = list.canvas;
    let end = LISTS;
    // Each part begins at a line of the cache.
    const place = (words: number): number => {
      const at = end;
      end += Math.ceil(words / 16) * 64;
      return at;
    };
    const [shapes, pool] = [place(list.shapes.length), place(list.pool.length)];
    const [entries, canvas] = [place(bins.entries.length), place(width * height)];
    const missing = Math.ceil((end + MARGIN - this.size) / PAGE_BYTES);
    if (missing > 0) this.#memory.grow(missing);
    const { buffer } = this.#memory;
    const view = (at: number, length: number): Uint32Array => new Uint32Array(buffer, at, length);
    const copy = (words: Uint32Array, at: number): Uint32Array => {
      const to = view(at, words.length);
      to.set(words);
      return to;
    };
    const all = view(0, LISTS / 4);
    for (let index = 0; index < 64; index++) {
      all[FOURS / 4 + index] = (index >> 2) & (8 >> (index & 3)) ? 0xffffffff : 0;
    }
    const scene = {
      width,
      height,
      tileShift: 31 - Math.clz32(bins.tileSize),
      tilesX: bins.tilesX,
      shapes,
      pool,
      poolWords: list.pool.length,
      entries,
      canvas,
    } satisfies Record<keyof typeof SCENE, number>;
    for (const [name, place] of Object.entries(SCENE)) all[place / 4] = scene[name as keyof typeof SCENE];
    return {
      list: { ...list, shapes: copy(list.shapes, shapes), pool: copy(list.pool, pool) },
      bins: { ...bins, entries: copy(bins.entries, entries) },
      pixels: view(canvas, width * height),
    };
  }

  /**
   * Paints a stretch of a tile as `fine` does; its list has no images there.
   *
   * @param thread whose room is used, less than ROOMS
   */
  paint(tile: number, from: number, to: number, isBegun: boolean, thread = 0): void {
    this.#kernel.paint(FIRST_ROOM + thread * ROOM_BYTES, tile, from, to, isBegun ? 1 : 0);
  }
}

/** A new stage; undefined where there is no kernel, or no memory for it. */
export function openStage(): Stage | undefined {
  const module = kernel();
  if (module === undefined) return undefined;
  try {
    const initial = Math.ceil(LISTS / PAGE_BYTES);
    const memory = new WebAssembly!.Memory({ initial, maximum: MOST_PAGES, shared: true });
    return new Stage({ memory, module });
  } catch {
    return undefined;
  }
}

/** Whether the kernel paints tiles of this side, pixels. */
export function fitsKernel(tileSize: number): boolean {
  return tileSize <= KERNEL_SIDE;
}
