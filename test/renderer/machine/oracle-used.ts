/** The oracle's record of what a run used, put together by the words of the language's page. */
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { glyphFor, MISSING_GLYPH } from '../../../renderer/raster/font.ts';
import type { Used } from '../../../shared/used.ts';

/** What the oracle saw of a run. */
export interface Seen {
  /** Opcodes that cost a step. */
  readonly opcodes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Code points of the glyphs that touched the canvas. */
  readonly glyphs: ReadonlySet<number>;
  /** Whether anything did. */
  readonly drew: boolean;
}

export function usedOf({ opcodes, functions, glyphs, drew }: Seen): Used {
  return {
    canvas: 1,
    blend: drew ? { 'src-over': 1 } : {},
    opcodes: versions(opcodes, OPCODES),
    ...(functions.size > 0 ? { functions: versions(functions, FUNCTIONS) } : {}),
    glyphs: Object.fromEntries(
      [...glyphs].map((code) => [code.toString(16).toUpperCase().padStart(4, '0'), bitmapOf(code)]),
    ),
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

/** Width and height in two hex digits each, then seven rows of two. */
function bitmapOf(code: number): string {
  const { width, height, rows } = glyphFor(code) ?? MISSING_GLYPH;
  return Buffer.from([width, height, ...rows]).toString('hex');
}
