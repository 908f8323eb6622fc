/** The canvases that a program's IMAGEs name: found by whoever renders it, in files that a command or a person names. */
import { inputPixels } from '../shared/cartridge/input-pixels.ts';
import { AuthorFault, type FewComplaints, HostFault, PeerFault } from '../shared/faults.ts';
import type { Input, InputPaths } from '../shared/inputs.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Image } from './language/ast.ts';
import type { ImagePixels } from './machine/pictures.ts';

/**
 * Finds the canvases of all of a program's IMAGEs.
 *
 * @throws {InputsMissing} where it knows of no file for one
 * @throws {InputFault} where a file is not what it should be
 */
export type FindImages = (images: readonly Image[]) => ImagePixels | Promise<ImagePixels>;

/**
 * Reads a file that somebody else wrote: regular files only, without blocking, never more than `maxBytes`; undefined
 * when it is not there.
 *
 * @throws {PeerFault} where it must not be read
 * @throws {HostFault} where it cannot be
 */
export type ReadFile = (path: string, maxBytes: number) => Uint8Array | undefined;

/** Nobody says where the canvas of an IMAGE lies. */
export class InputsMissing extends AuthorFault {}

const MENDING = 'Put a file that holds them there, and ask again; a row is tried again by itself.';

/** The file of an input is not there, cannot be read, or holds something else: it may be mended. */
export class InputFault extends HostFault {
  constructor(path: string, { checksum, width, height }: Input, found: string) {
    const message = `Expected ${width}×${height} pixels of checksum ${checksum} at ${path}, found ${found}`;
    super('read', path, message, { retryable: true, hint: MENDING });
  }
}

/**
 * Each of the canvases, once, in the order in which they are declared.
 *
 * @param images where two have one checksum, they have one size
 */
export function inputsOf(images: readonly Image[]): Input[] {
  const inputs = new Map(
    images.map(({ checksum, width, height }) => [checksum, { checksum, width, height }]),
  );
  return [...inputs.values()];
}

/** @param missing at least one @param hintOn what to do about one of them */
export function inputsMissing(missing: readonly Image[], hintOn: (image: Image) => string): InputsMissing {
  const complaints = missing.slice(0, LIMITS.errors).map((image) => {
    const { name, checksum, width, height, line } = image;
    const message = `Expected an input for IMAGE ${name}, ${width}×${height} pixels of checksum ${checksum}, found none`;
    return { code: 'CMD-E013', message, line, hint: hintOn(image) };
  });
  return new InputsMissing(complaints as unknown as FewComplaints);
}

/**
 * Finds them in the files that a command names. Files that no IMAGE asks for are not opened.
 *
 * @param breathe lets other work have its turn: thousands of inputs take seconds
 */
export function imagesAt(paths: InputPaths, read: ReadFile, breathe: () => Promise<void>): FindImages {
  return async (images) => {
    const missing = images.filter(({ checksum }) => !Object.hasOwn(paths, checksum));
    if (missing.length > 0) {
      throw inputsMissing(missing, ({ checksum }) => {
        return `"inputs" of the command says where it lies: {"${checksum}":"/…"}`;
      });
    }
    const found = new Map<string, Uint32Array>();
    let leftBytes: number = LIMITS.inputBytes;
    for (const input of inputsOf(images)) {
      const path = paths[input.checksum] as string;
      const bytes = readInput(path, leftBytes, input, read);
      leftBytes -= bytes.length;
      const pixels = inputPixels(bytes, input);
      if (typeof pixels === 'string') throw new InputFault(path, input, pixels);
      found.set(input.checksum, pixels);
      await breathe();
    }
    return found;
  };
}

function readInput(path: string, maxBytes: number, input: Input, read: ReadFile): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = read(path, maxBytes);
  } catch (error) {
    if (!(error instanceof PeerFault || error instanceof HostFault)) throw error;
    throw new InputFault(path, input, `no file that can be read: ${error.message}`);
  }
  if (bytes === undefined) throw new InputFault(path, input, 'no file');
  return bytes;
}
