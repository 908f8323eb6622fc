/** A world without disk and time for the renderer's daemon: every door is a list, the clock moves by hand. */
import { RendererDaemon } from '../../renderer/daemon.ts';
import type { TakenJob } from '../../renderer/doors.ts';
import type { Progress } from '../../renderer/progress.ts';
import type { Standing } from '../../renderer/raster/painter.ts';
import type { Allowance } from '../../shared/allowance.ts';
import { type Canvas, canvasBytes } from '../../shared/canvas.ts';
import { HostFault, PeerFault } from '../../shared/faults.ts';
import type { BackendChoice } from '../../shared/protocol/command.ts';
import type { Reply } from '../../shared/protocol/reply.ts';
import { parseJobName } from '../../shared/protocol/spool.ts';

/** Lets every promise that can go on go on. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

class FakeClock {
  ms = 0;
  /** How much earlier than asked a pause ends, ms; it lasts 0.25 at least. */
  early = 0;
  readonly pauses: number[] = [];
  readonly #sleepers: { at: number; wake: () => void }[] = [];

  readonly now = (): number => 1_000_000 + this.ms;
  readonly monotonic = (): number => this.ms;
  readonly iso = (): string => new Date(this.now()).toISOString();

  readonly pause = (ms: number): Promise<void> => {
    this.pauses.push(ms);
    return new Promise((wake) =>
      this.#sleepers.push({ at: this.ms + Math.max(0.25, ms - this.early), wake }),
    );
  };

  /** Passes time, waking each sleeper at its moment. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    await settle();
    for (;;) {
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers[0];
      if (next === undefined || next.at > end) break;
      this.#sleepers.shift();
      this.ms = Math.max(this.ms, next.at);
      next.wake();
      await settle();
    }
    this.ms = end;
    for (let n = 0; n < 5; n++) await settle();
  }
}

export type Content = string | Uint8Array | Error;

const bytesOf = (content: Content): Uint8Array => {
  if (content instanceof Error) throw content;
  return Buffer.from(content);
};

/** @param allowance what its settings allow a run */
export function fakeWorld(allowance?: Allowance) {
  const clock = new FakeClock();
  /** What happened at the doors, in order. */
  const events: string[] = [];
  const logged: string[] = [];
  const waiting = new Map<string, Content>();
  const inHand = new Map<string, Content>();
  const outbox = new Map<string, Reply>();
  const pixels = new Map<string, Uint8Array>();
  /** Faults of the world, by the effect that they strike, until they are taken out again. */
  const broken = new Map<string, Error>();
  const strike = (effect: string): void => {
    const fault = broken.get(effect);
    if (fault !== undefined) throw fault;
  };
  const put = (effect: string): void => {
    strike(effect);
    events.push(effect);
  };

  /** Files that a command may name, by path. */
  const files = new Map<string, Content>();

  const slotState = {
    command: undefined as Content | undefined,
    taken: undefined as Content | undefined,
    answer: undefined as { reply: Reply; pixels: Uint8Array | undefined } | undefined,
    /** Says that the answer's pixels are not needed any more. */
    letGo: undefined as (() => void) | undefined,
    lost: false,
    /** Runs as the answer is being published. */
    onPublish: () => {},
  };

  const painting = {
    /** Runs as a picture is being painted. */
    onPaint: (_progress?: Progress): void | Promise<void> => {},
    running: 0,
    most: 0,
    standing: { backend: 'cpu', adapter: 'fake', reason: 'a test', health: 'ok' } as Standing,
    /** Why there is no painter for a choice; the CPU alone is there at first. */
    missing: {
      gpu: new HostFault('choose', 'gpu', 'Expected a GPU, found none', { retryable: false }),
    } as { [choice in BackendChoice]?: Error },
    /** Why the CPU paints what the GPU was to paint. */
    standIn: undefined as string | undefined,
    /** Why a picture's backend was chosen for it. */
    choice: undefined as string | undefined,
    /** Pixels that were released, in this order. */
    released: [] as Uint8Array[],
  };
  const painterFor = (choice: BackendChoice) => ({
    standing: painting.standing,
    async paint({ canvas }: { canvas: Canvas }, progress?: Progress) {
      painting.most = Math.max(painting.most, ++painting.running);
      try {
        await painting.onPaint(progress);
      } finally {
        painting.running--;
      }
      const { standIn, choice: why } = painting;
      const chosen = choice === 'auto' ? painting.standing.backend : choice;
      const backend = standIn === undefined ? chosen : 'cpu';
      const dispatches = backend === 'gpu' ? 3 : 0;
      const pixels = new Uint8Array(canvasBytes(canvas));
      const release = (): void => void painting.released.push(pixels);
      const painted = { pixels, backend, adapter: `fake ${backend}`, dispatches, standIn, release } as const;
      return why === undefined ? painted : { ...painted, choice: why };
    },
  });

  const note = (event: string, fields: object = {}): void => {
    logged.push(`${event} ${JSON.stringify(fields)}`);
  };

  const world = { breaths: 0 };
  const daemon = new RendererDaemon(
    'r-test',
    '0.0.0',
    {
      inbox: {
        waiting: () => [...waiting.keys()].sort(),
        take(name) {
          const content = waiting.get(name);
          if (content === undefined) return undefined;
          put(`take ${name}`);
          waiting.delete(name);
          inHand.set(name, content);
          return { job: parseJobName(name)!, path: name };
        },
        read: ({ path }: TakenJob) => ({ bytes: bytesOf(inHand.get(path)!), offeredMs: clock.now() }),
        holds: ({ path }) => inHand.has(path),
        done({ path }) {
          put(`done ${path}`);
          inHand.delete(path);
        },
        handBack({ path }) {
          put(`hand back ${path}`);
          waiting.set(path, inHand.get(path)!);
          inHand.delete(path);
        },
        poison({ path }, why) {
          put(`poison ${path}: ${why}`);
          inHand.delete(path);
        },
      },
      desk: {
        held: (id) => outbox.get(id),
        publishPixels(id, bytes) {
          put(`pixels ${id}`);
          pixels.set(id, bytes);
        },
        withdrawPixels(id) {
          put(`withdraw ${id}`);
          pixels.delete(id);
        },
        publishReply(id, reply) {
          put(`reply ${id}`);
          outbox.set(id, reply);
        },
        republish: (id) => put(`republish ${id}`),
      },
      slot: {
        take() {
          if (slotState.command === undefined) return false;
          put('slot take');
          slotState.taken = slotState.command;
          slotState.command = undefined;
          slotState.answer = undefined;
          return true;
        },
        read: () => bytesOf(slotState.taken!),
        waits: () => slotState.command !== undefined,
        holds: () => slotState.taken !== undefined,
        async prepare() {},
        publish(reply, bytes, letGo) {
          put(`slot publish at ${clock.ms}`);
          slotState.answer = { reply, pixels: bytes };
          slotState.letGo = letGo;
          slotState.onPublish();
        },
        withdrawAnswer() {
          put('slot withdraw');
          slotState.answer = undefined;
        },
        done() {
          put('slot done');
          slotState.taken = undefined;
        },
        poison: (why) => put(`slot poison: ${why}`),
        republishIfLost() {
          const { lost } = slotState;
          slotState.lost = false;
          return lost;
        },
      },
      backends: {
        get standing() {
          return painting.standing;
        },
        painterFor(choice) {
          const fault = painting.missing[choice];
          if (fault !== undefined) throw fault;
          return painterFor(choice);
        },
      },
      readInput(path, maxBytes) {
        put(`open ${path}`);
        const content = files.get(path);
        const bytes = content === undefined ? undefined : bytesOf(content);
        if (bytes !== undefined && bytes.length > maxBytes) throw new PeerFault('FILE-E002', 'too large');
        return bytes;
      },
      clock,
      journal: { debug: note, info: note, warn: note, error: note },
      breathe() {
        world.breaths++;
        return settle();
      },
      pause: clock.pause,
    },
    allowance,
  );

  return {
    daemon,
    clock,
    events,
    logged,
    waiting,
    inHand,
    outbox,
    pixels,
    files,
    broken,
    slot: slotState,
    painting,
    /** Counts the turns that were given to others. */
    world,
    /** Rings, and lets everything happen that needs no time. */
    async ring() {
      daemon.ring();
      for (let n = 0; n < 20; n++) await settle();
    },
    /** Forgets what happened so far. */
    since() {
      return events.splice(0);
    },
  };
}

/** A command as its file has it. */
export const program = (fields: object = {}): string =>
  JSON.stringify({ op: 'render_program', code: 'RECT 0 0 1 1', ...fields });
