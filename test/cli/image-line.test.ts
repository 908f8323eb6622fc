import { describe, expect, it } from 'vitest';
import { imageLine } from '../../cli/image-line.ts';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { LIMITS } from '../../shared/limits.ts';

const SUM = '0123456789abcdef'.repeat(4);
const canvas = { width: 128, height: 64 };

describe('the line that draws a picture', () => {
  it.each([
    ['hello', 'hello'],
    ['Hello GPU', 'hello_gpu'],
    ['hello-gpu.v2', 'hello_gpu_v2'],
    ['2026', 'image_2026'],
    ['héllo', 'h_llo'],
    ['日本', 'image'],
    ['', 'image'],
    ['--', 'image'],
    ['width', 'the_width'],
    ['HEIGHT', 'the_height'],
    ['a'.repeat(100), 'a'.repeat(64)],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
    ['9'.repeat(100), `image_${'9'.repeat(58)}`],
  ])('of %j calls it %s, and is right', (title, name) => {
    const line = imageLine(title, canvas, SUM);
    expect(line).toBe(`IMAGE ${name} 128 64 ${SUM}`);
    expect(parse(sourceOf(line ?? '')).images).toEqual([{ name, ...canvas, checksum: SUM, line: 1 }]);
  });

  it('is there for as many pixels as an IMAGE may have, and no more', () => {
    const width = LIMITS.imagePixels / 1_024;
    expect(imageLine('a', { width, height: 1_024 }, SUM)).toBe(`IMAGE a ${width} 1024 ${SUM}`);
    expect(imageLine('a', { width: width + 1, height: 1_024 }, SUM)).toBeUndefined();
  });
});
