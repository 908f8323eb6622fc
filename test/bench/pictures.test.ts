/** The contest's pictures: both sides draw the same, and what compares them would object to anything else. */
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { likenessComplaint, unlikenessOf } from '../../bench/pictures/likeness.ts';
import { listOf, paintPlainly, programOf } from '../../bench/pictures/ours.ts';
import { rowProgram, rowScene } from '../../bench/pictures/row.ts';
import type { Mark, Scene } from '../../bench/pictures/scene.ts';
import { SCENE_NAMES, SCENES } from '../../bench/pictures/scenes.ts';
import { skiaPainter } from '../../bench/pictures/skia.ts';
import { PIXELS_PER_EM, trueTypeOf } from '../../bench/pictures/true-type.ts';
import { type Font, fontNamed } from '../../renderer/fonts/font.ts';
import { paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import { encodeProgram } from '../../renderer/timing/pictures.ts';

const canvas = { width: 96, height: 64 };
const rect: Mark = { kind: 'rect', x: 3, y: 4, w: 20, h: 10, color: 0xff3366ff };
const text: Mark = { kind: 'text', x: 10, y: 30, text: 'Hello, {gj}!', color: 0xff20c040 };
const disc: Mark = { kind: 'disc', x: 60, y: 20, r: 12, color: 0x80ffffff };
const triangle: Mark = { kind: 'triangle', points: [5, 60, 40, 40, 70, 62], color: 0xffc08020 };

const sceneOf = (...marks: readonly Mark[]): Scene => ({ canvas, marks, likeness: { step: 0, share: 0 } });

describe('a scene', () => {
  it('is the same picture by the plain painter, by the tiles, and as a program', () => {
    const scene = sceneOf(rect, text, disc, triangle, { ...rect, x: 50, color: 0x40aa00ff });
    const plain = paintPlainly(listOf(scene));
    expect(Buffer.compare(plain, paintOnCpu(listOf(scene)))).toBe(0);
    expect(Buffer.compare(plain, paintOnCpu(encodeProgram(programOf(scene), canvas)))).toBe(0);
    expect(Buffer.compare(plain, paintPlainly(listOf(sceneOf(rect, text, disc))))).not.toBe(0);
  });

  it('of opaque rectangles and texts is to the byte the same by Skia, however it is read back', () => {
    const scene = sceneOf(rect, text);
    const plain = paintPlainly(listOf(scene));
    for (const reader of ['data()', 'getImageData()'] as const) {
      for (const keeping of ['kept', 'new'] as const)
        expect(Buffer.compare(plain, skiaPainter(scene, keeping, reader)())).toBe(0);
    }
    const moved = sceneOf(rect, { ...text, x: 11 });
    expect(Buffer.compare(plain, skiaPainter(moved, 'new', 'data()')())).not.toBe(0);
  });

  it('of discs and triangles is like it but for the edges', () => {
    const scene = sceneOf(disc, triangle);
    const [plain, found] = [paintPlainly(listOf(scene)), skiaPainter(scene, 'new', 'data()')()];
    expect(likenessComplaint(plain, found, { step: 6, share: 0.05 })).toBeUndefined();
    expect(likenessComplaint(plain, found, { step: 6, share: 0 })).toMatch(/differ by more than 6/);
    const other = skiaPainter(sceneOf(disc, { ...triangle, color: 0xff0000ff }), 'new', 'data()')();
    expect(likenessComplaint(plain, other, { step: 6, share: 0.05 })).toMatch(/differ by more than 6/);
  });

  it('of the contest is made alike each time, and lies on its canvas', () => {
    for (const name of SCENE_NAMES) {
      const { marks, canvas: size } = SCENES[name].make();
      expect(SCENES[name].make().marks).toEqual(marks);
      const places = marks.flatMap((mark) =>
        mark.kind === 'triangle'
          ? mark.points
          : [mark.x, mark.y, mark.kind === 'rect' ? mark.x + mark.w : mark.x],
      );
      expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...places)).toBeLessThanOrEqual(Math.max(size.width, size.height));
    }
  });

  it('of a row is what the row’s program draws', () => {
    const scene = rowScene('r1', 77);
    const drawn = paintOnCpu(encodeProgram(Buffer.from(rowProgram('r1', 77)), scene.canvas));
    expect(Buffer.compare(drawn, skiaPainter(scene, 'new', 'data()')())).toBe(0);
    expect(Buffer.compare(drawn, skiaPainter(rowScene('r1', 78), 'new', 'data()')())).not.toBe(0);
  });
});

describe('a font of bitmaps as TrueType', () => {
  /** Glyphs that Skia draws otherwise than their bitmaps. */
  function unlike(font: Font, family: string, compared: Font): string[] {
    GlobalFonts.register(Buffer.from(trueTypeOf(font, family)), family);
    const { width, height, ascent } = font;
    return Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter(
      (letter) => {
        const small = createCanvas(width, height);
        const context = small.getContext('2d');
        context.font = `${PIXELS_PER_EM}px "${family}"`;
        context.fillText(letter, 0, ascent);
        const { data } = context.getImageData(0, 0, width, height);
        const rows = compared.glyph(letter.charCodeAt(0))?.rows ?? [];
        return rows.some((bits, y) =>
          Array.from({ length: width }, (_, x) => (bits >>> (width - 1 - x)) & 1).some(
            (bit, x) => data[(y * width + x) * 4 + 3] !== bit * 255,
          ),
        );
      },
    );
  }

  it('is drawn by Skia to the pixel', () => {
    const font = fontNamed('gvpie');
    expect(unlike(font, 'bench test', font)).toEqual([]);
  });

  it('would be found out by one glyph', () => {
    const font = fontNamed('gvpie');
    const glyph = (code: number) => font.glyph(code === 0x41 ? 0x42 : code);
    expect(unlike({ ...font, glyph }, 'bench test broken', font)).toEqual(['A']);
  });
});

describe('likeness', () => {
  const grey = (...values: readonly number[]) =>
    Uint8Array.from(values.flatMap((value) => [value, value, value, 255]));

  it('counts the pixels that differ by more than a step, and tells the largest', () => {
    expect(unlikenessOf(grey(10, 10, 10, 10), grey(10, 12, 13, 30), 2)).toEqual({ step: 20, share: 0.5 });
    expect(unlikenessOf(grey(10, 10, 10, 10), grey(10, 12, 13, 30), 3)).toEqual({ step: 20, share: 0.25 });
  });

  it('objects beyond the share that may differ, and to another length', () => {
    const [one, other] = [grey(10, 10), grey(10, 20)];
    expect(likenessComplaint(one, other, { step: 2, share: 0.5 })).toBeUndefined();
    expect(likenessComplaint(one, other, { step: 2, share: 0.49 })).toMatch(/found 50\.000 %, by up to 10/);
    expect(likenessComplaint(one, grey(10), { step: 2, share: 1 })).toBe('Expected 8 bytes, found 4');
  });
});
