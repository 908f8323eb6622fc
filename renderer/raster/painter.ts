/** The painter: what turns an encoded display list into pixels, on whatever it runs on. */
import type { EncodedList } from '../display/builder.ts';

export type Backend = 'cpu' | 'gpu';

/** Who paints, and why that one. */
export interface Standing {
  readonly backend: Backend;
  /** What paints, in words for people: the adapter's name, or what stands in for it. */
  readonly adapter: string;
  /** Why this backend, in words that can follow a colon. */
  readonly reason: string;
  /** `degraded` while the CPU stands in for a GPU that ought to paint. */
  readonly health: 'ok' | 'degraded';
}

/** A finished picture and who painted it. */
export interface Painted {
  /** RGBA8, row-major, `width * height * 4` bytes in memory of its own. */
  readonly pixels: Uint8Array;
  readonly backend: Backend;
  readonly adapter: string;
  /** Compute dispatches that the GPU ran for this picture; 0 on the CPU. */
  readonly dispatches: number;
  /** Why the CPU stepped in for a GPU; undefined when the painter that was chosen has painted. */
  readonly standIn: string | undefined;
}

export interface Painter {
  /** Who would paint now. */
  readonly standing: Standing;
  /** Paints a whole canvas. The same list gives the same bytes from every painter. */
  paint(list: EncodedList): Painted | Promise<Painted>;
}
