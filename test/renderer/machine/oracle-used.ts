/** The oracle's record of what a run used, put together by the words of the language's page. */
import { BLENDS, type BlendName } from '../../../renderer/display/blends.ts';
import { type FontName, fontNamed } from '../../../renderer/fonts/font.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import type { Used } from '../../../shared/used.ts';
import { glyphOf } from './oracle-letters.ts';

/** What the oracle saw of a run. */
export interface Seen {
  /** Opcodes that cost a step. */
  readonly opcodes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Fonts that texts were laid out in, each with the code points of the glyphs that touched the canvas. */
  readonly letters: ReadonlyMap<FontName, ReadonlySet<number>>;
  /** Of what touched the canvas. */
  readonly blends: ReadonlySet<BlendName>;
}

export function usedOf({ opcodes, functions, letters, blends }: Seen): Used {
  const others = [...letters].filter(([font]) => font !== 'gvpie');
  const glyphs = others.flatMap(([font, codes]) =>
    [...codes].map((code) => [`${font} ${hexOf(code)}`, bitmapOf(code, font)]),
  );
  const own = [...(letters.get('gvpie') ?? [])].map((code) => [hexOf(code), bitmapOf(code, 'gvpie')]);
  return {
    canvas: 1,
    blend: Object.fromEntries(
      BLENDS.filter(({ name }) => blends.has(name)).map(({ rule, version }) => [rule, version]),
    ),
    opcodes: versions(opcodes, OPCODES),
    ...(functions.size > 0 ? { functions: versions(functions, FUNCTIONS) } : {}),
    glyphs: Object.fromEntries(own),
    ...(others.length > 0
      ? { fonts: Object.fromEntries(others.map(([font]) => [font, fontNamed(font).version])) }
      : {}),
    ...(glyphs.length > 0 ? { font_glyphs: Object.fromEntries(glyphs) } : {}),
  };
}

function versions(
  names: ReadonlySet<string>,
  rows: readonly { readonly name: string; readonly version: number }[],
): Record<string, number> {
  return Object.fromEntries(
    [...names].map((name) => [name, rows.find((row) => row.name === name)?.version as number]),
  );
}

function hexOf(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}

/** Width and height in two hex digits each, then each row in two, as no font here is wider than eight. */
function bitmapOf(code: number, font: FontName): string {
  const { width, height, rows } = glyphOf(code, font).bitmap;
  return Buffer.from([width, height, ...rows]).toString('hex');
}
