/**
 * Reads a file by somebody hostile, as a program: `node read-hostile-file.js CARTRIDGE FILE`, once a harmless cartridge has been
 * read. Writes a line of JSON: what came of it, and how far the process's resident memory rose over what it was, file included.
 */
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { openPngImage } from '../../shared/cartridge/png-image.ts';

const [harmless, path] = process.argv.slice(2) as [string, string];

function endOf(file: string): string {
  const bytes = readFileSync(file);
  const end = faultOr(() => judgeFile(openCartridge(bytes))?.verdict ?? 'whole');
  // An ordinary PNG may still be an input.
  return /E006|E011/.test(end)
    ? faultOr(() => `${openPngImage(bytes).pixels().length} bytes of pixels`)
    : end;
}

function faultOr(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof CartridgeFault) return error.code;
    throw error;
  }
}

function residentBytes(mark: 'VmHWM' | 'VmRSS'): number {
  const found = new RegExp(`${mark}:\\s*(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found?.[1]) * 1_024;
}

endOf(harmless);
// Forgets the highest mark so far.
writeFileSync('/proc/self/clear_refs', '5');
const before = residentBytes('VmRSS');
const end = endOf(path);
writeSync(1, `${JSON.stringify({ end, roseBytes: residentBytes('VmHWM') - before })}\n`);
