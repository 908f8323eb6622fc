/** Belief: pixels count only when their length and SHA-256 are what the reply says. */
import { sha256Hex } from '../bytes.ts';
import type { OkReply, Reply } from './reply.ts';

/** A reply whose pixels, if it has any, were held to what it says of them. */
export interface Collected {
  readonly reply: Reply;
  readonly pixels: Uint8Array | undefined;
  /** The SHA-256 that was found when the pixels were looked at, so that nobody needs to compute it again. */
  readonly digest?: string;
}

/** An answer that cannot be believed: not a reply, or pixels that are not what the reply says. */
export interface Unbelievable {
  readonly unbelievable: string;
}

/** Holds pixels to what their reply says of them. */
export function believe(reply: OkReply, pixels: Uint8Array | undefined): Collected | Unbelievable {
  const expected = reply.width * reply.height * 4;
  if (reply.bytes !== expected || pixels?.length !== expected) {
    return { unbelievable: `Expected ${expected} bytes of pixels, found ${pixels?.length ?? 'none'}` };
  }
  const digest = sha256Hex(pixels);
  if (digest !== reply.sha256) {
    return { unbelievable: "Expected pixels with the reply's SHA-256, found others" };
  }
  return { reply, pixels, digest };
}
