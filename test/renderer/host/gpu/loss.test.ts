/** A GPU that is lost while a renderer lives: who is told, what is refused meanwhile, and how it comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readShader } from '../../../../renderer/host/gpu/shader.ts';
import { openTrusted, type ProbeReport } from '../../../../renderer/host/gpu/trust.ts';
import { GPU_BOUNDS } from '../../../../renderer/raster/gpu-bounds.ts';
import type { Standing } from '../../../../renderer/raster/painter.ts';
import type { BackendChoice } from '../../../../shared/protocol/command.ts';
import {
  bitsApart,
  CPU,
  CPU_HINT,
  openAtHand,
  paintRightly,
  refusalOf,
} from '../../../support/backends-at-hand.ts';
import { faultyOpener, flipBit } from '../../../support/faulty-opener.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';
import { waitUntil } from '../../../support/wait-until.ts';

describeWithGpu('a GPU that is lost', () => {
  async function scene(choice: BackendChoice = 'gpu') {
    const opener = faultyOpener({ isSoftware: choice === 'gpu' });
    const reports: ProbeReport[] = [];
    const backends = await openAtHand(choice, {
      open: opener.open,
      onDistrust: (report) => reports.push(report),
    });
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
    expect(refusalOf(backends)).toMatchObject({
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
    expect(await paintRightly(backends, 'gpu', 3)).toMatchObject({ backend: 'gpu', standIn: undefined });
    // So small a picture is the CPU's where either may paint it, and for no other reason.
    const either = await paintRightly(backends, 'auto', 3);
    expect(either).toMatchObject(
      choice === 'gpu'
        ? { backend: 'gpu', standIn: undefined }
        : { ...CPU, standIn: undefined, choice: expect.stringMatching(/ ms on the GPU, as /) },
    );
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
    expect(refusalOf(backends)).toMatchObject({
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
    await sleep(GPU_BOUNDS.firstRestMs + 150);
    expect([changes.length, opener.wanted.length]).toEqual([1, 1]);
  });

  it.each(['right', 'with a wrong bit', 'not at all'])(
    'and is let go of while it comes back %s keeps no device, and tells nothing',
    async (how) => {
      const { opener, backends, changes, next } = await scene();
      let letGo: () => void = () => {};
      opener.gate = new Promise((resolve) => {
        letGo = resolve;
      });
      opener.opened[0]?.device.destroy();
      await next(1);
      await waitUntil('the next opening', () => opener.wanted.length === 2);
      // It waits for the opening that is under way.
      const closing = backends.close();
      if (how === 'with a wrong bit') flipBit(opener.hand);
      if (how === 'not at all') opener.absent = { absent: 'unplugged', hint: '' };
      letGo();
      if (how !== 'not at all') {
        const device = await waitUntil('the device', () => opener.opened[1]?.device);
        expect((await device.lost).reason).toBe('destroyed');
      }
      await closing;
      // What a device that failed would be told of at once, and opened again after the second rest.
      await sleep(how === 'not at all' ? GPU_BOUNDS.firstRestMs * 4 + 150 : 100);
      expect([changes.length, opener.wanted.length]).toEqual([1, 2]);
    },
  );

  it('and comes back too late is let go of, and counts as one that has not come', async () => {
    const opener = faultyOpener();
    let letGo: () => void = () => {};
    opener.gate = new Promise((resolve) => {
      letGo = resolve;
    });
    const opening = openTrusted(() => opener.open('any'), readShader(), { openMs: 50 });
    await expect(opening).rejects.toThrow('no device was opened for 50 ms');
    letGo();
    const device = await waitUntil('the device', () => opener.opened[0]?.device);
    expect((await device.lost).reason).toBe('destroyed');
  });
});
