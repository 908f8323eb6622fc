/** The drawing state: how shapes are drawn; what PUSH saves and POP brings back. */
import type { Canvas } from '../../shared/canvas.ts';
import type { BlendNumber } from '../display/blends.ts';
import { BLEND_OVER } from '../display/encoding.ts';
import { WHITE } from '../display/list.ts';
import { type Font, fontNamed } from '../fonts/font.ts';
import type { Winding } from '../geometry/polygon.ts';
import type { Clip } from '../geometry/spans.ts';
import type { Ink } from './surface.ts';

const OPAQUE = 0xff000000;

export type Alignment = 'LEFT' | 'CENTER' | 'RIGHT';

export interface DrawingState {
  /** Packed, R in the low byte; unsigned. */
  color: number;
  blend: BlendNumber;
  /** SRC: drawn as OVER, but opaque. */
  replaces: boolean;
  /** Width of lines and outlines, pixels. */
  pen: number;
  winding: Winding;
  font: Font;
  /** The multiple that the font is drawn at. */
  size: number;
  alignment: Alignment;
  clip: Clip;
  originX: number;
  originY: number;
}

/** The state that a run begins with. */
export function initialState(canvas: Canvas): DrawingState {
  return {
    color: WHITE,
    blend: BLEND_OVER,
    replaces: false,
    pen: 1,
    winding: 'nonzero',
    font: fontNamed('gvpie'),
    size: 1,
    alignment: 'LEFT',
    clip: whole(canvas),
    originX: 0,
    originY: 0,
  };
}

export function whole({ width, height }: Canvas): Clip {
  return { x0: 0, y0: 0, x1: width, y1: height };
}

/** What a shape of `color` is drawn with: SRC replaces, and the canvas stays opaque. */
export function stateInk({ blend, replaces }: DrawingState, color: number): Ink {
  return { color: replaces ? opaque(color) : color, blend };
}

export function opaque(color: number): number {
  return (color | OPAQUE) >>> 0;
}
