/** The probe's report: both pictures and the words for a GPU that paints other pixels than it should. */
import { join } from 'node:path';
import { writePng } from '../../../shared/cartridge/png.ts';
import { HostFault } from '../../../shared/faults.ts';
import type { Files } from '../../../shared/host/files.ts';
import { VERSION } from '../../../shared/version.ts';
import type { ProbeReport } from './trust.ts';

/**
 * Writes `probe-cpu.png`, `probe-gpu.png` and `probe.json` into the socket's `reports/`, over older ones.
 *
 * @param at ISO 8601
 * @returns the folder
 * @throws {HostFault} when they cannot be written
 */
export function keepProbeReport(files: Files, socketDir: string, report: ProbeReport, at: string): string {
  const { adapter, width, height, expected, found, difference } = report;
  const folder = join(socketDir, 'reports');
  const kind = files.fact(folder)?.kind;
  if (kind !== undefined && kind !== 'folder') {
    throw new HostFault('write', folder, `Expected a directory at ${folder}, found something else`, {
      retryable: false,
    });
  }
  files.makeFolder(folder);
  const words = { at, version: VERSION, adapter, width, height, difference };
  const contents = {
    'probe.json': `${JSON.stringify(words, undefined, 2)}\n`,
    'probe-cpu.png': writePng(expected, { width, height }),
    'probe-gpu.png': writePng(found, { width, height }),
  };
  for (const [name, content] of Object.entries(contents)) {
    // Removed first: a symlink or a FIFO of somebody's is not written through.
    files.remove(join(folder, name));
    files.write(join(folder, name), content);
  }
  return folder;
}
