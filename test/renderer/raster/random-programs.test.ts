/** Random programs: the CPU in tiles of every size, in any order, and the GPU, whole and in pieces, give the same bytes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLENDS } from '../../../renderer/display/blends.ts';
import { FONT_NAMES } from '../../../renderer/fonts/font.ts';
import { Engine } from '../../../renderer/host/gpu/engine.ts';
import { readShader } from '../../../renderer/host/gpu/shader.ts';
import type { TrustedGpu } from '../../../renderer/host/gpu/trust.ts';
import { OPCODES } from '../../../renderer/language/opcodes.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';
import { FORMULAS, paintByTheRules } from './oracle-painter.ts';
import {
  complaints,
  complaintsOfGpu,
  eachProgram,
  openProgramGpu,
  runOf,
  type Tally,
} from './random-programs.ts';

const PROGRAMS = 1_300;
/** A GPU in software takes three times as long. */
const GPU_PROGRAMS = 400;
/** Pieces take a GPU in software five times as long: every so-many-eth program is painted in them. */
const PIECES_EVERY = 20;
const PATIENCE_MS = 240_000;

/** Draws by every opcode, in every font and mode, and each kind of shape in each mode. */
function expectBreadth(tally: Tally): void {
  const drawing = OPCODES.filter(({ chapter }) => chapter === 'drawing' || chapter === 'state');
  for (const { name } of drawing)
    expect([name, (tally.executed.get(name) ?? 0) >= PROGRAMS / 20]).toEqual([name, true]);
  expect([...tally.fonts].sort()).toEqual(FONT_NAMES.slice(1));
  for (const mode of ['OVER', 'SRC', 'ADD', 'MULTIPLY', 'SCREEN', 'XOR']) {
    expect([mode, (tally.modes.get(mode) ?? 0) >= PROGRAMS / 20]).toEqual([mode, true]);
  }
  for (const kind of ['rect', 'glyph', 'spans', 'image']) {
    for (const { name } of BLENDS) {
      const shape = `${kind} ${name}`;
      expect([shape, (tally.shapes.get(shape) ?? 0) >= PROGRAMS / 20]).toEqual([shape, true]);
    }
  }
  expect(tally.severalTiles).toBeGreaterThan(PROGRAMS / 10);
}

describe('random programs', () => {
  it(`are painted by the rules in tiles of every size and in any order, ${PROGRAMS} of them`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const tally = await eachProgram(PROGRAMS, ({ list }) => expect(complaints(list)).toEqual([]));
    expect(tally.programs).toBe(PROGRAMS);
    expectBreadth(tally);
    // The breadth of fewer programs is not enough.
    expect(() =>
      expectBreadth({
        ...tally,
        executed: new Map([...tally.executed].filter(([name]) => name !== 'ARC')),
      } as Tally),
    ).toThrow('ARC');
    expect(() =>
      expectBreadth({ ...tally, shapes: new Map([...tally.shapes, ['image xor', 3]]) } as Tally),
    ).toThrow('image xor');
  });

  it('are cut by clips at each edge: without one of them another picture comes of it', async () => {
    const seen = { left: 0, top: 0, right: 0, bottom: 0 };
    await eachProgram(200, ({ list }, text, each) => {
      const [line, ...operands] = /^CLIP (-?\d+) (-?\d+) (\d+) (\d+)$/m.exec(text) ?? [];
      if (line === undefined) return;
      const [x, y, w, h] = operands.map(Number) as [number, number, number, number];
      const wider = {
        left: [x - 99, y, w + 99, h],
        top: [x, y - 99, w, h + 99],
        right: [x, y, w + 99, h],
        bottom: [x, y, w, h + 99],
      };
      for (const edge of ['left', 'top', 'right', 'bottom'] as const) {
        const other = runOf(each, text.replace(line, `CLIP ${wider[edge].join(' ')}`));
        if (other === undefined) continue;
        if (comparePictures(paintOnCpu(list), paintOnCpu(other.list), list.canvas) !== undefined)
          seen[edge]++;
      }
    });
    for (const [edge, count] of Object.entries(seen)) expect([edge, count >= 5]).toEqual([edge, true]);
  });

  it('tell a painter that slips in one mode, one division or one image from one that does not', async () => {
    const slips = {
      'add without a bound': { formulas: FORMULAS.with(1, (s, d) => (s + d) & 255) },
      'multiply rounded down': { formulas: FORMULAS.with(2, (s, d) => Math.floor((s * d) / 255)) },
      'screen without the product': { formulas: FORMULAS.with(3, (s, d) => Math.min(255, s + d)) },
      'or for xor': { formulas: FORMULAS.with(4, (s, d) => s | d) },
      'division by 256': { divide: (v: number) => v >> 8 },
      'the pixels of an image by one column aside': {
        look: ({ base, column, row, word }, x, y) => word(base + column(x ^ 1) + row(y)),
      },
    } satisfies Record<string, Parameters<typeof paintByTheRules>[1]>;
    const found = new Map(Object.keys(slips).map((slip) => [slip, 0]));
    await eachProgram(150, ({ list }) => {
      for (const [slip, rules] of Object.entries(slips)) {
        const words = comparePictures(paintOnCpu(list), paintByTheRules(list, rules), list.canvas);
        if (words !== undefined) found.set(slip, (found.get(slip) ?? 0) + 1);
      }
    });
    for (const [slip, count] of found) expect([slip, count >= 5]).toEqual([slip, true]);
  });

  it('that do not pass are told as texts, as small as they may be', async () => {
    const check = ({ list }: { list: { shapeCount: number } }) => expect(list.shapeCount).toBeLessThan(3);
    await expect(eachProgram(20, check)).rejects.toThrow(/Counterexample: \[\d+×\d+\nSPRITE spr\n/);
  });
});

describeWithGpu('random programs on a GPU', () => {
  let gpu: TrustedGpu;
  beforeAll(async () => {
    gpu = await openProgramGpu();
  });
  afterAll(() => gpu?.device.destroy());

  it(`give the bytes of the CPU, whole and in pieces, ${GPU_PROGRAMS} of them`, {
    timeout: PATIENCE_MS,
  }, async () => {
    let pieces = 0;
    const kinds = { plain: 0, imageless: 0, every: 0 };
    await eachProgram(GPU_PROGRAMS, async ({ list }, _text, _each, index) => {
      const found = await complaintsOfGpu(gpu, list, index % PIECES_EVERY === 0);
      expect(found.complaints).toEqual([]);
      kinds[found.kinds]++;
      pieces += found.dispatches - 1;
    });
    expect(Math.min(...Object.values(kinds))).toBeGreaterThan(GPU_PROGRAMS / 10);
    expect(pieces).toBeGreaterThan(GPU_PROGRAMS / PIECES_EVERY);
  });

  it('tell a shader that slips', async () => {
    const slip = [
      'sources = image_pixels(pool, words, across',
      'sources = image_pixels(pool, words, across + 1u',
    ] as const;
    expect(readShader()).toContain(slip[0]);
    const { device, isSoftware } = await openProgramGpu();
    const engine = await Engine.on(device, readShader().replace(...slip), { isSoftware });
    let found = 0;
    await eachProgram(40, async ({ list }) => {
      found += (await complaintsOfGpu({ ...gpu, engine }, list, false)).complaints.length;
    });
    device.destroy();
    expect(found).toBeGreaterThan(3);
  });
});
