/** `gvpie up`: the renderer and the orchestrator as two processes under one supervisor. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openJournal } from '../shared/host/journal.ts';
import type { Settings } from '../shared/settings.ts';
import type { Journal } from '../shared/world.ts';
import { EXIT } from './exit-codes.ts';

/** A daemon that ends by itself before this age, ms, at its first start has refused to start. */
const REFUSAL_MS = 3_000;
/** A daemon that lived this long, ms, is started again at once when it ends. */
const HEALTHY_MS = 10_000;
const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 10_000;
/** A daemon drains in 5 s; one that takes longer than this, ms, is killed. */
const PATIENCE_MS = 7_000;

/**
 * Runs both daemons until told to stop, or with `once` until the orchestrator has had its one round.
 * A daemon that crashes is started again with backoff; one that refuses to start ends it all.
 *
 * @param flags setting flags to hand on
 * @returns the exit code
 */
export async function up(
  settings: Settings,
  flags: readonly string[],
  options: { readonly once: boolean },
): Promise<number> {
  const journal = openJournal('supervisor', settings.log);
  let stopping = false;
  let forced = false;
  const renderer = new Ward('renderer', ['renderer', ...flags], journal);
  const orchestrator = new Ward(
    'orchestrator',
    ['orchestrator', ...flags, ...(options.once ? ['--once'] : [])],
    journal,
  );

  const told = new Promise<number>((resolve) => {
    const hear = (signal: NodeJS.Signals): void => {
      if (stopping) {
        forced = true;
        renderer.kill('SIGKILL');
        orchestrator.kill('SIGKILL');
      }
      stopping = true;
      resolve(EXIT.ok);
      journal.info('supervisor:stopping', { signal });
    };
    process.on('SIGINT', hear);
    process.on('SIGTERM', hear);
  });

  const ended = Promise.race([
    renderer.guard(),
    // In a single round the orchestrator's end is the end; a crash of it is started again all the same.
    orchestrator.guard(options.once),
    told,
  ]);
  const code = await ended;
  stopping = true;
  // The orchestrator first: the renderer can still answer what is in flight.
  await orchestrator.end();
  await renderer.end();
  return forced ? 130 : code;
}

/** One daemon under the supervisor's eye. */
class Ward {
  readonly #name: string;
  readonly #argv: readonly string[];
  readonly #journal: Journal;
  #child: ChildProcess | undefined;
  #ending = false;

  constructor(name: string, argv: readonly string[], journal: Journal) {
    this.#name = name;
    this.#argv = argv;
    this.#journal = journal;
  }

  /**
   * Keeps the daemon running.
   *
   * @param mayFinish whether any exit code but a crash's is its proper end
   * @returns the exit code with which it ended for good
   */
  async guard(mayFinish = false): Promise<number> {
    let waitMs = FIRST_RESTART_MS;
    for (let starts = 1; ; starts++) {
      const started = performance.now();
      const { code, signal } = await this.#run();
      if (this.#ending) return new Promise(() => {});
      const livedMs = performance.now() - started;
      const finished = mayFinish && code !== null && code !== EXIT.internal;
      // A daemon that refuses its socket or its database at once would only refuse again.
      const refused = code !== null && starts === 1 && livedMs < REFUSAL_MS;
      if (finished || refused) return code;
      if (livedMs > HEALTHY_MS) waitMs = FIRST_RESTART_MS;
      this.#journal.warn('supervisor:restart', { daemon_name: this.#name, code, signal, wait_ms: waitMs });
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.#ending) return new Promise(() => {});
      waitMs = Math.min(waitMs * 2, LONGEST_RESTART_MS);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Drains the daemon and waits for its end. */
  async end(): Promise<void> {
    this.#ending = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.kill('SIGTERM');
    await gone;
    clearTimeout(timer);
  }

  #run(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return new Promise((resolve, reject) => {
      const main = fileURLToPath(new URL('./main.js', import.meta.url));
      // A process group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then
      // drains both in order. Should the supervisor die, the closed channel tells the daemon to end.
      const child = fork(main, this.#argv, { detached: true, stdio: 'inherit' });
      this.#child = child;
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }
}
