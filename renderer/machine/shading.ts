/** The SHADEs of a program: each compiled, those that are alike as one, with what each is given and has used. */
import { AuthorFault } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { CallNode, Expression, Line, Program, ShadeBlock, Statement } from '../language/ast.ts';
import { type FunctionName, functionNamed } from '../language/functions.ts';
import type { OpcodeName } from '../language/opcodes.ts';
import { syntaxError } from '../language/syntax-error.ts';
import type { Shade } from '../shade/shade.ts';
import type { Given } from './constant.ts';
import { Refused, RefusedLine } from './refused.ts';
import { compileShade } from './shade-body.ts';

/** One SHADE of a program. */
export interface Shading {
  /** Its number among the shades that differ. */
  readonly shade: number;
  /** Names of the program's, in the order of the uniforms. */
  readonly reads: readonly string[];
  /** Those of its lines, from the SHADE to its END. */
  readonly opcodes: ReadonlySet<OpcodeName>;
  readonly functions: ReadonlySet<FunctionName>;
}

/** All of a program. */
export interface Shadings {
  /** Each once. */
  readonly shades: readonly Shade[];
  /** By the line of a SHADE, from 1. */
  readonly byLine: ReadonlyMap<number, Shading>;
}

/**
 * Compiles the SHADEs of a program, whether they are carried out or not.
 *
 * @throws {AuthorFault} when a LOOP has no number of turns, a pixel takes too many operations, or too many SHADEs differ
 */
export function compileShades(program: Program, given: Given): Shadings {
  const numbers = new Map<string, number>();
  const shades: Shade[] = [];
  const byLine = new Map<number, Shading>();
  for (const block of program.shades) {
    try {
      const lines = linesOf(program.lines, block);
      const shade = compileShade(block, lines, given);
      const number = numbers.get(shade.key) ?? shades.length;
      if (number === LIMITS.shades) throw new RefusedLine(block.line, tooMany());
      if (number === shades.length) {
        numbers.set(shade.key, number);
        shades.push(shade);
      }
      byLine.set(block.line, { shade: number, reads: block.reads, ...usedBy(lines) });
    } catch (error) {
      throw error instanceof RefusedLine ? faultOf(program, error) : error;
    }
  }
  return { shades, byLine };
}

/** The statements behind a SHADE, up to its END, which they include. */
export function linesOf(lines: readonly Line[], { line }: ShadeBlock): Statement[] {
  const found: Statement[] = [];
  for (let at = line, depth = 1; depth > 0; at++) {
    const statement = lines[at] as Line;
    if (statement.kind !== 'statement') continue;
    found.push(statement);
    const { opcode } = statement;
    if (opcode === 'IF' || opcode === 'LOOP') depth++;
    else if (opcode === 'END') depth--;
  }
  return found;
}

function usedBy(lines: readonly Statement[]): Pick<Shading, 'opcodes' | 'functions'> {
  const functions = new Set<FunctionName>();
  for (const line of lines) {
    for (const { name } of callsOf(line)) {
      functions.add((functionNamed(name) as { name: FunctionName }).name);
    }
  }
  return { opcodes: new Set(['SHADE', ...lines.map(({ opcode }) => opcode)]), functions };
}

/** The calls of functions on a line of a SHADE. */
export function* callsOf({ operands }: Statement): Generator<CallNode> {
  // Not by recursion: a sum may be as deep as its line is long.
  const left = [...(operands as readonly Expression[])];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (part.kind === 'call') {
      yield part;
      left.push(...part.values);
    } else if (part.kind === 'unary') left.push(part.operand);
    else if (part.kind === 'binary') left.push(part.left, part.right);
    else if (part.kind === 'choice') left.push(part.test, part.yes, part.no);
  }
}

function tooMany(): Refused {
  const message = `Expected at most ${LIMITS.shades} SHADEs that differ, found one more`;
  return new Refused(
    'PXL-E040',
    message,
    'SHADEs of the same lines count once, whatever they read of the program',
  );
}

function faultOf(program: Program, { line, refused }: RefusedLine): AuthorFault {
  const { code, message, hint } = refused;
  const text = program.source.lines[line - 1] ?? '';
  const start = text.length - text.trimStart().length;
  const word = /^\w*/.exec(text.slice(start))?.[0].length ?? 0;
  const wrong = { code, message: `${message} on line ${line}`, hint };
  return new AuthorFault([syntaxError(program.source, line, start, start + word, wrong)]);
}
