/** The canvases of a program's IMAGEs in the files that a command names: each is read, and believed where it holds them. */
import { inputPixels } from '../shared/cartridge/input-pixels.ts';
import { HostFault, PeerFault } from '../shared/faults.ts';
import type { Input, InputPaths } from '../shared/inputs.ts';
import { LIMITS } from '../shared/limits.ts';
import { type FindImages, inputsMissing, inputsOf } from './inputs.ts';

/**
 * Reads a file that somebody else wrote: regular files only, without blocking, never more than `maxBytes`; undefined
 * when it is not there.
 *
 * @throws {PeerFault} where it must not be read
 * @throws {HostFault} where it cannot be
 */
export type ReadFile = (path: string, maxBytes: number) => Uint8Array | undefined;

const MENDING = 'Put a file that holds them there, and ask again; a row is tried again by itself.';

/** The file of an input is not there, cannot be read, or holds something else: it may be mended. */
export class InputFault extends HostFault {
  constructor(path: string, { checksum, width, height }: Input, found: string) {
    const message = `Expected ${width}×${height} pixels of checksum ${checksum} at ${path}, found ${found}`;
    super('read', path, message, { retryable: true, hint: MENDING });
  }
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
