/** The painter: what turns an encoded display list into pixels, on whatever it runs on. */
import type { EncodedList } from '../display/encode.ts';

export type Backend = 'cpu' | 'gpu';

export interface Painter {
  readonly backend: Backend;
  /** What paints, in words for people: the adapter's name, or what stands in for it. */
  readonly adapter: string;
  /**
   * Paints a whole canvas: RGBA8, row-major, `width * height * 4` bytes in memory of its own.
   * The same list gives the same bytes from every painter.
   */
  paint(list: EncodedList): Uint8Array | Promise<Uint8Array>;
}
