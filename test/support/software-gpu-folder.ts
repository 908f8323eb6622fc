/** A GPU in software for tests: SwiftShader and its Vulkan loader, unpacked from a package that npm brought. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { errorCode } from '../../shared/faults.ts';
import { packageRoot } from '../../shared/host/package-root.ts';

const ICD = 'vk_swiftshader_icd.json';
/** What is needed of the archive; the rest is OpenGL for a browser. */
const FILES = ['libvk_swiftshader.so', 'libvulkan.so.1', ICD] as const;
/** Written last: which package the files came from, and their sizes. */
const MARK = 'unpacked.json';

/** Where a package with the archive lies, and where the files are to lie. */
export interface SoftwareGpuPlace {
  readonly chromium: string;
  readonly folder: string;
}

export const SOFTWARE_GPU: SoftwareGpuPlace = {
  chromium: join(packageRoot(), 'node_modules/@sparticuz/chromium'),
  folder: join(packageRoot(), 'node_modules/.cache/gvpie/software-gpu'),
};

/** Why there can be no GPU in software here; undefined when there can. */
export function noSoftwareGpu({ chromium }: SoftwareGpuPlace = SOFTWARE_GPU): string | undefined {
  const here = `${process.platform} on ${process.arch}`;
  if (here !== 'linux on x64') return `the software GPU is built for linux on x64, and this is ${here}`;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (header.glibcVersionRuntime === undefined)
    return 'the software GPU is built for glibc, and this is another C library';
  if (!existsSync(archiveOf(chromium))) return 'the package @sparticuz/chromium is not installed: npm ci';
  return undefined;
}

/**
 * Unpacks the files unless they are there whole. A folder appears by rename, so several processes may do
 * this at once; one that lost a file or half of one is replaced.
 *
 * @returns whether there was anything to do
 * @throws {Error} when the archive, the disk or the system's tar fails
 */
export function unpackSoftwareGpu(place: SoftwareGpuPlace = SOFTWARE_GPU): boolean {
  const { chromium, folder } = place;
  if (isWhole(place)) return false;
  mkdirSync(dirname(folder), { recursive: true });
  const wet = mkdtempSync(`${folder}.wet-`);
  try {
    // tar is on every Linux with glibc; a package for it would be one more to trust.
    const tar = spawnSync('tar', ['-x', '-f', '-', '--no-same-owner', '-C', wet, ...FILES], {
      input: brotliDecompressSync(readFileSync(archiveOf(chromium))),
      encoding: 'utf8',
    });
    if (tar.error !== undefined) throw tar.error;
    if (tar.status !== 0) throw new Error(`tar ended with ${tar.status ?? tar.signal}: ${tar.stderr.trim()}`);
    const sizes = FILES.map((name) => statSync(join(wet, name)).size);
    chmodSync(wet, 0o755);
    writeFileSync(join(wet, MARK), JSON.stringify({ version: versionOf(chromium), sizes }));
    moveIn(wet, place);
  } finally {
    rmSync(wet, { recursive: true, force: true });
  }
  return true;
}

/** The variables that lead a process to the software GPU; they must be there before it starts. */
export function softwareGpuEnvironment(
  { folder }: SoftwareGpuPlace = SOFTWARE_GPU,
  libraries: string = process.env.LD_LIBRARY_PATH ?? '',
): { VK_DRIVER_FILES: string; LD_LIBRARY_PATH: string } {
  const others = libraries.split(delimiter).filter((path) => path !== '' && path !== folder);
  return { VK_DRIVER_FILES: join(folder, ICD), LD_LIBRARY_PATH: [folder, ...others].join(delimiter) };
}

const archiveOf = (chromium: string): string => join(chromium, 'bin/swiftshader.tar.br');

function versionOf(chromium: string): unknown {
  return (JSON.parse(readFileSync(join(chromium, 'package.json'), 'utf8')) as { version?: unknown }).version;
}

function isWhole({ chromium, folder }: SoftwareGpuPlace): boolean {
  try {
    const mark = JSON.parse(readFileSync(join(folder, MARK), 'utf8'));
    const sizes = FILES.map((name) => statSync(join(folder, name)).size);
    return mark.version === versionOf(chromium) && String(mark.sizes) === String(sizes);
  } catch {
    return false;
  }
}

/** Renames `wet` into place, past a torn folder, or leaves it when another process was first. */
function moveIn(wet: string, place: SoftwareGpuPlace): void {
  for (let attempts = 0; ; attempts++) {
    try {
      renameSync(wet, place.folder);
      return;
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '') || attempts > 9) throw error;
    }
    if (isWhole(place)) return;
    const torn = mkdtempSync(`${place.folder}.torn-`);
    try {
      renameSync(place.folder, torn);
    } catch (error) {
      // Another process has just taken it away.
      if (errorCode(error) !== 'ENOENT') throw error;
    } finally {
      rmSync(torn, { recursive: true, force: true });
    }
  }
}
