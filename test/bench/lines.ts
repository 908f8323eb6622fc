/** Lines of the bench as tests make them up. */
import type { Line } from '../../bench/report.ts';
import { type Figures, figuresOfTimes } from '../../bench/samples.ts';

/** Five samples around a median: the quartiles lie `spread` below and above it. */
export function around(median: number, spread = 0): Figures {
  return figuresOfTimes([median - 2 * spread, median - spread, median, median + spread, median + 2 * spread]);
}

export function lineOf(over: Partial<Line> = {}): Line {
  return { part: 'paint', name: 'a picture', unit: 'ms', ours: around(10), ...over };
}
