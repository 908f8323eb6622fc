/** Stages: a picture keeps its pixels until it is released, and only then another one has them. */
import { describe, expect, it } from 'vitest';
import { encode } from '../../../renderer/display/encode.ts';
import { cover, hue, square } from '../../../renderer/raster/conformance/case.ts';
import {
  cpuPainter,
  inSlices,
  openPainting,
  paintInSlices,
  paintOnCpu,
} from '../../../renderer/raster/cpu-painter.ts';
import { ownPixels, type Painted } from '../../../renderer/raster/painter.ts';
import { dropStages, takeStage } from '../../../renderer/raster/stages.ts';

const LARGE = square(256);

function paint(number: number, canvas = LARGE): Painted {
  return cpuPainter.paint(encode([cover(canvas, hue(number))], canvas)) as Painted;
}

/** Whether all of it is of the colour of that number. */
function isOf({ pixels }: Pick<Painted, 'pixels'>, number: number): boolean {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  return words.every((word) => word === hue(number));
}

describe('pictures on stages', () => {
  it('keep their pixels as long as they are not released, however many follow', () => {
    const pictures = Array.from({ length: 8 }, (_, number) => paint(number));
    expect(pictures.map((picture, number) => isOf(picture, number))).toEqual(Array(8).fill(true));
    // From the third on they are copies: who does not release is not given more and more memory.
    expect(pictures.map(({ release }) => release !== undefined)).toEqual([
      true,
      true,
      ...Array(6).fill(false),
    ]);
    for (const { release } of pictures) release?.();
  });

  it('leave it to another when they come to nothing, whether painting fails or is broken off', () => {
    const list = encode([cover(LARGE, hue(1))], LARGE);
    const broken = () => {
      throw new Error('broken');
    };
    // More often than there are stages.
    for (let n = 0; n < 5; n++) {
      expect(() => inSlices({ ...openPainting(list), paint: broken }).next()).toThrow('broken');
      const slices = paintInSlices(list);
      slices.next();
      slices.return({ pixels: new Uint8Array() });
    }
    const { release } = paint(1);
    expect(release).toBeDefined();
    release?.();
  });

  it('leave their memory to another picture when they are released, once', () => {
    const first = paint(1);
    first.release?.();
    const second = paint(2);
    expect(second.pixels.buffer).toBe(first.pixels.buffer);
    expect(isOf(first, 2)).toBe(true);
    // The second time says nothing: the second picture is still read.
    first.release?.();
    const third = paint(3);
    expect([isOf(second, 2), isOf(third, 3)]).toEqual([true, true]);
    second.release?.();
    third.release?.();
  });

  it('are in memory of their own where the canvas is small, and where paintOnCpu paints', () => {
    const small = paint(1, { width: 255, height: 257 });
    expect([small.release, small.pixels.buffer instanceof ArrayBuffer]).toEqual([undefined, true]);
    const large = paint(1);
    expect([large.release === undefined, large.pixels.buffer instanceof SharedArrayBuffer]).toEqual([
      false,
      true,
    ]);
    large.release?.();
    const own = paintOnCpu(encode([cover(LARGE, hue(5))], LARGE));
    paint(6).release?.();
    expect([own.buffer instanceof ArrayBuffer, isOf({ pixels: own }, 5)]).toEqual([true, true]);
  });

  it('can be had as a copy, which is theirs for good', () => {
    const picture = paint(7);
    const own = ownPixels(picture);
    paint(8).release?.();
    expect([isOf({ pixels: own }, 7), isOf(picture, 8)]).toEqual([true, true]);
    const small = paint(7, square(2));
    expect(ownPixels(small)).toBe(small.pixels);
  });

  it('grow and shrink on the same stage', () => {
    for (const side of [256, 700, 300, 1_100, 256]) {
      const canvas = square(side);
      const picture = paint(side, canvas);
      expect([picture.pixels.length, isOf(picture, side)]).toEqual([side * side * 4, true]);
      picture.release?.();
    }
  });

  it('are painted by the definition where all stages are taken', () => {
    const slices = Array.from({ length: 6 }, () => paintInSlices(encode([cover(LARGE, hue(9))], LARGE)));
    for (const slice of slices) slice.next();
    expect(takeStage()).toBeUndefined();
    for (const slice of slices) {
      for (let step = slice.next(); ; step = slice.next()) {
        if (!step.done) continue;
        expect(isOf(step.value, 9)).toBe(true);
        step.value.release?.();
        break;
      }
    }
  });

  it('let go of stages that nobody has, and of no other', () => {
    const kept = paint(1);
    paint(2).release?.();
    expect([dropStages(), dropStages()]).toEqual([true, false]);
    const next = paint(3);
    expect([isOf(kept, 1), isOf(next, 3)]).toEqual([true, true]);
    kept.release?.();
    next.release?.();
  });
});
