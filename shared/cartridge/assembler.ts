/** A small assembler for WebAssembly: instructions as functions that nest as they do in its text form, made into bytes. */

/** Bytes of instructions, in any nesting. */
export type Code = number | readonly Code[];

/** What a value is of. */
const I32 = 0x7f;
const I64 = 0x7e;
const V128 = 0x7b;

/** A variable of a function: its number there. */
export type Local = number;

/** A function of 32-bit integers that gives none, or one if `gives` says so. */
export class WasmFunction {
  readonly name: string;
  readonly #params: number;
  readonly #gives: boolean;
  readonly #locals: number[] = [];
  #body: Code = [];

  constructor(name: string, params: number, gives = false) {
    this.name = name;
    this.#params = params;
    this.#gives = gives;
  }

  i32(): Local {
    return this.#add(I32);
  }

  i64(): Local {
    return this.#add(I64);
  }

  v128(): Local {
    return this.#add(V128);
  }

  body(...code: Code[]): this {
    this.#body = code;
    return this;
  }

  get type(): Code {
    return [0x60, vector(new Array<number>(this.#params).fill(I32)), vector(this.#gives ? [I32] : [])];
  }

  get code(): Code {
    const locals = vector(this.#locals.map((type) => [1, type]));
    return sized([locals, this.#body, 0x0b]);
  }

  #add(type: number): Local {
    this.#locals.push(type);
    return this.#params + this.#locals.length - 1;
  }
}

/**
 * A module with one memory, which is exported as `memory`, and functions under their names.
 *
 * @param pages of 64 KiB, at the beginning
 */
export function moduleOf(pages: number, functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const exports = functions.map(({ name }, index) => [text(name), 0, unsigned(index)]);
  return Uint8Array.from(
    flat([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(functions.map(({ type }) => type))),
      section(3, vector(functions.map((_, index) => unsigned(index)))),
      section(5, vector([[0, unsigned(pages)]])),
      section(7, vector([[text('memory'), 2, 0], ...exports])),
      section(10, vector(functions.map(({ code }) => code))),
    ]),
  );
}

export const get = (local: Local): Code => [0x20, unsigned(local)];
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local)];
export const i32 = (value: number): Code => [0x41, signed(value)];

/** Instructions that take two values, or one, by their names. */
export const add = two(0x6a);
export const subtract = two(0x6b);
export const multiply = two(0x6c);
export const and = two(0x71);
export const or = two(0x72);
export const shiftLeft = two(0x74);
export const shiftRight = two(0x76);
export const isBelow = two(0x49);
export const isZero = one(0x45);
export const trailingZeros = one(0x68);
export const add64 = two(0x7c);
export const multiply64 = two(0x7e);
export const or64 = two(0x84);
export const shiftLeft64 = two(0x86);
export const shiftRight64 = two(0x88);
export const to64 = one(0xad);
export const to32 = one(0xa7);
/** Of two values the first where the condition holds. */
export const choose = (first: Code, second: Code, condition: Code): Code => [first, second, condition, 0x1b];

export const load = memory(0x28);
export const store = storing(0x36);
export const store64 = storing(0x37);

/** Sixteen bytes at once: four pixels. */
export const loadPixels = memory([0xfd, 0]);
export const storePixels = storing([0xfd, 0x0b]);
export const subtractBytes = two([0xfd, 0x71]);
const differ = two([0xfd, 0x38]);
const bitmask = one([0xfd, 0xa4, 0x01]);
/** A bit for each of four pixels: whether it differs in the two. */
export const whichDiffer = (a: Code, b: Code): Code => bitmask(differ(a, b));
/** The last pixel of the first and the first three of the second. */
export const shifted = (first: Code, second: Code): Code => {
  return [first, second, 0xfd, 0x0d, Array.from({ length: 16 }, (_, i) => 12 + i)];
};

export const when = (condition: Code, ...then: Code[]): Code => [condition, 0x04, 0x40, then, 0x0b];
export const either = (condition: Code, then: Code, otherwise: Code): Code => {
  return [condition, 0x04, 0x40, then, 0x05, otherwise, 0x0b];
};
/** Once, and again as long as the condition holds then. */
export const repeatWhile = (condition: Code, ...body: Code[]): Code => {
  return [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
};

function two(op: Code) {
  return (a: Code, b: Code): Code => [a, b, op];
}

function one(op: Code) {
  return (value: Code): Code => [value, op];
}

/** @returns an instruction that takes an address, to which `offset` bytes are added */
function memory(op: Code) {
  return (address: Code, offset = 0): Code => [address, op, 0, unsigned(offset)];
}

function storing(op: Code) {
  return (address: Code, value: Code, offset = 0): Code => [address, value, op, 0, unsigned(offset)];
}

function flat(code: Code, bytes: number[] = []): number[] {
  if (typeof code === 'number') bytes.push(code);
  else for (const part of code) flat(part, bytes);
  return bytes;
}

function sized(code: Code): Code {
  const bytes = flat(code);
  return [unsigned(bytes.length), bytes];
}

function section(id: number, content: Code): Code {
  return [id, sized(content)];
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function text(string: string): Code {
  return vector([...Buffer.from(string)]);
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const isLast = value >= -64 && value < 64;
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
