/** Pressing: pixels become a PNG, by ours with its label and digests, and by pngjs and sharp without. */
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { CPU_ADAPTER, cpuPainter } from '../renderer/raster/cpu-painter.ts';
import { render } from '../renderer/render.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { type Canvas, DEFAULT_CANVAS } from '../shared/canvas.ts';
import { labelOf } from '../shared/cartridge/label.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { press } from '../shared/cartridge/press.ts';
import { seededBetween } from '../shared/seeded.ts';
import { contest } from './contest.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';
import { SEED } from './seed.ts';

export async function measurePressing(quick: boolean): Promise<Line[]> {
  const small = 'TXT 10 10 Hello GPU\nRECT 10 20 80 8\nHALT';
  return [
    ...(await measureCanvas(DEFAULT_CANVAS, small, { warmUp: 100, rounds: quick ? 10 : 100, calls: 10 })),
    ...(await measureCanvas({ width: 1920, height: 1080 }, crowd(), {
      warmUp: 3,
      rounds: quick ? 3 : 20,
      calls: 1,
    })),
  ];
}

async function measureCanvas(
  canvas: Canvas,
  program: string,
  plan: Parameters<typeof contest>[1],
): Promise<Line[]> {
  const { width, height } = canvas;
  const { pixels, used } = await render(Buffer.from(program), canvas, cpuPainter, () => 0);
  const data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length);
  const label = labelOf({ program, canvas, used, checksum: sha256Hex(pixels) });
  const run = { backend: 'cpu', adapter: CPU_ADAPTER, renderer: 'bench' };
  const png = Object.assign(new PNG({ width, height }), { data });
  const sides = [
    { name: 'ours', act: () => press({ pixels, canvas, label, run, createdAt: '2026-01-01T00:00:00.000Z' }) },
    { name: 'pngjs', act: () => PNG.sync.write(png) },
    {
      name: 'pngjs, tuned',
      act: () => PNG.sync.write(png, { filterType: 0, deflateLevel: 1, deflateStrategy: 0 }),
    },
    {
      name: 'sharp, tuned',
      act: () =>
        sharp(data, { raw: { width, height, channels: 4 } })
          .png({ compressionLevel: 1, adaptiveFiltering: false })
          .toBuffer(),
    },
  ];
  const files = await Promise.all(sides.map(({ act }) => act()));
  for (const [index, file] of files.entries()) {
    const decoded = index === 0 ? openCartridge(file).pixels : PNG.sync.read(Buffer.from(file)).data;
    if (Buffer.compare(decoded, data) !== 0)
      throw new Error(`Expected ${sides[index]?.name} to keep the pixels`);
  }
  const [ours = [], ...peers] = await contest(sides, plan);
  return peers.map((samples, index): Line => {
    const name = sides[index + 1]?.name ?? '';
    return {
      part: 'png',
      name: `press ${width}×${height}`,
      unit: 'ms',
      ours: figuresOfTimes(ours),
      peer: { ...figuresOfTimes(samples), name },
      note: `${files[0]?.length} B against ${files[index + 1]?.length} B`,
    };
  });
}

function crowd(): string {
  const random = seededBetween(SEED);
  return Array.from({ length: 1_000 }, (_, i) =>
    i % 2 === 0
      ? `RECT ${random(0, 1900)} ${random(0, 1060)} ${random(1, 60)} ${random(1, 60)}`
      : `TXT ${random(0, 1800)} ${random(0, 1060)} Hello ${i}`,
  ).join('\n');
}
