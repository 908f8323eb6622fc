/** The probe's report: both pictures and the words for a GPU that paints other pixels than it should. */
import { join } from 'node:path';
import { writePng } from '../../../shared/cartridge/png.ts';
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
  files.makeFolder(folder);
  files.write(join(folder, 'probe-cpu.png'), writePng(expected, { width, height }));
  files.write(join(folder, 'probe-gpu.png'), writePng(found, { width, height }));
  const words = { at, version: VERSION, adapter, width, height, difference };
  files.write(join(folder, 'probe.json'), `${JSON.stringify(words, undefined, 2)}\n`);
  return folder;
}
