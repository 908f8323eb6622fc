/** The emitter: instructions in a row, with the lines they come from, and the constants that they use. */
import { COST_SHIFT, INSTRUCTION_WORDS, type Instruction } from './instructions.ts';

export class Emitter {
  #words: Int32Array;
  #lines: Int32Array;
  #places: Int32Array;
  #opcodes: Int8Array;
  #count = 0;
  #memory: Int32Array;
  #cells: number;
  #line = 0;
  #opcode = -1;
  #cost = 0;

  /**
   * @param variables cells before the constants
   * @param room instructions, and likewise constants, that there is room for at first, from 1
   */
  constructor(variables: number, room: number) {
    this.#words = new Int32Array(room * INSTRUCTION_WORDS);
    this.#lines = new Int32Array(room);
    this.#places = new Int32Array(room);
    this.#opcodes = new Int8Array(room);
    this.#memory = new Int32Array(variables + room);
    this.#cells = variables;
  }

  /** The word where the next instruction will stand. */
  get here(): number {
    return this.#count * INSTRUCTION_WORDS;
  }

  /** From here on, instructions belong to `line`; the first of them costs `steps`. */
  begin(line: number, opcode: number, steps: number): void {
    this.#line = line;
    this.#opcode = opcode;
    this.#cost = steps;
  }

  /** @returns the word where it stands, for `aim` */
  emit(instruction: Instruction, target: number, a: number, b: number, place = -1): number {
    const index = this.#count;
    if (index === this.#lines.length) this.#grow();
    const at = index * INSTRUCTION_WORDS;
    this.#words[at] = instruction | (this.#cost << COST_SHIFT);
    this.#words[at + 1] = target;
    this.#words[at + 2] = a;
    this.#words[at + 3] = b;
    this.#lines[index] = this.#line;
    this.#places[index] = place;
    this.#opcodes[index] = this.#opcode;
    this.#opcode = -1;
    this.#cost = 0;
    this.#count++;
    return at;
  }

  /** Sets the target of the instruction at word `at`. */
  aim(at: number, target: number): void {
    this.#words[at + 1] = target;
  }

  /** The address of a cell that always holds `value`. */
  constant(value: number): number {
    if (this.#cells === this.#memory.length) {
      const memory = new Int32Array(this.#cells * 2);
      memory.set(this.#memory);
      this.#memory = memory;
    }
    this.#memory[this.#cells] = value;
    return this.#cells++;
  }

  finish(): {
    words: Int32Array;
    lines: Int32Array;
    places: Int32Array;
    opcodes: Int8Array;
    memory: Int32Array;
  } {
    return {
      words: this.#words.subarray(0, this.here),
      lines: this.#lines.subarray(0, this.#count),
      places: this.#places.subarray(0, this.#count),
      opcodes: this.#opcodes.subarray(0, this.#count),
      memory: this.#memory.subarray(0, this.#cells),
    };
  }

  #grow(): void {
    const grown = <T extends Int32Array | Int8Array>(made: T, old: T): T => {
      made.set(old);
      return made;
    };
    const room = this.#count * 2;
    this.#words = grown(new Int32Array(room * INSTRUCTION_WORDS), this.#words);
    this.#lines = grown(new Int32Array(room), this.#lines);
    this.#places = grown(new Int32Array(room), this.#places);
    this.#opcodes = grown(new Int8Array(room), this.#opcodes);
  }
}
