/** Results as files: what is written is read again, and what is no such file is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compare } from '../../bench/compare.ts';
import { machineName, type Results, readResults, resultsText } from '../../bench/results.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { around, lineOf } from './lines.ts';

const RESULTS: Results = {
  machine: {
    ...{ cpu: 'AMD EPYC', cores: 2, memory_gib: 24, load: 0.1, system: 'linux x64', node: 'v20.19.0' },
    ...{ memory_file_system: 'tmpfs', disk_file_system: 'ext4' },
  },
  version: '0.1.0',
  day: '2026-01-31',
  seed: 1,
  quick: false,
  lines: [
    lineOf({
      peer: { ...around(20), name: 'Skia' },
      targets: [{ bound: 'at most', value: 0.4, of: 'ratio' }],
    }),
    lineOf({ name: 'memory', unit: 'MB', where: ['here'], note: 'a note' }),
  ],
};

describe('a file of results', () => {
  it('is read as it was written', () => {
    const read = readResults(resultsText(RESULTS), 'a.json');
    expect(read.lines).toEqual(RESULTS.lines);
    expect(compare(read, RESULTS).changes.map(({ kind }) => kind)).toEqual(['same', 'same']);
  });

  it('tells the ratio of a line first, and what became of its targets', () => {
    const { lines } = JSON.parse(resultsText(RESULTS)) as { lines: Record<string, unknown>[] };
    expect(Object.keys(lines[0] ?? {})[0]).toBe('ratio');
    expect(lines[0]).toMatchObject({ ratio: 0.5, verdicts: [{ found: 0.5, met: false }] });
  });

  it('is refused when it is no JSON, or other JSON, with the path', () => {
    expect(() => readResults('{', 'a.json')).toThrow(/Expected a\.json to be JSON/);
    expect(() => readResults('[]', 'a.json')).toThrow(/Expected a\.json to hold figures/);
    const other = resultsText(RESULTS).replace('"p25"', '"p26"');
    expect(() => readResults(other, 'a.json')).toThrow(/found at lines\.0\.ours\.p25/);
  });
});

describe('the files that are kept', () => {
  const folder = join(packageRoot(), 'bench/results');
  const kept = readdirSync(folder).filter((name) => name.endsWith('.json'));

  it.each(kept)('%s can be compared with', (name) => {
    const { machine, quick, lines } = readResults(readFileSync(join(folder, name), 'utf8'), name);
    expect(`${machineName(machine)}.json`).toBe(name);
    expect([quick, lines.length > 50]).toEqual([false, true]);
  });
});

describe('the name of a machine', () => {
  it('is its processor, cores and Node.js, fit for a file', () => {
    expect(machineName(RESULTS.machine)).toBe('amd-epyc-2-cores-node-20');
    const other = { cpu: 'Intel(R) Core(TM) i7-1165G7 @ 2.80GHz', cores: 8, node: 'v22.1.0' };
    expect(machineName(other)).toBe('intel-core-i7-1165g7-2-80ghz-8-cores-node-22');
  });
});
