/** README's frame of `gvpie top` is what the product makes. */
import { describe, expect, it } from 'vitest';
import { shownTop } from '../support/shown-top.ts';
import { markedBlock, readPage } from './pages.ts';

describe('the frame of gvpie top that README shows', () => {
  it('is the one that the product makes of that moment', () => {
    expect(markedBlock(readPage('README.md'), 'frame: gvpie top')).toBe(shownTop());
  });

  it('has every section, and fits the page', () => {
    const lines = shownTop().split('\n');
    const names = [
      'orchestrators',
      'renderers',
      'in flight',
      'queue',
      'rates',
      'failures',
      'schedules',
      'cartridges',
    ];
    for (const name of names)
      expect(
        lines.filter((line) => line.startsWith(name)),
        name,
      ).toHaveLength(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(88);
  });
});
