/** Random SHADEs, right by construction: every statement and function that may stand in one. */
import type { BinaryOperator, Expression, NameNode, UnaryOperator } from '../../../renderer/language/ast.ts';
import { FUNCTIONS } from '../../../renderer/language/functions.ts';
import { type Chooser, type Expressions, name, number, word } from './program-expressions.ts';
import type { Said } from './program-shapes.ts';

const OWN = ['t', 'u', 'v', 'r', 'g', 'b', 'a'];
const READ = ['x', 'y', 'w', 'h', ...OWN, 'x', 'y', 'c', 'p', 'width', 'height', 'tomato'];
const EDGES = [2 ** 31 - 1, -(2 ** 31), -1, 65_536, 32_768, 131_073, 46_341, -7, 31, 32, 255];
const OPERATORS: readonly BinaryOperator[] = [
  ...(['+', '-', '*', '+', '-', '*', '/', '%', '<<', '>>', '&', '|', '^'] as const),
  ...(['<', '<=', '>', '>=', '==', '!=', '&&', '||'] as const),
];
const CALLED = FUNCTIONS.filter(({ name: each }) => each !== 'rnd' && each !== 'tw');

/** Writes the lines of one SHADE; 0 is the simplest choice. */
export class ShadeAuthor {
  readonly #choose: Chooser;
  readonly #lines: Said[] = [];
  /** Statements that may still come. */
  #budget: number;

  constructor(choose: Chooser) {
    this.#choose = choose;
    this.#budget = 3 + choose(12);
  }

  /** @param e those of the scope that it stands in */
  write(e: Expressions): readonly Said[] {
    const choose = this.#choose;
    const length = (): Expression => (choose(3) === 0 ? e.length() : number(1 + choose(16)));
    this.#lines.push(['SHADE', e.place(), e.place(), length(), length()]);
    this.#block(1 + choose(5), 0);
    // Most show what they come to.
    if (choose(4) > 0) {
      for (const channel of ['r', 'g', 'b'].slice(choose(3))) this.#say('SET', name(channel), this.#value(2));
    }
    // Whatever was read is set somewhere, if only here.
    for (const own of OWN.slice(0, 3)) this.#say('SET', name(own), number(1));
    this.#lines.push(['END']);
    return this.#lines;
  }

  #say(...said: Said): void {
    this.#lines.push(said);
  }

  #block(statements: number, loops: number): void {
    for (let left = statements; left > 0 && this.#budget > 0; left--) {
      this.#budget--;
      this.#statement(loops);
    }
  }

  #statement(loops: number): void {
    const choose = this.#choose;
    const kind = choose(16);
    if (kind < 6) this.#say('SET', this.#target(), this.#value(3));
    else if (kind < 9) this.#say('ADD', this.#target(), this.#value(2));
    else if (kind < 12) this.#if(loops);
    else if (kind < 14) this.#loop(loops);
    else if (loops > 0) this.#say('BREAK', ...(choose(4) === 0 ? [] : [this.#value(2)]));
    else this.#say('SET', this.#target(), this.#value(1));
  }

  #if(loops: number): void {
    const choose = this.#choose;
    this.#say('IF', this.#value(2));
    this.#block(1 + choose(2), loops);
    for (let more = choose(4); more > 2; more--) {
      this.#say('ELSE', word('IF'), this.#value(2));
      this.#block(1 + choose(2), loops);
    }
    if (choose(2) === 0) {
      this.#say('ELSE');
      this.#block(choose(3), loops);
    }
    this.#say('END');
  }

  #loop(loops: number): void {
    this.#say('LOOP', this.#turns());
    this.#block(1 + this.#choose(3), loops + 1);
    this.#say('END');
  }

  #turns(): Expression {
    const kind = this.#choose(24);
    if (kind < 18) return number(this.#choose(6));
    if (kind < 21) return { kind: 'binary', operator: '&', left: name('p'), right: number(3), at: 0 };
    if (kind === 21) return { kind: 'binary', operator: '/', left: number(9), right: name('p'), at: 0 };
    return kind === 22 ? name('p') : number(65_536);
  }

  #target(): NameNode {
    return name(OWN[this.#choose(OWN.length)] as string);
  }

  #value(depth: number): Expression {
    const choose = this.#choose;
    const kind = depth === 0 ? choose(6) : choose(18);
    if (kind < 4) return name(READ[choose(READ.length)] as string);
    if (kind === 4) return number(choose(300) - 20);
    if (kind === 5) return choose(5) === 0 ? { kind: 'colour', digits: '12345678' } : this.#edge();
    if (kind < 12) {
      const operator = OPERATORS[choose(OPERATORS.length)] as BinaryOperator;
      return { kind: 'binary', operator, left: this.#value(depth - 1), right: this.#value(depth - 1), at: 0 };
    }
    if (kind === 12) {
      const operator = (['-', '~', '!'] as const)[choose(3)] as UnaryOperator;
      return { kind: 'unary', operator, operand: this.#value(depth - 1) };
    }
    if (kind === 13) {
      const [test, yes, no] = [0, 1, 2].map(() => this.#value(depth - 1)) as [
        Expression,
        Expression,
        Expression,
      ];
      return { kind: 'choice', test, yes, no };
    }
    const row = CALLED[choose(CALLED.length)] as (typeof CALLED)[number];
    return { kind: 'call', name: row.name, values: row.parameters.map(() => this.#value(depth - 1)), at: 0 };
  }

  #edge(): Expression {
    return number(EDGES[this.#choose(EDGES.length)] as number);
  }
}
