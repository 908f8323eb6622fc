/** The letters of a font at one size, each looked up once in a run. */
import type { Bitmap } from '../display/list.ts';
import type { Font } from '../fonts/font.ts';
import { type Box, scaled } from '../fonts/scaled.ts';
import { Stamp } from './stamp.ts';

/** How a code point is drawn. */
export interface Letter {
  readonly code: number;
  /** Its glyph, or the box where the font has none. */
  readonly bitmap: Bitmap;
  readonly isMissing: boolean;
  /** At its size: a stamp, or rectangles from its top left where it is too large for one. */
  readonly stamp: Stamp | undefined;
  readonly boxes: readonly Box[];
  /** Whether it was seen. */
  isSeen: boolean;
}

/** Code points that are found without a search. */
const NEAR = 128;

export class Letters {
  readonly #font: Font;
  readonly #size: number;
  readonly #near: (Letter | undefined)[] = new Array<undefined>(NEAR).fill(undefined);
  readonly #far = new Map<number, Letter>();
  /** From one letter's left edge to the next one's, and the cell of each, pixels. */
  readonly advance: number;
  readonly width: number;
  readonly height: number;
  /** What was seen of the font by code point, at whatever size. */
  readonly seen: Map<number, Bitmap>;

  constructor(font: Font, size: number, seen: Map<number, Bitmap>) {
    this.#font = font;
    this.#size = size;
    this.seen = seen;
    this.advance = font.advance * size;
    this.width = font.width * size;
    this.height = font.height * size;
  }

  of(code: number): Letter {
    return (code < NEAR ? this.#near[code] : this.#far.get(code)) ?? this.#make(code);
  }

  #make(code: number): Letter {
    const glyph = this.#font.glyph(code);
    const bitmap = glyph ?? this.#font.missing;
    const large = scaled(bitmap, this.#size);
    const letter: Letter = {
      code,
      bitmap,
      isMissing: glyph === undefined,
      stamp: large.kind === 'bitmap' ? new Stamp(large.bitmap) : undefined,
      boxes: large.kind === 'boxes' ? large.boxes : [],
      isSeen: false,
    };
    if (code < NEAR) this.#near[code] = letter;
    else this.#far.set(code, letter);
    return letter;
  }
}
