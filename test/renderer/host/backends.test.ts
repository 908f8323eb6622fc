/** Which backend is chosen, and what becomes of it: no adapter, a wrong one, one that is lost and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type BackendOptions, type OpenBackends, openBackends } from '../../../renderer/host/backends.ts';
import { openGpu } from '../../../renderer/host/gpu/device.ts';
import type { ProbeReport } from '../../../renderer/host/gpu/trust.ts';
import { randomList } from '../../../renderer/raster/conformance/random-list.ts';
import { paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import type { Painted, Standing } from '../../../renderer/raster/painter.ts';
import { probeList } from '../../../renderer/raster/probe.ts';
import { HostFault } from '../../../shared/faults.ts';
import type { BackendChoice } from '../../../shared/protocol/command.ts';
import { faultOf } from '../../support/fault-of.ts';
import { faultyOpener, flipBit } from '../../support/faulty-opener.ts';
import { describeWithGpu } from '../../support/software-gpu.ts';
import { waitUntil } from '../../support/wait-until.ts';

const found = inject('gpu');
const isSoftware = 'adapter' in found && found.adapter.endsWith('(software)');

const CPU = { backend: 'cpu', adapter: 'cpu (typescript)' };
const CPU_HINT = 'Use --backend auto or --backend cpu; the bytes are the same.';

const left: OpenBackends[] = [];
afterEach(async () => {
  for (const backends of left.splice(0)) await backends.close();
});

async function open(choice: BackendChoice, options: BackendOptions = {}): Promise<OpenBackends> {
  const backends = await openBackends(choice, options);
  left.push(backends);
  return backends;
}

/** Paints one list with what serves a command's choice, and holds it to the CPU's bytes. */
async function paintRightly(backends: OpenBackends, choice: BackendChoice, seed = 1): Promise<Painted> {
  const list = randomList(seed);
  const painted = await backends.painterFor(choice).paint(list);
  expect(Buffer.compare(painted.pixels, paintOnCpu(list)), `random list ${seed}`).toBe(0);
  return painted;
}

function refusal(backends: OpenBackends): HostFault {
  const fault = faultOf(() => backends.painterFor('gpu'));
  expect(fault).toBeInstanceOf(HostFault);
  return fault as HostFault;
}

async function faultOfOpening(choice: BackendChoice, options: BackendOptions): Promise<HostFault> {
  const fault = await open(choice, options).then(
    () => expect.fail('it was opened'),
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(HostFault);
  return fault as HostFault;
}

describe('the choice of the CPU', () => {
  it('looks for no GPU, and paints', async () => {
    const opener = faultyOpener();
    const backends = await open('cpu', { open: opener.open });
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
    const fault = refusal(await open('cpu'));
    expect(fault.message).toBe('Expected a GPU to paint on, found none: it was told to paint on the CPU');
    expect(fault).toMatchObject({ retryable: false, hint: CPU_HINT });
  });
});

describe('a machine without an adapter', () => {
  const absent = { absent: 'no adapter: nothing is plugged in', hint: 'Plug one in.' };

  it('paints on the CPU where nobody insists, and that is well', async () => {
    const opener = Object.assign(faultyOpener(), { absent });
    const backends = await open('auto', { open: opener.open });
    expect(opener.wanted).toEqual(['real']);
    expect(backends.standing).toEqual({ ...CPU, reason: absent.absent, health: 'ok' });
    for (const choice of ['auto', 'cpu'] as const) {
      expect(await paintRightly(backends, choice)).toMatchObject({ ...CPU, standIn: undefined });
    }
    const { message, hint, retryable } = refusal(backends);
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
    const backends = await open('auto');
    const reason = `only a software adapter: ${gpu.adapter}`;
    expect(backends.standing).toEqual({ ...CPU, reason, health: 'ok' });
    expect(await paintRightly(backends, 'auto')).toMatchObject({ ...CPU, standIn: undefined });
    expect(refusal(backends)).toMatchObject({
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('--backend gpu'),
      retryable: false,
    });
  });

  it.skipIf(isSoftware)('of its own is taken by itself', async () => {
    const backends = await open('auto');
    expect(backends.standing).toMatchObject({ backend: 'gpu', reason: 'a GPU is there', health: 'ok' });
  });

  it('of any kind is taken where somebody insists', async () => {
    const backends = await open('gpu');
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
    const backends = await open('auto', { open: opener.open });
    expect(opener.wanted).toEqual(['real']);
    expect(backends.standing).toEqual({
      backend: 'gpu',
      adapter: opener.opened[0]?.adapter,
      reason: 'a GPU is there',
      health: 'ok',
    });
    expect(await paintRightly(backends, 'gpu')).toMatchObject({ backend: 'gpu' });
  });

  it('leaves alone what is asked of the CPU', async () => {
    const opener = faultyOpener();
    const backends = await open('gpu', { open: opener.open });
    let calls = 0;
    opener.hand.before = () => calls++;
    expect(await paintRightly(backends, 'cpu')).toMatchObject({ ...CPU, dispatches: 0, standIn: undefined });
    expect(calls).toBe(0);
    // The control: the hand sees a paint of the GPU's.
    await paintRightly(backends, 'gpu');
    expect(calls).toBeGreaterThan(10);
  });

  it('that is lost while it is opened is no adapter, and the CPU stands in for it', async () => {
    let calls = 0;
    for (const at of [0, 5, 20, 60]) {
      const opener = faultyOpener();
      calls = 0;
      opener.hand.before = (_, device) => {
        if (calls++ === at) device.destroy();
      };
      const backends = await open('auto', { open: opener.open });
      expect(calls, 'the loss is not after the opening').toBeGreaterThan(at);
      expect(backends.standing).toMatchObject({ ...CPU, health: 'degraded' });
      expect(backends.standing.reason, `call ${at}`).toMatch(/^lost: /);
      expect(await paintRightly(backends, 'auto')).toMatchObject(CPU);
      expect(refusal(backends).message).toContain(backends.standing.reason);
    }
  });
});

describeWithGpu('an adapter that paints one bit of the probe wrong', () => {
  /** Once whole, and then in bands: the probe is read back more than once. */
  const canaries = [
    { readback: 0, byte: 0, bit: 0 },
    { readback: 0, byte: -1, bit: 7 },
    { readback: 0, byte: 41_601, bit: 4 },
    { readback: 1, byte: 2, bit: 0 },
    { readback: 2, byte: -2, bit: 3 },
    { readback: 3, byte: -1, bit: 0 },
  ];

  it.each(canaries)('is not taken, be it bit $bit of byte $byte of readback $readback', async (canary) => {
    const opener = faultyOpener({ isSoftware: false });
    flipBit(opener.hand, canary);
    const reports: ProbeReport[] = [];
    const backends = await open('auto', { open: opener.open, onDistrust: (report) => reports.push(report) });
    expect(reports).toHaveLength(1);
    const { adapter, width, height, expected, found, difference } = reports[0]!;
    expect(adapter).toBe(opener.opened[0]?.adapter);
    expect({ width, height }).toEqual(probeList().canvas);
    expect(Buffer.compare(expected, paintOnCpu(probeList()))).toBe(0);
    expect(bitsApart(expected, found)).toBe(1);
    expect(difference).toMatch(/^Expected RGBA .+ at .+; 1 of \d+ pixels differ/);
    expect(backends.standing).toEqual({
      ...CPU,
      reason: `the probe picture differs on ${adapter}: ${difference}`,
      health: 'degraded',
    });
    expect(await paintRightly(backends, 'auto')).toMatchObject({ ...CPU, dispatches: 0 });
    const { message, retryable } = refusal(backends);
    expect(message).toContain(backends.standing.reason);
    expect(retryable).toBe(false);
    expect((await opener.opened[0]?.device.lost)?.reason).toBe('destroyed');
  });

  it('is taken when the bit is right: after as many readbacks as the probe has, nothing is probed', async () => {
    const opener = faultyOpener();
    flipBit(opener.hand, { readback: 4 });
    const reports: ProbeReport[] = [];
    const backends = await open('gpu', { open: opener.open, onDistrust: (report) => reports.push(report) });
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

describeWithGpu('a GPU that is lost', () => {
  async function scene(choice: BackendChoice = 'gpu') {
    const opener = faultyOpener({ isSoftware: choice === 'gpu' });
    const reports: ProbeReport[] = [];
    const backends = await open(choice, { open: opener.open, onDistrust: (report) => reports.push(report) });
    const changes: Standing[] = [];
    backends.onChange((standing) => changes.push(standing));
    const next = (count: number) => waitUntil(`change ${count}`, () => changes.length >= count);
    return { opener, backends, changes, next, reports };
  }

  it.each(['gpu', 'auto'] as const)('and comes back is told of both times, chosen by %s', async (choice) => {
    const { opener, backends, changes, next } = await scene(choice);
    const first = backends.standing;
    expect(await paintRightly(backends, 'gpu', 1)).toMatchObject({ backend: 'gpu' });
    opener.opened[0]?.device.destroy();
    await next(1);
    expect(backends.standing).toEqual(changes[0]);
    expect(backends.standing).toMatchObject({ ...CPU, health: 'degraded' });
    expect(backends.standing.reason).toMatch(/^the GPU failed \(lost: .+\) and is tried again$/);
    // Meanwhile: insisting is refused for the time being, the rest is painted, and says by whom and why.
    expect(refusal(backends)).toMatchObject({
      message: `Expected a GPU to paint on, found none: ${backends.standing.reason}`,
      retryable: true,
      hint: CPU_HINT,
    });
    expect(await paintRightly(backends, 'auto', 2)).toMatchObject({
      ...CPU,
      standIn: backends.standing.reason,
    });
    expect(await paintRightly(backends, 'cpu', 2)).toMatchObject({ ...CPU, standIn: undefined });
    await next(2);
    expect(changes).toHaveLength(2);
    expect(changes[1]).toEqual(first);
    expect(backends.standing).toEqual(first);
    for (const back of ['gpu', 'auto'] as const) {
      expect(await paintRightly(backends, back, 3)).toMatchObject({ backend: 'gpu', standIn: undefined });
    }
    expect(opener.wanted).toEqual(choice === 'gpu' ? ['any', 'any'] : ['real', 'real']);
  });

  it('in the middle of a picture costs no picture, and is told of once', async () => {
    const { opener, backends, changes, next } = await scene();
    opener.hand.before = (step, device) => {
      if (step === 'queue.submit') device.destroy();
    };
    const painted = await paintRightly(backends, 'gpu', 4);
    opener.hand.before = undefined;
    expect(painted).toMatchObject({ ...CPU, dispatches: 0, standIn: expect.stringMatching(/^lost: /) });
    await next(2);
    expect(changes.map(({ backend, health }) => `${backend} ${health}`)).toEqual(['cpu degraded', 'gpu ok']);
    expect(await paintRightly(backends, 'gpu', 4)).toMatchObject({ backend: 'gpu' });
  });

  it('and comes back with a wrong bit is off for good, and both pictures are handed out', async () => {
    const { opener, backends, changes, next, reports } = await scene();
    flipBit(opener.hand, { byte: 1_000, bit: 5 });
    opener.opened[0]?.device.destroy();
    await next(2);
    expect(reports).toHaveLength(1);
    expect(bitsApart(reports[0]!.expected, reports[0]!.found)).toBe(1);
    expect(changes[1]).toMatchObject({ ...CPU, health: 'degraded' });
    expect(changes[1]?.reason).toMatch(/^the probe picture differs on /);
    expect(refusal(backends)).toMatchObject({
      message: expect.stringContaining('the probe picture differs on '),
      retryable: false,
    });
    expect(await paintRightly(backends, 'auto', 5)).toMatchObject({ ...CPU, standIn: changes[1]?.reason });
  });

  it('and is let go of while it rests opens nothing any more, and tells nothing', async () => {
    const { opener, backends, changes, next } = await scene();
    opener.opened[0]?.device.destroy();
    await next(1);
    await backends.close();
    // Longer than the first rest.
    await sleep(400);
    expect([changes.length, opener.wanted.length]).toEqual([1, 1]);
  });

  it('and is let go of while it comes back keeps no device, and tells nothing', async () => {
    const { opener, backends, changes, next } = await scene();
    opener.opened[0]?.device.destroy();
    await next(1);
    await waitUntil('the next device', () => opener.opened.length === 2);
    await backends.close();
    expect((await opener.opened[1]?.device.lost)?.reason).toBe('destroyed');
    expect([changes.length, opener.wanted.length]).toEqual([1, 2]);
  });
});

function bitsApart(one: Uint8Array, other: Uint8Array): number {
  expect(other.length).toBe(one.length);
  let bits = 0;
  for (let at = 0; at < one.length; at++) {
    for (let apart = one[at]! ^ other[at]!; apart !== 0; apart &= apart - 1) bits++;
  }
  return bits;
}
