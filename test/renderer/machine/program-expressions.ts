/** Random expressions over the names that every random program has. */
import type {
  BinaryOperator,
  Expression,
  NameNode,
  Operand,
  UnaryOperator,
  WordNode,
} from '../../../renderer/language/ast.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';

/** Gives whole numbers from 0 to n − 1. */
export type Chooser = (n: number) => number;

export interface Routine {
  readonly name: string;
  readonly parameters: readonly string[];
}

export const number = (value: number): Expression => ({ kind: 'number', value });
export const name = (value: string): NameNode => ({ kind: 'name', name: value, at: 0 });
export const word = (value: string): WordNode => ({ kind: 'word', word: value });

const EDGES = [2 ** 31 - 1, -(2 ** 31), -1, 65536, 16384, 46341, -7, 31, 32, 255];
const COLOURS = ['fff', '0000', '12345678', 'ff8000'];
const UNARY: readonly UnaryOperator[] = ['-', '~', '!'];
const BINARY: readonly BinaryOperator[] = [
  ...(['+', '-', '*', '+', '-', '<', '>', '==', '&&', '||', '&', '|', '^', '<<', '>>', '/', '%'] as const),
  ...(['!=', '<=', '>='] as const),
];
/** What may be measured: all but a closing bracket. */
const MEASURED = ['Hi', '', ' ', 'a, b', 'tw(x', '# "no"', 'é漢😀', 'a\tb', '?:[', 'x '];
/** Cells of the table `tab`. */
const TABLE = 4;

export class Expressions {
  readonly #choose: Chooser;
  readonly #routines: readonly Routine[];
  #own: readonly string[] = [];
  /** Of the first DEF that is called for sure to end. */
  #later = 0;

  constructor(choose: Chooser, routines: readonly Routine[]) {
    this.#choose = choose;
    this.#routines = routines;
  }

  /** From here on in a DEF with these variables of its own, or outside all of them. */
  enter(routine: Routine | undefined, own: readonly string[]): void {
    this.#own = own;
    this.#later = routine === undefined ? 0 : this.#routines.indexOf(routine) + 1;
  }

  /** Any expression, at most so deep. */
  value(depth: number): Expression {
    const choose = this.#choose;
    if (depth === 0) return this.#leaf();
    const kind = choose(20);
    if (kind < 6) return this.#leaf();
    if (kind < 13) return this.#binary(depth);
    if (kind === 13) {
      return { kind: 'unary', operator: UNARY[choose(3)] as UnaryOperator, operand: this.value(depth - 1) };
    }
    if (kind === 14) {
      return {
        kind: 'choice',
        test: this.value(depth - 1),
        yes: this.value(depth - 1),
        no: this.value(depth - 1),
      };
    }
    if (kind === 15) return this.#cell(depth);
    if (kind === 16) return this.call(depth) ?? this.#leaf();
    return this.#function(depth);
  }

  /** Where something may be drawn: most often on the canvas. */
  place(): Expression {
    const kind = this.#choose(8);
    return kind < 5
      ? number(((this.#choose(26) + 4) % 26) - 4)
      : kind === 5
        ? name(this.#name())
        : this.value(2);
  }

  /** A width or a height: seldom less than 0. */
  length(): Expression {
    const kind = this.#choose(8);
    if (kind < 5) return number((this.#choose(20) + 3) % 20);
    if (kind > 6) {
      const value = this.value(2);
      // A literal below 0 is not even read.
      return value.kind === 'number' && value.value < 0 ? number(0) : value;
    }
    return { kind: 'binary', operator: '&', left: this.value(1), right: number(15), at: 0 };
  }

  /** What may be given a value. */
  target(): Operand {
    const choose = this.#choose;
    if (choose(4) === 1) return { kind: 'cell', name: 'arr', index: this.#index(4), at: 0 };
    const names = ['a', 'b', 'c', ...this.#own];
    return name(names[choose(names.length)] as string);
  }

  /** Of a DIM: 0 is too few. */
  size(): Expression {
    const left = [name('width'), name('height'), number(4), name('p')][this.#choose(4)] as Expression;
    return { kind: 'binary', operator: this.#choose(3) === 1 ? '*' : '+', left, right: number(2), at: 0 };
  }

  /** A call of a DEF; undefined where there are none. */
  call(depth: number): Expression | undefined {
    // Most DEFs call only DEFs below them, so that most calls end.
    const callable = this.#choose(8) === 7 ? this.#routines : this.#routines.slice(this.#later);
    const routine = callable[this.#choose(callable.length || 1)];
    if (routine === undefined) return undefined;
    const values = routine.parameters.map(() => this.value(Math.max(0, depth - 1)));
    return { kind: 'call', name: routine.name, values, at: 0 };
  }

  #name(): string {
    const names = ['a', 'b', 'c', 'p', 'width', 'height', 'tomato', ...this.#own, ...this.#own];
    return names[this.#choose(names.length)] as string;
  }

  #leaf(): Expression {
    const choose = this.#choose;
    const kind = choose(12);
    if (kind < 4) return number(choose(12) - 3);
    if (kind < 10) return name(this.#name());
    if (kind === 10) return number(EDGES[choose(EDGES.length)] as number);
    return { kind: 'colour', digits: COLOURS[choose(COLOURS.length)] as string };
  }

  #binary(depth: number): Expression {
    const choose = this.#choose;
    const operator = BINARY[choose(BINARY.length)] as BinaryOperator;
    const left = this.value(depth - 1);
    const divides = operator === '/' || operator === '%';
    const right = divides && choose(4) > 0 ? number(1 + choose(7)) : this.value(depth - 1);
    return { kind: 'binary', operator, left, right, at: 0 };
  }

  #cell(depth: number): Expression {
    const table = this.#choose(2) === 0 ? 'tab' : 'arr';
    return { kind: 'cell', name: table, index: this.#index(depth), at: 0 };
  }

  #index(depth: number): Expression {
    const kind = this.#choose(6);
    if (kind < 3) return number(this.#choose(TABLE));
    if (kind === 5) return this.value(1);
    return {
      kind: 'binary',
      operator: '&',
      left: this.value(Math.min(depth, 2) - 1),
      right: number(3),
      at: 0,
    };
  }

  #function(depth: number): Expression {
    const row = FUNCTIONS[this.#choose(FUNCTIONS.length)] as (typeof FUNCTIONS)[number];
    if (row.name === 'tw') {
      return { kind: 'measure', text: MEASURED[this.#choose(MEASURED.length)] as string, at: 0 };
    }
    const values = row.parameters.map(() => this.value(depth - 1));
    // Most roots and chances are of something that has one.
    const positive = (row.name === 'isqrt' || row.name === 'rnd') && this.#choose(4) > 0;
    return {
      kind: 'call',
      name: row.name,
      values: positive ? [number(1 + this.#choose(40))] : values,
      at: 0,
    };
  }
}
