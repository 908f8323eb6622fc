/** Settling: collects answers, presses them and puts them on the shelf, in batches; what has ended is the ledger's to close. */
import { canvasBytes } from '../shared/canvas.ts';
import type { Collected, Unbelievable } from '../shared/protocol/belief.ts';
import type { OkReply } from '../shared/protocol/reply.ts';
import { BATCH, TURN_BYTES, TURN_MS } from './config.ts';
import { describe, disbelieved, type Ending, judgeAnswer, judgeReply } from './decide.ts';
import type { Flight, OrchestratorDoors, OrchestratorOptions } from './doors.ts';
import { describeRejection } from './expect.ts';
import type { Ledger } from './ledger.ts';
import { inscribe, type PressedRun, pressedRun, pressRun } from './press-run.ts';
import type { CartridgeRecord } from './script.ts';

type Answer = Collected | Unbelievable | { readonly reply: undefined; readonly pixels: Uint8Array };

type Pressed = PressedRun & {
  readonly flight: Flight;
  /** What the language meant to the renderer, as far as known. */
  readonly semantics: string | undefined;
};

export class Settling {
  readonly #doors: OrchestratorDoors;
  readonly #options: OrchestratorOptions;
  readonly #ledger: Ledger;
  readonly #heard = new Set<string>();
  readonly #wake: () => void;
  /** Runs whose large answers are being pressed. */
  readonly #underWay = new Set<Flight>();
  /** Large cartridges that wait for the next batch. */
  readonly #ready: Pressed[] = [];

  /** Batches on their way to the shelf; a sync takes about as long as pressing the next batch. */
  readonly #shelving = new Set<Promise<void>>();
  /** Called when a batch has become worth its commit. */
  #onWorthwhile: () => void = () => {};

  /** @param wake has `settle` called soon */
  constructor(doors: OrchestratorDoors, options: OrchestratorOptions, ledger: Ledger, wake: () => void) {
    this.#doors = doors;
    this.#options = options;
    this.#ledger = ledger;
    this.#wake = wake;
  }

  /** How many large answers are being pressed, or were and wait for `settle`. */
  get pressing(): number {
    return this.#underWay.size + this.#ready.length;
  }

  /** There may be an answer for this job. */
  hear(spoolId: string): void {
    this.#heard.add(spoolId);
    if (this.isWorthwhile) this.#onWorthwhile();
  }

  /** Whether cartridges are on their way to the shelf. */
  get isShelving(): boolean {
    return this.#shelving.size > 0;
  }

  /** Resolves when a batch is on the shelf or the next one is worth its commit; at once when nothing is on its way. */
  async rest(): Promise<void> {
    if (!this.isShelving || this.isWorthwhile) return;
    const worthwhile = new Promise<void>((resolve) => {
      this.#onWorthwhile = resolve;
    });
    await Promise.race([worthwhile, ...this.#shelving]);
  }

  /** Whether an answer for this job was heard of and not looked at. */
  isHeard(spoolId: string): boolean {
    return this.#heard.has(spoolId);
  }

  /** How many answers were heard of and not looked at. */
  get heard(): number {
    return this.#heard.size;
  }

  /** Whether a batch is worth its commit: it is full, or nothing more is on the way. */
  get isWorthwhile(): boolean {
    const { size } = this.#heard;
    return this.#ready.length > 0 || (size > 0 && size >= Math.min(BATCH, this.#ledger.waitingCount));
  }

  /** Settles a batch of what was heard of: its runs have ended now, or will once its cartridges are on the shelf. */
  async settle(onAnswer: () => void): Promise<void> {
    const { clock, breathe } = this.#doors;
    const pressed = this.#ready.splice(0);
    let handled = 0;
    let begunMs = clock.monotonic();
    for (const spoolId of this.#heard) {
      if (handled++ === BATCH) break;
      this.#heard.delete(spoolId);
      if (clock.monotonic() - begunMs > TURN_MS) {
        await breathe();
        begunMs = clock.monotonic();
      }
      const flight = this.#ledger.waiting(spoolId);
      if (flight === undefined) continue;
      if (isLarge(flight)) {
        if (this.#beginLarge(flight)) onAnswer();
        continue;
      }
      const answer = this.#collect(flight);
      if (answer === undefined) continue;
      onAnswer();
      this.#ledger.answered(flight);
      const one = this.#judge(flight, answer);
      if (one !== undefined) pressed.push(one);
    }
    if (pressed.length === 0) return;
    await breathe();
    this.#begin(pressed);
  }

  /** The runs whose answers are being pressed; how that ends is no longer heeded. */
  abandon(): Flight[] {
    const left = [...this.#underWay, ...this.#ready.splice(0).map(({ flight }) => flight)];
    this.#underWay.clear();
    return left;
  }

  /** Has a large answer pressed, if it is there: true then. */
  #beginLarge(flight: Flight): boolean {
    const found = this.#attempt(flight, () => this.#doors.spool.look(flight.spoolId));
    if (found === undefined) return false;
    this.#ledger.answered(flight);
    const judgement = 'unbelievable' in found ? disbelieved(found) : judgeReply(flight.work, found.reply);
    if (judgement.kind !== 'fits') this.#end(flight, judgement);
    else if ('pixelFile' in found) void this.#pressBeside(flight, judgement.reply, found.pixelFile);
    return true;
  }

  async #pressBeside(flight: Flight, reply: OkReply, pixelFile: string): Promise<void> {
    const { presses, clock } = this.#doors;
    this.#underWay.add(flight);
    try {
      const inscription = inscribe(flight, reply, reply.sha256, clock.iso());
      const { expectation } = flight;
      const asked = { reply, pixelFile, inscription, ...(expectation === undefined ? {} : { expectation }) };
      const found = await presses.press(asked);
      if (!this.#underWay.delete(flight)) return;
      if ('unbelievable' in found) this.#end(flight, disbelieved(found));
      else {
        const run = pressedRun(flight, reply, inscription, found, this.#options.cartridges);
        this.#ready.push({ flight, ...run, semantics: this.#meaningOf(reply) });
      }
    } catch (error) {
      if (!this.#underWay.delete(flight)) return;
      this.#ledger.end(flight, 'failed', { stderr: describe('RUN-E007', (error as Error).message) });
    }
    this.#onWorthwhile();
    this.#wake();
  }

  /** The answer, if there is one. It stays where it is until its run is closed, and is heard of again. */
  #collect(flight: Flight): Answer | undefined {
    const { spool, slot, keeper, line } = this.#doors;
    return this.#attempt(flight, () => {
      if (flight.door === 'spool') return spool.collect(flight.spoolId);
      const expected = canvasBytes(flight.work.canvas);
      const answer = slot.collect(flight.spoolId, expected, keeper.announced);
      if (answer === undefined) return undefined;
      line.answered();
      return answer instanceof Uint8Array ? { reply: undefined, pixels: answer } : answer;
    });
  }

  /** One file that cannot be read keeps no other run waiting. */
  #attempt<T>(flight: Flight, read: () => T | undefined): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#doors.journal.error('answer:fault', { id: flight.spoolId, message: (error as Error).message });
      return undefined;
    }
  }

  /** A pressed cartridge; undefined when the run has ended without one. */
  #judge(flight: Flight, answer: Answer): Pressed | undefined {
    const judgement = judgeAnswer(flight.work, answer);
    if (judgement.kind !== 'press') {
      this.#end(flight, judgement);
      return undefined;
    }
    try {
      const now = this.#doors.clock.iso();
      const run = pressRun(flight, judgement, now, this.#options.cartridges);
      return { flight, ...run, semantics: this.#meaningOf(judgement.reply) };
    } catch (error) {
      this.#ledger.end(flight, 'failed', { stderr: describe('RUN-E007', (error as Error).message) });
      return undefined;
    }
  }

  #meaningOf(reply: OkReply | undefined): string | undefined {
    return this.#doors.keeper.semanticsOf(reply?.renderer);
  }

  #end(flight: Flight, { kind, stderr }: Ending): void {
    this.#ledger.end(flight, kind, { stderr });
  }

  #begin(pressed: readonly Pressed[]): void {
    const shelving = this.#shelve(pressed).finally(() => this.#shelving.delete(shelving));
    this.#shelving.add(shelving);
  }

  async #shelve(pressed: readonly Pressed[]): Promise<void> {
    const faults = await this.#doors.shelf.put(pressed);
    for (const [index, one] of pressed.entries()) {
      const { flight, stdout, backend, evidence } = one;
      const fault = faults[index];
      if (fault !== undefined) {
        this.#ledger.end(flight, 'failed', { stderr: describe('RUN-E005', fault.message) });
      } else if (evidence === undefined) {
        this.#ledger.end(flight, 'success', { stdout, backend, cartridge: memorable(one) });
      } else {
        const stderr = describeRejection(evidence);
        this.#ledger.end(flight, 'rejected', { stdout, stderr, backend, cartridge: one.cartridge });
      }
    }
  }
}

/** The cartridge with what it is found by when equal work is due; one that is rejected is handed out to nobody. */
function memorable({ flight: { key }, cartridge, semantics }: Pressed): CartridgeRecord {
  return key === undefined || semantics === undefined ? cartridge : { ...cartridge, work: key, semantics };
}

/** Whether its pixels take longer to be read, checked and pressed than others should wait; the slot's are few. */
function isLarge({ door, work }: Flight): boolean {
  return door === 'spool' && canvasBytes(work.canvas) > TURN_BYTES;
}
