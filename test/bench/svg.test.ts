/** Plots: an SVG that is well formed, with every point where its numbers say. */
import { describe, expect, it } from 'vitest';
import { type Plot, plotSvg } from '../../bench/svg.ts';

const point = (x: number, y: number) => ({ x, y, low: y, high: y });
const PLOT: Plot = {
  title: 'Time against <pixels> & more',
  x: 'pixels',
  y: 'ms',
  series: [{ name: 'gvpie: 1 ns a pixel', points: [point(1, 1), point(10, 10), point(100, 100)] }],
};

/** Names of elements that are opened and not closed, or closed and not opened. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  for (const [, close, name = '', empty] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
    if (close === '/') {
      if (open.pop() !== name) return [name];
    } else if (empty !== '/') open.push(name);
  }
  return open;
}

/** Centres of the points, without the one of the legend. */
function centres(svg: string): [x: number, y: number][] {
  return [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)]
    .map(([, x, y]): [number, number] => [Number(x), Number(y)])
    .slice(0, -1);
}

describe('a plot', () => {
  it('is well formed, and what is written in it is escaped', () => {
    const svg = plotSvg(PLOT);
    expect(unbalanced(svg)).toEqual([]);
    expect(unbalanced('<svg><g></svg>')).not.toEqual([]);
    expect(svg).toContain('Time against &lt;pixels&gt; &amp; more');
    expect(svg.endsWith('</svg>\n')).toBe(true);
  });

  it('has decades of equal width: points of equal ratios lie at equal distances', () => {
    const [first, second, third] = centres(plotSvg(PLOT)) as [number, number][] as [
      [number, number],
      [number, number],
      [number, number],
    ];
    expect(second[0] - first[0]).toBeCloseTo(third[0] - second[0], 0);
    expect(second[1] - first[1]).toBeCloseTo(third[1] - second[1], 0);
    // Upwards is more.
    expect(third[1]).toBeLessThan(first[1]);
  });

  it('draws each point, and a whisker from quartile to quartile', () => {
    const whisked = { x: 10, y: 10, low: 1, high: 100 };
    const series = [{ name: 'a', points: [point(1, 1), whisked, point(100, 100)] }];
    const [low, , high] = centres(plotSvg({ ...PLOT, series }));
    const [, middle] = centres(plotSvg({ ...PLOT, series }));
    expect(plotSvg({ ...PLOT, series })).toContain(`M${middle?.[0]} ${low?.[1]}V${high?.[1]}`);
    expect(centres(plotSvg({ ...PLOT, series }))).toHaveLength(3);
  });

  it('is the same for the same numbers, and another for others', () => {
    const moved = {
      ...PLOT,
      series: [{ name: 'gvpie: 1 ns a pixel', points: [point(1, 2), point(10, 10)] }],
    };
    expect(plotSvg(PLOT)).toBe(plotSvg(structuredClone(PLOT)));
    expect(plotSvg(moved)).not.toBe(plotSvg(PLOT));
  });
});
