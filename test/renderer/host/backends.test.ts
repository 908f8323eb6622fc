/** Which backend is chosen: where there is no adapter, where it is one in software, and where it paints one bit wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { encode } from '../../../renderer/display/encode.ts';
import type { BackendOptions } from '../../../renderer/host/backends.ts';
import { openGpu } from '../../../renderer/host/gpu/device.ts';
import type { ProbeReport } from '../../../renderer/host/gpu/trust.ts';
import { randomList } from '../../../renderer/raster/conformance/random-list.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { GPU_BOUNDS } from '../../../renderer/raster/gpu-bounds.ts';
import type { Standing } from '../../../renderer/raster/painter.ts';
import { HostFault } from '../../../shared/faults.ts';
import type { BackendChoice } from '../../../shared/protocol/command.ts';
import {
  bitsApart,
  CPU,
  CPU_HINT,
  openAtHand,
  paintRightly,
  refusalOf,
} from '../../support/backends-at-hand.ts';
import { faultyOpener, flipBit } from '../../support/faulty-opener.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { describeProbeBits } from './probe-bits.ts';

const found = inject('gpu');
/** Why a GPU stands where nobody insists. */
const CHOOSES = 'a GPU is there: each picture is painted where it takes less time';
const isSoftware = 'adapter' in found && found.adapter.endsWith('(software)');

async function faultOfOpening(choice: BackendChoice, options: BackendOptions): Promise<HostFault> {
  const fault = await openAtHand(choice, options).then(
    () => expect.fail('it was opened'),
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(HostFault);
  return fault as HostFault;
}

describe('the choice of the CPU', () => {
  it('looks for no GPU, and paints', async () => {
    const opener = faultyOpener();
    const backends = await openAtHand('cpu', { open: opener.open });
    expect(opener.wanted).toEqual([]);
    expect(backends.standing).toEqual({ ...CPU, reason: 'asked for', health: 'ok' });
    for (const choice of ['auto', 'cpu'] as const) {
      expect(await paintRightly(backends, choice)).toMatchObject({
        ...CPU,
        dispatches: 0,
        standIn: undefined,
      });
    }
  });

  it('refuses a command that insists on a GPU, and says the way out', async () => {
    const fault = refusalOf(await openAtHand('cpu'));
    expect(fault.message).toBe('Expected a GPU to paint on, found none: it was told to paint on the CPU');
    expect(fault).toMatchObject({ retryable: false, hint: CPU_HINT });
  });
});

describe('a machine without an adapter', () => {
  const absent = { absent: 'no adapter: nothing is plugged in', hint: 'Plug one in.' };

  it('paints on the CPU where nobody insists, and that is well', async () => {
    const opener = Object.assign(faultyOpener(), { absent });
    const backends = await openAtHand('auto', { open: opener.open });
    expect(opener.wanted).toEqual(['real']);
    expect(backends.standing).toEqual({ ...CPU, reason: absent.absent, health: 'ok' });
    for (const choice of ['auto', 'cpu'] as const) {
      expect(await paintRightly(backends, choice)).toMatchObject({ ...CPU, standIn: undefined });
    }
    const { message, hint, retryable } = refusalOf(backends);
    expect(message).toBe(`Expected a GPU to paint on, found none: ${absent.absent}`);
    expect({ hint, retryable }).toEqual({ hint: absent.hint, retryable: false });
  });

  it('has nothing to open where somebody insists', async () => {
    const opener = Object.assign(faultyOpener(), { absent });
    const { message, hint, retryable } = await faultOfOpening('gpu', { open: opener.open });
    expect(opener.wanted).toEqual(['any']);
    expect(message).toBe(`Expected a GPU to paint on, found none: ${absent.absent}`);
    expect({ hint, retryable }).toEqual({ hint: absent.hint, retryable: false });
  });
});

describeWithGpu('an adapter', () => {
  it.runIf(isSoftware)('in software is not taken by itself, by its name', async () => {
    const gpu = await openGpu('any');
    if ('absent' in gpu) throw new Error(gpu.absent);
    gpu.device.destroy();
    const backends = await openAtHand('auto');
    const reason = `only a software adapter: ${gpu.adapter}`;
    expect(backends.standing).toEqual({ ...CPU, reason, health: 'ok' });
    expect(await paintRightly(backends, 'auto')).toMatchObject({ ...CPU, standIn: undefined });
    expect(refusalOf(backends)).toMatchObject({
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('--backend gpu'),
      retryable: false,
    });
  });

  it.skipIf(isSoftware)('of its own is taken by itself', async () => {
    const backends = await openAtHand('auto');
    expect(backends.standing).toMatchObject({ backend: 'gpu', reason: CHOOSES, health: 'ok' });
  });

  it('of any kind is taken where somebody insists', async () => {
    const backends = await openAtHand('gpu');
    const { backend, adapter, reason, health } = backends.standing;
    expect({ backend, reason, health }).toEqual({ backend: 'gpu', reason: 'asked for', health: 'ok' });
    for (const choice of ['auto', 'gpu'] as const) {
      const painted = await paintRightly(backends, choice);
      expect(painted).toMatchObject({ backend: 'gpu', adapter, standIn: undefined });
      expect(painted.dispatches).toBeGreaterThan(0);
    }
  });

  it('that says it is a GPU is taken by itself', async () => {
    const opener = faultyOpener({ isSoftware: false });
    const backends = await openAtHand('auto', { open: opener.open });
    expect(opener.wanted).toEqual(['real']);
    expect(backends.standing).toEqual({
      backend: 'gpu',
      adapter: opener.opened[0]?.adapter,
      reason: CHOOSES,
      health: 'ok',
    });
    expect(await paintRightly(backends, 'gpu')).toMatchObject({ backend: 'gpu' });
    expect(backends.painterFor('gpu').standing.reason).toBe('asked for');
  });

  it('of its own paints what it is faster at, of pictures that do not insist, and says what either takes', async () => {
    const opener = faultyOpener({ isSoftware: false });
    const backends = await openAtHand('auto', { open: opener.open });
    const words = /^(\S+) ms on the CPU, (\S+) ms on the GPU, as (estimated|measured)$/;
    // A GPU takes longer to be asked than a CPU takes for a canvas of a few pixels.
    const small = await paintRightly(backends, 'auto');
    expect(small).toMatchObject({ ...CPU, dispatches: 0, standIn: undefined });
    const [, cpu, gpu] = words.exec(small.choice ?? '') ?? [];
    expect(Number(cpu)).toBeLessThan(Number(gpu));
    expect((await paintRightly(backends, 'auto', 2)).choice).toMatch(/as measured$/);
    // Who insists on either gets it, without a word on what it takes.
    for (const choice of ['gpu', 'cpu'] as const) {
      const painted = await paintRightly(backends, choice);
      expect([painted.backend, painted.choice]).toEqual([choice, undefined]);
    }
  });

  it('that was wrong once is not chosen, however much there is to paint', async () => {
    const opener = faultyOpener({ isSoftware: false });
    const backends = await openAtHand('auto', { open: opener.open });
    flipBit(opener.hand, { readback: 0 });
    const changes: Standing[] = [];
    backends.onChange((standing) => changes.push(standing));
    opener.opened[0]?.device.destroy();
    await waitUntil('the distrust', () => changes.length === 2);
    expect(changes[1]).toEqual(backends.standing);
    expect(backends.standing).toMatchObject({ ...CPU, health: 'degraded' });
    const heavy = encode([], { width: 2_048, height: 2_048 });
    const painted = await backends.painterFor('auto').paint(heavy);
    expect(painted).toMatchObject({ ...CPU, standIn: expect.stringMatching(/^the probe picture differs/) });
    expect(opener.wanted).toHaveLength(2);
  });

  it('is let go of in the end, which is no loss of it', async () => {
    const opener = faultyOpener();
    const backends = await openAtHand('gpu', { open: opener.open });
    const changes: Standing[] = [];
    backends.onChange((standing) => changes.push(standing));
    await paintRightly(backends, 'gpu');
    await backends.close();
    expect((await opener.opened[0]?.device.lost)?.reason).toBe('destroyed');
    await sleep(GPU_BOUNDS.firstRestMs + 150);
    expect([changes, opener.wanted.length]).toEqual([[], 1]);
  });

  it('leaves alone what is asked of the CPU', async () => {
    const opener = faultyOpener();
    const backends = await openAtHand('gpu', { open: opener.open });
    let calls = 0;
    opener.hand.before = () => calls++;
    expect(await paintRightly(backends, 'cpu')).toMatchObject({ ...CPU, dispatches: 0, standIn: undefined });
    expect(calls).toBe(0);
    // The control: the hand sees a paint of the GPU's.
    await paintRightly(backends, 'gpu');
    expect(calls).toBeGreaterThan(10);
  });

  it('that is lost while it is opened is tried again, and the CPU stands in for it meanwhile', async () => {
    for (const at of [0, 5, 20, 60]) {
      const opener = faultyOpener();
      let calls = 0;
      opener.hand.before = (_, device) => {
        if (calls++ === at) device.destroy();
      };
      const backends = await openAtHand('auto', { open: opener.open });
      expect(calls, 'the loss is not after the opening').toBeGreaterThan(at);
      expect(backends.standing).toMatchObject({ ...CPU, health: 'degraded' });
      expect(backends.standing.reason, `call ${at}`).toMatch(
        /^the GPU failed \(lost: .* and is tried again$/,
      );
      expect(await paintRightly(backends, 'auto')).toMatchObject({
        ...CPU,
        standIn: backends.standing.reason,
      });
      expect(refusalOf(backends).message).toContain(backends.standing.reason);
      await backends.close();
    }
  });
});

describeProbeBits(2);

describeWithGpu('an adapter that paints a bit wrong', () => {
  it('is taken when the bit is right: after as many readbacks as the probe has, nothing is probed', async () => {
    const opener = faultyOpener();
    flipBit(opener.hand, { readback: 20 });
    const reports: ProbeReport[] = [];
    const backends = await openAtHand('gpu', {
      open: opener.open,
      onDistrust: (report) => reports.push(report),
    });
    expect(backends.standing).toMatchObject({ backend: 'gpu', health: 'ok' });
    expect(reports).toEqual([]);
    // The control: the next readback is the canary's, and the comparison of the pictures sees it.
    const list = randomList(3);
    const { pixels } = await backends.painterFor('gpu').paint(list);
    expect(bitsApart(pixels, paintOnCpu(list))).toBe(1);
    expect(await paintRightly(backends, 'gpu', 3)).toMatchObject({ backend: 'gpu' });
  });

  it('is nothing for who insists on a GPU', async () => {
    const opener = faultyOpener();
    flipBit(opener.hand, { readback: 1, byte: 77, bit: 2 });
    const reports: ProbeReport[] = [];
    const fault = await faultOfOpening('gpu', {
      open: opener.open,
      onDistrust: (report) => reports.push(report),
    });
    expect(fault.message).toMatch(
      /^Expected a GPU to paint on, found none: the probe picture differs on .+: Expected RGBA /,
    );
    expect(fault).toMatchObject({ retryable: false, hint: CPU_HINT });
    expect(reports).toHaveLength(1);
    expect(bitsApart(reports[0]!.expected, reports[0]!.found)).toBe(1);
  });
});
