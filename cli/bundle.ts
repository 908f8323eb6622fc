/** `gvpie bundle`: gvpie as one archive, or one folder, that runs where nothing is installed. */
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, HostFault } from '../shared/faults.ts';
import { forcedExitCode, hearSignals } from '../shared/host/lifecycle.ts';
import { packageRoot } from '../shared/host/package-root.ts';
import { VERSION } from '../shared/version.ts';
import { type BundleFile, bundleFiles } from './bundle-contents.ts';
import { pack, requirePackers } from './bundle-pack.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { typedPath } from './npm.ts';
import { requireOutput } from './output.ts';
import { count, say } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';

export interface BundleOptions {
  /** The archive. */
  readonly out?: string;
  /** The folder to lay out in place of an archive. */
  readonly folder?: string;
}

/** The archive's one folder. */
const TOP = `gvpie-${VERSION}-${process.platform}-${process.arch}`;

/** So many parts are named by their sizes. */
const LARGEST = 5;

/** Makes the archive or the folder, whole or not at all. */
export async function makeBundle({ out, folder }: BundleOptions): Promise<ExitCode> {
  if (out !== undefined && folder !== undefined)
    throw wrongUsage('Expected --out or --folder, found both', '--folder DIR makes no archive');
  if (out === '-') throw wrongUsage('Expected --out to name a file, found -');
  const typed = folder ?? out ?? `${TOP}.tar.xz`;
  const target = typedPath(typed);
  if (folder === undefined) {
    requireOutput(typed, '-');
    requireFileOrNothing(typed, target);
    requirePackers();
  } else requireNothingAt(target);
  const files = bundleFiles(packageRoot());

  const wet = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.wet`);
  const clear = (): void => rmSync(wet, { recursive: true, force: true });
  const leave = (by: Parameters<typeof forcedExitCode>[0]): void => {
    clear();
    process.exit(forcedExitCode(by));
  };
  hearSignals(leave, leave);
  let parts: ReadonlyMap<string, number>;
  try {
    mkdirSync(wet);
    parts = layOut(files, join(wet, TOP));
    if (folder === undefined) await pack(join(wet, TOP), join(wet, 'archive'));
    renameSync(join(wet, folder === undefined ? 'archive' : TOP), target);
  } catch (error) {
    if (error instanceof HostFault || errorCode(error) === undefined) throw error;
    throw new HostFault('write', typed, `Could not write ${typed}: ${(error as Error).message}`, {
      retryable: true,
      cause: error,
    });
  } finally {
    clear();
  }

  const total = [...parts.values()].reduce((sum, size) => sum + size, 0);
  if (folder === undefined) say(`${typed}  ${megabytes(statSync(target).size)}`);
  else say(typed);
  say(`${count(files.length, 'file')}, ${megabytes(total)} unpacked; the largest parts:`);
  const largest = [...parts].sort(([, one], [, other]) => other - one).slice(0, LARGEST);
  for (const [part, size] of largest) say(`  ${megabytes(size).padStart(9)}  ${part}`);
  return EXIT.ok;
}

/** The archive takes its place by rename, which would replace a device or a symlink itself. */
function requireFileOrNothing(typed: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false })?.isFile() === false)
    throw wrongUsage(`Expected --out to name a file, found that ${typed} is none`);
}

function requireNothingAt(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined)
    throw wrongUsage(`Expected --folder to name a new folder, found that ${target} is there`);
  if (statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw badInput(`Expected a folder for ${target}, found no folder ${dirname(target)}`);
}

/**
 * Copies the files into a new folder, with permissions that depend on nobody's umask.
 *
 * @returns the bytes of each part: a package, or what lies at the top
 */
function layOut(files: readonly BundleFile[], top: string): Map<string, number> {
  const parts = new Map<string, number>();
  const made = new Set<string>();
  const makeFolder = (path: string): void => {
    if (made.has(path)) return;
    if (path !== top) makeFolder(dirname(path));
    mkdirSync(path);
    chmodSync(path, 0o755);
    made.add(path);
  };
  for (const { path, content, executable } of files) {
    const to = join(top, path);
    makeFolder(dirname(to));
    if ('text' in content) writeFileSync(to, content.text);
    else copyFileSync(content.from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, executable ? 0o755 : 0o644);
    const part = /^node_modules\/(@[^/]+\/)?[^/]+|^[^/]+/.exec(path)?.[0] ?? path;
    parts.set(part, (parts.get(part) ?? 0) + statSync(to).size);
  }
  return parts;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
