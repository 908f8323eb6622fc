/** Pressing a large answer: its pixels are read, held to their reply and pressed, in whichever thread that is. */
import { sha256Hex } from '../../shared/bytes.ts';
import { press } from '../../shared/cartridge/press.ts';
import { PeerFault } from '../../shared/faults.ts';
import type { Files } from '../../shared/host/files.ts';
import { believe, type Unbelievable } from '../../shared/protocol/belief.ts';
import type { LargeAnswer, Pressed } from '../doors.ts';
import { judgePicture } from '../expect.ts';

/**
 * The cartridge; where the picture is not as it has to be, with the evidence.
 *
 * @throws {HostFault} when the pixels cannot be read; what `press` throws
 */
export function pressAnswer(files: Files, answer: LargeAnswer): Pressed | Unbelievable {
  const { reply, pixelFile, inscription, expectation } = answer;
  const pixels = read(files, pixelFile, reply.bytes);
  if (pixels !== undefined && 'unbelievable' in pixels) return pixels;
  const believed = believe(reply, pixels);
  if ('unbelievable' in believed) return believed;
  const { digest, pixels: held = new Uint8Array(0) } = believed;
  const bytes = press({ ...inscription, pixels: held, ...(digest === undefined ? {} : { digest }) });
  const evidence = expectation && judgePicture(expectation, held, reply.sha256);
  return { bytes, sha256: sha256Hex(bytes), ...(evidence === undefined ? {} : { evidence }) };
}

function read(files: Files, path: string, maxBytes: number): Uint8Array | Unbelievable | undefined {
  try {
    return files.read(path, maxBytes);
  } catch (error) {
    if (error instanceof PeerFault) return { unbelievable: error.message };
    throw error;
  }
}
