/** Every painter that is held to the suite. */
import { describe } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { openGpu } from '../../../renderer/host/gpu/device.ts';
import { readShader } from '../../../renderer/host/gpu/shader.ts';
import { openTrusted } from '../../../renderer/host/gpu/trust.ts';
import { TILE_SIZES } from '../../../renderer/raster/conformance/case.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { cpuPainter, paintByKernel, paintedOnCpu, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Painted, Painter } from '../../../renderer/raster/painter.ts';
import { type PlanLimits, plan } from '../../../renderer/raster/plan.ts';
import { fitsKernel } from '../../../renderer/raster/stage.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';

export interface Subject {
  readonly name: string;
  /** How its tests are described: some run only where there is a GPU. */
  readonly describe: (title: string, body: () => void) => void;
  /** The short tests hold it to one case in so many, `test/long` to each. */
  readonly share: number;
  open(): Promise<OpenSubject>;
}

export interface OpenSubject {
  readonly painter: Painter;
  close(): Promise<void>;
}

/** A new painter is a line here. */
export const SUBJECTS: readonly Subject[] = [
  ready('the CPU', 1, cpuPainter),
  ready(`the CPU in tiles of ${TILE_SIZES.join(', ')}, and its kernel`, 3, {
    ...cpuPainter,
    paint: paintInEverySize,
  }),
  { name: 'the GPU', describe: describeWithGpu, share: 3, open: () => openEngine() },
];

/** A GPU of which everything is cut: the canvas into bands, the tiles into layers, the lists into lengths. */
export const CUT_GPU: Subject = {
  name: 'the GPU, by small bands and short dispatches',
  describe: describeWithGpu,
  share: 3,
  open: () => openEngine({ bandBytes: 100_000, dispatchWork: 2 ** 16, workgroups: 7 }),
};

/** In tiles of each size, one after the other: a case is made, and what is expected of it painted, once for all of them. */
function paintInEverySize(list: EncodedList): Painted {
  const pictures: [way: string, Uint8Array][] = [];
  for (const tileSize of TILE_SIZES) pictures.push([`tiles of ${tileSize}`, paintOnCpu(list, tileSize)]);
  for (const tileSize of TILE_SIZES.filter(fitsKernel)) {
    const picture = paintByKernel(list, tileSize);
    if (picture === undefined) throw new Error('Expected WebAssembly with vectors and threads, found none');
    pictures.push([`the kernel, tiles of ${tileSize}`, picture]);
  }
  const [[, first]] = pictures as [[string, Uint8Array]];
  for (const [way, picture] of pictures) {
    const words = comparePictures(first, picture, list.canvas);
    if (words !== undefined) throw new Error(`${way}, after tiles of ${TILE_SIZES[0]}: ${words}`);
  }
  return paintedOnCpu(first);
}

/** A painter that need not be opened. */
function ready(name: string, share: number, painter: Painter): Subject {
  return { name, describe, share, open: async () => ({ painter, close: async () => {} }) };
}

/**
 * The bare engine, for which no CPU stands in: a picture may take its time where other tests compute too.
 *
 * @param limits what its plans keep to in place of the device's own
 */
async function openEngine(limits: Partial<PlanLimits> = {}): Promise<OpenSubject> {
  const patience = { pictureMs: 60_000, silenceMs: 30_000 };
  const gpu = await openTrusted(() => openGpu('any'), readShader(), { limits, ...patience });
  if ('absent' in gpu) throw new Error(gpu.absent);
  const { adapter, engine, device } = gpu;
  return {
    painter: {
      standing: { backend: 'gpu', adapter, reason: 'asked for', health: 'ok' },
      async paint(list) {
        const { pixels, dispatches } = await engine.play(plan(list, engine.limits));
        return { pixels, backend: 'gpu', adapter, dispatches, standIn: undefined };
      },
    },
    async close() {
      device.destroy();
    },
  };
}
