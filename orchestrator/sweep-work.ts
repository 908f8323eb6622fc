/** Sweeps as an orchestrator's own work, under the fuse. */
import { HostFault } from '../shared/faults.ts';
import type { KeepRules } from '../shared/keep-rule.ts';
import type { Journal } from '../shared/world.ts';
import { stoppedWords } from './fuse.ts';
import type { Labour, WorkEnd, WorkFault } from './own-work.ts';
import type { SweepOrder, SweepResult } from './sweep-doors.ts';

export class SweepWork implements Labour {
  readonly event = 'gc';
  readonly fields = {};
  readonly #rules: KeepRules;
  readonly #journal: Journal;
  readonly #sweep: (order: SweepOrder, isCutOff: () => boolean) => Promise<SweepResult>;
  #isStopping = false;
  #underWay: Promise<void> | undefined;

  /** @param sweep rejects soon after `isCutOff` has become true, and when the database or the shelf cannot be used */
  constructor(
    rules: KeepRules,
    journal: Journal,
    sweep: (order: SweepOrder, isCutOff: () => boolean) => Promise<SweepResult>,
  ) {
    this.#rules = rules;
    this.#journal = journal;
    this.#sweep = sweep;
  }

  begin(_slot: string, ended: (how: WorkEnd | WorkFault) => void): void {
    const order = { ...this.#rules, isMeant: true, isForced: false };
    this.#underWay = this.#sweep(order, () => this.#isStopping).then(
      (result) => {
        this.#report(result);
        ended(sweepEnd(result));
      },
      (error: Error) => {
        if (this.#isStopping) return;
        const { retryable = false, hint } = error instanceof HostFault ? error : {};
        ended({ message: error.message, hint, isPassing: retryable });
      },
    );
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#underWay;
  }

  #report(result: SweepResult): void {
    const { status, gone, left, leftWhy, longestMs } = result;
    if (status === 'fuse') {
      const hint = 'gvpie gc shows what would go; gvpie gc --sweep --yes removes it';
      this.#journal.warn('gc:fuse', { message: stoppedWords(result.tallies), hint });
      return;
    }
    const some = left > 0 || Object.values(gone).some((rows) => rows > 0);
    const fields = { ...gone, longest_ms: longestMs, left: left || undefined, why: leftWhy ?? undefined };
    if (left > 0) this.#journal.warn('gc:left', fields);
    else this.#journal[some ? 'info' : 'debug']('gc:swept', fields);
  }
}

/** What is kept of a sweep. */
export function sweepEnd({ status, gone, tallies }: SweepResult): WorkEnd {
  return { outcome: status, result: { gone, stopped: status === 'fuse' ? stoppedWords(tallies) : null } };
}
