/** Runs `gvpie` as people do: with arguments, in a folder of its own, and gives what it printed and its exit code. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { callGvpie, isCallable } from './called.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

/** The environment without what would change gvpie's settings or colours. A command that is called has its own. */
const CLEAN = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(GVPIE_|NO_COLOR|FORCE_COLOR)/.test(name)),
);

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Standard input; none without it. */
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** A daemon of the test, up and serving. */
export interface Daemon {
  readonly pid: number;
  /** Sends a signal and resolves at the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** A folder with settings that all lead into it. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'gvpie-cli-'));
  readonly #children = new Set<ChildProcess>();

  at(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, content: string | Uint8Array): string {
    writeFileSync(this.at(path), content);
    return path;
  }

  read(path: string): Buffer {
    return readFileSync(this.at(path));
  }

  /** Runs a command: in this process where it may, which takes a tenth of the time, and otherwise in its own. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return isCallable(args) ? this.called(args, options) : this.process(args, options);
  }

  /** Runs a command in this process, whatever it would do to it. */
  async called(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return callGvpie(args, {
      folder: this.folder,
      env: this.#environment(options),
      input: options.input ?? '',
    });
  }

  /** What a command prints that ends well and has nothing to say against it. */
  async done(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(args);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    return stdout;
  }

  /** Runs the built gvpie in a process of its own. */
  async process(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const { child, ended } = this.#spawn(args, options);
    child.stdin?.end(options.input ?? '');
    return ended;
  }

  /** Starts a daemon and waits until its log says `event`. */
  async start(args: readonly string[], event: string): Promise<Daemon> {
    const { child, ended } = this.#spawn(args, {});
    await new Promise<void>((resolve, reject) => {
      let heard = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        heard += chunk.toString();
        if (heard.includes(`"event":"${event}"`)) resolve();
      });
      void ended.then(({ code, stderr }) =>
        reject(new Error(`${args.join(' ')} ended with ${code}: ${stderr}`)),
      );
    });
    return {
      pid: child.pid ?? 0,
      stop(signal = 'SIGTERM') {
        child.kill(signal);
        return ended;
      },
    };
  }

  /** Ends what is left and removes the folder. */
  async clear(): Promise<void> {
    const ends = [...this.#children].map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of this.#children) child.kill('SIGKILL');
    await Promise.all(ends);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment({ env }: RunOptions): Record<string, string | undefined> {
    const own = {
      GVPIE_SOCKET_DIR: this.at('socket'),
      GVPIE_DB: this.at('daemon.db'),
      GVPIE_CARTRIDGES: this.at('cartridges'),
    };
    return { ...CLEAN, ...own, ...env };
  }

  #spawn(args: readonly string[], options: RunOptions) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: this.#environment(options),
    });
    this.#children.add(child);
    const printed = { stdout: '', stderr: '' };
    const ended = new Promise<Ended>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed.stdout += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        printed.stderr += text;
      });
      child.stdin.on('error', () => {});
      child.once('close', (code) => {
        this.#children.delete(child);
        resolve({ code, ...printed });
      });
    });
    return { child, ended };
  }
}
