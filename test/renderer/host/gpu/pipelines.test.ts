/** The pipelines of shades on a real device: compiled once, let go in their turn, and what does not compile. */
import { expect, it } from 'vitest';
import { ListBuilder } from '../../../../renderer/display/builder.ts';
import { Engine } from '../../../../renderer/host/gpu/engine.ts';
import { GpuFault } from '../../../../renderer/host/gpu/guard.ts';
import { readShader } from '../../../../renderer/host/gpu/shader.ts';
import { paintOnCpu } from '../../../../renderer/raster/cpu-painter.ts';
import { plan } from '../../../../renderer/raster/plan.ts';
import { type Hand, openFaulty } from '../../../support/faulty-gpu.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';
import { number, set, shadeOf } from '../../shade/made.ts';

const listOf = (red: number) => {
  const builder = new ListBuilder();
  const box = { x0: 0, y0: 0, x1: 2, y1: 1, left: 0, top: 0, width: 2, height: 1 };
  builder.shade({ ...box, shade: shadeOf([set(0, number(red))]), uniforms: [0, 0, 0, 0], isOpaque: true });
  return builder.finish({ width: 2, height: 1 });
};

describeWithGpu('the pipelines of shades', () => {
  async function engineWith(hand: Hand) {
    const engine = await Engine.on((await openFaulty(hand)).device, readShader());
    const paint = async (red: number) => (await engine.play(plan(listOf(red), engine.limits))).pixels;
    return { engine, paint };
  }

  it('are compiled once for alike shades, and again after 32 others', { timeout: 60_000 }, async () => {
    let compiled = 0;
    const { paint } = await engineWith({
      before: (step) => {
        if (step === 'device.createShaderModule') compiled++;
      },
    });
    const afterwards = async (red: number): Promise<number> => {
      expect(Buffer.compare(await paint(red), paintOnCpu(listOf(red)))).toBe(0);
      return compiled;
    };
    // One is the shader's own.
    for (let red = 0; red < 32; red++) expect(await afterwards(red)).toBe(red + 2);
    expect(await afterwards(0)).toBe(33);
    expect(await afterwards(99)).toBe(34);
    expect(await afterwards(0)).toBe(34);
    expect(await afterwards(1)).toBe(35);
  });

  it('are compiled before a picture for whoever prepares for it, and told while they are not', async () => {
    const { engine, paint } = await engineWith({});
    const planned = plan(listOf(7), engine.limits);
    expect(engine.lacking(listOf(7).shades)).toHaveLength(1);
    // One for what lies below it.
    expect(await engine.prepare(planned)).toBe(2);
    expect(engine.lacking(listOf(7).shades)).toEqual([]);
    expect(await engine.prepare(planned)).toBe(0);
    expect((await paint(7))[0]).toBe(7);
    expect(engine.lacking(listOf(8).shades)).toHaveLength(1);
    expect((await paint(8))[0]).toBe(8);
    expect(engine.lacking(listOf(8).shades)).toEqual([]);
  });

  it('that do not compile are faults of the device', async () => {
    let isBroken = false;
    const { paint } = await engineWith({
      before: (step) => {
        if (isBroken && step === 'device.createShaderModule') throw new Error('no module');
      },
    });
    expect((await paint(7))[0]).toBe(7);
    isBroken = true;
    expect((await paint(7))[0]).toBe(7);
    await expect(paint(8)).rejects.toThrow(GpuFault);
  });
});
