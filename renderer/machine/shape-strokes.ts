/** Strokes whose pixels are computed row by row: lines, curves, circles and polygons. */
import { CURVE_NUMBERS, cubicPoints, quadraticPoints } from '../geometry/curve.ts';
import { ellipse, ellipseOutline } from '../geometry/ellipse.ts';
import { line, polyline } from '../geometry/line.ts';
import { polygon } from '../geometry/polygon.ts';
import { roundedRectangle } from '../geometry/rounded.ts';
import { sector } from '../geometry/sector.ts';
import type { Sketch } from './sketch.ts';

/** Segments of a curve that one step computes. */
const SEGMENTS_PER_STEP = 8;

/** Numbers of a quadratic curve: its three points. */
const QUADRATIC = 6;

const curve = new Int32Array(CURVE_NUMBERS);

function polygonOf(sketch: Sketch, v: Int32Array, count: number): void {
  sketch.place(v, count / 2);
  polygon(sketch.begin(), sketch.state.clip, v, count / 2, sketch.state.winding);
  sketch.finish();
}

/** By their opcodes; see Stroke in strokes.ts for the parameters. */
export const SHAPE_STROKES = {
  LINE: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 2);
    line(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[3]!, sketch.state.pen);
    sketch.finish();
  },
  POLYLINE: (sketch: Sketch, v: Int32Array, count: number) => {
    sketch.place(v, count / 2);
    polyline(sketch.begin(), sketch.state.clip, v, count / 2, sketch.state.pen);
    sketch.finish();
  },
  BEZ: (sketch: Sketch, v: Int32Array, count: number) => {
    sketch.place(v, count / 2);
    const points = count === QUADRATIC ? quadraticPoints(v, curve) : cubicPoints(v, curve);
    sketch.charge(Math.ceil((points - 1) / SEGMENTS_PER_STEP));
    polyline(sketch.begin(), sketch.state.clip, curve, points, sketch.state.pen);
    sketch.finish();
  },
  TRI: polygonOf,
  POLY: polygonOf,
  DISC: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    ellipse(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[2]!);
    sketch.finish();
  },
  CIRC: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    ellipseOutline(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[2]!, sketch.state.pen);
    sketch.finish();
  },
  FELLI: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    ellipse(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[3]!);
    sketch.finish();
  },
  ELLI: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    ellipseOutline(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[3]!, sketch.state.pen);
    sketch.finish();
  },
  PIE: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sector(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, 0);
    sketch.finish();
  },
  ARC: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sector(sketch.begin(), sketch.state.clip, v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, sketch.state.pen);
    sketch.finish();
  },
  RRECT: (sketch: Sketch, v: Int32Array) => {
    const { originX, originY } = sketch.state;
    roundedRectangle(
      sketch.begin(),
      sketch.state.clip,
      v[0]! + originX,
      v[1]! + originY,
      v[2]!,
      v[3]!,
      v[4]!,
    );
    sketch.finish();
  },
} as const;
