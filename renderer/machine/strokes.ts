/** The compiler's half for statements that draw, or change how. */
import type { Expression, Statement } from '../language/ast.ts';
import { GROUND } from '../raster/layout.ts';
import type { Emitter } from './emitter.ts';
import type { ExpressionCompiler } from './expressions.ts';
import { I } from './instructions.ts';

/** The alpha of COLOR r g b. */
const OPAQUE: Expression = { kind: 'number', value: 255 };

/** @param texts of all TXTs so far; one more is added for each */
export function compileStroke(
  { opcode, operands }: Statement,
  emitter: Emitter,
  expressions: ExpressionCompiler,
  texts: string[],
): void {
  const values = operands as readonly Expression[];
  const [first, second] = values;
  switch (opcode) {
    case 'TXT':
      expressions.hold(first as Expression, second as Expression);
      emitter.emit(I.txt, texts.push((operands[2] as { text: string }).text) - 1, 0, 0);
      break;
    case 'RECT':
    case 'CLIP':
      if (first === undefined) emitter.emit(I.unclip, 0, 0, 0);
      else expressions.held(opcode === 'RECT' ? I.rect : I.clip, 0, values);
      break;
    case 'PIX':
    case 'ORIGIN': {
      const x = expressions.operand(first as Expression);
      emitter.emit(opcode === 'PIX' ? I.pix : I.origin, 0, x, expressions.operand(second as Expression));
      break;
    }
    case 'NUM':
      expressions.held(I.num, 0, values);
      break;
    case 'CLEAR':
      emitter.emit(
        I.clear,
        0,
        first === undefined ? expressions.constant(GROUND) : expressions.operand(first),
        0,
      );
      break;
    case 'COLOR':
      compileColor(values, emitter, expressions);
      break;
    case 'BLEND':
      emitter.emit(I.blend, (operands[0] as { word: string }).word === 'SRC' ? 1 : 0, 0, 0);
      break;
    case 'SEED':
      emitter.emit(I.seed, 0, expressions.operand(first as Expression), 0);
      break;
    case 'PUSH':
      emitter.emit(I.push, 0, 0, 0);
      break;
    case 'POP':
      emitter.emit(I.pop, 0, 0, 0);
      break;
    default:
  }
}

function compileColor(
  [first, ...others]: readonly Expression[],
  emitter: Emitter,
  expressions: ExpressionCompiler,
): void {
  const red = first as Expression;
  if (others.length === 0) emitter.emit(I.color, 0, expressions.operand(red), 0);
  else if (others.length === 2) expressions.held(I.channels, 0, [red, ...others, OPAQUE]);
  else expressions.held(I.channels, 0, [red, ...others]);
}
