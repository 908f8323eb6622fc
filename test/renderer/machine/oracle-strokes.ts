/** The oracle's strokes: what each opcode that draws, or changes how, says to the canvas. */
import type { BlendName } from '../../../renderer/display/blends.ts';
import type { FontName } from '../../../renderer/fonts/font.ts';
import type { OpcodeName } from '../../../renderer/language/opcodes.ts';
import { curvePoints } from '../geometry/rules.ts';
import type { Side } from './oracle-letters.ts';
import { curve, ellipse, frame, lines, outline, polygon, rounded, sector } from './oracle-shapes.ts';
import type { OracleSketch } from './oracle-sketch.ts';
import { pack, Undefined } from './oracle-values.ts';

/** The operands of a line, by kind. */
export interface Said {
  readonly values: readonly bigint[];
  /** Of a BLIT, the name of what it draws. */
  readonly word: string;
  readonly text: string;
  readonly line: number;
}

type Stroke = (sketch: OracleSketch, said: Said) => void;

/** A value that must lie in a range. */
function within(value: bigint, least: bigint, most: bigint): number {
  if (value < least || value > most) throw new Undefined('PXL-E005');
  return Number(value);
}

const radius = (value: bigint): number => within(value, 0n, 16383n);

type Four = [bigint, bigint, bigint, bigint];

function fill(sketch: OracleSketch, { values }: Said): void {
  sketch.figure(polygon(sketch.points(...values), sketch.state.winding));
}

function round(sketch: OracleSketch, isFilled: boolean, x: bigint, y: bigint, rx: bigint, ry: bigint): void {
  const radii = [radius(rx), radius(ry)] as const;
  const [px, py] = sketch.points(x, y) as [number, number];
  sketch.figure(isFilled ? ellipse(px, py, ...radii) : outline(px, py, ...radii, sketch.state.pen));
}

function slice(sketch: OracleSketch, { values }: Said, isFilled: boolean): void {
  const [x, y, r, from, to] = values as [...Four, bigint];
  const reach = radius(r);
  const [px, py] = sketch.points(x, y) as [number, number];
  sketch.figure(sector(px, py, reach, Number(from), Number(to), isFilled ? undefined : sketch.state.pen));
}

const polyline: Stroke = (sketch, { values }) =>
  sketch.figure(lines(sketch.points(...values), sketch.state.pen));

export const STROKES: Readonly<Partial<Record<OpcodeName, Stroke>>> = {
  RECT: (sketch, { values }) => sketch.rect(...(values as Four)),
  PIX: (sketch, { values: [x, y] }) => sketch.rect(x!, y!, 1n, 1n),
  CLEAR: (sketch, { values: [color = 0n] }) => sketch.clear(color),
  TXT: (sketch, { values: [x, y], text, line }) => sketch.text(x!, y!, text, line),
  NUM: (sketch, { values: [x, y, value], line }) => sketch.text(x!, y!, String(value), line),
  TEXTBOX: (sketch, { values, text, line }) =>
    sketch.textBox(sketch.rectangle(...(values as Four)), text, line),
  LINE: polyline,
  POLYLINE: polyline,
  BEZ: (sketch, { values }) => {
    const control = sketch.points(...values);
    // A step for every eight segments begun.
    sketch.work += Math.ceil((curvePoints(control).length / 2 - 1) / 8);
    sketch.figure(curve(control, sketch.state.pen));
  },
  TRI: fill,
  POLY: fill,
  BOX: (sketch, { values }) => {
    const [x0, y0, x1, y1] = sketch.rectangle(...(values as Four));
    sketch.figure(frame(x0, y0, x1 - x0, y1 - y0, sketch.state.pen));
  },
  RRECT: (sketch, { values: [x, y, w, h, r] }) => {
    const [x0, y0, x1, y1] = sketch.rectangle(x!, y!, w!, h!);
    sketch.figure(rounded(x0, y0, x1 - x0, y1 - y0, radius(r!)));
  },
  DISC: (sketch, { values: [x, y, r] }) => round(sketch, true, x!, y!, r!, r!),
  CIRC: (sketch, { values: [x, y, r] }) => round(sketch, false, x!, y!, r!, r!),
  FELLI: (sketch, { values }) => round(sketch, true, ...(values as Four)),
  ELLI: (sketch, { values }) => round(sketch, false, ...(values as Four)),
  PIE: (sketch, said) => slice(sketch, said, true),
  ARC: (sketch, said) => slice(sketch, said, false),
  GRAD: (sketch, { values, word }) => {
    const [x, y, w, h, from, to] = values as [...Four, bigint, bigint];
    sketch.gradient(sketch.rectangle(x, y, w, h), from, to, word === 'ACROSS');
  },
  BLIT: (sketch, { values: [x, y, scale = 1n, turns = 0n, flips = 0n], word }) => {
    within(scale, 1n, 64n);
    within(flips, 0n, 3n);
    sketch.blit(word, x!, y!, scale, turns, flips);
  },
  COLOR: (sketch, { values }) => sketch.change({ color: values.length === 1 ? values[0]! : pack(...values) }),
  BLEND: (sketch, { word }) => {
    const replaces = word === 'SRC';
    sketch.change({ replaces, blend: replaces ? 'over' : (word.toLowerCase() as BlendName) });
  },
  PEN: (sketch, { values: [n] }) => sketch.change({ pen: within(n!, 1n, 255n) }),
  FILLRULE: (sketch, { word }) => sketch.change({ winding: word === 'EVENODD' ? 'evenodd' : 'nonzero' }),
  FONT: (sketch, { word }) => sketch.change({ font: word.toLowerCase() as FontName }),
  SIZE: (sketch, { values: [n] }) => sketch.change({ size: within(n!, 1n, 16n) }),
  ALIGN: (sketch, { word }) => sketch.change({ side: word as Side }),
  CLIP: (sketch, { values }) => (values.length === 0 ? sketch.unclip() : sketch.clip(...(values as Four))),
  ORIGIN: (sketch, { values: [x, y] }) => sketch.origin(x!, y!),
  PUSH: (sketch) => sketch.push(),
  POP: (sketch) => sketch.pop(),
};
