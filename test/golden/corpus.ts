/** The golden corpus: the programs of examples/, the canvas that examples/README.md gives each, and what rendering leaves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { type Rendering, render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { usesDigest } from '../../shared/used.ts';
import { findShown } from '../support/shown-pictures.ts';

export const GOLDENS_FILE = join(packageRoot(), 'test/golden/checksums.json');

/** One row of the table in examples/README.md. */
export interface Example {
  readonly name: string;
  readonly canvas: Canvas;
}

/** What is pinned of one rendering; every number is exact. */
export interface Golden {
  readonly size: string;
  /** SHA-256 of the raw RGBA bytes. */
  readonly checksum: string;
  readonly steps: number;
  readonly shapes: number;
  readonly pixels_written: number;
  /** Operations of SHADEs; absent where none ran. */
  readonly shade?: number;
  readonly uses: string;
}

export type Goldens = Readonly<Record<string, Golden>>;

/** The examples as the table lists them. */
export function listedExamples(): Example[] {
  const table = readFileSync(join(packageRoot(), 'examples/README.md'), 'utf8');
  return [...table.matchAll(/^\| \[([a-z-]+)\.pxl\]\(\1\.pxl\) \| (\d+)x(\d+) \|/gm)].map(
    ([, name, width, height]) => ({
      name: name as string,
      canvas: { width: Number(width), height: Number(height) },
    }),
  );
}

/** The programs that lie in examples/, without their suffix. */
export function presentExamples(): string[] {
  return readdirSync(join(packageRoot(), 'examples'))
    .filter((file) => file.endsWith('.pxl'))
    .map((file) => file.slice(0, -'.pxl'.length));
}

export function readExample(name: string): Uint8Array {
  return readFileSync(join(packageRoot(), 'examples', `${name}.pxl`));
}

export function renderExample({ name, canvas }: Example): Promise<Rendering> {
  return renderProgram(readExample(name), canvas);
}

/** Its IMAGEs, if it has some, are pictures that the pages show. */
export function renderProgram(program: Uint8Array | string, canvas: Canvas): Promise<Rendering> {
  return render(Buffer.from(program), canvas, cpuPainter, () => 0, { findImages: findShown });
}

export function goldenOf({ canvas, pixels, price, used }: Rendering): Golden {
  const { steps, shapes, pixels_written, shade } = price;
  return {
    size: `${canvas.width}x${canvas.height}`,
    checksum: sha256Hex(pixels),
    steps,
    shapes,
    pixels_written,
    ...(shade === undefined ? {} : { shade }),
    uses: usesDigest(used),
  };
}

export async function goldensOfToday(): Promise<Goldens> {
  const goldens: Record<string, Golden> = {};
  for (const example of listedExamples()) goldens[example.name] = goldenOf(await renderExample(example));
  return goldens;
}

export function pinnedGoldens(): Goldens {
  return JSON.parse(readFileSync(GOLDENS_FILE, 'utf8')) as Goldens;
}

/** Every difference between two goldens, in words; none when they agree. */
export function differences(pinned: Golden | undefined, today: Golden): string[] {
  if (pinned === undefined) return ['it is not pinned'];
  return (Object.keys({ ...pinned, ...today }) as (keyof Golden)[])
    .filter((field) => pinned[field] !== today[field])
    .map((field) => `${field}: pinned ${pinned[field]}, today ${today[field]}`);
}
