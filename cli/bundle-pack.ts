/** Packing a folder as a tar.xz whose bytes depend on nothing but the files: not on dates, owners or order. */
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename, dirname } from 'node:path';
import { HostFault } from '../shared/faults.ts';

/** All files are dated 1 January 2000, in seconds. */
const DATE = 946_684_800;

/**
 * Of 128 MB, level 1 makes 36 MB in 3 s on two cores, 3 makes 34 MB in 9 s, 6 makes 30 MB in 25 s. Several
 * threads cut the input in blocks that do not depend on their number; one thread would make one block.
 */
const xz = (): string => `xz -1 -T${Math.max(2, availableParallelism())}`;

/**
 * Refuses to begin without the two programs that pack.
 *
 * @throws {HostFault}
 */
export function requirePackers(): void {
  const gnu = requireProgram('tar').includes('GNU tar');
  if (!gnu) throw missing('tar', 'Expected tar to be GNU tar, found another');
  requireProgram('xz');
}

/**
 * Packs `folder` under its own name into the file `out`.
 *
 * @throws {HostFault} with what tar said
 */
export async function pack(folder: string, out: string): Promise<void> {
  const args = [
    ...['--create', '--file', out, '--use-compress-program', xz(), '--directory', dirname(folder)],
    ...['--format=gnu', '--sort=name', '--owner=0', '--group=0', '--numeric-owner', `--mtime=@${DATE}`],
    ...['--', basename(folder)],
  ];
  const tar = spawn('tar', args, { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
  const end = (): boolean => tar.kill();
  process.once('exit', end);
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ending = await new Promise<number | string | null>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', (code, signal) => resolve(code ?? signal));
  });
  process.off('exit', end);
  if (ending !== 0)
    throw new HostFault('pack', out, `tar ended with ${ending}: ${said.trim()}`, { retryable: true });
}

/** What a user has set for tar and xz would change the bytes. */
function environment(): NodeJS.ProcessEnv {
  const { TAR_OPTIONS, XZ_OPT, XZ_DEFAULTS, ...others } = process.env;
  return { ...others, LC_ALL: 'C' };
}

/** @returns what the program says of itself */
function requireProgram(name: string): string {
  const { error, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8', env: environment() });
  if (error !== undefined) throw missing(name, `Expected the program ${name} to pack with, found none`);
  return stdout;
}

function missing(name: string, message: string): HostFault {
  return new HostFault('pack', name, message, {
    retryable: false,
    hint: `install ${name}, or lay out a folder with --folder DIR and pack it yourself`,
  });
}
