/** Random programs of the whole language, right by construction, from a tape of numbers that fast-check can shrink. */
import fc from 'fast-check';
import type { Expression, Line, Operand, Statement } from '../../../renderer/language/ast.ts';
import type { OpcodeName } from '../../../renderer/language/opcodes.ts';
import { print } from '../../../renderer/language/printer.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import type { Params } from '../../../shared/params.ts';
import { weightOf } from './oracle-weight.ts';
import { type Chooser, Expressions, name, number, type Routine, word } from './program-expressions.ts';
import { declarePictures } from './program-pictures.ts';
import { ShadeAuthor } from './program-shades.ts';
import { Drawer } from './program-shapes.ts';

/** A program with what it is run on. */
export interface Case {
  readonly lines: readonly Line[];
  readonly canvas: Canvas;
  readonly params: Params;
}

/** Gives whole numbers from 0 to n − 1; once the tape has ended, always 0, which is the simplest choice. */
export function chooserOf(tape: readonly number[]): Chooser {
  let at = 0;
  return (n) => (tape[at++] ?? 0) % n;
}

export const cases: fc.Arbitrary<Case> = fc
  .noBias(fc.array(fc.nat(0x7fffffff), { minLength: 40, maxLength: 900, size: 'max' }))
  .map((tape) => {
    const written = new Author(chooserOf(tape)).write();
    const { canvas, params } = written;
    const shown = `${canvas.width}×${canvas.height} ${JSON.stringify(params)}\n${print(written)}`;
    return { ...written, [fc.toStringMethod]: () => shown };
  });

/** Writes one program. */
class Author {
  readonly #choose: Chooser;
  readonly #lines: Line[] = [];
  /** Labels that a JMP here may lead to. */
  #labels: string[] = [];
  #count = 0;
  /** Statements that may still come. */
  #budget = 40;
  #expressions: Expressions;
  readonly #drawer: Drawer;
  #inside = false;

  constructor(choose: Chooser) {
    this.#choose = choose;
    this.#expressions = new Expressions(choose, []);
    this.#drawer = new Drawer(choose, () => this.#expressions);
  }

  write(): Case {
    const choose = this.#choose;
    const canvas = { width: 1 + choose(32), height: 1 + choose(24) };
    const routines: Routine[] = ['f', 'g', 'h']
      .slice(0, choose(4))
      .map((each) => ({ name: each, parameters: ['x', 'y'].slice(0, choose(3)) }));
    this.#expressions = new Expressions(choose, routines);
    const declarations: (() => void)[] = [
      () => this.#say('DIM', name('arr'), choose(3) === 0 ? this.#expressions.size() : number(4)),
      () =>
        this.#say(
          'DATA',
          name('tab'),
          number(5),
          number(-3),
          { kind: 'colour', digits: 'f008' },
          name('tomato'),
        ),
      () => this.#say('PARAM', name('p'), number(3), number(-5), number(9)),
      () => declarePictures(choose, (...said) => this.#say(...said)),
    ];
    const late = choose(4) === 0;
    if (!late) for (const declare of declarations) declare();
    const early = choose(2) === 0;
    if (early) for (const routine of routines) this.#define(routine);
    this.#expressions.enter(undefined, []);
    // Most programs are for control; a third are drawings.
    if (choose(3) === 2) for (let left = 4 + choose(16); left > 0; left--) this.#stroke();
    else this.#block(2 + choose(8), 0);
    if (choose(2) === 0) this.#say('HALT');
    if (!early) for (const routine of routines) this.#define(routine);
    this.#expressions.enter(undefined, []);
    if (late) for (const declare of declarations) declare();
    // Whatever was read is set somewhere, if only here.
    for (const each of ['a', 'b', 'c']) this.#say('SET', name(each), number(choose(9)));
    return { lines: this.#lines, canvas, params: choose(3) === 0 ? { p: choose(15) - 5 } : {} };
  }

  #define(routine: Routine): void {
    const { name: own, parameters } = routine;
    const choose = this.#choose;
    const labels = this.#labels;
    this.#labels = [];
    this.#inside = true;
    this.#budget += 8;
    this.#say('DEF', name(own), ...parameters.map(name));
    if (choose(2) === 0) this.#say('GLOBAL', ...['a', 'b'].slice(choose(2)).map(name));
    this.#expressions.enter(routine, [...parameters, 'z']);
    // A way to go down, and a way out.
    if (parameters.length > 0 && choose(3) === 0) {
      this.#say('IF', binary('>', name('x'), number(0)));
      const less = [binary('-', name('x'), number(1)), number(2)].slice(0, parameters.length);
      this.#say('CALL', name(own), ...less);
      this.#say('END');
    }
    this.#block(1 + choose(4), 1);
    this.#say('SET', name('z'), this.#expressions.value(2));
    if (choose(2) === 0) this.#say('RET', ...(choose(4) === 0 ? [] : [this.#expressions.value(2)]));
    this.#say('END');
    this.#inside = false;
    this.#labels = labels;
  }

  #say(opcode: OpcodeName, ...operands: readonly Operand[]): void {
    const line = this.#lines.length + 1;
    const statement: Omit<Statement, 'weight'> = { kind: 'statement', line, opcode, operands };
    this.#lines.push({ ...statement, weight: weightOf(statement) });
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#count++}`;
  }

  /** So many statements, a label among them that those inside may leave to. */
  #block(statements: number, depth: number): void {
    const choose = this.#choose;
    const out = choose(4) === 1 ? this.#fresh('out') : undefined;
    const labels = this.#labels;
    const place = choose(statements + 1);
    if (out !== undefined) this.#labels = [...labels, out];
    for (let at = 0; at < statements; at++) {
      if (out !== undefined && at === place)
        this.#lines.push({ kind: 'label', line: this.#lines.length + 1, name: out });
      if (this.#budget-- > 0) this.#statement(depth);
    }
    if (out !== undefined && place >= statements) {
      this.#lines.push({ kind: 'label', line: this.#lines.length + 1, name: out });
    }
    this.#labels = labels;
  }

  #statement(depth: number): void {
    const choose = this.#choose;
    const e = this.#expressions;
    const kind = choose(depth > 3 ? 30 : 40);
    if (kind < 3) this.#say('RECT', e.place(), e.place(), e.length(), e.length());
    else if (kind < 6) this.#say('SET', e.target(), e.value(3));
    else if (kind === 6) this.#say('ADD', e.target(), e.value(2));
    else if (kind === 7) this.#say('PIX', e.place(), e.place());
    else if (kind === 8) this.#say('NUM', e.place(), e.place(), e.value(2));
    else if (kind === 9) this.#say('TXT', e.place(), e.place(), this.#drawer.text());
    else if (kind === 10) this.#color();
    else if (kind === 11) this.#stroke();
    else if (kind === 12)
      this.#say('CLIP', ...(choose(2) === 0 ? [] : [e.place(), e.place(), e.length(), e.length()]));
    else if (kind === 13) this.#say('ORIGIN', e.place(), e.place());
    else if (kind === 14) this.#state(depth);
    else if (kind === 15) this.#say('SEED', e.value(1));
    else if (kind === 16) this.#say('CLEAR', ...(choose(2) === 0 ? [] : [e.value(1)]));
    else if (kind === 17) this.#leave();
    else if (kind === 18) this.#aside();
    else if (kind === 19) this.#call();
    else if (kind < 30) this.#stroke();
    else if (kind < 33) this.#if(depth);
    else if (kind < 36) this.#for(depth);
    else if (kind < 38) this.#while(depth);
    else if (kind < 39) this.#again(depth);
    else this.#call();
  }

  #color(): void {
    const channels = [0, 1, 2, 3].map(() => this.#expressions.value(1));
    this.#say('COLOR', ...channels.slice(0, [1, 3, 4][this.#choose(3)]));
  }

  #stroke(): void {
    const kind = this.#choose(11);
    if (kind === 10) {
      for (const said of new ShadeAuthor(this.#choose).write(this.#expressions)) this.#say(...said);
    } else if (kind < 6) this.#say(...this.#drawer.shape());
    else if (kind === 6) this.#color();
    else for (const said of this.#drawer.state()) this.#say(...said);
  }

  #state(depth: number): void {
    const alone = this.#choose(12);
    if (alone > 0) {
      this.#say('PUSH');
      this.#block(2, depth + 1);
    }
    if (alone !== 1) this.#say('POP');
  }

  #leave(): void {
    const choose = this.#choose;
    const label = this.#labels[choose(this.#labels.length || 1)];
    const kind = choose(8);
    if (label !== undefined && kind < 2) this.#say('JMP', name(label));
    else if (label !== undefined && kind < 6)
      this.#say('IF', this.#expressions.value(2), word('JMP'), name(label));
    else if (kind === 6 && this.#inside) this.#say('RET', this.#expressions.value(2));
    else if (kind === 7 && choose(4) === 0) this.#say('HALT');
    else this.#aside();
  }

  #aside(): void {
    if (this.#choose(2) === 0) this.#lines.push({ kind: 'blank' });
    else this.#lines.push({ kind: 'comment', text: ' so' });
  }

  #call(): void {
    const call = this.#expressions.call(2);
    if (call?.kind === 'call') this.#say('CALL', name(call.name), ...call.values);
    else this.#aside();
  }

  #if(depth: number): void {
    const choose = this.#choose;
    this.#say('IF', this.#expressions.value(3));
    this.#block(1 + choose(2), depth + 1);
    for (let more = choose(4); more > 2; more--) {
      this.#say('ELSE', word('IF'), this.#expressions.value(2));
      this.#block(1 + choose(2), depth + 1);
    }
    if (choose(2) === 0) {
      this.#say('ELSE');
      this.#block(choose(3), depth + 1);
    }
    this.#say('END');
  }

  #for(depth: number): void {
    const choose = this.#choose;
    const variable = name(['a', 'b', 'c'][choose(3)] as string);
    const first = number(choose(7) - 2);
    const last = choose(6) === 0 ? this.#expressions.value(2) : number(choose(9) - 2);
    const edge = number(2 ** 31 - 3);
    const bounds = choose(10) === 0 ? [edge, number(2 ** 31 - 1)] : [first, last];
    const step = [number(1), number(2), number(-1), number(-3), number(0)][choose(5)] as Operand;
    const steps = choose(2) === 0 ? [] : [choose(4) === 0 ? this.#expressions.value(2) : step];
    this.#say('FOR', variable, ...bounds, ...steps);
    this.#block(1 + choose(3), depth + 1);
    this.#say('END');
  }

  /** Turns that are counted, so that most of them end. */
  #while(depth: number): void {
    const counter = name(this.#fresh('w'));
    const few = binary('<', counter, number(1 + this.#choose(4)));
    const test = this.#choose(2) === 0 ? few : binary('&&', few, this.#expressions.value(2));
    if (this.#choose(8) > 0) this.#say('SET', counter, number(0));
    this.#say('WHILE', this.#choose(12) === 0 ? this.#expressions.value(2) : test);
    this.#say('ADD', counter, number(1));
    this.#block(1 + this.#choose(3), depth + 1);
    this.#say('END');
  }

  /** A loop of a label and a JMP. */
  #again(depth: number): void {
    const counter = name(this.#fresh('j'));
    const label = this.#fresh('again');
    this.#say('SET', counter, number(0));
    this.#lines.push({ kind: 'label', line: this.#lines.length + 1, name: label });
    this.#block(1 + this.#choose(2), depth);
    this.#say('ADD', counter, number(1));
    this.#say('IF', binary('<', counter, number(1 + this.#choose(4))), word('JMP'), name(label));
  }
}

function binary(operator: '<' | '>' | '-' | '&&', left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right, at: 0 };
}
