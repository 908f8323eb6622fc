/** Holds: pixels are released when the last reader is done, and not before. */
import { describe, expect, it } from 'vitest';
import { Holds } from '../../renderer/holds.ts';
import type { Painted } from '../../renderer/raster/painter.ts';

function painted(): Painted & { readonly released: () => number } {
  let released = 0;
  const pixels = new Uint8Array(4);
  const by = { backend: 'cpu', adapter: 'none', dispatches: 0, standIn: undefined } as const;
  return { ...by, pixels, release: () => released++, released: () => released };
}

describe('holds', () => {
  it('release a picture when the last of them ends, and each ends once', () => {
    const holds = new Holds();
    const picture = painted();
    const [first, second] = [holds.hold(picture), holds.hold(picture)];
    first();
    first();
    expect(picture.released()).toBe(0);
    second();
    expect(picture.released()).toBe(1);
    second();
    expect(picture.released()).toBe(1);
  });

  it('know pictures apart, and take those that cannot be released', () => {
    const holds = new Holds();
    const [one, other] = [painted(), painted()];
    const end = holds.hold(one);
    holds.hold(other)();
    expect([one.released(), other.released()]).toEqual([0, 1]);
    end();
    expect(one.released()).toBe(1);
    const { release, ...plain } = painted();
    expect(() => holds.hold(plain)()).not.toThrow();
  });
});
