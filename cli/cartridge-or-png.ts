/** Where a cartridge will do, and a PNG that has nothing of one as well: which of the two a file is. */
import { openPngImage, type PngImage } from '../shared/cartridge/png-image.ts';
import { isOrdinary } from './inspect.ts';

/**
 * What `read` takes out of a cartridge; of an ordinary PNG the picture, which alone has no `label`.
 *
 * @throws {CartridgeFault} when it is neither; a damaged cartridge is no picture
 */
export function cartridgeOrPng<Read extends { readonly label: unknown }>(
  bytes: Uint8Array,
  read: (bytes: Uint8Array) => Read,
): Read | PngImage {
  try {
    return read(bytes);
  } catch (error) {
    if (!isOrdinary(error)) throw error;
    return openPngImage(bytes);
  }
}
