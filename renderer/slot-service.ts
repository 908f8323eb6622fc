/** The slot's service: answers the seed's commands one by one, and never one question with another's answer. */
import { PeerFault } from '../shared/faults.ts';
import type { InHand } from '../shared/protocol/announcement.ts';
import { type Command, decodeCommand, type RefusedCommand } from '../shared/protocol/command.ts';
import { failedByWorld, interruptedReply, type Reply, refusedByFault } from '../shared/protocol/reply.ts';
import type { AnswerCommand } from './answer.ts';
import { logAnswer } from './answer-log.ts';
import { INCOMPLETE_COMMAND_MS, UNNAMED_ANSWER_MS } from './config.ts';
import type { RendererDoors } from './doors.ts';
import { inHandOf, type Taken } from './in-hand.ts';
import { Progress } from './progress.ts';
import type { Turn } from './turns.ts';

/** First and longest pause between two readings of an incomplete command, ms. */
const FIRST_REREAD_MS = 0.5;
const LONGEST_REREAD_MS = 16;

/** Faults that more bytes from the same writer could mend. */
const INCOMPLETE: ReadonlySet<string> = new Set(['CMD-E001', 'CMD-E002']);

export class SlotService {
  readonly #doors: RendererDoors;
  readonly #renderer: string;
  readonly #turn: Turn;
  readonly #answer: AnswerCommand;

  /** Undefined while none is in hand. */
  #inHand: Taken | undefined;
  #isAbandoned = false;
  /** The name of the command in hand, for its reply. */
  #named: { id?: string } = {};

  constructor(doors: RendererDoors, renderer: string, turn: Turn, answer: AnswerCommand) {
    this.#doors = doors;
    this.#renderer = renderer;
    this.#turn = turn;
    this.#answer = answer;
  }

  /**
   * Answers until no command waits, or `stopping` says that nothing new is to begin. A command stays
   * where its client put it until its turn has come: a death in the spool's turn leaves it for the next
   * renderer, and a newer one simply takes its place.
   */
  async drain(stopping: () => boolean): Promise<void> {
    const { slot, journal } = this.#doors;
    if (slot.republishIfLost()) journal.info('slot:republished');
    while (!stopping() && slot.waits()) {
      // The wait can be as long as a picture of the spool's: no old answer is to pass for the new one.
      if (this.#turn.mustWait) slot.withdrawAnswer();
      await this.#turn.begin();
      try {
        if (stopping() || !slot.take()) return;
        await this.#serveTaken();
      } finally {
        this.#turn.end();
      }
      await this.#doors.breathe();
    }
  }

  /** Lets go of the command in hand, and says so. Whatever its painting comes to is nobody's. */
  abandon(): void {
    this.#isAbandoned = true;
    if (this.#inHand === undefined) return;
    const { slot } = this.#doors;
    const interrupted = interruptedReply('The renderer was ended while it held this command.', true);
    if (!slot.waits()) slot.publish({ ...this.#named, ...interrupted, renderer: this.#renderer }, undefined);
    slot.done();
  }

  /** The command in hand, as far as it is now. */
  inHand(): InHand[] {
    return this.#inHand === undefined ? [] : [inHandOf(this.#named.id ?? null, this.#inHand)];
  }

  async #serveTaken(): Promise<void> {
    const { slot, clock } = this.#doors;
    const progress = new Progress();
    this.#named = {};
    this.#inHand = { sinceMs: clock.now(), progress };
    try {
      await this.#serve(progress);
    } catch (error) {
      if (this.#isAbandoned) return;
      // The world failed, not the command. Its client hears of it if the world lets us say so.
      await this.#publish({ ...this.#named, ...failedByWorld(error) }, undefined);
      throw error;
    } finally {
      this.#inHand = undefined;
      // Whatever went wrong: the slot holds one command at a time, and its client asks again.
      slot.done();
    }
  }

  async #serve(progress: Progress): Promise<void> {
    const { slot, clock, journal } = this.#doors;
    const taken = clock.monotonic();
    let command: Command | RefusedCommand | undefined;
    try {
      command = await this.#readComplete(taken);
    } catch (error) {
      if (!(error instanceof PeerFault)) throw error;
      await this.#publish(refusedByFault(error), undefined);
      slot.poison(error.message);
      journal.warn('slot:quarantined', { reason: error.message });
      return;
    }
    if (command === undefined) {
      journal.info('slot:superseded', { reason: 'incomplete' });
      return;
    }
    const { id } = command;
    this.#named = id === undefined ? {} : { id };
    await this.#turn.begin();
    const { reply, pixels, done } = await this.#answer(command, progress);
    if (id === undefined && clock.monotonic() < taken + UNNAMED_ANSWER_MS) {
      this.#turn.end();
      await this.#until(taken + UNNAMED_ANSWER_MS);
    }
    if (!(await this.#publish({ ...this.#named, ...reply }, pixels, done))) {
      journal.info('slot:superseded', { id });
    }
    logAnswer(journal, 'slot', id, reply, clock.monotonic() - taken);
  }

  /**
   * Publishes an answer unless a newer command is there, or the one in hand was taken away. Looked at before and after, so that an answer
   * is never taken for that of the next question.
   *
   * @returns whether the answer stands
   */
  async #publish(reply: Reply, pixels: Uint8Array | undefined, done?: () => void): Promise<boolean> {
    const { slot } = this.#doors;
    let isLate: boolean;
    if (this.#isAbandoned) {
      done?.();
      return false;
    }
    try {
      if (pixels !== undefined && !slot.waits()) await slot.prepare(pixels);
      // Not held any more where another renderer has taken the slot over meanwhile.
      isLate = slot.waits() || !slot.holds();
    } catch (error) {
      done?.();
      throw error;
    }
    if (isLate) {
      done?.();
      return false;
    }
    slot.publish({ ...reply, renderer: this.#renderer }, pixels, done);
    if (!slot.waits()) return true;
    slot.withdrawAnswer();
    return false;
  }

  /**
   * Reads a command; while its client is still writing, again and again, and with the turn passed on.
   *
   * @returns undefined when a newer command ended the wait
   * @throws {PeerFault} when it cannot be read, or is still incomplete at the end
   */
  async #readComplete(taken: number): Promise<Command | RefusedCommand | undefined> {
    const { slot, clock, pause } = this.#doors;
    for (let waitMs = FIRST_REREAD_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_REREAD_MS)) {
      try {
        return decodeCommand(slot.read() ?? new Uint8Array());
      } catch (error) {
        if (!(error instanceof PeerFault && INCOMPLETE.has(error.code))) throw error;
        if (slot.waits()) return undefined;
        if (clock.monotonic() - taken >= INCOMPLETE_COMMAND_MS) throw error;
      }
      this.#turn.end();
      await pause(waitMs);
    }
  }

  /** Timers count whole milliseconds and can fire early by less than one: looked at again. */
  async #until(monotonicMs: number): Promise<void> {
    const { clock, pause } = this.#doors;
    for (;;) {
      const left = monotonicMs - clock.monotonic();
      if (left <= 0) return;
      await pause(left);
    }
  }
}
