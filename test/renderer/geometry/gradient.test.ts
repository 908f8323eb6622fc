import { describe, expect, it } from 'vitest';
import { strips } from '../../../renderer/geometry/gradient.ts';
import { seededBetween } from '../../../shared/seeded.ts';

/** Each strip's colour by the rule, in unbounded integers. */
function colors(from: number, to: number, count: number, first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => {
    const i = BigInt(first + index);
    const whole = BigInt(count - 1);
    let color = 0n;
    for (const shift of [0n, 8n, 16n, 24n]) {
      const [a, b] = [from, to].map((packed) => (BigInt(packed >>> 0) >> shift) & 255n) as [bigint, bigint];
      const channel = whole === 0n ? a : (2n * (a * (whole - i) + b * i) + whole) / (2n * whole);
      color |= channel << shift;
    }
    return Number(color);
  });
}

const spread = (found: ReturnType<typeof strips>): number[] =>
  found.flatMap(({ start, end, color }) => Array<number>(end - start).fill(color));

describe('the strips of a gradient', () => {
  it.each([
    [0xff000000, 0xffffffff, 1, 0, 1],
    [0xff000000, 0xffffffff, 2, 0, 2],
    [0xff000000, 0xffffffff, 3, 0, 3],
    [0x80ff0010, 0x00ff8001, 256, 0, 256],
    [0xff000000, 0xff0000ff, 2_147_483_647, 2_147_400_000, 2_147_400_100],
    [0xffffffff, 0x00000000, 2_147_483_647, 2_147_483_640, 2_147_483_647],
    [0x01020304, 0xfffefdfc, 1_000, 999, 1_000],
    [1, 2, 5, 3, 3],
  ])('from %i to %i in %i, %i to %i, are those of the rule', (from, to, count, first, last) => {
    expect(spread(strips(from, to, count, first, last))).toEqual(colors(from, to, count, first, last));
  });

  it('are those of the rule for random colours and windows (seed 20261121)', () => {
    const random = seededBetween(20_261_121);
    for (let n = 0; n < 300; n++) {
      const count = random(1, n % 2 === 0 ? 40 : 2_000_000_000);
      const first = random(0, count);
      const last = Math.min(count, first + random(0, 60));
      const [from, to] = [random(0, 2 ** 32), random(0, 2 ** 32)];
      const found = strips(from, to, count, first, last);
      expect(spread(found)).toEqual(colors(from, to, count, first, last));
      for (const [index, { start }] of found.entries()) {
        expect(start).toBe(index === 0 ? first : found[index - 1]?.end);
        if (index > 0) expect(found[index]?.color).not.toBe(found[index - 1]?.color);
      }
    }
  });

  it('are no more than the colours between the ends, however long it is', () => {
    expect(strips(0xff000000, 0xffffffff, 16_384, 0, 16_384)).toHaveLength(256);
    expect(strips(0xff102030, 0xff102030, 16_384, 0, 16_384)).toHaveLength(1);
  });
});
