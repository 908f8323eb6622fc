/** The machine: what figures have to be read against. */
import { availableParallelism, cpus, loadavg, release } from 'node:os';
import { fileSystemOf, type Scratch } from './scratch.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Processes that wanted a core in the last minute: above 1 or so, others disturbed the figures. */
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
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    system: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    memory_file_system: fileSystemOf(scratch.memory),
    disk_file_system: fileSystemOf(scratch.disk),
  };
}
