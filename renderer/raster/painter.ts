/** The painter: what turns an encoded display list into pixels, on whatever it runs on. */
import type { EncodedList } from '../display/builder.ts';
import type { Progress } from '../progress.ts';

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
  /** RGBA8, row-major, `width * height * 4` bytes that stay as they are until they are released. */
  readonly pixels: Uint8Array;
  /**
   * Says that nobody needs `pixels` any more, whose memory another picture may then have; nothing the second time. Who
   * never says it keeps them for good. Undefined where they are in memory of their own.
   */
  readonly release?: () => void;
  readonly backend: Backend;
  readonly adapter: string;
  /** Compute dispatches that the GPU ran for this picture; 0 on the CPU. */
  readonly dispatches: number;
  /** Why the CPU stepped in for a GPU; undefined when the painter that was chosen has painted. */
  readonly standIn: string | undefined;
  /** Why this backend was chosen for this picture; absent where it was for all of them, as the standing says. */
  readonly choice?: string;
}

/** A picture's pixels in memory of their own; where they are has been released. */
export function ownPixels({ pixels, release }: Pick<Painted, 'pixels' | 'release'>): Uint8Array {
  if (release === undefined) return pixels;
  try {
    return new Uint8Array(pixels);
  } finally {
    release();
  }
}

export interface Painter {
  /** Who would paint now. */
  readonly standing: Standing;
  /**
   * Paints a whole canvas. The same list gives the same bytes from every painter.
   *
   * @param progress hears how much is painted, of what takes more than one turn
   */
  paint(list: EncodedList, progress?: Progress): Painted | Promise<Painted>;
}
