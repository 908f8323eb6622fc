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
  sketch.shape((spans, clip) => polygon(spans, clip, v, count / 2, sketch.state.winding));
}

/** By their opcodes; see Stroke in strokes.ts for the parameters. */
export const SHAPE_STROKES = {
  LINE: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 2);
    sketch.shape((spans, clip) => line(spans, clip, v[0]!, v[1]!, v[2]!, v[3]!, sketch.state.pen));
  },
  POLYLINE: (sketch: Sketch, v: Int32Array, count: number) => {
    sketch.place(v, count / 2);
    sketch.shape((spans, clip) => polyline(spans, clip, v, count / 2, sketch.state.pen));
  },
  BEZ: (sketch: Sketch, v: Int32Array, count: number) => {
    sketch.place(v, count / 2);
    const points = count === QUADRATIC ? quadraticPoints(v, curve) : cubicPoints(v, curve);
    sketch.charge(Math.ceil((points - 1) / SEGMENTS_PER_STEP));
    sketch.shape((spans, clip) => polyline(spans, clip, curve, points, sketch.state.pen));
  },
  TRI: polygonOf,
  POLY: polygonOf,
  DISC: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sketch.shape((spans, clip) => ellipse(spans, clip, v[0]!, v[1]!, v[2]!, v[2]!));
  },
  CIRC: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sketch.shape((spans, clip) => ellipseOutline(spans, clip, v[0]!, v[1]!, v[2]!, v[2]!, sketch.state.pen));
  },
  FELLI: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sketch.shape((spans, clip) => ellipse(spans, clip, v[0]!, v[1]!, v[2]!, v[3]!));
  },
  ELLI: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sketch.shape((spans, clip) => ellipseOutline(spans, clip, v[0]!, v[1]!, v[2]!, v[3]!, sketch.state.pen));
  },
  PIE: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sketch.shape((spans, clip) => sector(spans, clip, v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, 0));
  },
  ARC: (sketch: Sketch, v: Int32Array) => {
    sketch.place(v, 1);
    sketch.shape((spans, clip) => sector(spans, clip, v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, sketch.state.pen));
  },
  RRECT: (sketch: Sketch, v: Int32Array) => {
    const { originX, originY } = sketch.state;
    sketch.shape((spans, clip) =>
      roundedRectangle(spans, clip, v[0]! + originX, v[1]! + originY, v[2]!, v[3]!, v[4]!),
    );
  },
} as const;
