/**
 * Runs hostile programs, one after the other, as a program: `node --expose-gc hostile-run.js dear|others|NAME…`.
 * Writes a line of JSON for each as it ends, so that whoever reads knows at which one it stopped.
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { parse } from '../../renderer/language/parser.ts';
import { decodeSource, sourceOf } from '../../renderer/language/source.ts';
import { run } from '../../renderer/machine/machine.ts';
import { PRICE_ONLY } from '../../renderer/machine/pictures.ts';
import { paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { AuthorFault } from '../../shared/faults.ts';
import type { Hostile } from '../renderer/hostile/hostile.ts';
import { PROGRAMS } from '../renderer/hostile/programs.ts';
import type { Outcome } from '../renderer/hostile/verdict.ts';

const MIB = 2 ** 20;
const SMALL = { width: 64, height: 64 };

function ended({
  source,
  canvas = SMALL,
  end,
  params,
  images,
  painted,
}: Hostile): Pick<Outcome, 'steps' | 'complaints' | 'broke'> {
  // A refusal within so many steps is one under an allowance of as many.
  const steps = 'steps' in end ? end.steps : end.within;
  try {
    const text = source();
    const program = parse(typeof text === 'string' ? sourceOf(text) : decodeSource(text));
    const allowance = { ...FULL_ALLOWANCE, steps };
    const { price, list } = run(program, canvas, {
      allowance,
      params: params?.() ?? {},
      images: images?.() ?? PRICE_ONLY,
    });
    if (painted) paintOnCpu(list);
    return { steps: price.steps };
  } catch (error) {
    if (error instanceof AuthorFault) return { complaints: error.complaints };
    return { broke: String((error as Error).stack).slice(0, 1_000) };
  }
}

/** Forgets the highest mark so far, where the system can: elsewhere it only rises. */
function restartPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Then a peak counts for all programs after it too, which is as strict.
  }
}

function peakBytes(): number {
  try {
    const found = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found !== null) return Number(found[1]) * 1_024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1_024;
}

const asked = process.argv.slice(2);
const before = process.memoryUsage.rss();
for (const hostile of PROGRAMS) {
  if (!asked.includes(hostile.dear ? 'dear' : 'others') && !asked.includes(hostile.name)) continue;
  // Nothing that an earlier program left behind counts for this one.
  globalThis.gc?.();
  restartPeak();
  const start = process.cpuUsage();
  const outcome = ended(hostile);
  const { user, system } = process.cpuUsage(start);
  const line: Outcome = {
    name: hostile.name,
    ...outcome,
    cpuMs: Math.round((user + system) / 1_000),
    peakMiB: Math.round((peakBytes() - before) / MIB),
  };
  writeSync(1, `${JSON.stringify(line)}\n`);
}
