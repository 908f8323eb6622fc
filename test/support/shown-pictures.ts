/** The pictures that the pages show: cartridges, which programs of the pages may have as IMAGEs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imagesAt } from '../../renderer/input-files.ts';
import type { FindImages } from '../../renderer/inputs.ts';
import type { Image } from '../../renderer/language/ast.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { invariant } from '../../shared/faults.ts';
import { packageRoot } from '../../shared/host/package-root.ts';

/** Where they lie that are made before any that shows another. */
const FOLDER = 'docs/tour';

/** The file of an image's canvas, from the repository root. @throws {Error} when none has it */
export function shownPicture({ name, checksum }: Pick<Image, 'name' | 'checksum'>): string {
  const files = readdirSync(join(packageRoot(), FOLDER)).map((file) => join(FOLDER, file));
  const found = files.find((file) => openCartridge(read(file)).label.checksum === checksum);
  invariant(found !== undefined, `the IMAGE ${name} is a picture in ${FOLDER}`);
  return found;
}

/** Finds them there. */
export const findShown: FindImages = (images) => {
  const paths = Object.fromEntries(images.map((image) => [image.checksum, shownPicture(image)]));
  return imagesAt(paths, read, async () => {})(images);
};

function read(path: string): Uint8Array {
  return readFileSync(join(packageRoot(), path));
}
