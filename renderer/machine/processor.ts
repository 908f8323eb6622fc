/** The processor: runs instructions one after the other. All values are signed 32-bit; memory wraps what is put in it. */
import { advance, mulberry32 } from '../../shared/seeded.ts';
import { Arrays } from './arrays.ts';
import { CallStack, roomier } from './call-stack.ts';
import { below, hash } from './chance.ts';
import { qdiv, qmul } from './fixed.ts';
import { INSTRUCTION_WORDS, type MachineCode, STROKE_MASK, STROKE_SHIFT } from './instructions.ts';
import { clamp, divide, hypotenuse, mix, packRgba, remainder, sign, squareRoot } from './integer.ts';
import { exhausted } from './price.ts';
import { byZero, outOf, Refused } from './refused.ts';
import type { Sketch } from './sketch.ts';
import { MOST_VALUES, strike } from './strokes.ts';
import { cosine, direction, sine } from './trigonometry.ts';
import { momentOf, type Watch } from './watch.ts';

export class Processor {
  readonly #code: MachineCode;
  readonly #sketch: Sketch;
  readonly #allowed: number;
  readonly #watch: Watch | undefined;
  /** The CALLs that are open. */
  readonly stack = new CallStack();
  readonly #memory: Int32Array;
  #frame = 0;
  readonly #arrays: Arrays;
  #state = 0;
  /** Steps so far, the one that is refused included. */
  steps = 0;
  /** The instruction that ran last, counted from 0. */
  instruction = 0;
  /** Of each instruction: 1 when it has run. */
  readonly seen: Uint8Array;

  /** @param allowed steps */
  constructor(code: MachineCode, sketch: Sketch, allowed: number, watch: Watch | undefined) {
    this.#code = code;
    this.#sketch = sketch;
    this.#allowed = allowed;
    this.#watch = watch;
    this.#frame = code.memory.length;
    this.#memory = new Int32Array(code.memory.length + code.frame + 64);
    this.#memory.set(code.memory);
    this.#arrays = new Arrays(code);
    this.seen = new Uint8Array(code.lines.length);
  }

  /**
   * Runs to the first HALT.
   *
   * @throws {Refused} by what `instruction` did
   */
  run(): void {
    // Numbers of instructions.ts are spelt out here, and a test holds them: names run at half the speed.
    const { words, lines, callees, texts } = this.#code;
    const sketch = this.#sketch;
    const stack = this.stack;
    const arrays = this.#arrays;
    const cells = arrays.cells;
    const seen = this.seen;
    const allowed = this.#allowed;
    const watch = this.#watch;
    const handed = new Int32Array(MOST_VALUES);
    // Whoever looks on is told before each step.
    const unwatched = watch === undefined ? allowed : -1;
    let memory = this.#memory;
    let frame = this.#frame;
    let steps = 0;
    let at = 0;
    let current = 0;
    let p = 0;
    let q = 0;
    let hands = 0;
    let step = 0;
    let array: Int32Array = new Int32Array(0);
    let cell = 0;
    let callee = callees[0]!;
    try {
      for (;;) {
        current = at;
        const word = words[at]!;
        const n = words[at + 1]!;
        const left = words[at + 2]!;
        const right = words[at + 3]!;
        const t = (n >> 1) + (frame & -(n & 1));
        const a = memory[(left >> 1) + (frame & -(left & 1))]!;
        const b = memory[(right >> 1) + (frame & -(right & 1))]!;
        seen[at >> 2] = 1;
        const cost = word >> 8;
        steps += cost;
        if (steps > unwatched && cost !== 0) {
          watch?.(
            momentOf(false, steps - cost, lines[current >> 2]!, frame, memory, this.#code, stack, sketch),
          );
          if (steps > allowed) throw exhausted('PXL-E012', allowed);
        }
        at += 4;
        switch (word & 255) {
          case 0 /* move */:
            memory[t] = a;
            break;
          case 1 /* add */:
            memory[t] = a + b;
            break;
          case 2 /* subtract */:
            memory[t] = a - b;
            break;
          case 3 /* multiply */:
            memory[t] = Math.imul(a, b);
            break;
          case 4 /* divide */:
            if (b === 0) throw byZero(`${a} / 0`);
            memory[t] = divide(a, b);
            break;
          case 5 /* remainder */:
            if (b === 0) throw byZero(`${a} % 0`);
            memory[t] = remainder(a, b);
            break;
          case 6 /* shiftLeft */:
            memory[t] = a << b;
            break;
          case 7 /* shiftRight */:
            memory[t] = a >> b;
            break;
          case 8 /* and */:
            memory[t] = a & b;
            break;
          case 9 /* or */:
            memory[t] = a | b;
            break;
          case 10 /* exclusiveOr */:
            memory[t] = a ^ b;
            break;
          case 11 /* equal */:
            memory[t] = a === b ? 1 : 0;
            break;
          case 12 /* unequal */:
            memory[t] = a !== b ? 1 : 0;
            break;
          case 13 /* less */:
            memory[t] = a < b ? 1 : 0;
            break;
          case 14 /* lessOrEqual */:
            memory[t] = a <= b ? 1 : 0;
            break;
          case 15 /* truth */:
            memory[t] = a !== 0 ? 1 : 0;
            break;
          case 16 /* jump */:
            at = n;
            break;
          case 17 /* jumpIf */:
            if (a !== 0) at = n;
            break;
          case 18 /* jumpUnless */:
            if (a === 0) at = n;
            break;
          case 19 /* begin */:
            step = memory[(right >> 1) + (frame & -(right & 1)) + 1]!;
            if (step === 0) throw new Refused('PXL-E026', 'Expected a step other than 0, found 0');
            if (step > 0 ? a > b : a < b) at = n;
            break;
          case 20 /* next */:
            step = memory[(right >> 1) + (frame & -(right & 1)) + 1]!;
            // The sum is exact, so that a loop up to 2147483647 ends.
            if (step > 0 ? a + step <= b : a + step >= b) {
              memory[(left >> 1) + (frame & -(left & 1))] = a + step;
              at = n;
            }
            break;
          case 21 /* call */:
            callee = callees[n]!;
            stack.enter(at, frame, n);
            frame += right >> 1;
            if (frame + callee.frame > memory.length) memory = roomier(memory, frame + callee.frame);
            cell = frame + callee.variables.length;
            while (--cell >= frame + callee.parameters) memory[cell] = 0;
            at = callee.entry;
            break;
          case 22 /* return */:
            memory[frame] = a;
            stack.leave();
            at = stack.returnTo;
            frame = stack.frame;
            if (watch !== undefined && lines[at >> 2] === lines[(at >> 2) - 1] && words[at]! >> 8 === 0)
              watch(momentOf(true, steps, lines[at >> 2]!, frame, memory, this.#code, stack, sketch));
            break;
          case 23 /* load */:
            array = cells[b]!;
            if (a >>> 0 >= array.length) throw arrays.outside(b, a);
            memory[t] = array[a]!;
            break;
          case 24 /* store */:
            array = cells[n]!;
            if (a >>> 0 >= array.length) throw arrays.outside(n, a);
            array[a] = b;
            break;
          case 25 /* dim */:
            arrays.dim(n, a);
            break;
          case 26 /* data */:
            arrays.data(n);
            break;
          case 27 /* declare */:
            break;
          case 28 /* hold */:
            p = a;
            q = b;
            break;
          case 29 /* min */:
            memory[t] = Math.min(a, b);
            break;
          case 30 /* max */:
            memory[t] = Math.max(a, b);
            break;
          case 31 /* abs */:
            memory[t] = a < 0 ? -a : a;
            break;
          case 32 /* sign */:
            memory[t] = sign(a);
            break;
          case 33 /* clamp */:
            memory[t] = clamp(p, q, a);
            break;
          case 34 /* mix */:
            memory[t] = mix(p, q, a);
            break;
          case 35 /* isqrt */:
            if (a < 0) throw outOf('isqrt', 'n', '0 or more', a);
            memory[t] = squareRoot(a);
            break;
          case 36 /* hypot */:
            memory[t] = hypotenuse(a, b);
            break;
          case 37 /* sin */:
            memory[t] = sine(a);
            break;
          case 38 /* cos */:
            memory[t] = cosine(a);
            break;
          case 39 /* atan2 */:
            memory[t] = direction(a, b);
            break;
          case 40 /* rgb */:
            memory[t] = packRgba(p, q, a, 255);
            break;
          case 41 /* rgba */:
            memory[t] = packRgba(p, q, a, b);
            break;
          case 42 /* rnd */:
            if (a < 1) throw outOf('rnd', 'n', '1 or more', a);
            this.#state = advance(this.#state);
            memory[t] = below(mulberry32(this.#state), a);
            break;
          case 43 /* seed */:
            this.#state = a;
            break;
          case 44 /* tw */:
            sketch.line = lines[current >> 2]!;
            memory[t] = sketch.widthOf(a);
            break;
          case 45 /* hand */:
            handed[hands] = a;
            handed[hands + 1] = b;
            hands += 2;
            break;
          case 46 /* strike */:
            handed[hands] = a;
            handed[hands + 1] = b;
            hands = 0;
            sketch.line = lines[current >> 2]!;
            strike(n & STROKE_MASK, sketch, handed, n >> STROKE_SHIFT, texts);
            steps += sketch.takeWork();
            if (steps > allowed) throw exhausted('PXL-E012', allowed);
            break;
          case 47 /* halt */:
            return;
          case 48 /* qmul */:
            memory[t] = qmul(a, b);
            break;
          case 49 /* qdiv */:
            if (b === 0) throw byZero(`qdiv(${a}, 0)`);
            memory[t] = qdiv(a, b);
            break;
          case 50 /* hash */:
            memory[t] = hash(a, b);
            break;
        }
      }
    } finally {
      this.steps = steps;
      this.instruction = current / INSTRUCTION_WORDS;
    }
  }
}
