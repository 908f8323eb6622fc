/** What `gvpie trace` says about the shapes of one statement. */
import { describe, expect, it } from 'vitest';
import { shapeRecord, shapeWords } from '../../cli/shape-words.ts';
import type { Shape } from '../../renderer/display/list.ts';

const RED = 0xff0000ff;
const rect = (x0: number, y0: number, x1: number, y1: number, color = 0xffffffff): Shape => ({
  kind: 'rect',
  x0,
  y0,
  x1,
  y1,
  color,
});
const glyph = (x: number, y: number, color = 0xffffffff): Shape => ({
  kind: 'glyph',
  x,
  y,
  bitmap: { width: 5, height: 7, rows: Array(7).fill(31) },
  color,
});

describe('the shapes of a statement', () => {
  it.each<[title: string, shapes: Shape[], words: string]>([
    ['none', [], ''],
    ['a rectangle', [rect(3, 4, 13, 6, RED)], '10×2 at 3,4 #ff0000ff'],
    ['a glyph', [glyph(7, 8)], '1 glyph at 7,8 #ffffffff'],
    ['a text', [glyph(7, 8, 0x80000000), glyph(13, 8, 0x80000000)], '2 glyphs at 7,8 #00000080'],
    [
      'an outline, whose first side is not its first corner',
      [rect(19, 5, 20, 10), rect(10, 5, 11, 10), rect(10, 5, 20, 6), rect(10, 9, 20, 10)],
      '4 shapes within 10×5 at 10,5 #ffffffff',
    ],
    ['a text in a box', [rect(0, 0, 9, 9), glyph(2, 1)], '2 shapes within 9×9 at 0,0 #ffffffff'],
    ['several colours', [rect(0, 0, 1, 1), rect(5, 7, 6, 8, RED)], '2 shapes within 6×8 at 0,0'],
  ])('are told of %s', (_, shapes, words) => {
    expect(shapeWords(shapes)).toBe(words);
  });

  it('are counted however many they are', () => {
    const many = Array.from({ length: 200_000 }, (_, index) => rect(index, 0, index + 1, 1));
    expect(shapeWords(many)).toBe('200000 shapes within 200000×1 at 0,0 #ffffffff');
  });

  it('are records of one form, whatever they are', () => {
    expect([rect(3, 4, 13, 6, RED), glyph(7, 8)].map(shapeRecord)).toEqual([
      { kind: 'rect', x: 3, y: 4, w: 10, h: 2, color: '#ff0000ff' },
      { kind: 'glyph', x: 7, y: 8, w: 5, h: 7, color: '#ffffffff' },
    ]);
  });
});
