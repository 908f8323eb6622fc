/** The processor: runs instructions one after the other. All values are signed 32-bit; memory wraps what is put in it. */
import { LIMITS } from '../../shared/limits.ts';
import { advance, mulberry32 } from '../../shared/seeded.ts';
import { below } from './chance.ts';
import { COST_SHIFT, type Code, I, INSTRUCTION_WORDS, OPERATION_MASK } from './instructions.ts';
import { clamp, divide, hypotenuse, mix, packRgba, remainder, sign, squareRoot } from './integer.ts';
import { Refused } from './refused.ts';
import { exhausted, type Sketch } from './sketch.ts';
import { cosine, direction, sine } from './trigonometry.ts';
import type { Watch } from './watch.ts';

/** Of the frame outside all DEFs, and of each call: where to return to, whose frame, and which DEF. */
const CALL_WORDS = 3;

export class Processor {
  readonly #code: Code;
  readonly #sketch: Sketch;
  readonly #allowed: number;
  readonly #watch: Watch | undefined;
  readonly #stack = new Int32Array(CALL_WORDS * LIMITS.callDepth);
  #depth = 0;
  #memory: Int32Array;
  #frame = 0;
  readonly #arrays: Int32Array[];
  #cells = 0;
  #state = 0;
  /** Steps so far, the one that is refused included. */
  steps = 0;
  /** The instruction that ran last, counted from 0. */
  instruction = 0;
  /** Of each instruction: 1 when it has run. */
  readonly seen: Uint8Array;

  /** @param allowed steps */
  constructor(code: Code, sketch: Sketch, allowed: number, watch: Watch | undefined) {
    this.#code = code;
    this.#sketch = sketch;
    this.#allowed = allowed;
    this.#watch = watch;
    this.#frame = code.memory.length;
    this.#memory = new Int32Array(code.memory.length + code.frame + 64);
    this.#memory.set(code.memory);
    this.#arrays = code.arrays.map(() => new Int32Array(0));
    this.seen = new Uint8Array(code.lines.length);
  }

  /**
   * Runs to the first HALT.
   *
   * @throws {Refused} by what `instruction` did
   */
  run(): void {
    const { words, texts, callees, lines } = this.#code;
    const sketch = this.#sketch;
    const arrays = this.#arrays;
    const seen = this.seen;
    const allowed = this.#allowed;
    // Whoever looks on is told before each step: then every step is a halt to think.
    const unwatched = this.#watch === undefined ? allowed : -1;
    let memory = this.#memory;
    let frame = this.#frame;
    let steps = 0;
    let at = 0;
    let current = 0;
    let p = 0;
    let q = 0;
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
        steps += word >> COST_SHIFT;
        if (steps > unwatched && word >> COST_SHIFT !== 0) {
          if (steps > allowed) throw exhausted('PXL-E012', 'steps', allowed);
          this.#tell(at, steps - (word >> COST_SHIFT), frame);
        }
        at += INSTRUCTION_WORDS;
        switch (word & OPERATION_MASK) {
          case I.move:
            memory[t] = a;
            break;
          case I.add:
            memory[t] = a + b;
            break;
          case I.subtract:
            memory[t] = a - b;
            break;
          case I.multiply:
            memory[t] = Math.imul(a, b);
            break;
          case I.divide:
            if (b === 0) throw byZero(a, '/');
            memory[t] = divide(a, b);
            break;
          case I.remainder:
            if (b === 0) throw byZero(a, '%');
            memory[t] = remainder(a, b);
            break;
          case I.shiftLeft:
            memory[t] = a << b;
            break;
          case I.shiftRight:
            memory[t] = a >> b;
            break;
          case I.and:
            memory[t] = a & b;
            break;
          case I.or:
            memory[t] = a | b;
            break;
          case I.exclusiveOr:
            memory[t] = a ^ b;
            break;
          case I.equal:
            memory[t] = a === b ? 1 : 0;
            break;
          case I.unequal:
            memory[t] = a !== b ? 1 : 0;
            break;
          case I.less:
            memory[t] = a < b ? 1 : 0;
            break;
          case I.lessOrEqual:
            memory[t] = a <= b ? 1 : 0;
            break;
          case I.truth:
            memory[t] = a !== 0 ? 1 : 0;
            break;
          case I.jump:
            at = n;
            break;
          case I.jumpIf:
            if (a !== 0) at = n;
            break;
          case I.jumpUnless:
            if (a === 0) at = n;
            break;
          case I.begin: {
            const step = memory[(right >> 1) + (frame & -(right & 1)) + 1]!;
            if (step === 0) throw new Refused('PXL-E026', 'Expected a step other than 0, found 0');
            if (step > 0 ? a > b : a < b) at = n;
            break;
          }
          case I.next: {
            const step = memory[(right >> 1) + (frame & -(right & 1)) + 1]!;
            // The sum is exact, so that a loop up to 2147483647 ends.
            const next = a + step;
            if (step > 0 ? next <= b : next >= b) {
              memory[(left >> 1) + (frame & -(left & 1))] = next;
              at = n;
            }
            break;
          }
          case I.call: {
            const callee = callees[n]!;
            const base = (right >> 1) + frame;
            this.#enter(at, frame, n);
            if (base + callee.frame + 1 > memory.length) memory = this.#grow(base + callee.frame + 1);
            for (let cell = base + callee.parameters; cell < base + callee.variables.length; cell++)
              memory[cell] = 0;
            frame = base;
            at = callee.entry;
            break;
          }
          case I.return: {
            memory[frame] = a;
            const top = --this.#depth * CALL_WORDS;
            at = this.#stack[top]!;
            frame = this.#stack[top + 1]!;
            break;
          }
          case I.load: {
            const cells = arrays[b]!;
            if (a >>> 0 >= cells.length) throw this.#outside(b, a);
            memory[t] = cells[a]!;
            break;
          }
          case I.store: {
            const cells = arrays[n]!;
            if (a >>> 0 >= cells.length) throw this.#outside(n, a);
            cells[a] = b;
            break;
          }
          case I.dim:
            if (a < 1)
              throw new Refused('PXL-E005', `Expected cells from 1 to ${LIMITS.arrayCells}, found ${a}`);
            this.#take(a);
            arrays[n] = new Int32Array(a);
            break;
          case I.data:
            arrays[n] = this.#code.tables[n]!;
            this.#take(arrays[n]!.length);
            break;
          case I.param:
            break;
          case I.hold:
            p = a;
            q = b;
            break;
          case I.min:
            memory[t] = Math.min(a, b);
            break;
          case I.max:
            memory[t] = Math.max(a, b);
            break;
          case I.abs:
            memory[t] = a < 0 ? -a : a;
            break;
          case I.sign:
            memory[t] = sign(a);
            break;
          case I.clamp:
            memory[t] = clamp(p, q, a);
            break;
          case I.mix:
            memory[t] = mix(p, q, a);
            break;
          case I.isqrt:
            if (a < 0) throw outOf('isqrt', 'n', '0 or more', a);
            memory[t] = squareRoot(a);
            break;
          case I.hypot:
            memory[t] = hypotenuse(a, b);
            break;
          case I.sin:
            memory[t] = sine(a);
            break;
          case I.cos:
            memory[t] = cosine(a);
            break;
          case I.atan2:
            memory[t] = direction(a, b);
            break;
          case I.rgb:
            memory[t] = packRgba(p, q, a, 255);
            break;
          case I.rgba:
            memory[t] = packRgba(p, q, a, b);
            break;
          case I.rnd:
            if (a < 1) throw outOf('rnd', 'n', '1 or more', a);
            this.#state = advance(this.#state);
            memory[t] = below(mulberry32(this.#state), a);
            break;
          case I.seed:
            this.#state = a;
            break;
          case I.txt:
            sketch.text(p, q, texts[n]!, lines[current >> 2]!);
            break;
          case I.rect:
            sketch.rect(p, q, a, b);
            break;
          case I.pix:
            sketch.pixel(a, b);
            break;
          case I.num:
            sketch.text(p, q, String(a), lines[current >> 2]!);
            break;
          case I.clear:
            sketch.clear(a);
            break;
          case I.color:
            sketch.color(a);
            break;
          case I.channels:
            sketch.color(packRgba(p, q, a, b));
            break;
          case I.blend:
            sketch.blend(n === 1);
            break;
          case I.clip:
            sketch.clip(p, q, a, b);
            break;
          case I.unclip:
            sketch.unclip();
            break;
          case I.origin:
            sketch.origin(a, b);
            break;
          case I.push:
            sketch.push();
            break;
          case I.pop:
            sketch.pop();
            break;
          case I.halt:
            return;
          default:
            throw new Error('invariant broken: every instruction is known');
        }
      }
    } finally {
      this.steps = steps;
      this.instruction = current / INSTRUCTION_WORDS;
    }
  }

  /** Where each open CALL stands, and the DEF that it called; the innermost first. */
  calls(): { line: number; name: string }[] {
    const { lines, callees } = this.#code;
    const found: { line: number; name: string }[] = [];
    for (let top = (this.#depth - 1) * CALL_WORDS; top >= 0; top -= CALL_WORDS) {
      const call = this.#stack[top]! / INSTRUCTION_WORDS - 1;
      found.push({ line: lines[call]!, name: callees[this.#stack[top + 2]!]!.name });
    }
    return found;
  }

  #tell(at: number, steps: number, frame: number): void {
    const { shapes, pixels, listed } = this.#sketch;
    const line = this.#code.lines[at / INSTRUCTION_WORDS]!;
    const callees = this.#code.callees;
    const open = Array.from(
      { length: this.#depth },
      (_, call) => callees[this.#stack[call * CALL_WORDS + 2]!]!,
    );
    this.#watch?.({
      steps,
      shapes,
      pixels,
      listed,
      line,
      calls: open.map(({ name }) => name),
      variables: () => {
        const own = open.at(-1)?.variables ?? [];
        const values = new Map(own.map((name, index) => [name, this.#memory[frame + index]!]));
        for (const [name, cell] of this.#code.variables) {
          if (!values.has(name)) values.set(name, this.#memory[cell]!);
        }
        return values;
      },
    });
  }

  #enter(returnTo: number, frame: number, callee: number): void {
    if (this.#depth === LIMITS.callDepth) {
      const message = `Expected calls at most ${LIMITS.callDepth} deep, found one deeper`;
      throw new Refused('PXL-E027', message, 'a DEF that calls itself needs a test that ends it');
    }
    const top = this.#depth++ * CALL_WORDS;
    this.#stack[top] = returnTo;
    this.#stack[top + 1] = frame;
    this.#stack[top + 2] = callee;
  }

  #grow(cells: number): Int32Array {
    const memory = new Int32Array(cells * 2);
    memory.set(this.#memory);
    this.#memory = memory;
    return memory;
  }

  /** Takes cells for an array or a table. */
  #take(cells: number): void {
    this.#cells += cells;
    if (this.#cells <= LIMITS.arrayCells) return;
    const message = `Expected at most ${LIMITS.arrayCells} cells in all DIMs and DATAs, found ${this.#cells}`;
    throw new Refused('PXL-E028', message, 'declare smaller arrays');
  }

  #outside(array: number, index: number): Refused {
    const name = this.#code.arrays[array];
    const last = this.#arrays[array]!.length - 1;
    return new Refused(
      'PXL-E025',
      `Expected an index of ${name} from 0 to ${last}, found ${index}`,
      'the first cell is 0',
    );
  }
}

function byZero(a: number, operator: string): Refused {
  return new Refused('PXL-E024', `Expected a divisor other than 0, found ${a} ${operator} 0`);
}

function outOf(name: string, parameter: string, range: string, found: number): Refused {
  return new Refused('PXL-E026', `Expected ${parameter} of ${name} to be ${range}, found ${found}`);
}
