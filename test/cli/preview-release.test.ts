/** Memory that is given back at once, whatever the collector thinks of it. */
import { expect, it } from 'vitest';
import { release } from '../../cli/preview-release.ts';

const MIB = 2 ** 20;

it('a picture that is released takes no memory from then on', () => {
  const before = process.memoryUsage.rss();
  const pixels = new Uint8Array(64 * MIB).fill(1);
  // The measure can tell: while it is there, it counts.
  expect(process.memoryUsage.rss() - before).toBeGreaterThan(56 * MIB);
  release(pixels);
  expect(pixels.length).toBe(0);
  expect(process.memoryUsage.rss() - before).toBeLessThan(8 * MIB);
});
