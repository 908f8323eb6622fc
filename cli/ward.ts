/** A ward: one daemon under the supervisor's eye. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Journal } from '../shared/world.ts';
import { EXIT } from './exit-codes.ts';

/** What a daemon sends its supervisor as soon as it serves. */
export const SERVING = 'serving';

/** A daemon that lived this long, ms, is started again soon when it ends. */
const HEALTHY_MS = 10_000;
const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 10_000;
/** How long a daemon that is told for the second time has to leave before it is killed, ms. */
const LAST_WORD_MS = 300;

/** For a daemon that is killed again and again before it serves. */
const NEVER_SERVED = 'it has not served yet; a GPU driver that crashes is left alone with --backend cpu';

export class Ward {
  readonly #name: string;
  readonly #argv: readonly string[];
  readonly #journal: Journal;
  #child: ChildProcess | undefined;
  #gone: Promise<number | null> = Promise.resolve(EXIT.ok);
  #ending = false;
  #crashes = 0;
  #served = false;

  /** @param argv as for `gvpie` */
  constructor(name: string, argv: readonly string[], journal: Journal) {
    this.#name = name;
    this.#argv = argv;
    this.#journal = journal;
  }

  /** How often the daemon was started again. */
  get crashes(): number {
    return this.#crashes;
  }

  /**
   * Keeps the daemon running; never resolves once its end was asked for.
   *
   * @param mayFinish whether it may end by itself, with any exit code but a fault's
   * @returns the exit code with which it ended for good
   */
  async guard(mayFinish: boolean): Promise<number> {
    for (let waitMs = FIRST_RESTART_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RESTART_MS)) {
      const started = performance.now();
      const code = await this.#start();
      const livedMs = performance.now() - started;
      if (this.#ending) break;
      const finished = mayFinish && code !== null && code !== EXIT.internal;
      // A daemon that refuses its socket, its database or its GPU would only refuse again.
      const refused = code !== null && !this.#served;
      if (finished || refused) return code;
      this.#crashes++;
      if (livedMs > HEALTHY_MS) waitMs = FIRST_RESTART_MS;
      const signal = this.#child?.signalCode ?? undefined;
      const hint = this.#served || signal === undefined ? undefined : NEVER_SERVED;
      const restarting = this.#name;
      this.#journal.warn('supervisor:restart', { restarting, code, signal, wait_ms: waitMs, hint });
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (this.#ending) break;
    }
    return new Promise(() => {});
  }

  /** Ends the daemon now, whatever it is doing. */
  kill(): void {
    this.#ending = true;
    this.#child?.kill('SIGKILL');
  }

  /**
   * Drains the daemon and waits for its end, at most `patienceMs`; then it is told again, and soon killed.
   *
   * @returns its exit code, EXIT.failed when it had not begun yet, or undefined when it had to be killed
   */
  async end(patienceMs: number): Promise<number | undefined> {
    this.#ending = true;
    const within = (ms: number, act: () => void) => setTimeout(act, Math.max(0, ms));
    const timers = [
      // Another signal than the first, which could be taken for its echo.
      within(patienceMs - LAST_WORD_MS, () => this.#child?.kill('SIGINT')),
      within(patienceMs, () => this.#child?.kill('SIGKILL')),
    ];
    this.#child?.kill('SIGTERM');
    const code = await this.#gone;
    for (const timer of timers) clearTimeout(timer);
    if (code !== null) return code;
    // A daemon that still loads its modules does not hear SIGTERM: it just ends, with nothing begun.
    return this.#child?.signalCode === 'SIGTERM' ? EXIT.failed : undefined;
  }

  /** @returns the exit code of the daemon's end; null when a signal ended it */
  #start(): Promise<number | null> {
    const main = fileURLToPath(new URL('./main.js', import.meta.url));
    // A process group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then
    // drains both in order. Should the supervisor die, the closed channel tells the daemon to end.
    const child = fork(main, this.#argv, { detached: true, stdio: 'inherit' });
    this.#child = child;
    child.on('message', (message) => {
      this.#served ||= message === SERVING;
    });
    this.#gone = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    return this.#gone;
  }
}
