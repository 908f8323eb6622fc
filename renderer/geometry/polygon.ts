/**
 * Filled polygons, which may cross themselves; a triangle is one of three points.
 *
 * A pixel belongs to it when its centre (px + ½, py + ½) lies inside, or on an edge that has the inside to its right or
 * below: of two polygons that share an edge, each pixel along it belongs to one. An edge crosses row py when
 * min(y) ≤ py < max(y), at the X where it meets y = py + ½, and counts for the pixels with X ≤ px + ½. Inside are, by the
 * rule, those for which as many edges going down count as going up (nonzero: not as many), or an odd number (evenodd).
 */
import type { Clip, Spans } from './spans.ts';
import { triangle } from './triangle.ts';

/** Which turns of an outline round a pixel make it an inner one. */
export type Winding = 'nonzero' | 'evenodd';

/** An edge: the rows top ≤ y < bottom in which it is seen, its upper end, what its lower end is off by, 1 down or −1 up. */
const EDGE_WORDS = 7;
const TOP = 0;
const BOTTOM = 1;
const X = 2;
const Y = 3;
const DX = 4;
const DY = 5;
const TURN = 6;

/** More than the numbers of all edges. */
const PLACES = 2 ** 24;

/**
 * @param points x and y by turns, −16384 to 16383; the last is joined to the first; what lies beyond `count` means nothing
 * @param count how many points, at most a million; of fewer than three nothing is inside
 */
export function polygon(spans: Spans, clip: Clip, points: Int32Array, count: number, winding: Winding): void {
  if (count === 3) triangle(spans, clip, points);
  else polygonByEdges(spans, clip, points, count, winding);
}

/** As `polygon`, of however many points: what triangles are held to. */
export function polygonByEdges(
  spans: Spans,
  clip: Clip,
  points: Int32Array,
  count: number,
  winding: Winding,
): void {
  spans.begin(clip);
  const edges = new Int32Array(count * EDGE_WORDS);
  const order = sortByTop(edges, collectEdges(spans, points, count, edges));
  const crossed = new Crossings(edges, order.length);
  let next = 0;
  let row = 0;
  while (next < order.length || crossed.count > 0) {
    if (crossed.count === 0) row = edges[(order[next] as number) + TOP] as number;
    while (next < order.length && edges[(order[next] as number) + TOP] === row) {
      crossed.add(order[next++] as number);
    }
    crossed.moveTo(row);
    crossed.fill(spans, row, winding);
    row++;
  }
  spans.finish();
}

/** Writes the edges that are seen in a row of the clip, and gives their number. Level ones cross none. */
function collectEdges(spans: Spans, points: Int32Array, count: number, edges: Int32Array): number {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    left = Math.min(left, points[2 * i] as number);
    right = Math.max(right, points[2 * i] as number);
  }
  let at = 0;
  for (let i = 0; i < count; i++) {
    const j = i + 1 === count ? 0 : i + 1;
    const isDown = (points[2 * i + 1] as number) < (points[2 * j + 1] as number);
    const upper = 2 * (isDown ? i : j);
    const lower = 2 * (isDown ? j : i);
    // In the whole polygon's width: an edge to the left of the clip has the inside to its right.
    spans.enter(left, points[upper + 1] as number, right, points[lower + 1] as number);
    if (spans.top === spans.bottom) continue;
    edges[at + TOP] = spans.top;
    edges[at + BOTTOM] = spans.bottom;
    edges[at + X] = points[upper] as number;
    edges[at + Y] = points[upper + 1] as number;
    edges[at + DX] = (points[lower] as number) - (points[upper] as number);
    edges[at + DY] = (points[lower + 1] as number) - (points[upper + 1] as number);
    edges[at + TURN] = isDown ? 1 : -1;
    at += EDGE_WORDS;
  }
  return at / EDGE_WORDS;
}

/** Where the edges stand, in the order in which rows from the top on meet them. */
function sortByTop(edges: Int32Array, count: number): Float64Array {
  // Row and place in one number each, which the engine sorts without calling back.
  const order = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    order[i] = (edges[i * EDGE_WORDS + TOP] as number) * PLACES + i * EDGE_WORDS;
  }
  order.sort();
  for (let i = 0; i < count; i++) order[i] = (order[i] as number) % PLACES;
  return order;
}

/** The edges that cross a row, from left to right. */
class Crossings {
  readonly #edges: Int32Array;
  readonly #crossed: Int32Array;
  /** The first pixel that each counts for: the least px with X ≤ px + ½. */
  readonly #starts: Int32Array;
  count = 0;

  constructor(edges: Int32Array, most: number) {
    this.#edges = edges;
    this.#crossed = new Int32Array(most);
    this.#starts = new Int32Array(most);
  }

  add(edge: number): void {
    this.#crossed[this.count++] = edge;
  }

  /** Drops the edges that have ended. Two edges meet at most once, so that all rows together move few of them. */
  moveTo(row: number): void {
    const crossed = this.#crossed;
    const starts = this.#starts;
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const edge = crossed[i] as number;
      if ((this.#edges[edge + BOTTOM] as number) <= row) continue;
      const start = this.#startOf(edge, row);
      let at = kept++;
      for (; at > 0 && (starts[at - 1] as number) > start; at--) {
        starts[at] = starts[at - 1] as number;
        crossed[at] = crossed[at - 1] as number;
      }
      starts[at] = start;
      crossed[at] = edge;
    }
    this.count = kept;
  }

  fill(spans: Spans, row: number, winding: Winding): void {
    let turns = 0;
    let start = 0;
    for (let i = 0; i < this.count; i++) {
      const turn = this.#edges[(this.#crossed[i] as number) + TURN] as number;
      const next = winding === 'nonzero' ? turns + turn : 1 - turns;
      if (turns === 0) start = this.#starts[i] as number;
      else if (next === 0) spans.add(row, start, this.#starts[i] as number);
      turns = next;
    }
  }

  /** X − ½ is x + ((2 · (row − y) + 1) · dx − dy) / (2 · dy), and what is divided lies under 2³². */
  #startOf(edge: number, row: number): number {
    const edges = this.#edges;
    const dy = edges[edge + DY] as number;
    const numerator = (2 * (row - (edges[edge + Y] as number)) + 1) * (edges[edge + DX] as number) - dy;
    return (edges[edge + X] as number) + Math.ceil(numerator / (2 * dy));
  }
}
