/** `gvpie top`: who works on the queue, how far, and what comes of it, on a terminal and kept up to date. */
import { resolve } from 'node:path';
import { HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { forcedExitCode, hearSignals } from '../shared/host/lifecycle.ts';
import type { Presence } from '../shared/host/presence.ts';
import type { Announcement } from '../shared/protocol/announcement.ts';
import type { Settings } from '../shared/settings.ts';
import { VERSION } from '../shared/version.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { paletteOf, type Room } from './half-blocks.ts';
import { presenceAt } from './presence-at.ts';
import { say, sayJson } from './print.ts';
import { endHungUp, enterScreen, terminalRoom } from './screen.ts';
import { slotFirst } from './slot-first.ts';
import { styleOf } from './style.ts';
import { WatchedDatabase } from './top-database.ts';
import { topFrame } from './top-frame.ts';
import { type TopModel, topJson } from './top-model.ts';
import { Thumbnails } from './top-thumbnails.ts';

export interface TopOptions {
  /** ms between two looks. */
  readonly every: number;
  readonly once?: boolean;
  readonly json?: boolean;
}

type TopSettings = Pick<Settings, 'database' | 'socketDir' | 'cartridges'>;

/** How long pictures of cartridges may be read in one frame, ms. */
const FRAME_MS = 50;

/** Where there is no terminal: as wide as most, and as long as all sections with some lines each. */
const PIPE_ROOM: Room = { columns: 100, rows: 60 };

export async function top(options: TopOptions, settings: TopSettings): Promise<ExitCode> {
  // A dumb terminal has no second screen.
  const hasScreen = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  const source = new TopSource(settings);
  const isOnce = options.json || options.once || !hasScreen;
  if (!isOnce) await keepShowing(source, settings, options.every);
  const model = isOnce ? source.look(false) : undefined;
  if (model !== undefined && options.json) sayJson(topJson(model));
  else if (model !== undefined) sayOnce(model, settings);
  source.close();
  // Where a terminal is kept up to date, the next look may find it otherwise.
  return model?.database.isFailed ? EXIT.unavailable : EXIT.ok;
}

/** Where a model comes from. */
class TopSource {
  readonly #socket: string;
  readonly #database: WatchedDatabase;
  readonly #presence: Presence;
  #renderers: readonly Announcement[] = [];

  constructor(settings: TopSettings) {
    this.#socket = resolve(settings.socketDir);
    this.#database = new WatchedDatabase(resolve(settings.database));
    this.#presence = presenceAt(settings);
  }

  look(isFrozen: boolean): TopModel {
    const nowMs = systemClock.now();
    const socketNote = this.#lookAtSocket();
    const renderers = this.#renderers;
    const inHand = renderers.flatMap(({ in_hand = [] }) => in_hand.flatMap(({ id }) => id ?? []));
    return {
      nowMs,
      version: VERSION,
      socket: this.#socket,
      database: this.#database.look(nowMs, inHand),
      renderers,
      socketNote,
      isFrozen,
    };
  }

  /** @returns why it cannot be looked at */
  #lookAtSocket(): string | undefined {
    try {
      this.#renderers = this.#presence.alive().sort(slotFirst);
      return undefined;
    } catch (error) {
      if (!(error instanceof HostFault)) throw error;
      return error.message;
    }
  }

  close(): void {
    this.#database.close();
  }
}

function sayOnce(model: TopModel, { cartridges }: TopSettings): void {
  const { columns, rows } = terminalRoom();
  // A row stays for the prompt that follows.
  const room = process.stdout.isTTY ? { columns, rows: Math.max(1, rows - 1) } : PIPE_ROOM;
  const thumbnails = new Thumbnails(
    resolve(cartridges),
    process.stdout.isTTY ? paletteOf(process.env) : 'characters',
  );
  thumbnails.begin(Number.POSITIVE_INFINITY);
  const lines = topFrame(model, {
    room,
    style: styleOf(process.stdout),
    thumbnail: (cartridge, cells) => thumbnails.linesOf(cartridge, cells),
    hasKeys: false,
  });
  for (const line of lines) say(line.trimEnd());
}

/** Looks again and again, until it is told to end. */
async function keepShowing(source: TopSource, { cartridges }: TopSettings, everyMs: number): Promise<void> {
  const thumbnails = new Thumbnails(resolve(cartridges), paletteOf(process.env));
  const style = styleOf(process.stdout);
  let model: TopModel | undefined;
  let quit = (): void => {};
  const ended = new Promise<void>((done) => {
    quit = done;
  });

  // Before the screen is taken: a signal that nobody hears would leave it taken.
  const hungUp = (): void => endHungUp(screen);
  hearSignals(
    (by) => (by === 'SIGHUP' ? hungUp() : quit()),
    (by) => (by === 'SIGHUP' ? hungUp() : process.exit(forcedExitCode(by))),
  );
  const draw = (): void => {
    model ??= source.look(false);
    thumbnails.begin(FRAME_MS);
    screen.update(
      topFrame(model, {
        room: terminalRoom(),
        style,
        thumbnail: (cartridge, cells) => thumbnails.linesOf(cartridge, cells),
        hasKeys: true,
      }),
    );
  };
  const lookAgain = (): void => {
    if (model?.isFrozen !== true) model = source.look(false);
    draw();
  };
  const hear = (key: string): void => {
    if (key !== ' ' || model === undefined) return;
    model = model.isFrozen ? source.look(false) : { ...model, isFrozen: true };
    draw();
  };
  const screen = enterScreen({ resized: draw, quit: () => quit(), lost: hungUp, key: hear });
  draw();
  const timer = setInterval(lookAgain, everyMs);
  await ended;
  clearInterval(timer);
  screen.leave();
}
