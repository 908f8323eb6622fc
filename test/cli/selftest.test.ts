/** `gvpie selftest`: what it finds, what it writes, and how it ends. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { selftest } from '../../cli/selftest.ts';
import type { EncodedList } from '../../renderer/display/builder.ts';
import type { OpenBackends, openBackends } from '../../renderer/host/backends.ts';
import { RANDOM_SEED } from '../../renderer/raster/conformance/suite.ts';
import { cpuPainter, paintedOnCpu, paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import type { Painted, Painter, Standing } from '../../renderer/raster/painter.ts';
import { TIMED_PICTURES } from '../../renderer/timing/pictures.ts';
import { HostFault } from '../../shared/faults.ts';
import { VERSION } from '../../shared/version.ts';
import { SHORT_CASES, shortSuite } from '../support/short-suite.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Workplace } from './gvpie.ts';

/** No driver is found under this name, whatever this machine has. */
const NO_GPU = { VK_DRIVER_FILES: '/nowhere/none.json' };

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

describe('gvpie selftest', () => {
  it('tells of a machine whose CPU is right, and writes nothing that was not asked for', async () => {
    const { code, stdout, stderr } = await place.run(['selftest', '--cpu', '--random', '3']);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(
        [
          `^gvpie selftest ${VERSION}, Node\\.js v\\d.*`,
          'paints on    cpu \\(typescript\\): asked for',
          'probe        ok',
          'conformance  ok  \\d+ lists',
          'timings      medians of 21 paints',
          '  CPU ms  picture',
          '  +[\\d.]+  128×64, .*',
          '  +[\\d.]+  1920×1080, .*',
          '  +[\\d.]+  1920×1080, .* translucent .*',
          '  +[\\d.]+  4096×4096, .*',
          'all is right\n$',
        ].join('\n'),
      ),
    );
    expect(existsSync(place.at('gvpie-selftest.json'))).toBe(false);
  });

  it('ends with 70 where a GPU is asked for and none is there, the report written all the same', async () => {
    place.write('gvpie-selftest.json', 'an older report');
    const { code, stdout, stderr } = await place.run(['selftest', '--gpu'], { env: NO_GPU });
    expect(code).toBe(EXIT.internal);
    expect(stderr).toMatch(/^gvpie: Expected a GPU .*\nhint: .*--backend/m);
    expect(stdout).toMatch(/\nnothing was tested; the report is in gvpie-selftest\.json\n$/);
    const report = JSON.parse(place.read('gvpie-selftest.json').toString());
    expect(report).toMatchObject({ ok: false, asked_for: 'gpu', painter: null, conformance: null });
    expect(stderr).toContain(report.fault);
    expect(stderr).toContain(report.hint);
    const json = await place.run(['selftest', '--gpu', '--json'], { env: NO_GPU });
    expect(json.code).toBe(EXIT.internal);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, fault: report.fault });
  });

  it.each([
    ['both backends', ['--gpu', '--cpu'], EXIT.usage, "'--gpu' cannot be used with option '--cpu'"],
    ['a backend twice', ['--gpu', '--backend', 'cpu'], EXIT.usage, 'cannot be used with option'],
    ['an unknown backend', ['--backend', 'abacus'], EXIT.usage, 'auto | gpu | cpu'],
    ['no random lists', ['--random', '0'], EXIT.usage, 'from 1 to 1000000'],
    ['standard output as the report', ['-o', '-'], EXIT.usage, '--json prints the report'],
    ['a folder as the report', ['-o', '.'], EXIT.usage, 'found the folder .'],
    ['a report in no folder', ['-o', 'no/a.json'], EXIT.badInput, 'Expected a folder for no/a.json'],
  ])('refuses %s', async (_, args, exit, words) => {
    const { code, stdout, stderr } = await place.run(['selftest', ...args]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toContain(words);
  });
});

describe('a self-test', () => {
  /** Painted on the CPU, and said to be on a GPU. */
  const gpu = (change: (painted: Painted) => Partial<Painted> = () => ({})): Painter => ({
    standing: { backend: 'gpu', adapter: 'a card', reason: 'asked for', health: 'ok' },
    paint(list) {
      const painted = {
        ...paintedOnCpu(paintOnCpu(list)),
        backend: 'gpu',
        adapter: 'a card',
        dispatches: 2,
      } as const;
      return { ...painted, ...change(painted) };
    },
  });

  /** The first of the pictures that are timed: the others take longer than all that is not timed. */
  const FIRST = Object.fromEntries(Object.entries(TIMED_PICTURES).slice(0, 1));

  /** Runs it in this process with that painter; gives what it said and what it wrote. */
  async function examined(
    open: typeof openBackends,
    options: Parameters<typeof selftest>[0] = { gpu: true },
    pictures: Readonly<Record<string, () => EncodedList>> = FIRST,
  ): Promise<{ code: unknown; said: string; report: Record<string, unknown>; fault?: unknown }> {
    const out = join(temporaryFolder(), 'report.json');
    let said = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
    let code: unknown;
    let fault: unknown;
    try {
      const tools = { open, rounds: 2, pictures, suite: await shortSuite() };
      code = await selftest({ random: 2, out, ...options }, { backend: 'auto' }, tools);
    } catch (error) {
      fault = error;
    } finally {
      spy.mockRestore();
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour, where the tests run on a terminal.
    const plain = said.replace(/\x1b\[\d+m/g, '');
    return { code, said: plain, report: JSON.parse(readFileSync(out, 'utf8')), fault };
  }

  let closed = 0;
  const backendsOf = (painter: Painter): OpenBackends => ({
    standing: painter.standing,
    painterFor: () => painter,
    onChange() {},
    async close() {
      closed++;
    },
  });
  beforeEach(() => {
    closed = 0;
  });

  it('passes a GPU that paints every bit as the CPU, and has both sides’ times', async () => {
    const asked: unknown[] = [];
    const open = async (choice: string) => {
      asked.push(choice);
      return backendsOf(gpu());
    };
    const { code, said, report } = await examined(open, { gpu: true }, TIMED_PICTURES);
    expect({ code, asked, closed }).toEqual({ code: EXIT.ok, asked: ['gpu'], closed: 1 });
    const time = expect.any(Number);
    expect(report).toEqual({
      ok: true,
      gvpie: VERSION,
      node: process.version,
      platform: expect.stringContaining(process.arch),
      cpu: expect.stringMatching(/^\d+ × ./),
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      asked_for: 'gpu',
      painter: { backend: 'gpu', adapter: 'a card', reason: 'asked for', health: 'ok' },
      unsteady: [],
      fault: null,
      hint: null,
      dispatches: expect.any(Number),
      probe: { ok: true, difference: null },
      conformance: { cases: expect.any(Number), random_lists: 2, random_seed: RANDOM_SEED, failures: [] },
      timings_ms: Object.keys(TIMED_PICTURES).map((picture) => ({
        picture,
        ratio: time,
        gpu: time,
        cpu: time,
      })),
    });
    const { cases } = report.conformance as { cases: number };
    expect(report.dispatches).toBe(2 * (cases + 1));
    expect(said).toContain('\npaints on    gpu, a card: asked for\nprobe        ok  2 dispatches\n');
    expect(said).toContain(`\nconformance  ok  ${cases} lists, ${2 * cases} dispatches\n`);
    expect(said).toMatch(/\n {2}GPU\/CPU {2}GPU ms {2}CPU ms {2}picture\n/);
    expect(said).toMatch(/\nall is right; the report is in .*report\.json\n$/);
  });

  it('fails a GPU for one bit in one picture', async () => {
    let count = 0;
    const { code, said, report } = await examined(async () =>
      backendsOf(
        gpu(({ pixels }) => {
          // The probe comes first.
          if (++count === 3) pixels[0]! ^= 1;
          return {};
        }),
      ),
    );
    expect(code).toBe(EXIT.failed);
    const failure = { name: 'canvas 1×2, every edge', words: expect.stringContaining(' at (0, 0), found ') };
    expect(report).toMatchObject({ ok: false, probe: { ok: true }, conformance: { failures: [failure] } });
    expect(said).toMatch(
      /\nconformance {2}not ok {2}1 failure\n {2}canvas 1×2, every edge: Expected RGBA .*\n/,
    );
    expect(said).toMatch(/\nnot all is right; /);
  });

  it('fails a GPU for which the CPU stands in, however right the pixels are', async () => {
    const standIn = gpu(() => ({ backend: 'cpu', dispatches: 0, standIn: 'the card fell out' }));
    const open = async () => backendsOf(standIn);
    const { code, said, report } = await examined(open, { gpu: true }, TIMED_PICTURES);
    expect(code).toBe(EXIT.failed);
    const words = 'Expected the gpu to paint, found that the cpu did: the card fell out';
    expect(report).toMatchObject({ ok: false, probe: { ok: false, difference: words }, dispatches: 0 });
    // 50 of the standing cases, both random lists, and each of the timed pictures.
    const { failures } = report.conformance as { failures: unknown[] };
    expect(failures).toHaveLength(56);
    expect(report.timings_ms).toEqual([]);
    expect(said).toContain(`\nprobe        not ok  1 failure\n  probe: ${words}\n`);
    expect(said).toMatch(/\nconformance {2}not ok {2}52 failures\n(?: {2}canvas .*\n){5} {2}and 47 more\n/);
    expect(said).toContain('\ntimings      not ok  4 failures\n');
  });

  /** The CPU in the place of a GPU that failed. */
  const STAND_IN: Standing = { ...cpuPainter.standing, reason: 'the card fell out', health: 'degraded' };
  const UNSTEADY = 'Expected no stand-in for a GPU, found one: the card fell out';
  const TOLD = `\npainter      not ok  1 failure\n  cpu (typescript): ${UNSTEADY}\nnot all is right; `;

  it('fails a CPU that stands in for a GPU from the beginning, however right it is', async () => {
    const standIn: Painter = {
      standing: STAND_IN,
      paint: (list) => paintedOnCpu(paintOnCpu(list), STAND_IN.reason),
    };
    const { code, said, report } = await examined(async () => backendsOf(standIn), {});
    expect(code).toBe(EXIT.failed);
    expect(report).toMatchObject({
      ok: false,
      asked_for: 'auto',
      painter: STAND_IN,
      unsteady: [UNSTEADY],
      probe: { ok: true },
      conformance: { failures: [] },
    });
    expect(said).toContain('\npaints on    cpu (typescript), DEGRADED: the card fell out\nprobe        ok\n');
    expect(said).toContain(TOLD);
    expect((await examined(async () => backendsOf(cpuPainter), {})).code).toBe(EXIT.ok);
  });

  it('fails a GPU that is lost between two pictures, wherever, and when it comes back at once', async () => {
    const card = gpu();
    /** Lost before the so-many-eth picture, and back before another; the listener is told. */
    const losing = (lostAt: number, backAt: number): OpenBackends => {
      let count = 0;
      let tell: (standing: Standing) => void = () => {};
      const isLost = () => count >= lostAt && count < backAt;
      const standing = () => (isLost() ? STAND_IN : card.standing);
      return {
        ...backendsOf(card),
        onChange(listener) {
          tell = listener;
        },
        painterFor: () => ({
          get standing() {
            return standing();
          },
          async paint(list) {
            const painted = isLost() ? paintedOnCpu(paintOnCpu(list), STAND_IN.reason) : card.paint(list);
            count++;
            if (count === lostAt) tell(STAND_IN);
            if (count === backAt) tell(card.standing);
            return painted;
          },
        }),
      };
    };
    const never = Number.POSITIVE_INFINITY;
    const afterAll = 1 + SHORT_CASES + 2;
    const untimed = await examined(async () => losing(afterAll, never), { gpu: true }, TIMED_PICTURES);
    expect(untimed.report).toMatchObject({ ok: false, probe: { ok: true }, timings_ms: [] });
    const { failures } = untimed.report.conformance as { failures: { name: string }[] };
    expect(failures.map(({ name }) => name)).toEqual(Object.keys(TIMED_PICTURES));

    const unproven = await examined(async () => losing(1, never));
    expect(unproven.said).toMatch(/\nconformance {2}not ok {2}52 failures\n/);

    const back = await examined(async () => losing(afterAll, afterAll));
    expect(back.report).toMatchObject({ ok: false, unsteady: [UNSTEADY], conformance: { failures: [] } });
    expect(back.said).toContain(TOLD);

    for (const { code } of [untimed, unproven, back]) expect(code).toBe(EXIT.failed);
  });

  it('holds the GPU that is there to all pictures, also to those that would be painted on the CPU', async () => {
    const card = gpu();
    const chooses: Painter = { ...card, paint: (list) => paintedOnCpu(paintOnCpu(list)) };
    const both = (choosing: Painter): OpenBackends => ({
      ...backendsOf(card),
      painterFor: (choice) => (choice === 'gpu' ? card : choosing),
    });
    const found = await examined(async () => both(chooses), { random: 1 });
    expect(found).toMatchObject({
      code: EXIT.ok,
      report: { asked_for: 'auto', painter: { backend: 'gpu' } },
    });
    // The control: pictures that the CPU has painted are no GPU's.
    const control = await examined(async () => ({ ...both(chooses), painterFor: () => chooses }), {
      random: 1,
    });
    expect(control.code).toBe(EXIT.failed);
  });

  it('fails a GPU that paints the probe otherwise, whether the CPU serves then or nobody', async () => {
    const report = {
      adapter: 'a bad card',
      width: 1,
      height: 1,
      expected: Uint8Array.of(0, 0, 0, 255),
      found: Uint8Array.of(0, 0, 1, 255),
      difference: 'blue is off',
    };
    const nobody = await examined(async (_, options) => {
      options?.onDistrust?.(report);
      throw new HostFault('open', 'the GPU', 'the probe differs', { retryable: false });
    });
    const cpu = await examined(
      async (_, options) => {
        options?.onDistrust?.(report);
        return backendsOf(cpuPainter);
      },
      { random: 1 },
    );
    for (const { code, said, report, fault } of [nobody, cpu]) {
      expect({ code, fault }).toEqual({ code: EXIT.failed, fault: undefined });
      expect(report).toMatchObject({
        ok: false,
        probe: { ok: false, adapter: 'a bad card', difference: 'blue is off' },
      });
      expect(said).toContain(
        '\nprobe        not ok  1 failure\n  a bad card: blue is off\nnot all is right;',
      );
    }
    expect(cpu.report).toMatchObject({ asked_for: 'auto', painter: { backend: 'cpu' } });
    expect(nobody.report).toMatchObject({ asked_for: 'gpu', painter: null, fault: 'the probe differs' });
  });

  it('says in the report why there is no GPU, and then ends by that fault', async () => {
    const fault = new HostFault('open', 'the GPU', 'no card', { retryable: false, hint: 'buy one' });
    const found = await examined(() => Promise.reject(fault));
    expect(found.fault).toBe(fault);
    expect(found.report).toMatchObject({ ok: false, fault: 'no card', hint: 'buy one', timings_ms: null });
    const later = await examined(async () => ({
      ...backendsOf(gpu()),
      painterFor() {
        throw fault;
      },
    }));
    expect(later.fault).toBe(fault);
    expect(closed).toBe(1);
  });
});
