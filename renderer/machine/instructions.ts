/**
 * The instructions of the machine. Each is four words: what to do, a target and two operands. An operand is
 * the address of a cell, doubled: even ones count from the start of the memory, odd ones from the frame of the
 * DEF that runs. `t` is the target's cell, `a` and `b` are the operands' values, `n` is the target as it stands.
 */
import type { Shade } from '../shade/shade.ts';
import type { Shading } from './shading.ts';

export const INSTRUCTION_WORDS = 4;

/** The first word holds the instruction in its low byte, and above it the steps that reaching it costs. */
export const COST_SHIFT = 8;
export const OPERATION_MASK = 255;

export const I = {
  /** t = a */
  move: 0,
  /** t = a + b, and so on; all wrap. */
  add: 1,
  subtract: 2,
  multiply: 3,
  /** Refuses b = 0. */
  divide: 4,
  remainder: 5,
  shiftLeft: 6,
  shiftRight: 7,
  and: 8,
  or: 9,
  exclusiveOr: 10,
  /** t = 1 where it holds, 0 where not. */
  equal: 11,
  unequal: 12,
  less: 13,
  lessOrEqual: 14,
  /** t = a ≠ 0 */
  truth: 15,
  /** Goes on at word n. */
  jump: 16,
  jumpIf: 17,
  jumpUnless: 18,
  /** a is the variable, b the last value, the cell after b the step: goes to n where there is no turn. */
  begin: 19,
  /** Adds the step to the variable and goes back to n, unless that leads beyond the last value. */
  next: 20,
  /** Calls definition n; the cell of b begins its frame, arguments first. */
  call: 21,
  /** Returns a, which is then in the cell where the frame began. */
  return: 22,
  /** t = array b, cell a */
  load: 23,
  /** Array n, cell a = b */
  store: 24,
  /** Declares array n of a cells. */
  dim: 25,
  /** Declares array n as the table of its literals. */
  data: 26,
  /** Declares a PARAM, whose value is in the memory already, a SPRITE or an IMAGE, which are in the code. */
  declare: 27,
  /** Keeps a and b for the next instruction, which calls them p and q. */
  hold: 28,
  min: 29,
  max: 30,
  abs: 31,
  sign: 32,
  /** t = p, between q and a */
  clamp: 33,
  /** t = from p to q by a */
  mix: 34,
  isqrt: 35,
  hypot: 36,
  sin: 37,
  cos: 38,
  /** t = the angle of y = a, x = b */
  atan2: 39,
  /** t = the colour p, q, a; opaque */
  rgb: 40,
  /** t = the colour p, q, a, b */
  rgba: 41,
  rnd: 42,
  seed: 43,
  /** t = the width of a text of a code points */
  tw: 44,
  /** Hands a and b to the stroke that follows. */
  hand: 45,
  /** Hands over a and b too, then does stroke n & 255 with the n >> 8 values that it was handed. */
  strike: 46,
  halt: 47,
  /** t = a · b / 65536, rounded down */
  qmul: 48,
  /** t = a · 65536 / b, truncated; refuses b = 0. */
  qdiv: 49,
  hash: 50,
} as const;

/** In the target of a strike, the bits above the stroke's number: how many values it takes. */
export const STROKE_SHIFT = 8;
export const STROKE_MASK = 255;

export type Instruction = (typeof I)[keyof typeof I];

/** What each DEF needs to be called. */
export interface Callee {
  readonly name: string;
  /** Word where it begins. */
  readonly entry: number;
  readonly parameters: number;
  /** Its own, in the order of their cells: parameters first, the others 0 at each call. */
  readonly variables: readonly string[];
  /** Cells of a frame. */
  readonly frame: number;
}

/** A strike that is a SHADE's. */
export interface ShadeStrike {
  /** Counted from 0. */
  readonly instruction: number;
  readonly shading: Shading;
}

/** A program as the machine runs it. */
export interface MachineCode {
  readonly words: Int32Array;
  /** Of each instruction: its line from 1, and where in it what it does is written, UTF-16 units; −1 is the opcode. */
  readonly lines: Int32Array;
  readonly places: Int32Array;
  /** Of each instruction that begins a line: its row in the table of opcodes; −1 for the others. */
  readonly opcodes: Int8Array;
  /** Variables, PARAMs and constants, as they are at the start. */
  readonly memory: Int32Array;
  /** Names of the variables outside DEFs, and of the PARAMs: the first cells of the memory. */
  readonly variables: readonly string[];
  /** Cells of the frame outside all DEFs. */
  readonly frame: number;
  readonly callees: readonly Callee[];
  readonly texts: readonly string[];
  /** The shades of SHADEs, those that are alike once, and where SHADEs are carried out. */
  readonly shades: readonly Shade[];
  readonly shaded: readonly ShadeStrike[];
  readonly arrays: readonly string[];
  /** Literals of the arrays that are tables. */
  readonly tables: readonly (Int32Array | undefined)[];
}
