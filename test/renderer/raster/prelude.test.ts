import { describe, expect, it } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import * as encoding from '../../../renderer/display/encoding.ts';
import { readShader } from '../../../renderer/host/gpu/shader.ts';
import * as layout from '../../../renderer/raster/layout.ts';
import { wgslPrelude } from '../../../renderer/raster/prelude.ts';

describe('the prelude', () => {
  it('has every number of the encoding and of the layout, once, as an unsigned constant', () => {
    const found = wgslPrelude()
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('const'))
      .map((line) => /^const ([A-Z0-9_]+): u32 = (\d+)u;$/.exec(line)?.slice(1));
    const expected = [encoding, layout]
      .flatMap((numbers) => Object.entries(numbers))
      .map(([name, value]) => [name, String(value)]);
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
  });

  it('has the formula of every blend mode, at its number, and none for another', () => {
    const cases = [...wgslPrelude().matchAll(/case (\d+)u: \{ return (.+); \}/g)].map(([, number]) =>
      Number(number),
    );
    expect(cases).toEqual(BLENDS.map(({ number }) => number));
    expect(wgslPrelude()).toContain('default: { return d; }');
  });

  it('leaves the shader no number of its own to repeat: it uses the names', () => {
    const shader = readShader().slice(wgslPrelude().length);
    expect(shader).not.toMatch(/\bconst [A-Z]/);
    expect(shader.match(/\b(?:WORD|PARAM|TAG|TILE|GPU)_[A-Z0-9_]+/g)?.length).toBeGreaterThan(20);
  });
});
