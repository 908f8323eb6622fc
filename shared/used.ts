/**
 * What a picture depends on besides its program and canvas: the semantics that its run really touched.
 * The renderer fills the record, the cartridge carries it, and two pictures may differ only where it does.
 */
import { sha256Hex } from './bytes.ts';
import { canonicalText } from './canonical.ts';

/** Versions are whole numbers from 1; names are as the one table of opcodes writes them. */
export interface Used {
  /** Version of the canvas itself: background, opacity, clipping. */
  readonly canvas: number;
  /** Blend rule → version. */
  readonly blend: Readonly<Record<string, number>>;
  /** Opcode → semantic version. */
  readonly opcodes: Readonly<Record<string, number>>;
  /** Function → semantic version; absent where none was called. */
  readonly functions?: Readonly<Record<string, number>>;
  /** Code point (upper-case hex, at least four digits) → the drawn bitmap, as hex; of the font that a run begins with. */
  readonly glyphs: Readonly<Record<string, string>>;
  /** Other fonts that texts were laid out or measured in → version of their metrics; absent where there are none. */
  readonly fonts?: Readonly<Record<string, number>>;
  /** Font, a blank and code point → the drawn bitmap; absent where there are none. */
  readonly font_glyphs?: Readonly<Record<string, string>>;
}

/** `uses`: SHA-256, 64 lower-case hex digits, of the record as canonical JSON (RFC 8785). */
export function usesDigest(used: Used): string {
  return sha256Hex(canonicalText(used));
}
