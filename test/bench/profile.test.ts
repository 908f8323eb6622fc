/** Profiles: samples added up by function. */
import { describe, expect, it } from 'vitest';
import { type CpuProfile, describeShares, sharesOf } from '../../bench/profile.ts';

const node = (id: number, functionName: string, url = '') => ({ id, callFrame: { functionName, url } });
const PROFILE: CpuProfile = {
  nodes: [
    node(1, '(root)'),
    node(2, '(idle)'),
    node(3, 'fine', 'file:///a/b/raster/fine.js'),
    // The same function, called from elsewhere.
    node(4, 'fine', 'file:///a/b/raster/fine.js'),
    node(5, '', 'node:internal/fs'),
  ],
  samples: [1, 2, 3, 4, 5],
  timeDeltas: [7, 1_000, 20, 40, 20],
};

describe('the shares of a profile', () => {
  it('add a function up over all its callers, the largest first, without waiting', () => {
    expect(sharesOf(PROFILE)).toEqual([
      { name: 'fine (raster/fine.js)', share: 0.75 },
      { name: '(anonymous) (node:internal/fs)', share: 0.25 },
    ]);
  });

  it('are none where nothing was sampled, or the process waited all the time', () => {
    expect(sharesOf({ nodes: PROFILE.nodes })).toEqual([]);
    expect(sharesOf({ ...PROFILE, samples: [2, 2], timeDeltas: [5, 5] })).toEqual([]);
  });

  it('are told in percent, as many as are asked for', () => {
    expect(describeShares(sharesOf(PROFILE), 1)).toBe('75 % fine (raster/fine.js)');
    expect(describeShares(sharesOf(PROFILE))).toBe(
      '75 % fine (raster/fine.js), 25 % (anonymous) (node:internal/fs)',
    );
    expect(describeShares([])).toBe('nothing was sampled');
  });
});
