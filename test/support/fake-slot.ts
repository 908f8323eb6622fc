/**
 * The seed's slot without a disk, and a renderer at it as the seed describes one: it looks every so
 * often, takes its time for each picture, works in order, and writes its answer in place and in pieces.
 */
import type { SlotDoor } from '../../orchestrator/slot-line.ts';

interface Growing {
  bytes: Uint8Array;
}

interface Command {
  readonly id: string;
  readonly code: string;
  readonly width: number;
  readonly height: number;
}

export class FakeSlot implements SlotDoor {
  command: string | undefined;
  /** Counts what was ever put, so that the same text put again is seen as another file. */
  puts = 0;
  pixels: Growing | undefined;
  /** What the next use of the slot is refused with. */
  fault: Error | undefined;
  #offered: string | undefined;

  offer(command: string): void {
    if (this.fault !== undefined) throw this.fault;
    this.clear();
    this.command = command;
    this.puts++;
    this.#offered = command;
  }

  collect(_id: string, expectedBytes: number): Uint8Array | undefined {
    return this.pixels?.bytes.length === expectedBytes ? this.pixels.bytes : undefined;
  }

  clear(): void {
    this.pixels = undefined;
  }

  withdraw(): void {
    if (this.#offered !== undefined && this.command === this.#offered) this.command = undefined;
    this.#offered = undefined;
  }

  tidy(): void {}
}

/** A renderer at a fake slot; `tick` is its life. */
export class FakeSeedRenderer {
  readonly #slot: FakeSlot;
  readonly #loopMs: number;
  readonly #tookMs: (question: number) => number;
  #handled = 0;
  #looksMs = 0;
  #work: { picture: Uint8Array; doneMs: number; written: number; file: Growing | undefined } | undefined;
  questions = 0;

  /** @param tookMs how long the n-th picture takes, n from 0 */
  constructor(slot: FakeSlot, loopMs: number, tookMs: (question: number) => number) {
    this.#slot = slot;
    this.#loopMs = loopMs;
    this.#tookMs = tookMs;
  }

  tick(nowMs: number): void {
    if (this.#work !== undefined) this.#write(nowMs);
    else if (nowMs >= this.#looksMs) {
      this.#looksMs = nowMs + this.#loopMs;
      this.#look(nowMs);
    }
  }

  #look(nowMs: number): void {
    const { command, puts } = this.#slot;
    if (command === undefined || puts === this.#handled) return;
    this.#handled = puts;
    const doneMs = nowMs + this.#tookMs(this.questions++);
    this.#work = { picture: paintSeed(command), doneMs, written: 0, file: undefined };
  }

  /** Thirds, a millisecond apart; into the file that was opened, even if somebody removed it meanwhile. */
  #write(nowMs: number): void {
    const work = this.#work;
    if (work === undefined || nowMs < work.doneMs + work.written) return;
    if (work.file === undefined) {
      work.file = { bytes: new Uint8Array(0) };
      this.#slot.pixels = work.file;
    }
    work.written++;
    work.file.bytes = work.picture.subarray(0, Math.ceil((work.picture.length * work.written) / 3));
    if (work.written === 3) this.#work = undefined;
  }
}

/** White rectangles on black, of RECT alone. */
export function paintSeed(command: string): Uint8Array {
  const { code, width, height } = JSON.parse(command) as Command;
  const picture = new Uint8Array(width * height * 4);
  for (let at = 3; at < picture.length; at += 4) picture[at] = 255;
  for (const line of code.split('\n')) {
    const [opcode, x = 0, y = 0, w = 0, h = 0] = line
      .split(' ')
      .map((word, n) => (n === 0 ? NaN : Number(word)));
    if (!line.startsWith('RECT') || opcode === undefined) continue;
    for (let row = y; row < Math.min(y + h, height); row++) {
      picture.fill(255, (row * width + x) * 4, (row * width + Math.min(x + w, width)) * 4);
    }
  }
  return picture;
}
