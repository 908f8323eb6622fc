import { describe, expect, it } from 'vitest';
import { FaultLog } from '../../shared/fault-log.ts';
import { HostFault } from '../../shared/faults.ts';
import type { Clock, Journal } from '../../shared/world.ts';

/** A log, what it has written, and a clock to be set. */
function logged() {
  const lines: string[] = [];
  const write = (event: string, fields: object = {}) => lines.push(`${event} ${JSON.stringify(fields)}`);
  const journal: Journal = { debug() {}, info() {}, warn() {}, error: write };
  const time = { ms: 0 };
  const clock: Clock = { now: () => 0, monotonic: () => time.ms, iso: () => '' };
  return { faults: new FaultLog(journal, clock), lines, time };
}

describe('a fault that a daemon survives', () => {
  it('is told once in ten seconds, however often it is met', () => {
    const { faults, lines, time } = logged();
    for (time.ms = 0; time.ms < 10_000; time.ms += 250) faults.tell(new Error('no folder'));
    expect(lines).toEqual(['daemon:fault {"message":"no folder"}']);
    faults.tell(new Error('no folder'));
    expect(lines).toHaveLength(2);
  });

  it('is told beside another, each with its hint and its event', () => {
    const { faults, lines } = logged();
    faults.tell(new HostFault('write', 'a', 'full', { retryable: true, hint: 'free some space' }));
    faults.attempt(() => {
      throw new Error('gone');
    }, 'upkeep:fault');
    faults.attempt(() => {});
    expect(lines).toEqual([
      'daemon:fault {"message":"full","hint":"free some space"}',
      'upkeep:fault {"message":"gone"}',
    ]);
  });
});
