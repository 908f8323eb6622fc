/** The points of Bézier curves against their rule, and the curves that polylines make of them. */
import { describe, expect, it } from 'vitest';
import { CURVE_NUMBERS, cubicPoints, quadraticPoints } from '../../../renderer/geometry/curve.ts';
import { polyline } from '../../../renderer/geometry/line.ts';
import { Spans } from '../../../renderer/geometry/spans.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { clip } from './clips.ts';
import { objections } from './compare.ts';
import { curvePoints, polylineRule } from './rules.ts';

function pointsOf(control: readonly number[]): number[] {
  const points = new Int32Array(CURVE_NUMBERS);
  const make = control.length === 6 ? quadraticPoints : cubicPoints;
  // Numbers beyond the control points must mean nothing.
  const count = make(Int32Array.from([...control, 9999, -9999, 5, 5]), points);
  return [...points.subarray(0, 2 * count)];
}

describe('the points of a curve', () => {
  it.each([6, 8])('of %i numbers are their rule, near and far', (length) => {
    const between = seededBetween(60 + length);
    for (let round = 0; round < 60; round++) {
      const far = [3, 20, 300, 16384][round % 4]!;
      const control = Array.from({ length }, () => between(-far, far));
      expect(pointsOf(control), `seed ${60 + length}: ${control}`).toEqual(curvePoints(control));
    }
  });

  it('of a straight and even one are its ends', () => {
    expect(pointsOf([0, 0, 5, 7, 10, 14])).toEqual([0, 0, 10, 14]);
    expect(pointsOf([0, 0, 5, 7, 10, 14, 15, 21])).toEqual([0, 0, 15, 21]);
    expect(pointsOf([4, 4, 4, 4, 4, 4])).toEqual([4, 4, 4, 4]);
  });

  it('are one more where the bend reaches a square: with 3 two, with 4 three', () => {
    expect(pointsOf([0, 0, 0, 0, 3, 0])).toHaveLength(2 * 3);
    expect(pointsOf([0, 0, 0, 0, 4, 0])).toHaveLength(2 * 4);
    expect(pointsOf([0, 0, 0, 0, 0, -8])).toHaveLength(2 * 4);
    expect(pointsOf([0, 0, 0, 0, 0, -9])).toHaveLength(2 * 5);
    // Of a cubic three times the larger of both bends: 3 · 5 and 3 · 6.
    expect(pointsOf([0, 0, 0, 0, 0, 5, 0, 10])).toHaveLength(2 * 5);
    expect(pointsOf([0, 0, 0, 0, 0, 6, 0, 12])).toHaveLength(2 * 6);
  });

  it('round halves up, below 0 too', () => {
    // Two segments; the middle is ¼ of the last point and ½ of the middle one.
    expect(pointsOf([0, 0, 0, 0, 2, -2]).slice(2, 4)).toEqual([1, 0]);
    expect(pointsOf([0, 0, 0, 0, -2, 3]).slice(2, 4)).toEqual([0, 1]);
  });

  it('begin and end where the curve does, and are at most 257 or 445', () => {
    const sharp = [16383, 16383, -16384, -16384, 16383, 16383];
    expect(pointsOf(sharp)).toHaveLength(2 * 256 + 2);
    expect(pointsOf(sharp).slice(0, 2)).toEqual([16383, 16383]);
    expect(pointsOf(sharp).slice(-2)).toEqual([16383, 16383]);
    const sharper = [16383, 5, -16384, 5, 16383, 5, -16384, 6];
    expect(pointsOf(sharper)).toHaveLength(CURVE_NUMBERS);
    expect(pointsOf(sharper)).toEqual(curvePoints(sharper));
  });
});

describe('a curve', () => {
  it('is the polyline of its points, with every pen', () => {
    const spans = new Spans();
    const between = seededBetween(61);
    const within = clip(2, 1, 28, 27);
    for (let round = 0; round < 40; round++) {
      const control = Array.from({ length: 6 + 2 * (round % 2) }, () => between(-8, 38));
      const pen = [1, 2, 5][between(0, 3)]!;
      const points = pointsOf(control);
      polyline(spans, within, Int32Array.from(points), points.length / 2, pen);
      const rule = polylineRule(curvePoints(control), pen);
      expect(objections(spans, within, rule), `seed 61: ${control} pen ${pen}`).toEqual([]);
    }
  });
});
