/** The witness of a run: who is told which line drew what. Nobody is, unless it is asked where something was used. */
import type { Shape } from '../display/list.ts';
import type { Font } from '../fonts/font.ts';

/** What has been drawn so far. */
export interface Drawing {
  /** Shapes that have reached the display list. */
  readonly listed: number;
  /** The shapes of the list from number `from` on. */
  drawn(from: number): Shape[];
}

/** Lines are the program's, from 1. */
export interface Witness {
  /** A letter was seen, of whatever size. */
  letter(font: Font, code: number, line: number): void;
  /** A text was laid out or measured in a font. */
  font(font: Font, line: number): void;
  /** A statement that draws is over. */
  struck(drawing: Drawing, line: number): void;
}
