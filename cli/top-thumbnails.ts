/** Thumbnails: pictures of cartridges as half-blocks, kept while they are shown. */
import { basename, join } from 'node:path';
import type { WatchedCartridge } from '../orchestrator/watching.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { halfBlocks, type Palette, type Room } from './half-blocks.ts';
import { readFileOf } from './input.ts';
import { Refusal } from './refusal.ts';

/** Largest canvas that is read for a thumbnail, pixels: 30 ms. */
const MOST_PIXELS = 2 ** 21;
/** Largest file, bytes. */
const MOST_BYTES = 2 ** 24;

export class Thumbnails {
  readonly #folder: string;
  readonly #palette: Palette;
  /** Lines by name and room; undefined where there is nothing to be shown. */
  #kept = new Map<string, readonly string[] | undefined>();
  #shown = new Map<string, readonly string[] | undefined>();
  #untilMs = 0;

  /** @param folder of the cartridges, absolute */
  constructor(folder: string, palette: Palette) {
    this.#folder = folder;
    this.#palette = palette;
  }

  /**
   * Begins a frame; what the last one did not show is kept no longer.
   *
   * @param mostMs how long may be read in it; the picture that is begun is finished
   */
  begin(mostMs: number): void {
    this.#kept = this.#shown;
    this.#shown = new Map();
    this.#untilMs = performance.now() + mostMs;
  }

  /** Undefined where it cannot be shown, or not yet: later frames read it. */
  linesOf(cartridge: WatchedCartridge, room: Room): readonly string[] | undefined {
    const key = `${room.columns} ${room.rows} ${cartridge.fileName}`;
    if (!this.#kept.has(key) && !this.#shown.has(key)) {
      if (performance.now() > this.#untilMs) return undefined;
      this.#shown.set(key, this.#read(cartridge, room));
    }
    const lines = this.#shown.get(key) ?? this.#kept.get(key);
    this.#shown.set(key, lines);
    return lines;
  }

  #read({ fileName, width, height }: WatchedCartridge, room: Room): readonly string[] | undefined {
    // Any client may have written the row.
    if (basename(fileName) !== fileName || !(width * height <= MOST_PIXELS)) return undefined;
    try {
      const { canvas, pixels } = openCartridge(
        readFileOf(join(this.#folder, fileName), 'a cartridge', MOST_BYTES),
      );
      if (canvas.width !== width || canvas.height !== height) return undefined;
      return halfBlocks(pixels, canvas, room, this.#palette);
    } catch (error) {
      if (error instanceof CartridgeFault || error instanceof Refusal) return undefined;
      throw error;
    }
  }
}
