/** Pressing a large answer: its pixels are read, held to their reply and pressed, in whichever thread that is. */
import { press } from '../../shared/cartridge/press.ts';
import { PeerFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import { believe, type Unbelievable } from '../../shared/protocol/belief.ts';
import type { LargeAnswer } from '../doors.ts';

/**
 * The cartridge's bytes.
 *
 * @throws {HostFault} when the pixels cannot be read; what `press` throws
 */
export function pressAnswer(files: Files, answer: LargeAnswer): Uint8Array | Unbelievable {
  const { reply, pixelFile, inscription } = answer;
  const pixels = read(files, pixelFile, reply.bytes);
  if (pixels !== undefined && 'unbelievable' in pixels) return pixels;
  const believed = believe(reply, pixels);
  if ('unbelievable' in believed) return believed;
  const { digest } = believed;
  return press({
    ...inscription,
    pixels: believed.pixels ?? new Uint8Array(0),
    ...(digest === undefined ? {} : { digest }),
  });
}

function read(files: Files, path: string, maxBytes: number): Uint8Array | Unbelievable | undefined {
  try {
    return files.read(path, maxBytes);
  } catch (error) {
    if (error instanceof PeerFault) return { unbelievable: error.message };
    throw error;
  }
}
