/** Hiring, with a clock moved by hand: who is started, who is not, and what is said of it. */
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { addressSpaceLimit, requireAddressSpace } from '../../../shared/host/address-space.ts';
import { Hiring, type HiringOptions } from '../../../shared/host/hiring.ts';
import { threadModule } from '../../../shared/host/thread-module.ts';
import type { Journal } from '../../../shared/world.ts';

const FORGIVEN_MS = 300_000;

function scene(thread: HiringOptions['thread'] = () => pathToFileURL('/nowhere/thread.mjs')) {
  const told: string[] = [];
  const note = (event: string, fields: object = {}): void =>
    void told.push(`${event} ${JSON.stringify(fields)}`);
  const journal: Journal = { debug: note, info: note, warn: note, error: note };
  const clock = { ms: 0 };
  const hiring = new Hiring({ thread, work: 'paint', journal: () => journal, monotonic: () => clock.ms });
  return { hiring, told, clock };
}

describe('hiring', () => {
  it('ends for a while after three losses in a row, each of which is told', () => {
    const { hiring, told } = scene();
    const lose = (times: number) => Array.from({ length: times }, () => hiring.lost('it exited with 1'));
    lose(2);
    hiring.served();
    lose(2);
    expect(hiring.isOpen).toBe(true);
    lose(1);
    expect(hiring.isOpen).toBe(false);
    expect(told.at(-1)).toBe('paint:thread-lost {"message":"it exited with 1","in_a_row":3}');
    expect(told).toHaveLength(5);
  });

  it('gives another chance after five minutes, to one thread at a time until one has served', () => {
    const { hiring, clock } = scene();
    for (let n = 0; n < 3; n++) hiring.lost('gone');
    clock.ms = FORGIVEN_MS - 1;
    expect(hiring.isOpen).toBe(false);
    clock.ms = FORGIVEN_MS;
    expect(hiring.isOpen).toBe(true);
    hiring.lost('gone again');
    expect(hiring.isOpen).toBe(false);
    clock.ms = 2 * FORGIVEN_MS;
    expect(hiring.isOpen).toBe(true);
    hiring.served();
    hiring.lost('once');
    expect(hiring.isOpen).toBe(true);
  });

  it('ends for good where no thread may be started, which is told once', () => {
    const { hiring, told, clock } = scene(() => {
      throw new Error('compiled anew');
    });
    expect([hiring.isOpen, hiring.hire(), hiring.isOpen]).toEqual([true, undefined, false]);
    clock.ms = FORGIVEN_MS;
    expect(hiring.isOpen).toBe(false);
    expect(told).toEqual(['paint:no-threads {"message":"compiled anew"}']);
  });

  it('counts what cannot even be begun as lost', () => {
    const { hiring, told } = scene(() => 'http://nowhere/thread.mjs');
    expect(hiring.hire()).toBeUndefined();
    expect(told).toEqual([expect.stringMatching(/^paint:thread-lost .*"in_a_row":1/)]);
  });
});

describe('a thread’s module', () => {
  it('is had by its place among what was compiled, and not where it was compiled since', () => {
    const began = performance.timeOrigin;
    const ask = (builtMs: number) => threadModule('cli/main.js', 1, 1, builtMs);
    expect(ask(began)).toMatch(/\/dist\/cli\/main\.js$/);
    expect(() => ask(began + 1)).toThrow('Expected what this process was started from');
  });
});

describe('address space', () => {
  const GIB = 2 ** 30;

  it('has to be enough for all threads and memories, to the byte', () => {
    const needed = 5 * GIB + 3 * 600 * 2 ** 20 + 2 * 10 * GIB;
    expect(() => requireAddressSpace(3, 2, needed)).not.toThrow();
    expect(() => requireAddressSpace(3, 2, Number.POSITIVE_INFINITY)).not.toThrow();
    expect(() => requireAddressSpace(3, 2, needed - 1)).toThrow(
      'Expected at least 27 GiB of address space for 3 threads, found a limit of 26.8 GiB (ulimit -v)',
    );
  });

  it('is limited as the system says, and not where it does not say', () => {
    const line = (soft: string) =>
      `Limit                     Soft Limit           Hard Limit           Units     \nMax address space         ${soft}          unlimited            bytes     \n`;
    expect(addressSpaceLimit(() => line('4096000000'))).toBe(4_096_000_000);
    expect(addressSpaceLimit(() => line('unlimited'))).toBe(Number.POSITIVE_INFINITY);
    expect(addressSpaceLimit(() => 'Max cpu time')).toBe(Number.POSITIVE_INFINITY);
    const absent = () => {
      throw new Error('ENOENT');
    };
    expect(addressSpaceLimit(absent)).toBe(Number.POSITIVE_INFINITY);
  });
});
