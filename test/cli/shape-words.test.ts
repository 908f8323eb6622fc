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

const image = (blend?: 'add'): Shape => ({
  kind: 'image',
  x0: 2,
  y0: 3,
  x1: 4,
  y1: 4,
  pixels: [RED, 0],
  columns: [0, 1],
  rows: [0],
  ...(blend === undefined ? {} : { blend }),
});

const SHADE: Shape = {
  kind: 'shade',
  ...{ x0: 1, y0: 2, x1: 4, y1: 4 },
  ...{ left: -7, top: 0, width: 900, height: 900 },
  shade: { variables: 4, uniforms: 1, steps: [], price: 0, readsPixel: false, key: '' },
  uniforms: [3],
  isOpaque: false,
};

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
    ['an image', [image()], 'image 2×1 at 2,3'],
    ['an image with others', [image(), rect(0, 0, 3, 4)], '2 shapes within 4×4 at 0,0'],
    ['a mode', [{ ...rect(3, 4, 13, 6, RED), blend: 'xor' }], '10×2 at 3,4 #ff0000ff xor'],
    ['the mode over, said', [{ ...rect(3, 4, 13, 6, RED), blend: 'over' }], '10×2 at 3,4 #ff0000ff'],
    ['a text in a mode', [{ ...glyph(7, 8), blend: 'screen' }], '1 glyph at 7,8 #ffffffff screen'],
    ['an image in a mode', [image('add')], 'image 2×1 at 2,3 add'],
    ['several modes', [image('add'), image()], '2 shapes within 2×1 at 2,3'],
    ['a shade', [SHADE], 'shade 3×2 at 1,2'],
    ['a shade in a mode', [{ ...SHADE, blend: 'add' }], 'shade 3×2 at 1,2 add'],
    ['a shade with others', [SHADE, rect(0, 0, 3, 4)], '2 shapes within 4×4 at 0,0'],
    [
      'one mode and several colours',
      [
        { ...rect(0, 0, 1, 1), blend: 'add' },
        { ...rect(1, 0, 2, 1, RED), blend: 'add' },
      ],
      '2 shapes within 2×1 at 0,0 add',
    ],
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
    expect([image(), image('add'), { ...glyph(7, 8), blend: 'xor' } as const].map(shapeRecord)).toEqual([
      { kind: 'image', x: 2, y: 3, w: 2, h: 1 },
      { kind: 'image', x: 2, y: 3, w: 2, h: 1, blend: 'add' },
      { kind: 'glyph', x: 7, y: 8, w: 5, h: 7, color: '#ffffffff', blend: 'xor' },
    ]);
  });
});
