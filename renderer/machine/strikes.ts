/** The compiler's half for statements that draw, or change how: their operands are handed to a stroke. */
import type { Expression, NameNode, Operand, Program, Statement } from '../language/ast.ts';
import type { Emitter } from './emitter.ts';
import type { ExpressionCompiler } from './expressions.ts';
import { I, INSTRUCTION_WORDS, type ShadeStrike, STROKE_SHIFT } from './instructions.ts';
import type { Shadings } from './shading.ts';
import { type StrokeName, strokeNumber, wordNumber } from './strokes.ts';

export class StrikeCompiler {
  readonly #emitter: Emitter;
  readonly #expressions: ExpressionCompiler;
  readonly #shadings: Shadings;
  /** SPRITEs and IMAGEs, the former first. */
  readonly #pictures: ReadonlyMap<string, number>;
  /** Of the line that is compiled, where the values of its operands are. */
  readonly #cells: number[] = [];
  readonly texts: string[] = [];
  /** The strikes of SHADEs. */
  readonly shaded: ShadeStrike[] = [];

  constructor(
    emitter: Emitter,
    expressions: ExpressionCompiler,
    { sprites, images }: Program,
    shadings: Shadings,
  ) {
    this.#emitter = emitter;
    this.#expressions = expressions;
    this.#shadings = shadings;
    this.#pictures = new Map([...sprites, ...images].map(({ name }, index) => [name, index]));
  }

  /** What a line costs besides what it weighs: a SHADE, a step for each name of the program that it reads. */
  extra({ opcode, line }: Statement): number {
    return opcode === 'SHADE' ? (this.#shadings.byLine.get(line)?.reads.length ?? 0) : 0;
  }

  strike(name: StrokeName, operands: readonly Operand[], line: number): void {
    const cells = this.#cells;
    let count = 0;
    for (; count < operands.length; count++) {
      cells[count] = this.#cell(name, operands[count] as Operand, count);
    }
    const shading = name === 'SHADE' ? this.#shadings.byLine.get(line) : undefined;
    if (shading !== undefined) {
      cells[count++] = this.#expressions.constant(shading.shade);
      for (const read of shading.reads)
        cells[count++] = this.#expressions.operand({ kind: 'name', name: read, at: 0 });
    }
    let at = 0;
    for (; at + 2 < count; at += 2) {
      this.#emitter.emit(I.hand, 0, cells[at] as number, cells[at + 1] as number);
    }
    const stroke = strokeNumber(name) | (count << STROKE_SHIFT);
    const left = at < count ? (cells[at] as number) : 0;
    const right = at + 1 < count ? (cells[at + 1] as number) : 0;
    const word = this.#emitter.emit(I.strike, stroke, left, right);
    if (shading !== undefined) this.shaded.push({ instruction: word / INSTRUCTION_WORDS, shading });
  }

  /** Where the value of an operand is. */
  #cell(name: StrokeName, operand: Operand, index: number): number {
    const expressions = this.#expressions;
    if (name === 'BLIT' && index === 0) {
      return expressions.constant(this.#pictures.get((operand as NameNode).name) as number);
    }
    if (operand.kind === 'text') return expressions.constant(this.texts.push(operand.text) - 1);
    if (operand.kind === 'word') return expressions.constant(wordNumber(name, index, operand.word));
    return expressions.operand(operand as Expression);
  }
}
