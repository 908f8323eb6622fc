/** The machine: what figures have to be read against. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { fileSystemOf, type Scratch } from './scratch.ts';

/** Nothing of it tells whose machine it is. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory_gib: number;
  /** Processes that wanted a core in the minute before: above 1 or so, others disturbed the figures. */
  readonly load: number;
  readonly system: string;
  readonly node: string;
  readonly memory_file_system: string;
  readonly disk_file_system: string;
}

export function describeMachine(scratch: Scratch): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    load: loadNow(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    memory_file_system: fileSystemOf(scratch.memory),
    disk_file_system: fileSystemOf(scratch.disk),
  };
}

/** What has to be said of a machine that is too busy to be measured on; undefined of others. */
export function busyWords({ load, cores }: Pick<Machine, 'load' | 'cores'>): string | undefined {
  if (load <= cores) return undefined;
  return `load ${load} on ${cores} cores: others take the time that is measured, and the figures mean little`;
}

/** Of the last minute. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}
