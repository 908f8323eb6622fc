import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HostFault } from '../../../shared/faults.ts';
import { acquireLock, LockHeld, lockState } from '../../../shared/host/lock.ts';
import { startProgram } from '../../support/child.ts';
import { faultOf } from '../../support/fault-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const SINCE = '2026-01-01T00:00:00.000Z';

describe('a lock', () => {
  it('has one owner, and is free again when released', () => {
    const path = join(temporaryFolder(), 'lock');
    const first = acquireLock(path, SINCE);
    const fault = faultOf(() => acquireLock(path, SINCE)) as LockHeld;
    expect(fault).toBeInstanceOf(LockHeld);
    expect(fault.message).toBe(`${path} is held by pid ${process.pid} since ${SINCE}`);
    first.release();
    acquireLock(path, SINCE).release();
  });

  it('says who holds it without taking it', () => {
    const path = join(temporaryFolder(), 'lock');
    expect(lockState(path)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    const lock = acquireLock(path, SINCE);
    expect(lockState(path)).toEqual({ pid: process.pid, since: SINCE });
    expect(lockState(path)).toEqual({ pid: process.pid, since: SINCE });
    lock.release();
    expect(lockState(path)).toBeUndefined();
    acquireLock(path, SINCE).release();
  });

  it('is freed by the kernel when its owner is killed', async () => {
    const path = join(temporaryFolder(), 'lock');
    const owner = startProgram('lock-owner', [path]);
    await waitUntil('the child to hold the lock', () => owner.output().includes('held'));
    expect(faultOf(() => acquireLock(path, SINCE)).message).toContain(`pid ${owner.pid} since`);
    expect(lockState(path)?.pid).toBe(owner.pid);
    owner.process.kill('SIGKILL');
    const killed = performance.now();
    const lock = await waitUntil('the lock to be free', () => {
      try {
        return acquireLock(path, SINCE);
      } catch (error) {
        if (error instanceof LockHeld) return undefined;
        throw error;
      }
    });
    expect(performance.now() - killed).toBeLessThan(1_000);
    expect(lockState(path)?.pid).toBe(process.pid);
    lock.release();
  });

  it('leaves nothing behind but its own file', () => {
    const folder = temporaryFolder();
    acquireLock(join(folder, 'lock'), SINCE).release();
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('is a fault of the world where its file cannot be', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'lock'));
    for (const path of [join(folder, 'lock'), join(folder, 'no', 'lock')]) {
      const fault = faultOf(() => acquireLock(path, SINCE));
      expect(fault).toBeInstanceOf(HostFault);
      expect((fault as HostFault).retryable).toBe(false);
    }
  });
});
