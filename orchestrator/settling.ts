/** Settling: collects answers, presses them, puts them on the shelf and closes their runs, in batches. */
import { canvasBytes } from '../shared/canvas.ts';
import type { Collected, Unbelievable } from '../shared/protocol/belief.ts';
import { describe, judgeAnswer } from './decide.ts';
import type { Flight, OrchestratorDoors, OrchestratorOptions } from './doors.ts';
import type { Ledger } from './ledger.ts';
import { type PressedRun, pressRun } from './press-run.ts';

/** Answers handled in one go: their syncs overlap and their runs are committed together. */
const BATCH = 32;

type Answer = Collected | Unbelievable | { readonly reply: undefined; readonly pixels: Uint8Array };

type Pressed = PressedRun & { readonly flight: Flight };

export class Settling {
  readonly #doors: OrchestratorDoors;
  readonly #options: OrchestratorOptions;
  readonly #ledger: Ledger;
  readonly #heard = new Set<string>();

  constructor(doors: OrchestratorDoors, options: OrchestratorOptions, ledger: Ledger) {
    this.#doors = doors;
    this.#options = options;
    this.#ledger = ledger;
  }

  /** There may be an answer for this job. */
  hear(spoolId: string): void {
    this.#heard.add(spoolId);
  }

  /**
   * Settles what was heard of, a batch at a time; true when more is waiting.
   *
   * @throws {HostFault} when the database refuses; what ended is kept and can be committed again
   */
  async settle(onAnswer: () => void): Promise<boolean> {
    const pressed: Pressed[] = [];
    let handled = 0;
    for (const spoolId of this.#heard) {
      if (handled++ === BATCH) break;
      this.#heard.delete(spoolId);
      const flight = this.#ledger.waiting(spoolId);
      const answer = flight && this.#collect(flight);
      if (flight === undefined || answer === undefined) continue;
      onAnswer();
      this.#ledger.answered(flight);
      const one = this.#judge(flight, answer);
      if (one !== undefined) pressed.push(one);
    }
    if (pressed.length > 0) await this.#shelve(pressed);
    this.#ledger.commit();
    return this.#heard.size > 0;
  }

  /** The answer, if there is one. It stays where it is until its run is closed, and is heard of again. */
  #collect(flight: Flight): Answer | undefined {
    const { spool, slot, keeper, line, journal } = this.#doors;
    try {
      if (flight.door === 'spool') return spool.collect(flight.spoolId);
      const expected = canvasBytes(flight.work.canvas);
      const answer = slot.collect(flight.spoolId, expected, keeper.announced);
      if (answer === undefined) return undefined;
      line.answered();
      return answer instanceof Uint8Array ? { reply: undefined, pixels: answer } : answer;
    } catch (error) {
      // One file that cannot be read keeps no other run waiting.
      journal.error('answer:fault', { id: flight.spoolId, message: (error as Error).message });
      return undefined;
    }
  }

  /** A pressed cartridge; undefined when the run has ended without one. */
  #judge(flight: Flight, answer: Answer): Pressed | undefined {
    const judgement = judgeAnswer(flight.work, answer);
    if (judgement.kind !== 'press') {
      const { kind, ...result } = judgement;
      this.#ledger.end(flight, kind, result);
      return undefined;
    }
    try {
      const now = this.#doors.clock.iso();
      return { flight, ...pressRun(flight, judgement, now, this.#options.cartridges) };
    } catch (error) {
      this.#ledger.end(flight, 'failed', { stderr: describe('RUN-E007', (error as Error).message) });
      return undefined;
    }
  }

  async #shelve(pressed: readonly Pressed[]): Promise<void> {
    const faults = await this.#doors.shelf.put(pressed);
    for (const [index, { flight, cartridge, stdout, backend }] of pressed.entries()) {
      const fault = faults[index];
      if (fault === undefined) this.#ledger.end(flight, 'success', { stdout, backend, cartridge });
      else this.#ledger.end(flight, 'failed', { stderr: describe('RUN-E005', fault.message) });
    }
  }
}
