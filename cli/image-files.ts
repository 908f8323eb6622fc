/** Image files: those of `--input` and those beside a cartridge, in which the canvases of IMAGEs are found. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { inputsMissing, inputsOf } from '../renderer/inputs.ts';
import type { Image } from '../renderer/language/ast.ts';
import type { ImagePixels } from '../renderer/machine/pictures.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { canvasBytes } from '../shared/canvas.ts';
import { type Held, packed, pixelsIn } from '../shared/cartridge/input-pixels.ts';
import type { Input } from '../shared/inputs.ts';
import { LIMITS } from '../shared/limits.ts';
import { MOST_BESIDE, pngsIn, saidChecksum } from './beside.ts';
import { FileIndex } from './file-index.ts';
import { readFileOf, realPathOf } from './input.ts';
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

/** What a file held when it was read; or what was there instead, in a sentence. */
type Known = (Omit<Held, 'pixels'> & { readonly checksum: string; readonly fileBytes: number }) | string;

/** A folder, and how many of its PNGs there are. */
interface Folder {
  readonly index: FileIndex;
  readonly pngs: number;
}

/**
 * The files in which one command looks, whatever they are called. However many programs ask, each file is read once to
 * know what it holds, and after that only to be taken.
 */
export class ImageFiles {
  readonly #named: readonly string[];
  readonly #mostBeside: number;
  readonly #index: FileIndex;
  readonly #folders = new Map<string, Folder>();
  readonly #known = new Map<string, Known>();
  /** The file that was read last, with its pixels if it has any: most often it is the next to be taken. */
  #last: { readonly file: string; readonly pixels: Uint8Array | undefined } | undefined;

  /**
   * @param named as `namedInputs` gives them; each is read when it is asked for, in this order
   * @param mostBeside how many PNGs of a folder are looked at
   */
  constructor(named: readonly string[], mostBeside = MOST_BESIDE) {
    this.#named = named;
    this.#mostBeside = mostBeside;
    this.#index = new FileIndex(named, (file) => {
      const known = this.#read(file, 'an input');
      return typeof known === 'string' ? undefined : known.checksum;
    });
  }

  /**
   * The canvases of a program's IMAGEs: from the named files, then from the cartridges beside one.
   *
   * @param beside a cartridge's path as it was typed
   * @throws {InputsMissing} where one is in none of them
   * @throws {Refusal} where nothing is there any more at `beside`
   */
  find(images: readonly Image[], beside?: string): ImagePixels {
    const search = new Search(images);
    for (const input of search.missing()) {
      for (const file of this.#index.of(input.checksum)) if (this.#take(file, input, search)) break;
    }
    let place = '';
    if (beside !== undefined && search.missing().length > 0) {
      const home = realPathOf(typedPath(beside), 'a cartridge');
      const { index, pngs } = this.#folder(dirname(home));
      const most = this.#mostBeside;
      // Where not all were looked at, it may lie there already.
      place =
        pngs > most
          ? `; of ${pngs} PNGs beside ${beside} the first ${most} were looked at`
          : `, or lay its cartridge beside ${beside}`;
      for (const input of search.missing()) {
        for (const file of index.of(input.checksum)) {
          if (file === home) continue;
          if (search.liars === MOST_LIARS) {
            place = `; ${MOST_LIARS} PNGs beside ${beside} do not hold what they say, and no more were opened`;
            break;
          }
          if (this.#take(file, input, search, 'a cartridge')) break;
          search.liars++;
        }
      }
    }
    const missing = new Set(search.missing().map(({ checksum }) => checksum));
    if (missing.size === 0) return search.found;
    const hint = `--input FILE names a file that holds it${place}${this.#noteWords(search)}`;
    throw inputsMissing(
      images.filter(({ checksum }) => missing.has(checksum)),
      () => hint,
    );
  }

  /** Whether it holds the input, and is taken. */
  #take(file: string, input: Input, search: Search, what = 'an input'): boolean {
    let known = this.#known.get(file);
    // What held it may have changed since.
    if (known === undefined || (isOf(known, input) && this.#last?.file !== file))
      known = this.#read(file, what);
    const pixels = this.#last?.pixels;
    if (typeof known === 'string' || !isOf(known, input) || pixels === undefined) {
      search.note(file, describe(file, known));
      return false;
    }
    if (known.fileBytes > search.leftBytes) {
      search.note(
        file,
        `with ${file} the files of all inputs would have more than ${LIMITS.inputBytes} bytes`,
      );
      return false;
    }
    search.take(file, known.fileBytes, input, pixels);
    return true;
  }

  /** A file that cannot be read holds nothing: others may hold what is looked for, and other programs need nothing of it. */
  #read(file: string, what: string): Known {
    let known: Known;
    let pixels: Uint8Array | undefined;
    try {
      const bytes = readFileOf(file, what, LIMITS.inputBytes);
      const held = pixelsIn(bytes, ({ width, height }) =>
        width * height > LIMITS.imagePixels
          ? `a PNG of ${width}×${height}, too large for an IMAGE`
          : undefined,
      );
      if (typeof held === 'string') known = `${file} is ${held}`;
      else {
        pixels = held.pixels;
        known = { canvas: held.canvas, checksum: sha256Hex(pixels), fileBytes: bytes.length };
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      known = error.message;
    }
    this.#known.set(file, known);
    this.#last = { file, pixels };
    return known;
  }

  #folder(path: string): Folder {
    let folder = this.#folders.get(path);
    if (folder === undefined) {
      const pngs = pngsIn(path);
      const index = new FileIndex(pngs.slice(0, this.#mostBeside), saidChecksum);
      folder = { index, pngs: pngs.length };
      this.#folders.set(path, folder);
    }
    return folder;
  }

  /** What is known of files that were not taken. */
  #noteWords({ notes, taken }: Search): string {
    const words: string[] = [];
    for (const file of this.#named) {
      if (words.length === NOTES) break;
      const known = this.#known.get(file);
      if (!taken.has(file) && !notes.has(file) && known !== undefined) words.push(describe(file, known));
    }
    return [...words, ...notes.values()]
      .slice(0, NOTES)
      .map((note) => `; ${note}`)
      .join('');
  }
}

/** Notes in a hint about files that were looked at. */
const NOTES = 3;

/** Most files beside a cartridge that are opened for one program and do not hold what they say; each takes 0.2 s at worst. */
export const MOST_LIARS = 16;

/** What one program asks for, and what of it has been found. */
class Search {
  readonly #inputs: readonly Input[];
  readonly found = new Map<string, Uint32Array>();
  /** Files that held something. */
  readonly taken = new Set<string>();
  /** Why files were not taken that seemed to hold something. */
  readonly notes = new Map<string, string>();
  /** Files beside a cartridge that did not hold what they say. */
  liars = 0;
  /** What the files that are still to be taken may have together. */
  leftBytes: number = LIMITS.inputBytes;

  constructor(images: readonly Image[]) {
    this.#inputs = inputsOf(images);
  }

  missing(): Input[] {
    return this.#inputs.filter(({ checksum }) => !this.found.has(checksum));
  }

  take(file: string, fileBytes: number, { checksum }: Input, pixels: Uint8Array): void {
    this.found.set(checksum, packed(pixels));
    this.taken.add(file);
    this.leftBytes -= fileBytes;
  }

  note(file: string, words: string): void {
    if (this.notes.size < NOTES) this.notes.set(file, words);
  }
}

/** Whether a file holds an input. */
function isOf(known: Known, { checksum, width, height }: Input): boolean {
  if (typeof known === 'string' || known.checksum !== checksum) return false;
  const { canvas, fileBytes } = known;
  // Raw RGBA is all of its file.
  if (canvas === undefined) return fileBytes === canvasBytes({ width, height });
  return canvas.width === width && canvas.height === height;
}

function describe(file: string, known: Known): string {
  if (typeof known === 'string') return known;
  const { canvas, checksum } = known;
  const size = canvas === undefined ? 'raw RGBA' : `${canvas.width}×${canvas.height}`;
  return `${file} holds ${size} of checksum ${checksum}`;
}
