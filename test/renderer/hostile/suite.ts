/** The suite of hostile programs: one process runs them all, and each has a test of its own. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { startChild } from '../../support/child.ts';
import { PROGRAMS } from './programs.ts';
import { MOST_MIB, type Outcome, objections } from './verdict.ts';

/** @param dear those that are too dear for every day, or the others */
export function describeHostile(dear: boolean): void {
  const programs = PROGRAMS.filter((hostile) => (hostile.dear === true) === dear);
  const outcomes = new Map<string, Outcome>();
  let rest = '';

  beforeAll(async () => {
    const program = join(packageRoot(), 'dist/test/support/hostile-run.js');
    const cleanups: (() => unknown)[] = [];
    const args = [`--max-old-space-size=${MOST_MIB}`, '--expose-gc', program, dear ? 'dear' : 'others'];
    const child = startChild(process.execPath, args, (act) => cleanups.push(act));
    await child.ended;
    for (const act of cleanups) await act();
    for (const line of child.output().split('\n')) {
      if (!line.startsWith('{')) rest += line;
      else {
        const outcome = JSON.parse(line) as Outcome;
        outcomes.set(outcome.name, outcome);
      }
    }
    const all = [...outcomes.values()];
    const seconds = (all.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1_000).toFixed(1);
    const most = (of: 'cpuMs' | 'peakMiB') => Math.max(0, ...all.map((outcome) => outcome[of]));
    console.log(
      `hostile: ${all.length} programs in ${seconds} s, none over ${most('cpuMs')} ms and ${most('peakMiB')} MiB`,
    );
  }, 600_000);

  describe('a hostile program comes to its end, in time, in memory and in few words:', () => {
    it.each(programs.map((hostile) => [hostile.name, hostile] as const))('%s', (name, hostile) => {
      const outcome = outcomes.get(name);
      if (outcome === undefined)
        throw new Error(`Expected an outcome, found that the process had ended: ${rest}`);
      expect(objections(hostile, outcome)).toEqual([]);
    });
  });
}
