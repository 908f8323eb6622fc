/** A finished shape held against its rule, and against what the collector promises of every shape. */
import type { Clip, Spans } from '../../../renderer/geometry/spans.ts';
import type { Rule } from './rules.ts';

/** Each pixel as `x,y`. */
export function pixelsOf(spans: Spans): Set<string> {
  const pixels = new Set<string>();
  spans.eachRun((y, start, end) => {
    for (let x = start; x < end; x++) pixels.add(`${x},${y}`);
  });
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

/** Runs are inside the clip, sorted and apart, and are counted. */
function brokenPromises(spans: Spans, clip: Clip): string[] {
  const found: string[] = [];
  let [lastY, lastEnd, runs, pixels] = [-1, -1, 0, 0];
  spans.eachRun((y, start, end) => {
    const isInside = clip.x0 <= start && start < end && end <= clip.x1 && clip.y0 <= y && y < clip.y1;
    if (!isInside) found.push(`a run outside: ${y}: ${start} to ${end}`);
    if (y < lastY || (y === lastY && start <= lastEnd)) found.push(`not in order: ${y}: ${start} to ${end}`);
    [lastY, lastEnd] = [y, end];
    runs++;
    pixels += end - start;
  });
  if (runs !== spans.runs) found.push(`${spans.runs} runs counted, ${runs} handed out`);
  if (pixels !== spans.pixels) found.push(`${spans.pixels} pixels counted, ${pixels} handed out`);
  if (runs > 3 * spans.work) found.push(`${runs} runs of ${spans.work} rows looked at`);
  return found;
}

/** The layers together are the runs, and their boxes are tight. */
function brokenLayers(spans: Spans): string[] {
  const found: string[] = [];
  const runs: string[] = [];
  const layered: string[] = [];
  let words = 0;
  spans.eachRun((y, start, end) => runs.push(`${y}: ${start} to ${end}`));
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
      layered.push(`${y}: ${start} to ${end}`);
      left = Math.min(left, start);
      right = Math.max(right, end);
    }
    if (left !== layer.x0 || right !== layer.x1) found.push(`a loose box ${layer.x0} to ${layer.x1}`);
  });
  if (words > 10 * runs.length) found.push(`${words} words for ${runs.length} runs`);
  if (layered.sort().join() !== runs.sort().join()) found.push('the layers are not the runs');
  return found;
}
