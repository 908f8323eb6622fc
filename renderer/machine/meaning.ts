/**
 * What the language means now: one digest over everything that the record of a run may name, see used.ts. Two
 * renderers that announce the same one give the same picture for the same work, whatever they paint on.
 */
import { sha256Hex } from '../../shared/bytes.ts';
import { canonicalText } from '../../shared/canonical.ts';
import { LANGUAGE } from '../../shared/cartridge/label.ts';
import { BLENDS } from '../display/blends.ts';
import { FONT_NAMES, type Font, fontNamed } from '../fonts/font.ts';
import { FUNCTIONS } from '../language/functions.ts';
import { OPCODES } from '../language/opcodes.ts';
import { bitmapHex, CANVAS_VERSION } from './used.ts';

interface Versioned {
  readonly name: string;
  readonly version: number;
}

/** Where the meaning stands. */
export interface Meaning {
  readonly language: Versioned;
  readonly canvas: number;
  readonly blends: readonly { readonly rule: string; readonly version: number }[];
  readonly opcodes: readonly Versioned[];
  readonly functions: readonly Versioned[];
  readonly fonts: readonly Pick<Font, 'name' | 'version' | 'shapes' | 'missing'>[];
}

export function meaning(): Meaning {
  return {
    language: LANGUAGE,
    canvas: CANVAS_VERSION,
    blends: BLENDS,
    opcodes: OPCODES,
    functions: FUNCTIONS,
    fonts: FONT_NAMES.map(fontNamed),
  };
}

/** SHA-256, 64 lower-case hex digits, of all of it as canonical JSON; of the tables of fonts as they are packed. */
export function semanticsOf({ language, canvas, blends, opcodes, functions, fonts }: Meaning): string {
  return sha256Hex(
    canonicalText({
      language,
      canvas,
      blend: Object.fromEntries(blends.map(({ rule, version }) => [rule, version])),
      opcodes: versionsOf(opcodes),
      functions: versionsOf(functions),
      fonts: versionsOf(fonts),
      glyphs: Object.fromEntries(
        fonts.map(({ name, shapes, missing }) => [name, { shapes: shapes(), missing: bitmapHex(missing) }]),
      ),
    }),
  );
}

function versionsOf(rows: readonly Versioned[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ name, version }) => [name, version]));
}
