/** A small assembler for WebAssembly: functions, and what steers them, made into a module's bytes; instructions.ts has the rest. */

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
  const memory = section(5, vector([[0, unsigned(pages)]]));
  return assembled([], memory, [[text('memory'), 2, 0]], functions);
}

/** Most that a memory can have, in pages of 64 KiB. */
export const MOST_PAGES = 65_536;

/** As `moduleOf`, but its memory is given: one that threads share, of any size, as `host.memory`. */
export function sharingModuleOf(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const memory = [text('host'), text('memory'), 2, 3, unsigned(0), unsigned(MOST_PAGES)];
  return assembled(section(2, vector([memory])), [], [], functions);
}

function assembled(
  imported: Code,
  memory: Code,
  exported: readonly Code[],
  functions: readonly WasmFunction[],
): Uint8Array<ArrayBuffer> {
  const names = functions.map(({ name }, index) => [text(name), 0, unsigned(index)]);
  return Uint8Array.from(
    flat([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(functions.map(({ type }) => type))),
      imported,
      section(3, vector(functions.map((_, index) => unsigned(index)))),
      memory,
      section(7, vector([...exported, ...names])),
      section(10, vector(functions.map(({ code }) => code))),
    ]),
  );
}

export const when = (condition: Code, ...then: Code[]): Code => [condition, 0x04, 0x40, then, 0x0b];
export const either = (condition: Code, then: Code, otherwise: Code): Code => {
  return [condition, 0x04, 0x40, then, 0x05, otherwise, 0x0b];
};
/** As long as the condition holds, and not at all where it does not. */
export const whileHolds = (condition: Code, ...body: Code[]): Code => {
  return [0x02, 0x40, 0x03, 0x40, condition, 0x45, 0x0d, 1, body, 0x0c, 0, 0x0b, 0x0b];
};
/** Once, and again as long as the condition holds then. */
export const repeatWhile = (condition: Code, ...body: Code[]): Code => {
  return [0x03, 0x40, body, condition, 0x0d, 0, 0x0b];
};

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
export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

export function signed(value: number): number[] {
  const isLast = value >= -64 && value < 64;
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
