/** Random lines that draw, or change how: each opcode of shapes, letters and their state with operands of its kind. */
import type { Operand } from '../../../renderer/language/ast.ts';
import { OPCODES, type OpcodeName } from '../../../renderer/language/opcodes.ts';
import { type Chooser, type Expressions, number, word } from './program-expressions.ts';
import { blit } from './program-pictures.ts';

export type Said = readonly [opcode: OpcodeName, ...operands: Operand[]];

/** What may be drawn as a text. */
const TEXTS = [
  ...['A', 'Hi there', ' x', ',', '#', 'é', '{|}~', 'the quick brown fox', 'ab    cd', '  wide', 'a\tb'],
  ...['Ж', 'αβγ', '┌─┐', '→x', '█ ▒', '漢', '😀 no', 'Zażółć', '\u00a0x'],
];

const ANGLES = [0, 65536, -65536, 32768, 16384, 49152, -16384, 2 ** 31 - 1, -(2 ** 31), 65535, 1];

/** Writes lines by choice; 0 is the simplest. */
export class Drawer {
  readonly #choose: Chooser;
  readonly #e: () => Expressions;

  /** @param expressions those of the present scope */
  constructor(choose: Chooser, expressions: () => Expressions) {
    this.#choose = choose;
    this.#e = expressions;
  }

  text(): Operand {
    return { kind: 'text', text: this.#one(TEXTS) };
  }

  /** A shape. */
  shape(): Said {
    const e = this.#e();
    const kind = this.#choose(26);
    if (kind > 17) return blit(this.#choose, e);
    if (kind < 2) return ['LINE', ...this.#points(2)];
    if (kind < 4) return ['POLYLINE', ...this.#points(2 + this.#choose(4))];
    if (kind === 4) return ['BOX', e.place(), e.place(), this.#length(), this.#length()];
    if (kind === 5) return ['RRECT', e.place(), e.place(), this.#length(), this.#length(), this.#radius()];
    if (kind === 6) return ['DISC', ...this.#points(1), this.#radius()];
    if (kind === 7) return ['CIRC', ...this.#points(1), this.#radius()];
    if (kind === 8) return ['FELLI', ...this.#points(1), this.#radius(), this.#radius()];
    if (kind === 9) return ['ELLI', ...this.#points(1), this.#radius(), this.#radius()];
    if (kind === 10) return ['TRI', ...this.#points(3)];
    if (kind === 11) return ['POLY', ...this.#points(3 + this.#choose(6))];
    if (kind === 12) return ['PIE', ...this.#points(1), this.#radius(), this.#angle(), this.#angle()];
    if (kind === 13) return ['ARC', ...this.#points(1), this.#radius(), this.#angle(), this.#angle()];
    if (kind === 14) return ['BEZ', ...this.#points(3 + this.#choose(2))];
    if (kind < 17) return this.#gradient();
    return ['TEXTBOX', e.place(), e.place(), this.#length(), this.#length(), this.text()];
  }

  /** How shapes are drawn, and mostly one that shows it. */
  state(): readonly Said[] {
    const e = this.#e();
    const kind = this.#choose(14);
    const rarely = this.#choose(6) === 5;
    const letters: Said =
      this.#choose(3) === 2
        ? ['TEXTBOX', e.place(), e.place(), this.#length(), this.#length(), this.text()]
        : ['TXT', e.place(), e.place(), this.text()];
    if (kind < 3) return [['PEN', this.#ranged(1, rarely ? 255 : 9)]];
    if (kind < 7) return [['FONT', this.#word('FONT')], letters];
    if (kind < 9) return [['SIZE', this.#ranged(1, rarely ? 16 : 5)], letters];
    if (kind === 9) return [['ALIGN', this.#word('ALIGN')], letters];
    if (kind < 13) return [['BLEND', this.#word('BLEND')], this.shape()];
    return [
      ['FILLRULE', this.#word('FILLRULE')],
      ['POLY', ...this.#points(5)],
    ];
  }

  #gradient(): Said {
    const e = this.#e();
    const colors = [this.#color(), this.#color()];
    const ways = this.#choose(3) === 0 ? [] : [this.#word('GRAD')];
    return ['GRAD', e.place(), e.place(), this.#length(), this.#length(), ...colors, ...ways];
  }

  #color(): Operand {
    const digits = ['fff', '000', 'f00', '0f08', '102030', 'fff0', '12345678', 'fefefefe'];
    return this.#choose(4) === 3 ? this.#e().value(1) : { kind: 'colour', digits: this.#one(digits) };
  }

  #points(count: number): Operand[] {
    return Array.from({ length: 2 * count }, () => this.#coordinate());
  }

  /** Most often on the canvas, at times as far out as may be, seldom further. */
  #coordinate(): Operand {
    const kind = this.#choose(24);
    if (kind < 18) return number(((this.#choose(34) + 4) % 34) - 4);
    if (kind < 20) return this.#masked(31);
    if (kind === 20) return number([-16384, 16383, 300, -200, 9999, -16000][this.#choose(6)]!);
    if (kind < 23) return number(this.#choose(400) - 200);
    return this.#choose(4) < 3
      ? this.#masked(15)
      : [number(16384), number(-16385), this.#e().value(1)][this.#choose(3)]!;
  }

  #masked(mask: number): Operand {
    return { kind: 'binary', operator: '&', left: this.#e().value(1), right: number(mask), at: 0 };
  }

  #length(): Operand {
    const kind = this.#choose(24);
    if (kind < 21) return number((this.#choose(40) + 3) % 40);
    return kind < 23 ? number([2 ** 31 - 1, 300, 16384][this.#choose(3)]!) : this.#e().length();
  }

  #radius(): Operand {
    if (this.#choose(12) === 11) return number([16383, 16382, 400, 60][this.#choose(4)]!);
    return this.#ranged(0, 18, 16383);
  }

  #angle(): Operand {
    const kind = this.#choose(8);
    if (kind < 4) return number(this.#choose(65536));
    return kind < 7 ? number(this.#one(ANGLES)) : this.#e().value(1);
  }

  /** From `least`, mostly to `often`; seldom an expression, which may lie outside. */
  #ranged(least: number, often: number, most = often): Operand {
    if (this.#choose(40) < 39) return number(least + this.#choose(often - least + 1));
    const value = this.#e().value(1);
    // A literal outside is not even read.
    const isOutside = value.kind === 'number' && (value.value < least || value.value > most);
    return isOutside ? number(least) : value;
  }

  #word(opcode: OpcodeName): Operand {
    const rows = OPCODES.find(({ name }) => name === opcode)!.forms[0];
    const { words } = [...rows].at(-1) as { readonly words: readonly string[] };
    return word(this.#one(words));
  }

  #one<Value>(values: readonly Value[]): Value {
    return values[this.#choose(values.length)]!;
  }
}
