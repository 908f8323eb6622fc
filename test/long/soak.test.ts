/** A soak: many rows through one pair of processes, whose memory must not grow with them. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';
import { DAEMONS, growthOf, plotMemory, type Sample, soak } from '../support/soak.ts';

const ROWS = Number(process.env.GVPIE_SOAK_ROWS ?? 100_000);
const BATCHES = 20;
/** 20 bytes a row would be as much, MB for 10,000 rows. */
const GROWTH_MB = 0.2;
/** What is resident is mostly garbage that nobody had to collect yet; in the end, of what it was after a quarter. */
const RESIDENT_FACTOR = 1.6;

it(`${ROWS} rows are rendered once each, and neither daemon's memory grows with them`, async () => {
  const { pair, samples, bytesPerRun, seconds } = await soak(ROWS, BATCHES);
  const plot = join(packageRoot(), 'dist', 'soak.svg');
  plotMemory(samples, plot);
  const of = (daemon: (typeof DAEMONS)[number]) => {
    const kept = samples.map(({ [daemon]: memory }) => memory.kept.toFixed(1));
    const resident = samples.map(({ [daemon]: memory }) => memory.resident.toFixed(0));
    return (
      `${daemon}: resident ${resident.join(' ')} MB, kept ${kept.join(' ')} MB, ` +
      `${growthOf(samples, daemon).toFixed(3)} MB for each 10,000 rows`
    );
  };
  console.log(
    `${ROWS} rows in ${seconds.toFixed(0)} s, ${(ROWS / seconds).toFixed(0)}/s; the database grows by ` +
      `${bytesPerRun.toFixed(0)} bytes for each; drawn in ${plot}\n${DAEMONS.map(of).join('\n')}`,
  );
  const runs = pair.query<{ outcome: string; count: number }>(
    'SELECT outcome, count(*) AS count FROM improvement_runs GROUP BY outcome',
  );
  expect(runs).toEqual([{ outcome: 'success', count: ROWS + 1 }]);
  expect(pair.shelf()).toHaveLength(ROWS + 1);
  for (const daemon of DAEMONS) {
    expect(growthOf(samples, daemon), daemon).toBeLessThan(GROWTH_MB);
    const settled = samples[BATCHES / 4]?.[daemon].resident ?? 0;
    expect(samples.at(-1)?.[daemon].resident, daemon).toBeLessThan(RESIDENT_FACTOR * settled);
  }
});

it('a daemon that kept 30 bytes of each row would be seen to grow', () => {
  const samples: Sample[] = Array.from({ length: BATCHES }, (_, index) => {
    const rows = (100_000 / BATCHES) * (index + 1);
    const steady = 15 + 0.2 * (index % 3);
    return {
      rows,
      renderer: { resident: 90 + 40 * (index % 2), kept: steady },
      orchestrator: { resident: 110, kept: steady + (rows * 30) / 2 ** 20 },
    };
  });
  expect(growthOf(samples, 'renderer')).toBeLessThan(GROWTH_MB);
  expect(growthOf(samples, 'orchestrator')).toBeGreaterThan(GROWTH_MB);
});
