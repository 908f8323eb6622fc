/** Children: the tests' programs, built into dist/, each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';
import type { Later } from './temporary-folder.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** What it has written so far, both streams together. */
  output(): string;
  /** Resolves when it has ended and its output is complete. */
  readonly ended: Promise<Ended>;
  /** How it ended; undefined while it lives. */
  end(): Ended | undefined;
}

/**
 * Starts `dist/test/support/<name>.js`, joined with its modules where `joined-programs-setup.ts` has done that; killed in
 * the end, if it has not ended by itself.
 */
export function startProgram(name: string, args: readonly string[], later: Later = onTestFinished): Child {
  const support = join(packageRoot(), 'dist/test/support');
  const built = join(support, `${name}.js`);
  const joined = join(process.env.GVPIE_JOINED_PROGRAMS ?? support, `${name}.js`);
  if (!existsSync(built)) throw new Error(`Expected ${built} to be built: run npx tsc -b test`);
  const program = existsSync(joined) ? joined : built;
  return startChild(process.execPath, [program, ...args], later);
}

/** Starts any program in the same way. */
export function startChild(command: string, args: readonly string[], later: Later = onTestFinished): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let end: Ended | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      end = { code, signal };
      resolve(end);
    });
  });
  later(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { pid: child.pid!, process: child, output: () => output, ended, end: () => end };
}
