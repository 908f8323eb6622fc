/** Random drawings: programs that draw by every opcode, in every mode and font, cut by clips, on canvases of one tile and of several. */
import fc from 'fast-check';
import type { Line, Operand, Statement } from '../../../renderer/language/ast.ts';
import type { OpcodeName } from '../../../renderer/language/opcodes.ts';
import { print } from '../../../renderer/language/printer.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import { weightOf } from './oracle-weight.ts';
import { type Chooser, Expressions, name, number, word } from './program-expressions.ts';
import { declarePictures } from './program-pictures.ts';
import { ShadeAuthor } from './program-shades.ts';
import { Drawer, type Said } from './program-shapes.ts';
import { type Case, chooserOf } from './programs.ts';

/** With most of its numbers used: a tape that ends draws the simplest shapes. */
export const drawings: fc.Arbitrary<Case> = fc
  .noBias(fc.array(fc.nat(0x7fffffff), { minLength: 300, maxLength: 900, size: 'max' }))
  .map((tape) => {
    const drawn = new Draughtsman(chooserOf(tape)).draw();
    const { width, height } = drawn.canvas;
    return { ...drawn, [fc.toStringMethod]: () => `${width}×${height}\n${print(drawn)}` };
  });

/** Alpha of each class, over and over: what is translucent shows what lies below. */
const COLOURS = [
  ...['f30', '1a2b3c', '80ff4d80', 'c0ffee', '7f7f7f80', '4682b4c0', 'e07a5f', '2a9d8f40'],
  ...['10203001', 'fffffffe', 'fff0', 'fff'],
];

const MODES = ['OVER', 'SRC', 'ADD', 'MULTIPLY', 'SCREEN', 'XOR'];

class Draughtsman {
  readonly #choose: Chooser;
  readonly #lines: Line[] = [];
  readonly #canvas: Canvas;
  readonly #e: Expressions;
  readonly #drawer: Drawer;
  /** Whether rectangles and letters in the mode OVER are all that is drawn: painters may paint them another way. */
  readonly #isPlain: boolean;
  /** Whether SHADEs are among the strokes: a GPU compiles each of them, which takes its time. */
  readonly #isShaded: boolean;
  /** States that are saved. */
  #saved = 0;

  constructor(choose: Chooser) {
    this.#choose = choose;
    // Tiles of a GPU have 32 pixels: few canvases have more than one, as these take it longer.
    const side = () => 1 + choose(choose(4) === 3 ? 48 : 32);
    this.#isPlain = choose(8) === 7;
    this.#isShaded = choose(8) === 7;
    this.#canvas = { width: side(), height: side() };
    this.#e = new Expressions(choose, []);
    this.#drawer = new Drawer(choose, () => this.#e);
  }

  draw(): Case {
    const choose = this.#choose;
    declarePictures(choose, (opcode, ...operands) => this.#say(opcode, ...operands));
    this.#say('DIM', name('arr'), number(4));
    this.#say('DATA', name('tab'), number(5), number(-3), number(255), name('tomato'));
    this.#say('PARAM', name('p'), number(3), number(-5), number(9));
    for (const each of ['a', 'b', 'c']) this.#say('SET', name(each), number(choose(30)));
    // On most of the canvas something lies below.
    for (let left = choose(3); left > 0; left--) this.#ground();
    for (let left = 8 + choose(20); left > 0; left--) this.#stroke();
    return { lines: this.#lines, canvas: this.#canvas, params: {} };
  }

  #say(opcode: OpcodeName, ...operands: readonly Operand[]): void {
    const statement: Omit<Statement, 'weight'> = {
      kind: 'statement',
      line: this.#lines.length + 1,
      opcode,
      operands,
    };
    this.#lines.push({ ...statement, weight: weightOf(statement) });
  }

  #colour(): Operand {
    return { kind: 'colour', digits: COLOURS[this.#choose(COLOURS.length)] as string };
  }

  #ground(): void {
    const { width, height } = this.#canvas;
    const whole = [number(0), number(0), number(width), number(height)];
    if (this.#choose(3) === 0) this.#say('CLEAR', this.#colour());
    else this.#say('GRAD', ...whole, this.#colour(), this.#colour());
  }

  #stroke(): void {
    const choose = this.#choose;
    const e = this.#e;
    if (this.#isShaded && choose(12) === 11) {
      for (const said of new ShadeAuthor(choose).write(e)) this.#say(...said);
      return;
    }
    const kind = this.#isPlain ? 13 + choose(11) : choose(26);
    if (kind < 9) this.#say(...this.#drawer.shape());
    else if (kind < 13) for (const said of this.#drawer.state()) this.#say(...said);
    else if (kind > 23) this.#say('BLEND', word(MODES[choose(MODES.length)] as string));
    else if (kind < 15) this.#say('COLOR', this.#colour());
    else if (kind === 15) this.#say('RECT', e.place(), e.place(), e.length(), e.length());
    else if (kind === 16) this.#say('TXT', e.place(), e.place(), this.#drawer.text());
    else if (kind === 17) this.#say('PIX', e.place(), e.place());
    else if (kind === 18) this.#say('NUM', e.place(), e.place(), e.value(1));
    else if (kind < 21) this.#clip();
    else if (kind === 21) this.#turns();
    else if (kind === 22) this.#save();
    else if (choose(3) === 0) this.#say('CLEAR', this.#colour());
    else this.#say('ORIGIN', number(choose(9) - 4), number(choose(9) - 4));
  }

  /** Takes something away on any of the four sides; now and then nothing, or all. */
  #clip(): void {
    const { width, height } = this.#canvas;
    if (this.#choose(4) === 0) {
      this.#say('CLIP');
      return;
    }
    const sides = this.#choose(16);
    const [x, right] = this.#range(width, (sides & 1) !== 0, (sides & 2) !== 0);
    const [y, bottom] = this.#range(height, (sides & 4) !== 0, (sides & 8) !== 0);
    this.#say('CLIP', ...[x, y, Math.max(0, right - x), Math.max(0, bottom - y)].map(number));
  }

  #range(side: number, cutsBefore: boolean, cutsAfter: boolean): readonly [from: number, to: number] {
    const part = 1 + this.#choose(Math.max(1, side >> 1));
    const other = 1 + this.#choose(Math.max(1, side >> 2));
    return [cutsBefore ? part : -part, cutsAfter ? side - other : side + other];
  }

  /** The same shape a few times, at places that are counted. */
  #turns(): void {
    const shape: Said = this.#isPlain
      ? ['TXT', name('a'), this.#e.place(), this.#drawer.text()]
      : this.#drawer.shape();
    this.#say(
      'FOR',
      name('a'),
      number(this.#choose(5)),
      number(6 + this.#choose(20)),
      number(1 + this.#choose(7)),
    );
    this.#say(...shape);
    this.#say('END');
  }

  /** PUSHes, or POPs what is saved. */
  #save(): void {
    if (this.#saved > 0 && this.#choose(2) === 0) {
      this.#saved--;
      this.#say('POP');
      return;
    }
    this.#saved++;
    this.#say('PUSH');
  }
}
