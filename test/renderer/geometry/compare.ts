/** A finished shape held against its rule, and against what the collector promises of every shape. */
import type { Clip, Spans } from '../../../renderer/geometry/spans.ts';
import type { Rule } from './rules.ts';

/** Pixels start ≤ x < end of a row. */
export type Run = [y: number, start: number, end: number];

/** The runs of all layers, row by row from the top, from left to right. */
export function runsOf(spans: Spans): Run[] {
  const runs: Run[] = [];
  spans.eachLayer(({ y0, y1, words }) => {
    for (let y = y0; y < y1; y++) {
      const [start, end] = words.subarray(2 * (y - y0)) as unknown as [number, number];
      if (start < end) runs.push([y, start, end]);
    }
  });
  return runs.sort(([y, start], [otherY, otherStart]) => y - otherY || start - otherStart);
}

/** Each pixel as `x,y`. */
export function pixelsOf(spans: Spans): Set<string> {
  const pixels = new Set<string>();
  for (const [y, start, end] of runsOf(spans)) {
    for (let x = start; x < end; x++) pixels.add(`${x},${y}`);
  }
  return pixels;
}

/** What differs from the rule inside the clip, or breaks a promise; none when all is well, and at most eight. */
export function objections(spans: Spans, clip: Clip, rule: Rule): string[] {
  const found = [...brokenPromises(spans, clip), ...brokenLayers(spans)];
  const pixels = pixelsOf(spans);
  for (let y = clip.y0; y < clip.y1; y++) {
    for (let x = clip.x0; x < clip.x1; x++) {
      if (rule(x, y) !== pixels.has(`${x},${y}`)) found.push(`${rule(x, y) ? 'lacks' : 'has'} (${x}, ${y})`);
    }
  }
  return found.slice(0, 8);
}

/** Runs are inside the clip, apart, as few as may be, and their pixels are counted. */
function brokenPromises(spans: Spans, clip: Clip): string[] {
  const found: string[] = [];
  const runs = runsOf(spans);
  let [lastY, lastEnd, pixels] = [-1, -1, 0];
  for (const [y, start, end] of runs) {
    const isInside = clip.x0 <= start && end <= clip.x1 && clip.y0 <= y && y < clip.y1;
    if (!isInside) found.push(`a run outside: ${y}: ${start} to ${end}`);
    if (y === lastY && start <= lastEnd) found.push(`not apart: ${y}: ${start} to ${end}`);
    [lastY, lastEnd] = [y, end];
    pixels += end - start;
  }
  if (pixels !== spans.pixels) found.push(`${spans.pixels} pixels counted, ${pixels} handed out`);
  if (runs.length > 3 * spans.work) found.push(`${runs.length} runs of ${spans.work} rows looked at`);
  return found;
}

/** The layers' boxes are tight, and they are not long. */
function brokenLayers(spans: Spans): string[] {
  const found: string[] = [];
  let words = 0;
  spans.eachLayer((layer) => {
    words += 8 + 2 * (layer.y1 - layer.y0);
    let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let y = layer.y0; y < layer.y1; y++) {
      const at = 2 * (y - layer.y0);
      const [start, end] = [layer.words[at]!, layer.words[at + 1]!];
      const isEdge = y === layer.y0 || y === layer.y1 - 1;
      if (start >= end) {
        if (isEdge || start !== 0 || end !== 0) found.push(`a loose row ${y}: ${start} to ${end}`);
        continue;
      }
      left = Math.min(left, start);
      right = Math.max(right, end);
    }
    if (left !== layer.x0 || right !== layer.x1) found.push(`a loose box ${layer.x0} to ${layer.x1}`);
  });
  const runs = runsOf(spans).length;
  if (words > 10 * runs) found.push(`${words} words for ${runs} runs`);
  return found;
}
