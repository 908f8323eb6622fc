/** Image files: those of `--input` and those beside a cartridge, in which the canvases of IMAGEs are found. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { inputsMissing, inputsOf } from '../renderer/inputs.ts';
import type { Image } from '../renderer/language/ast.ts';
import type { ImagePixels } from '../renderer/machine/pictures.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { type Canvas, canvasBytes } from '../shared/canvas.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { isPng, packed } from '../shared/cartridge/input-pixels.ts';
import { openPngImage } from '../shared/cartridge/png-image.ts';
import type { Input } from '../shared/inputs.ts';
import { LIMITS } from '../shared/limits.ts';
import { cartridgesSaying } from './beside.ts';
import { readFileOf } from './input.ts';
import { typedPath } from './npm.ts';
import { Refusal } from './refusal.ts';

/**
 * The files of `--input` as absolute paths, refused before any work where there is none.
 *
 * @throws {Refusal}
 */
export function namedInputs(paths: readonly string[] = []): readonly string[] {
  return paths.map((path) => {
    const full = typedPath(path);
    // Reading it says why.
    if (!isFile(full)) readFileOf(full, 'an input', 0);
    return full;
  });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What a file holds. */
interface Held {
  /** Undefined of raw RGBA, which does not say it. */
  readonly canvas: Canvas | undefined;
  readonly checksum: string;
  readonly pixels: Uint8Array;
}

/**
 * Finds them by what files hold, whatever they are called: in `files`, then among the cartridges beside one.
 *
 * @param files as `namedInputs` gives them; each is read when it is asked for, in this order
 * @param beside a cartridge's path as it was typed
 */
export function imagesIn(
  files: readonly string[],
  beside?: string,
): (images: readonly Image[]) => ImagePixels {
  return (images) => {
    const search = new Search(images);
    for (const file of files)
      if (search.goesOn) search.look(file, readFileOf(file, 'an input', LIMITS.inputBytes));
    if (beside !== undefined && search.goesOn) {
      const home = realpathSync(typedPath(beside));
      for (const file of cartridgesSaying(search.wanted, dirname(home), basename(home))) {
        if (search.goesOn) search.tryToLook(file);
      }
    }
    return search.finish(beside);
  };
}

/** Notes in a hint about files that were looked at. */
const NOTES = 3;

class Search {
  readonly #images: readonly Image[];
  readonly #found = new Map<string, Uint32Array>();
  readonly #notes: string[] = [];
  /** What is still to be found, by checksum. */
  readonly wanted: Map<string, Input>;

  constructor(images: readonly Image[]) {
    this.#images = images;
    this.wanted = new Map(inputsOf(images).map((input) => [input.checksum, input]));
  }

  get goesOn(): boolean {
    return this.wanted.size > 0;
  }

  /** A file that nobody has named: what is wrong with it is a note. */
  tryToLook(file: string): void {
    try {
      this.look(file, readFileOf(file, 'a cartridge', LIMITS.inputBytes));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#notes.push(error.message);
    }
  }

  look(file: string, bytes: Uint8Array): void {
    const held = heldIn(bytes);
    if (typeof held === 'string') {
      this.#notes.push(`${file} is ${held}`);
      return;
    }
    const { canvas, checksum, pixels } = held;
    const size = canvas === undefined ? 'raw RGBA' : `${canvas.width}×${canvas.height}`;
    const input = this.wanted.get(checksum);
    if (input === undefined || !fits(held, input)) {
      this.#notes.push(`${file} holds ${size} of checksum ${checksum}`);
      return;
    }
    this.#found.set(checksum, packed(pixels));
    this.wanted.delete(checksum);
  }

  finish(beside: string | undefined): ImagePixels {
    const missing = this.#images.filter(({ checksum }) => this.wanted.has(checksum));
    if (missing.length === 0) return this.#found;
    const place = beside === undefined ? '' : `, or lay its cartridge beside ${beside}`;
    const notes = this.#notes.slice(0, NOTES).map((note) => `; ${note}`);
    throw inputsMissing(missing, () => `--input FILE names a file that holds it${place}${notes.join('')}`);
  }
}

function fits({ canvas, pixels }: Held, input: Input): boolean {
  if (canvas === undefined) return pixels.length === canvasBytes(input);
  return canvas.width === input.width && canvas.height === input.height;
}

/** What the bytes of a file hold; or why that cannot be said, in words. */
function heldIn(bytes: Uint8Array): Held | string {
  if (!isPng(bytes)) return { canvas: undefined, checksum: sha256Hex(bytes), pixels: bytes };
  try {
    const image = openPngImage(bytes);
    const { canvas } = image;
    if (canvas.width * canvas.height > LIMITS.imagePixels) {
      return `a PNG of ${canvas.width}×${canvas.height}, too large for an IMAGE`;
    }
    const pixels = image.pixels();
    return { canvas, checksum: sha256Hex(pixels), pixels };
  } catch (error) {
    if (error instanceof CartridgeFault) return `a PNG that cannot be read: ${error.message}`;
    throw error;
  }
}
