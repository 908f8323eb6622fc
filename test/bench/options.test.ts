/** The bench's command line. */
import { describe, expect, it } from 'vitest';
import { busyWords } from '../../bench/machine.ts';
import { PARTS, readOptions } from '../../bench/options.ts';

describe('a machine', () => {
  it('is too busy to be measured on above one process a core', () => {
    expect(busyWords({ load: 2, cores: 2 })).toBeUndefined();
    expect(busyWords({ load: 2.1, cores: 2 })).toBe(
      'load 2.1 on 2 cores: others take the time that is measured, and the figures mean little',
    );
  });
});

describe('the options of the bench', () => {
  it('measure every part unless some are named, which are measured in their order', () => {
    expect(readOptions([])?.parts).toEqual(PARTS);
    expect(readOptions(['--only', 'png', '--only', 'spool'])?.parts).toEqual(['spool', 'png']);
  });

  it('refuse a part that is not there, and a name that is no file’s', () => {
    expect(() => readOptions(['--only', 'pgn'])).toThrow(/Expected --only to be one of .*found "pgn"/);
    expect(() => readOptions(['--name', '../a'])).toThrow(/Expected --name/);
    expect(readOptions(['--name', 'my-machine-2'])?.name).toBe('my-machine-2');
  });

  it('take the size of the store within its bounds', () => {
    expect([readOptions([])?.store, readOptions(['--store', '400'])?.store]).toEqual([undefined, 400]);
    expect(readOptions(['--store', '1000000'])?.store).toBe(1_000_000);
    for (const size of ['399', '1000001', '1e99', 'many', '500.5']) {
      expect(() => readOptions(['--store', size]), size).toThrow(/Expected --store .*found/);
    }
  });

  it('ask how the bench is used', () => {
    expect(readOptions(['--help'])).toBeUndefined();
    expect(readOptions(['--quick'])?.quick).toBe(true);
  });
});
