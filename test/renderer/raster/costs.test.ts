/** Costs: estimates from the rates, what pictures teach, and what is forgotten. */
import { describe, expect, it } from 'vitest';
import { Costs, CPU_RATES, GPU_RATES, type Rates } from '../../../renderer/raster/costs.ts';
import type { Effort } from '../../../renderer/raster/effort.ts';
import { seededBetween } from '../../../shared/seeded.ts';

const NOTHING: Effort = {
  ...{ picture: 1, pixels: 0, shapes: 0, filled: 0, mixed: 0, inked: 0, copied: 0 },
  ...{ shaded: 0, looks: 0, work: 0, dispatches: 0, compiles: 0 },
};
const RATES: Rates = { picture: 1e6, pixels: 10, mixed: 100 };

const costOf = (rates: Rates, effort: Effort): number =>
  Object.entries(rates).reduce((sum, [name, rate]) => sum + rate * effort[name as keyof Effort], 0) / 1e6;

/** Small canvases and large, with much on them and little. */
function efforts(count: number): Effort[] {
  const random = seededBetween(20_261_121);
  return Array.from({ length: count }, () => {
    const pixels = 4 ** random(3, 12);
    return { ...NOTHING, pixels, mixed: pixels * random(0, 8) };
  });
}

describe('costs', () => {
  it('are the sum of what each part of an effort takes', () => {
    const effort = { ...NOTHING, pixels: 1_000_000, mixed: 20_000, shaded: 1e12 };
    const costs = new Costs(RATES);
    expect(costs.estimate(effort)).toBeCloseTo(1 + 10 + 2, 9);
    expect(costs.isMeasured).toBe(false);
  });

  it.each([
    { name: 'eight times slower throughout', truth: { picture: 8e6, pixels: 80, mixed: 800 } },
    { name: 'ten times faster', truth: { picture: 1e5, pixels: 1, mixed: 10 } },
    { name: 'slow to begin and fast to go on', truth: { picture: 2e7, pixels: 2, mixed: 5 } },
    { name: 'fast to begin and slow to mix', truth: { picture: 1e5, pixels: 10, mixed: 1_500 } },
  ])('come near to those of a machine that is $name', ({ truth }) => {
    const costs = new Costs(RATES);
    for (const effort of efforts(400)) costs.learn(effort, costOf(truth, effort));
    expect(costs.isMeasured).toBe(true);
    for (const effort of efforts(40)) {
      const ratio = costs.estimate(effort) / costOf(truth, effort);
      expect([ratio > 0.75, ratio < 1.35], `${JSON.stringify(effort)} ${ratio}`).toEqual([true, true]);
    }
    // The control: at first they were far off.
    const ratios = efforts(40).map((effort) => new Costs(RATES).estimate(effort) / costOf(truth, effort));
    expect(ratios.filter((ratio) => ratio < 0.5 || ratio > 2).length).toBeGreaterThan(20);
  });

  it('of what a picture did not have are not touched by it', () => {
    const costs = new Costs(RATES);
    costs.learn({ ...NOTHING, pixels: 1_000_000 }, 100);
    const ofMixed = (of: Costs) => of.estimate({ ...NOTHING, mixed: 1_000_000 }) - of.estimate(NOTHING);
    expect(ofMixed(costs)).toBeCloseTo(ofMixed(new Costs(RATES)), 9);
  });

  it('grow by a picture that took a minute as by one that took eight times as long as expected', () => {
    const effort = { ...NOTHING, pixels: 900_000 };
    const [minute, eight, less] = [new Costs(RATES), new Costs(RATES), new Costs(RATES)];
    minute.learn(effort, 60_000);
    eight.learn(effort, 80);
    less.learn(effort, 79);
    expect(minute.estimate(effort)).toBe(eight.estimate(effort));
    expect(minute.estimate(effort)).toBeLessThan(30);
    expect(less.estimate(effort)).toBeLessThan(eight.estimate(effort));
  });

  it('stay more than 0 and finite, whatever clocks say', () => {
    const effort = { ...NOTHING, pixels: 900_000, mixed: 5 };
    for (const ms of [0, -5, 1e12]) {
      const costs = new Costs(RATES);
      for (let n = 0; n < 2_000; n++) costs.learn(effort, ms);
      const found = costs.estimate(effort);
      expect(found).toBeGreaterThan(0.01);
      expect(found).toBeLessThan(10_000);
    }
  });

  it('that have grown come down to what they were while another backend paints; those that fell stay', () => {
    const effort = { ...NOTHING, pixels: 900_000 };
    const costs = new Costs(RATES);
    const trial = { effort, ms: 20 };
    costs.calibrate([trial], 50);
    expect(costs.estimate(effort)).toBeCloseTo(20, 2);
    for (let n = 0; n < 50; n++) costs.learn(effort, 90);
    costs.forgive();
    const slow = costs.estimate(effort);
    expect(slow).toBeGreaterThan(85);
    for (let n = 0; n < 1_000; n++) costs.forgive();
    expect(costs.estimate(effort)).toBeCloseTo(20, 1);
    for (let n = 0; n < 50; n++) costs.learn(effort, 5);
    const fast = costs.estimate(effort);
    for (let n = 0; n < 1_000; n++) costs.forgive();
    expect(costs.estimate(effort)).toBe(fast);
  });

  it("begin so that a small picture is the CPU's and a SHADE of many operations the GPU's", () => {
    const [cpu, gpu] = [new Costs(CPU_RATES), new Costs(GPU_RATES)];
    const small = { ...NOTHING, pixels: 8_192, looks: 16_384, shapes: 9, inked: 315, dispatches: 1 };
    expect(cpu.estimate(small)).toBeLessThan(gpu.estimate(small) / 5);
    const dear = {
      ...NOTHING,
      pixels: 2e6,
      looks: 2e6,
      shaded: 1e10,
      work: 2e10,
      dispatches: 40,
      compiles: 1,
    };
    expect(gpu.estimate(dear)).toBeLessThan(cpu.estimate(dear) / 5);
  });
});
