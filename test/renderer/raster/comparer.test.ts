/** The comparer, and what holds a painter to the cases: each must object to one wrong bit. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import type { Case } from '../../../renderer/raster/conformance/case.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { conform } from '../../../renderer/raster/conformance/conform.ts';
import { probeList } from '../../../renderer/raster/conformance/probe.ts';
import { standingCases } from '../../../renderer/raster/conformance/suite.ts';
import { cpuPainter, paintedOnCpu, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Painted, Painter } from '../../../renderer/raster/painter.ts';
import { canvasBytes } from '../../../shared/canvas.ts';

type Paint = (list: EncodedList) => Uint8Array;

const painterOf = (paint: Paint): Painter => ({
  ...cpuPainter,
  paint: (list) => paintedOnCpu(paint(list)),
});

/** The probe as a case. */
const PROBE: Case = { name: 'probe', list: probeList() };

describe('the comparer', () => {
  const canvas = { width: 3, height: 2 };
  const picture = Uint8Array.from({ length: 24 }, (_, at) => at * 7);

  it('finds no difference between a picture and its copy', () => {
    expect(comparePictures(picture, Uint8Array.from(picture), canvas)).toBeUndefined();
  });

  it('objects to each single bit that is flipped, and says where', () => {
    for (let bit = 0; bit < picture.length * 8; bit++) {
      const flipped = Uint8Array.from(picture);
      const at = bit >> 3;
      flipped[at]! ^= 1 << (bit & 7);
      const pixel = at >> 2;
      const [x, y] = [pixel % 3, Math.floor(pixel / 3)];
      const [expected, found] = [picture, flipped].map((one) =>
        one.subarray(pixel * 4, pixel * 4 + 4).join(' '),
      );
      expect(comparePictures(picture, flipped, canvas)).toBe(
        `Expected RGBA ${expected} at (${x}, ${y}), found ${found}; 1 of 6 pixels differ`,
      );
    }
  });

  it('names the first of several pixels and counts them', () => {
    const other = Uint8Array.from(picture);
    other.fill(255, 8, 16);
    expect(comparePictures(picture, other, canvas)).toBe(
      'Expected RGBA 56 63 70 77 at (2, 0), found 255 255 255 255; 2 of 6 pixels differ',
    );
  });

  it('objects to bytes that are missing or too many, on either side', () => {
    const words = (found: number) => `Expected 24 bytes for 3×2, found ${found}`;
    expect(comparePictures(picture, picture.subarray(1), canvas)).toBe(words(23));
    expect(comparePictures(picture, new Uint8Array(25), canvas)).toBe(words(25));
    expect(comparePictures(picture.subarray(4), picture.subarray(4), canvas)).toBe(words(20));
    expect(comparePictures(new Uint8Array(0), new Uint8Array(0), canvas)).toBe(words(0));
  });
});

describe('conformance', () => {
  const name = 'canvas 65×17, every edge';
  const near = [...standingCases()].filter((one) => /^canvas 6[345]×17, every edge/.test(one.name));
  /** The failures of a painter that paints all of `near` well, but for `name`. */
  const broken = async (change: (pixels: Uint8Array) => Uint8Array) => {
    const target = near.find((one) => one.name === name)?.list;
    const paint: Paint = (list) => (list === target ? change(paintOnCpu(list)) : paintOnCpu(list));
    return (await conform(painterOf(paint), near)).failures;
  };

  it('passes a painter that paints every case as it is', async () => {
    expect(near).toHaveLength(3);
    expect(await broken((pixels) => pixels)).toEqual([]);
  });

  it('fails the one case in which one bit of one pixel is flipped', async () => {
    const failures = await broken((pixels) => {
      pixels[4 * (65 * 9 + 30) + 1]! ^= 1;
      return pixels;
    });
    expect(failures).toEqual([
      { name, words: expect.stringMatching(/at \(30, 9\), found .*; 1 of 1105 pixels differ$/) },
    ]);
  });

  it('fails the one case in which bytes are missing', async () => {
    const failures = await broken((pixels) => pixels.slice(0, -4));
    expect(failures).toEqual([{ name, words: 'Expected 4420 bytes for 65×17, found 4416' }]);
  });

  it('fails what throws, and goes on', async () => {
    const failures = await broken(() => {
      throw new Error('out of paint');
    });
    expect(failures).toEqual([{ name, words: 'Expected a picture, found a fault: out of paint' }]);
  });

  const gpu = (painted: Partial<Painted>): Painter => ({
    standing: { ...cpuPainter.standing, backend: 'gpu' },
    paint: (list) => ({ ...paintedOnCpu(paintOnCpu(list)), backend: 'gpu', dispatches: 1, ...painted }),
  });

  it.each([
    [
      gpu({ backend: 'cpu', standIn: 'it fell' }),
      'Expected the gpu to paint, found that the cpu did: it fell',
    ],
    [gpu({ standIn: 'it fell' }), 'Expected the gpu to paint, found that the gpu did: it fell'],
    [gpu({ backend: 'cpu' }), 'Expected the gpu to paint, found that the cpu did: no reason'],
    [gpu({ dispatches: 0 }), 'Expected dispatches on the gpu, found 0'],
    [
      { ...cpuPainter, paint: (list) => ({ ...paintedOnCpu(paintOnCpu(list)), dispatches: 2 }) } as Painter,
      'Expected no dispatches on the cpu, found 2',
    ],
  ])('fails a painter that has not painted itself, whatever its pixels: %#', async (painter, words) => {
    expect((await conform(painter, [PROBE])).failures).toEqual([{ name: 'probe', words }]);
  });

  it('passes a GPU that has, and counts its dispatches', async () => {
    const found = await conform(gpu({ dispatches: 3 }), [PROBE, PROBE]);
    expect(found).toMatchObject({ cases: 2, dispatches: 6, failures: [] });
  });

  it('fails the second of two pictures in the same memory', async () => {
    const memory = new Uint8Array(canvasBytes(PROBE.list.canvas));
    const painter = painterOf((list) => {
      memory.set(paintOnCpu(list));
      return memory;
    });
    expect((await conform(painter, [PROBE, PROBE])).failures).toEqual([
      { name: 'probe', words: "Expected memory of its own, found the last picture's" },
    ]);
  });

  it('stops at the failure that is one too many, and has no digest then', async () => {
    const nothing = painterOf((list) => new Uint8Array(list.canvas.width * list.canvas.height * 4));
    const found = await conform(nothing, standingCases(), { atMost: 3 });
    expect(found).toMatchObject({ cases: 3, sha256: undefined });
    expect(found.failures).toHaveLength(3);
  });
});
