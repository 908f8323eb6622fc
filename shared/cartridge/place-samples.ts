/** Placing samples: one row of a PNG, in any form of at most 8 bits a sample, becomes RGBA8 where its pixels belong. */
import type { Form } from './image-frame.ts';

/**
 * Places one row.
 *
 * @param samples its bytes, without a filter
 * @param columns its pixels
 * @param out the whole picture, at an offset that 4 divides
 * @param at where in `out` the first pixel is
 * @param step bytes from one pixel to the next
 * @returns the first index that the palette does not have
 */
type Place = (
  samples: Uint8Array,
  columns: number,
  out: Uint8Array,
  at: number,
  step: number,
) => { readonly column: number; readonly index: number } | undefined;

/** How the rows of a form are placed. */
export function placingOf({ header, colors, clear }: Form): Place {
  const { colorType, depth } = header;
  if (colorType === 3) return placeIndices(depth, lookUp(colors ?? new Uint8Array(0), clear));
  if (colorType === 0) return placeIndices(depth, greys(depth, clear));
  if (colorType === 2) return placeRgb(clear);
  return colorType === 4 ? placeGreyAlpha : placeRgba;
}

/** Grey has few values: they are a palette of their own. */
function greys(depth: number, clear: Uint8Array | undefined): Uint8Array {
  const highest = (1 << depth) - 1;
  const table = new Uint8Array(4 * (highest + 1));
  for (let sample = 0; sample <= highest; sample++) {
    // 255 is divided by 1, 3, 15 and 255 without a remainder.
    table.fill((sample * 255) / highest, 4 * sample, 4 * sample + 3);
    table[4 * sample + 3] = 255;
  }
  // Of 16 bits, those that a sample has.
  if (clear !== undefined) table[4 * (clear[1]! & highest) + 3] = 0;
  return table;
}

/** The colours with an alpha behind each. */
function lookUp(colors: Uint8Array, clear: Uint8Array | undefined): Uint8Array {
  const table = new Uint8Array((colors.length / 3) * 4);
  for (let index = 0; 4 * index < table.length; index++) {
    table.set(colors.subarray(3 * index, 3 * index + 3), 4 * index);
    table[4 * index + 3] = clear?.[index] ?? 255;
  }
  return table;
}

/** @param table R, G, B and A of each index */
function placeIndices(depth: number, table: Uint8Array): Place {
  const mask = (1 << depth) - 1;
  // Pixels are copied as words, in whatever order this machine has their bytes.
  const colors = new Uint32Array(table.buffer, 0, table.length / 4);
  return (samples, columns, out, at, step) => {
    const words = new Uint32Array(out.buffer, out.byteOffset, out.length / 4);
    for (let x = 0, to = at / 4; x < columns; x++, to += step / 4) {
      const bit = x * depth;
      const index = (samples[bit >>> 3]! >>> (8 - depth - (bit & 7))) & mask;
      if (index >= colors.length) return { column: x, index };
      words[to] = colors[index]!;
    }
    return undefined;
  };
}

/** @param clear the one colour that is clear, each sample in 16 bits of which the lower 8 count */
function placeRgb(clear: Uint8Array | undefined): Place {
  const [, red, , green, , blue] = clear ?? [];
  return (samples, columns, out, at, step) => {
    for (let x = 0, to = at; x < columns; x++, to += step) {
      const [r, g, b] = [samples[3 * x]!, samples[3 * x + 1]!, samples[3 * x + 2]!];
      out[to] = r;
      out[to + 1] = g;
      out[to + 2] = b;
      out[to + 3] = r === red && g === green && b === blue ? 0 : 255;
    }
    return undefined;
  };
}

const placeGreyAlpha: Place = (samples, columns, out, at, step) => {
  for (let x = 0, to = at; x < columns; x++, to += step) {
    out.fill(samples[2 * x]!, to, to + 3);
    out[to + 3] = samples[2 * x + 1]!;
  }
  return undefined;
};

const placeRgba: Place = (samples, columns, out, at, step) => {
  for (let x = 0, to = at; x < columns; x++, to += step) {
    out[to] = samples[4 * x]!;
    out[to + 1] = samples[4 * x + 1]!;
    out[to + 2] = samples[4 * x + 2]!;
    out[to + 3] = samples[4 * x + 3]!;
  }
  return undefined;
};
