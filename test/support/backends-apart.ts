/** The backends opened in a process of their own, whose environment decides which drivers there are. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Standing } from '../../renderer/raster/painter.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';

/** A fault as JSON has it. */
export interface PlainFault {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

export interface Apart {
  readonly code: number | null;
  readonly stderr: string;
  readonly standing?: Standing;
  /** What a command hears that insists on a GPU; absent where it gets one. */
  readonly refusal?: PlainFault;
  /** Why nothing was opened. */
  readonly fault?: PlainFault;
  /** Whether WebGPU or Vulkan was loaded into the process at all. */
  readonly loaded: boolean;
}

/** Ends by itself: what keeps a process alive, or breaks its end, shows in the exit code. */
const SCRIPT = `
import { readFileSync } from 'node:fs';
const { openBackends } = await import(process.argv[1]);
const words = ({ name, message, hint, retryable }) => ({ name, message, hint, retryable });
const found = {};
try {
  const backends = await openBackends(process.argv[2]);
  found.standing = backends.standing;
  try {
    backends.painterFor('gpu');
  } catch (error) {
    found.refusal = words(error);
  }
  await backends.close();
} catch (error) {
  found.fault = words(error);
}
found.loaded = /dawn\\.node|libvulkan/.test(readFileSync('/proc/self/maps', 'utf8'));
console.log(JSON.stringify(found));`;

/** How long a process may take to open its backends and to end, ms. */
const PATIENCE_MS = 20_000;

/**
 * Opens the built backends for a choice; needs Linux.
 *
 * @param environment over this process's own; undefined takes a variable away
 */
export async function openApart(
  choice: BackendChoice,
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<Apart> {
  const built = pathToFileURL(join(packageRoot(), 'dist/renderer/host/backends.js')).href;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT, built, choice], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  const { stdout, stderr } = printed;
  return { code, stderr, ...(JSON.parse(stdout || '{"loaded":false}') as Omit<Apart, 'code' | 'stderr'>) };
}
