/** `gvpie selftest`: holds what paints on this machine to the pinned pictures, times it, and reports. */

import type { EncodedList } from '../renderer/display/builder.ts';
import { type OpenBackends, openBackends } from '../renderer/host/backends.ts';
import type { Failure } from '../renderer/raster/conformance/conform.ts';
import { RANDOM_LISTS, RANDOM_SEED } from '../renderer/raster/conformance/suite.ts';
import { SUITE, type Suite, tryProbe, trySuite } from '../renderer/raster/conformance/trial.ts';
import type { Painter, Standing } from '../renderer/raster/painter.ts';
import { TIMED_PICTURES } from '../renderer/timing/pictures.ts';
import { type Timing, timePicture } from '../renderer/timing/stopwatch.ts';
import { HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { requireOutput, writeOutput } from './output.ts';
import { say, sayJson } from './print.ts';
import { wrongUsage } from './refusal.ts';
import { Account } from './selftest-account.ts';
import { type Findings, isOk, reportOf } from './selftest-report.ts';

export interface SelftestOptions {
  readonly gpu?: boolean;
  readonly cpu?: boolean;
  /** Random lists beside the standing cases. */
  readonly random?: number;
  /** The report's file. */
  readonly out?: string;
  readonly json?: boolean;
}

/** What a test may exchange. */
interface Tools {
  readonly open: typeof openBackends;
  /** Paints of each picture and side that are timed. */
  readonly rounds: number;
  /** What is timed, by name. */
  readonly pictures: Readonly<Record<string, () => EncodedList>>;
  readonly suite: Suite;
}

/** Odd, so that the median is one of them. */
const TOOLS: Tools = { open: openBackends, rounds: 21, pictures: TIMED_PICTURES, suite: SUITE };

/** Where the GPU's report goes unless it is told otherwise. */
const GPU_REPORT = 'gvpie-selftest.json';

/** @throws {HostFault} after the report, when a GPU was asked for and there is none */
export async function selftest(
  options: SelftestOptions,
  settings: Pick<Settings, 'backend'>,
  tools: Tools = TOOLS,
): Promise<ExitCode> {
  const json = options.json === true;
  const asked = options.gpu ? 'gpu' : options.cpu ? 'cpu' : settings.backend;
  const out = options.out ?? (options.gpu && !json ? GPU_REPORT : undefined);
  if (out === '-') throw wrongUsage('Expected -o to name a file, found -', '--json prints the report');
  if (out !== undefined) requireOutput(out, '-');

  const account = new Account(json ? () => {} : say);
  account.begin();
  const findings = await examine(asked, options.random ?? RANDOM_LISTS, account, tools);
  const report = reportOf(findings);
  if (out !== undefined) writeOutput(out, Buffer.from(`${JSON.stringify(report, null, 2)}\n`));
  if (json) sayJson(report);
  account.end(findings, out);
  // A GPU that paints something else is there: its pixels differ, which is not the machine's fault.
  if (findings.fault !== undefined && findings.distrusted === undefined) throw findings.fault;
  return isOk(findings) ? EXIT.ok : EXIT.failed;
}

async function examine(
  asked: Findings['asked'],
  randomLists: number,
  account: Account,
  { open, rounds, pictures, suite: tried }: Tools,
): Promise<Findings> {
  let distrusted: Findings['distrusted'];
  let backends: OpenBackends | undefined;
  try {
    backends = await open(asked, {
      onDistrust(report) {
        distrusted = report;
      },
    });
    // A GPU that `auto` has paints all of them here, not what it is faster at.
    const chosen = backends.painterFor(backends.standing.backend === 'gpu' ? 'gpu' : asked);
    const { standing } = chosen;
    account.paintsOn(standing);
    const unsteady = unsteadiness(standing);
    backends.onChange((found) => unsteady.push(...unsteadiness(found)));
    // Held to what it is now: the CPU, after a GPU that was lost on the way, would else pass as itself.
    const painter: Painter = { standing, paint: (list) => chosen.paint(list) };
    const probe = await tryProbe(painter, tried);
    account.verdict('probe', probe);
    const suite = { ...(await trySuite(painter, randomLists, tried)), randomLists, seed: RANDOM_SEED };
    account.verdict('conformance', suite);
    const { timings, untimed } = await time(painter, pictures, rounds);
    account.timings(timings, rounds);
    account.failures('timings', untimed);
    account.failures('painter', unsteady);
    return { asked, distrusted, painter: standing, unsteady, probe, suite, timings, untimed };
  } catch (fault) {
    if (!(fault instanceof HostFault)) throw fault;
    return { asked, distrusted, fault };
  } finally {
    await backends?.close();
  }
}

/** Why a painter with this standing is not the one that ought to paint. */
function unsteadiness({ adapter, reason, health }: Standing): Failure[] {
  if (health === 'ok') return [];
  return [{ name: adapter, words: `Expected no stand-in for a GPU, found one: ${reason}` }];
}

async function time(
  painter: Painter,
  pictures: Tools['pictures'],
  rounds: number,
): Promise<{ readonly timings: readonly Timing[]; readonly untimed: readonly Failure[] }> {
  const timings: Timing[] = [];
  const untimed: Failure[] = [];
  for (const [name, list] of Object.entries(pictures)) {
    const picture = { name, list: list() };
    const timed = await timePicture(painter, picture, rounds, () => systemClock.monotonic());
    if ('words' in timed) untimed.push(timed);
    else timings.push(timed);
  }
  return { timings, untimed };
}
