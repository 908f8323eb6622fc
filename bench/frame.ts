/** The frame in which peers send an answer: two lengths, the reply as JSON, the pixels as they are. */

/** Two unsigned 32-bit lengths, little-endian: reply, pixels. */
const FRAME_HEAD = 8;

/** One buffer, so that one write sends it. */
export function packAnswer(reply: string, pixels: Uint8Array): Buffer {
  const replyBytes = Buffer.byteLength(reply);
  const frame = Buffer.allocUnsafe(FRAME_HEAD + replyBytes + pixels.length);
  frame.writeUInt32LE(replyBytes, 0);
  frame.writeUInt32LE(pixels.length, 4);
  frame.write(reply, FRAME_HEAD);
  frame.set(pixels, FRAME_HEAD + replyBytes);
  return frame;
}

/** Bytes of the whole frame that begins with `head`; undefined while too few are there to tell. */
export function frameLength(head: Buffer): number | undefined {
  return head.length < FRAME_HEAD ? undefined : FRAME_HEAD + head.readUInt32LE(0) + head.readUInt32LE(4);
}

/** The reply and the pixels, the latter as a view. */
export function unpackAnswer(frame: Buffer): { reply: string; pixels: Uint8Array } {
  const replyEnd = FRAME_HEAD + frame.readUInt32LE(0);
  return { reply: frame.toString('utf8', FRAME_HEAD, replyEnd), pixels: frame.subarray(replyEnd) };
}
