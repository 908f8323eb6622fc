/** The report of a self-test: what a person sends on when a machine's pixels or its speed are in question. */
import { arch, cpus, platform, release } from 'node:os';
import type { ProbeReport } from '../renderer/host/gpu/trust.ts';
import type { Failure } from '../renderer/raster/conformance/conform.ts';
import type { Verdict } from '../renderer/raster/conformance/trial.ts';
import type { Standing } from '../renderer/raster/painter.ts';
import type { Timing } from '../renderer/timing/stopwatch.ts';
import type { HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { BackendChoice } from '../shared/protocol/command.ts';
import { VERSION } from '../shared/version.ts';

/** What a test has found; what is undefined was not reached. */
export interface Findings {
  readonly asked: BackendChoice;
  /** What the painter said it was before its first picture. */
  readonly painter?: Standing;
  /** Why there is no painter. */
  readonly fault?: HostFault;
  /** A GPU that was refused for how it paints the probe. */
  readonly distrusted?: ProbeReport | undefined;
  /** Why the painter is not the one that ought to paint, or was not all the time. */
  readonly unsteady?: readonly Failure[];
  readonly probe?: Verdict;
  readonly suite?: Verdict & { readonly randomLists: number; readonly seed: number };
  readonly timings?: readonly Timing[];
  /** Timed pictures that came out wrong. */
  readonly untimed?: readonly Failure[];
}

/** Whether everything that was asked for was painted, by what ought to paint it, and as pinned. */
export function isOk({ fault, distrusted, unsteady, probe, suite, untimed }: Findings): boolean {
  const verdicts = [unsteady, probe?.failures, suite?.failures, untimed];
  return fault === undefined && distrusted === undefined && verdicts.every((one) => one?.length === 0);
}

/** The machine in words: what times depend on. */
export function describeMachine(): Record<'node' | 'platform' | 'cpu', string> {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown';
  return {
    node: process.version,
    platform: `${platform()} ${arch()} ${release()}`,
    cpu: `${processors.length} × ${model}`,
  };
}

/** As JSON has it: names in snake_case, and `null` for what was not reached. */
export function reportOf(findings: Findings): Readonly<Record<string, unknown>> {
  const { asked, painter, fault, unsteady, probe, suite, untimed } = findings;
  return {
    ok: isOk(findings),
    gvpie: VERSION,
    ...describeMachine(),
    date: systemClock.iso(),
    asked_for: asked,
    painter: painter ?? null,
    unsteady: unsteady?.map(({ words }) => words) ?? null,
    fault: fault?.message ?? null,
    hint: fault?.hint ?? null,
    dispatches: (probe?.dispatches ?? 0) + (suite?.dispatches ?? 0),
    probe: probeOf(findings),
    conformance:
      suite === undefined
        ? null
        : {
            cases: suite.cases,
            random_lists: suite.randomLists,
            random_seed: suite.seed,
            failures: [...suite.failures, ...(untimed ?? [])],
          },
    timings_ms: timingsOf(findings),
  };
}

function probeOf({ distrusted, probe }: Findings): unknown {
  if (distrusted !== undefined) {
    return { ok: false, adapter: distrusted.adapter, difference: distrusted.difference };
  }
  if (probe === undefined) return null;
  return { ok: probe.failures.length === 0, difference: probe.failures[0]?.words ?? null };
}

/** To the microsecond; what a clock says beyond that is noise. */
function timingsOf({ timings }: Findings): unknown {
  if (timings === undefined) return null;
  const rounded = (ms: number): number => Number(ms.toFixed(3));
  return timings.map(({ picture, cpu, gpu }) => ({
    picture,
    ...(gpu === undefined ? {} : { ratio: rounded(gpu / cpu), gpu: rounded(gpu) }),
    cpu: rounded(cpu),
  }));
}
