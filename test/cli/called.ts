/** Runs gvpie in this process, as `cli/main.ts` does in its own: for commands that do their work and end. */
import { Readable } from 'node:stream';
import { EXIT } from '../../cli/exit-codes.ts';
import { explain } from '../../cli/explain.ts';
import { buildProgram } from '../../cli/program.ts';
import type { Ended } from './gvpie.ts';

/** Commands that neither serve nor wait for anybody, and hear no signals. */
const CALLABLE = [
  'backup',
  'batch',
  'cancel',
  'check',
  'contact-sheet',
  'diff',
  'extract',
  'fmt',
  'gc',
  'history',
  'import',
  'inspect',
  'key',
  'limit',
  'lineage',
  'pause',
  'press',
  'publish',
  'queue',
  'reference',
  'reload',
  'render',
  'requeue',
  'restore',
  'resume',
  'runs',
  'script',
  'sign',
  'stats',
  'top',
  'trace',
  'verify',
  'why',
];

/** Whether a command needs no process of its own; one that chooses a GPU does, whose drivers a process finds once. */
export function isCallable(args: readonly string[]): boolean {
  const [command = '', next] = args;
  return CALLABLE.includes(command) && next !== 'run' && !args.includes('--backend');
}

/** What a process has of its own. */
export interface Surroundings {
  readonly folder: string;
  readonly env: Record<string, string | undefined>;
  readonly input: string | Uint8Array;
}

let last: Promise<unknown> = Promise.resolve();

/** One call waits for the other: they share this process's folder, environment and streams. */
export function callGvpie(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const ended = last.then(() => call(args, surroundings));
  last = ended.catch(() => {});
  return ended;
}

async function call(args: readonly string[], { folder, env, input }: Surroundings): Promise<Ended> {
  const [stdout, stderr] = [new Outlet(), new Outlet()];
  const before = { folder: process.cwd(), env: process.env };
  const streams = { stdout, stderr, stdin: Readable.from([Buffer.from(input)]) };
  const own = Object.keys(streams).map(
    (name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const,
  );
  process.chdir(folder);
  process.env = env;
  for (const [name, value] of Object.entries(streams)) {
    Object.defineProperty(process, name, { value, configurable: true });
  }
  let code: number = EXIT.ok;
  try {
    const program = buildProgram((result) => {
      code = result;
    });
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = explain(error);
  } finally {
    for (const [name, descriptor] of own) Object.defineProperty(process, name, descriptor);
    process.env = before.env;
    process.chdir(before.folder);
  }
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** A pipe that keeps what is written. */
class Outlet {
  readonly #chunks: Buffer[] = [];

  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(Buffer.from(chunk));
    return true;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
