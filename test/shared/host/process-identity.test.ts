import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAlive, ownIdentity } from '../../../shared/host/process-identity.ts';
import { waitUntil } from '../../support/wait-until.ts';

const own = ownIdentity();

/** As proc(5) has it: field 22, counted behind the name in brackets. */
function startTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

describe.runIf(process.platform === 'linux')('a process’s identity', () => {
  it('is whole on Linux, and its owner is alive', () => {
    expect(own.pid).toBe(process.pid);
    expect(own.start_time).toBe(startTime(process.pid));
    expect(own.boot_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(own.pid_namespace).toMatch(/^pid:\[\d+\]$/);
    expect(isAlive(own)).toBe(true);
  });

  it('is not that of a later process with the same pid', () => {
    expect(isAlive({ ...own, start_time: own.start_time! - 1 })).toBe(false);
  });

  it('cannot be compared with another boot or another namespace', () => {
    expect(isAlive({ ...own, boot_id: 'another' })).toBeUndefined();
    expect(isAlive({ ...own, boot_id: null })).toBeUndefined();
    expect(isAlive({ ...own, pid_namespace: 'pid:[1]' })).toBeUndefined();
    expect(isAlive({ ...own, pid_namespace: null })).toBeUndefined();
  });

  it('goes by the pid where no start time is known', () => {
    expect(isAlive({ ...own, start_time: null })).toBe(true);
    expect(isAlive({ ...own, pid: 2 ** 22 + 1, start_time: null })).toBe(false);
  });

  it('is dead when its process has ended, whether or not anybody waited for it', async () => {
    // When the shell's child ends, nobody waits for it: a sleep has taken the shell's place.
    const shell = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60']);
    try {
      const zombie = Number(
        await new Promise<string>((resolve) => shell.stdout.once('data', (data) => resolve(String(data)))),
      );
      await waitUntil('a zombie', () => /\) Z /.test(readFileSync(`/proc/${zombie}/stat`, 'utf8')));
      expect(isAlive({ ...own, pid: zombie, start_time: startTime(zombie) })).toBe(false);
      const pid = shell.pid!;
      const sleeper = { ...own, pid, start_time: startTime(pid) };
      expect(isAlive(sleeper)).toBe(true);
      shell.kill('SIGKILL');
      await new Promise((resolve) => shell.once('close', resolve));
      expect(isAlive(sleeper)).toBe(false);
    } finally {
      shell.kill('SIGKILL');
    }
  });
});
