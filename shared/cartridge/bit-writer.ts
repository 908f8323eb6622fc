/** A writer of bits into bytes, the first into the lowest place, as deflate has them. */
export class BitWriter {
  /** What is written so far, and room. */
  bytes = new Uint8Array(0);
  /** How many bytes are full. */
  length = 0;
  /** The bits behind these: fewer than 8. */
  pending = 0;
  pendingBits = 0;

  /** Begins new bytes, with the bits that filled none of those before. @param room more than is written, bytes */
  begin(room: number): void {
    this.bytes = new Uint8Array(room);
    this.length = 0;
  }

  /** Always writes three bytes, of which the next call writes some again: a branch would often be mispredicted. */
  append(value: number, bits: number): void {
    const at = this.length;
    const pending = this.pending | (value << this.pendingBits);
    const size = this.pendingBits + bits;
    this.bytes[at] = pending;
    this.bytes[at + 1] = pending >>> 8;
    this.bytes[at + 2] = pending >>> 16;
    this.length = at + (size >>> 3);
    this.pending = pending >>> (size & 24);
    this.pendingBits = size & 7;
  }

  /** The full bytes. */
  full(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** The bits behind them as a last byte, if there are any. */
  rest(): Uint8Array {
    return this.pendingBits === 0 ? new Uint8Array(0) : Uint8Array.of(this.pending);
  }
}
