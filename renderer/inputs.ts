/** The canvases that a program's IMAGEs name: who finds them, and what is said where nobody does. */
import { AuthorFault, type FewComplaints } from '../shared/faults.ts';
import type { Input } from '../shared/inputs.ts';
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

/** Nobody says where the canvas of an IMAGE lies. */
export class InputsMissing extends AuthorFault {}

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
