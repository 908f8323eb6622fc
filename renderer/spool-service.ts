/** The spool's service: answers each job in the inbox once, and quarantines what cannot be read. */
import { sha256Hex } from '../shared/bytes.ts';
import { isForSpace, PeerFault } from '../shared/faults.ts';
import type { InHand } from '../shared/protocol/announcement.ts';
import { decodeCommand } from '../shared/protocol/command.ts';
import { failedByWorld, type Reply, refusedByFault } from '../shared/protocol/reply.ts';
import { offeredName, parseJobName } from '../shared/protocol/spool.ts';
import { admit, reusedId } from './admission.ts';
import type { AnswerCommand, BesideOthers } from './answer.ts';
import { logAnswer, roundTimings } from './answer-log.ts';
import { REMEMBERED_IDS, STRETCH_MS, TURN_MS } from './config.ts';
import type { OfferedCommand, RendererDoors, TakenJob } from './doors.ts';
import { Hand } from './hand.ts';
import { inHandOf, type Taken } from './in-hand.ts';
import { Pace } from './pace.ts';
import { Progress } from './progress.ts';
import type { Turn } from './turns.ts';

export class SpoolService {
  readonly #doors: RendererDoors;
  readonly #renderer: string;
  readonly #turn: Turn;
  readonly #answer: AnswerCommand;
  readonly #hand = new Hand();
  /** Of several that are in hand together. */
  readonly #pace: Pace;
  /** Of those that are in hand one after the other. */
  readonly #turns: Pace;
  /** Id → SHA-256 of its command, oldest first. */
  readonly #recent = new Map<string, string>();
  /** What is in hand, the oldest first. */
  readonly #taken = new Map<TakenJob, Taken>();
  #isAbandoned = false;
  /** Names whose service the world broke off: they come last, so that none of them holds up the others. */
  readonly #stumbled = new Set<string>();

  constructor(doors: RendererDoors, renderer: string, turn: Turn, answer: AnswerCommand) {
    this.#doors = doors;
    this.#renderer = renderer;
    this.#turn = turn;
    this.#answer = answer;
    const pace = (stretchMs: number) => new Pace(stretchMs, () => doors.clock.monotonic(), doors.breathe);
    this.#pace = pace(STRETCH_MS);
    this.#turns = pace(TURN_MS);
  }

  /**
   * Answers until no job waits, or `stopping` says that nothing new is to begin: one after the other, and where a GPU paints,
   * several side by side, so that their pictures meet there. A job stays in the inbox until its turn has come, so that no
   * death in the slot's turn counts as an attempt at it.
   *
   * @throws {HostFault} the job that it struck went back to the inbox; the others in hand were answered
   */
  async drain(stopping: () => boolean): Promise<void> {
    const { inbox } = this.#doors;
    const hand = this.#hand;
    try {
      for (let progress = true; progress || hand.size > 0; ) {
        // What comes meanwhile can join those in hand.
        if (!progress) await hand.less();
        progress = false;
        for (const name of this.#inOrder(inbox.waiting())) {
          await this.#makeRoom(name);
          if (stopping() || hand.hasFailed) return;
          if (await this.#takeAndServe(name)) progress = true;
        }
      }
    } finally {
      await hand.empty();
      this.#turn.end();
      hand.rethrow();
    }
  }

  /** Hands back what is in hand, as often tried as before. Whatever its painting comes to is nobody's. */
  abandon(): void {
    this.#isAbandoned = true;
    for (const taken of this.#taken.keys()) {
      this.#doors.inbox.handBack(taken);
      this.#doors.journal.info('job:handed-back', { id: taken.job.id });
    }
    this.#taken.clear();
  }

  /** What is in hand, as far as it is now. */
  inHand(): InHand[] {
    return [...this.#taken].map(([{ job }, taken]) => inHandOf(job.id, taken));
  }

  /** Resolves when it is this door's turn, and a job of that name may be in hand beside what is there. */
  async #makeRoom(name: string): Promise<void> {
    while (this.#hand.size > 0 && !this.#mayJoin(name)) await this.#hand.less();
    if (this.#hand.size === 0) this.#turn.end();
    await this.#turn.begin();
  }

  #mayJoin(name: string): boolean {
    const job = parseJobName(name);
    return this.#paintsTogether && !this.#turn.isAwaited && job !== undefined && this.#hand.admits(job);
  }

  /** On the CPU pictures are painted one after the other, whoever waits: to hold several would only take memory. */
  get #paintsTogether(): boolean {
    return this.#doors.backends.standing.backend === 'gpu';
  }

  /**
   * Takes a job; resolves when it is answered, or, where others may join it, when its picture is being painted.
   *
   * @returns whether there was a job under this name
   */
  async #takeAndServe(name: string): Promise<boolean> {
    this.#stumbled.add(name);
    const taken = this.#doors.inbox.take(name);
    this.#stumbled.delete(name);
    if (taken === undefined) return false;
    await (this.#paintsTogether
      ? this.#beginBeside(taken)
      : this.#hand.hold(taken.job, () => this.#serve(taken)));
    if (this.#hand.size > 0) {
      while (this.#pace.isOver) await this.#pace.rest();
      return true;
    }
    this.#turn.end();
    if (this.#turns.isOver && !this.#hand.hasFailed) await this.#turns.rest();
    return true;
  }

  /** Resolves when its picture is being painted, or it is answered without. */
  #beginBeside(taken: TakenJob): Promise<void> {
    return new Promise((resolve) => {
      const answered = this.#hand.hold(taken.job, (weigh) => {
        const paints = (bytes: number): void => {
          weigh(bytes);
          resolve();
        };
        return this.#serve(taken, { paints, pace: this.#pace });
      });
      void answered.then(resolve);
    });
  }

  #inOrder(waiting: readonly string[]): readonly string[] {
    if (this.#stumbled.size === 0) return waiting;
    const last = waiting.filter((name) => this.#stumbled.has(name));
    const first = waiting.filter((name) => !this.#stumbled.has(name));
    this.#stumbled.clear();
    for (const name of last) this.#stumbled.add(name);
    return [...first, ...last];
  }

  async #serve(taken: TakenJob, beside?: BesideOthers): Promise<void> {
    const progress = new Progress();
    this.#taken.set(taken, { sinceMs: this.#doors.clock.now(), progress });
    try {
      await this.#settle(taken, progress, beside);
    } catch (error) {
      // What it struck may be what another renderer did, who believed this one dead.
      if (this.#isAbandoned || this.#isLate(taken)) return;
      this.#stumbled.add(offeredName(taken.job));
      this.#doors.inbox.handBack(taken);
      throw error;
    } finally {
      this.#taken.delete(taken);
    }
  }

  async #settle(taken: TakenJob, progress: Progress, beside: BesideOthers | undefined): Promise<void> {
    const { inbox, desk, journal } = this.#doors;
    const { id } = taken.job;
    let digest: string | undefined;
    try {
      const offered = inbox.read(taken);
      if (offered === undefined) return;
      digest = sha256Hex(offered.bytes);
      if (!this.#answeredBefore(taken, digest)) {
        await this.#answerJob(taken, offered, digest, progress, beside);
      }
    } catch (error) {
      if (!(error instanceof PeerFault)) throw error;
      if (this.#isLate(taken)) return;
      if (desk.held(id) === undefined) {
        const asked = digest === undefined ? {} : { command_sha256: digest };
        desk.publishReply(id, { id, ...refusedByFault(error), ...asked, renderer: this.#renderer });
      }
      inbox.poison(taken, error.message);
      if (digest !== undefined) this.#remember(id, digest);
      journal.warn('job:quarantined', { id, reason: error.message });
    }
  }

  /** Whether this very id holds an answer already; other bytes under it are quarantined. */
  #answeredBefore(taken: TakenJob, digest: string): boolean {
    const { inbox, desk } = this.#doors;
    const held = desk.held(taken.job.id);
    if (held === undefined) return false;
    if (held.command_sha256 === digest) {
      desk.republish(taken.job.id);
      inbox.done(taken);
    } else {
      inbox.poison(taken, reusedId(taken.job.id).message);
      this.#doors.journal.warn('job:quarantined', {
        id: taken.job.id,
        reason: 'id used again with other bytes',
      });
    }
    return true;
  }

  async #answerJob(
    taken: TakenJob,
    { bytes, offeredMs }: OfferedCommand,
    digest: string,
    progress: Progress,
    beside: BesideOthers | undefined,
  ): Promise<void> {
    const { inbox, desk, clock, journal } = this.#doors;
    const { id } = taken.job;
    const command = decodeCommand(bytes);
    const started = clock.monotonic();
    const waited = Math.max(0, clock.now() - offeredMs);
    const admitted = admit(command, id, this.#recent.get(id), digest);
    const { reply, pixels, done } = await this.#answer(admitted, progress, beside);
    while (beside?.pace.isOver) await beside.pace.rest();
    if (this.#isAbandoned) return done?.();
    const painted = clock.monotonic();
    const sign = (reply: Reply) => ({ id, ...reply, command_sha256: digest, renderer: this.#renderer });
    let signed = sign(reply);
    try {
      if (this.#isLate(taken)) return done?.();
      if (pixels !== undefined && (await this.#publishPixels(id, pixels, done)) && this.#isLate(taken))
        return;
      if (this.#isAbandoned) return;
      if (signed.status === 'ok') {
        const publish = clock.monotonic() - painted;
        signed.timings_ms = roundTimings({ wait: waited, ...signed.timings_ms, publish });
      }
      desk.publishReply(id, signed);
    } catch (error) {
      if (pixels === undefined || !isForSpace(error)) throw error;
      // Painted again it would be as large: it is its client who can do something. A reply alone may fit.
      desk.withdrawPixels(id);
      signed = sign(failedByWorld(error));
      desk.publishReply(id, signed);
    }
    inbox.done(taken);
    this.#remember(id, digest);
    logAnswer(journal, 'spool', id, signed, clock.monotonic() - started);
  }

  /** A small picture takes no turn of the loop: false then. */
  async #publishPixels(id: string, pixels: Uint8Array, done: (() => void) | undefined): Promise<boolean> {
    try {
      const published = this.#doors.desk.publishPixels(id, pixels);
      if (published !== undefined) await published;
      return published !== undefined;
    } finally {
      done?.();
    }
  }

  /**
   * Whether the job was given to another renderer, which believed this one dead, such as while it was suspended. Its answer
   * is the other's to give: the same bytes, and its reader may have them already.
   */
  #isLate(taken: TakenJob): boolean {
    if (this.#doors.inbox.holds(taken)) return false;
    const message = 'The job was given back while this renderer was believed dead: its answer is dropped.';
    this.#doors.journal.warn('job:late', { id: taken.job.id, message });
    return true;
  }

  /** The first command under an id is the one that the id means. */
  #remember(id: string, digest: string): void {
    const first = this.#recent.get(id) ?? digest;
    this.#recent.delete(id);
    this.#recent.set(id, first);
    if (this.#recent.size > REMEMBERED_IDS) this.#recent.delete(this.#recent.keys().next().value!);
  }
}
