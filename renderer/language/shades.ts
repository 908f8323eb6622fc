/** The SHADEs of a program: the names that each has of its own, those of the program that it reads, and what it may not hold. */
import { LIMITS } from '../../shared/limits.ts';
import type { CallNode, Expression, NameNode, Operand, ShadeBlock, Statement } from './ast.ts';
import type { Outline } from './blocks.ts';
import { functionNamed } from './functions.ts';
import type { Heads } from './heads.ts';
import type { Named, NameFaults } from './name-faults.ts';
import { CHANNELS, isChannel, isPlace, PLACES, type PlaceName } from './pixel-names.ts';
import type { Resolver } from './resolver.ts';
import type { Scope } from './scope.ts';
import type { ShadeLines } from './shade-outline.ts';
import { nearest } from './spelling.ts';
import { suggest, type Vocabulary } from './vocabulary.ts';

/** Functions that give something else at each call, or depend on how texts are drawn. */
const OF_THE_RUN: ReadonlySet<string> = new Set(['rnd', 'tw']);
const PLACE_WORDS: Readonly<Record<PlaceName, string>> = {
  x: 'which is the column of the pixel',
  y: 'which is the row of the pixel',
  w: 'which is the width of the rectangle',
  h: 'which is the height of the rectangle',
};
const TURNS = 'the n of a LOOP';

/** What a SHADE is held to by. */
export interface ShadeChecks {
  readonly vocabulary: Vocabulary;
  readonly faults: NameFaults;
  readonly resolver: Resolver;
  readonly heads: Heads;
  /** Names that stand in a bad line, and are believed. */
  readonly excused: ReadonlySet<string>;
}

/** Reads the SHADEs whose first lines could be read. */
export function readShades({ shades }: Outline, checks: ShadeChecks): ShadeBlock[] {
  return shades.flatMap((lines) => new ShadeReader(lines, checks).read() ?? []);
}

/** Names of a SHADE that was torn: what stands behind may be meant to be in it. */
export function tornNames({ shades }: Outline): string[] {
  const torn = shades.filter(({ isTorn }) => isTorn);
  return torn.length === 0 ? [] : [...CHANNELS, ...PLACES, ...torn.flatMap((lines) => [...setsOf(lines)])];
}

/** The names that the SETs and ADDs of a SHADE give a value, but for those that nothing sets. */
function setsOf({ statements }: ShadeLines): Set<string> {
  const sets = new Set<string>();
  for (const { opcode, operands } of statements) {
    const [place] = operands;
    if ((opcode === 'SET' || opcode === 'ADD') && place?.kind === 'name' && !isPlace(place.name))
      sets.add(place.name);
  }
  return sets;
}

class ShadeReader {
  readonly #lines: ShadeLines;
  readonly #checks: ShadeChecks;
  readonly #scope: Scope;
  readonly #sets: ReadonlySet<string>;
  readonly #reads = new Set<string>();
  #line = 0;

  constructor(lines: ShadeLines, checks: ShadeChecks) {
    this.#lines = lines;
    this.#checks = checks;
    this.#scope = lines.scope;
    this.#sets = setsOf(lines);
  }

  read(): ShadeBlock | undefined {
    const { head, statements } = this.#lines;
    let size = 0;
    for (const statement of statements) {
      this.#statement(statement);
      size += statement.opcode === 'END' ? 0 : 1 + statement.weight;
    }
    if (head === undefined) return undefined;
    const { line } = head;
    this.#limit(line, size, LIMITS.shadeSize, 'lines and operators in a SHADE');
    this.#limit(line, this.#sets.size, LIMITS.shadeNames, 'names that a SHADE sets');
    this.#limit(line, this.#reads.size, LIMITS.shadeNames, 'names of the program in a SHADE');
    return { line, sets: [...this.#sets], reads: [...this.#reads] };
  }

  #limit(line: number, found: number, most: number, what: string): void {
    if (found <= most) return;
    const message = `Expected at most ${most} ${what}, found ${found}`;
    this.#checks.heads.say(line, 'PXL-E040', message, 'two SHADEs can share the work');
  }

  #statement({ opcode, line, operands }: Statement): void {
    this.#line = line;
    this.#checks.faults.line = line;
    if (opcode === 'SET' || opcode === 'ADD') {
      this.#place(operands[0] as Operand);
      this.#value(operands[1] as Expression);
    } else if (opcode === 'LOOP') {
      this.#checks.resolver.constant(operands[0] as Expression, TURNS, line, this.#scope);
    } else if (opcode === 'IF' || opcode === 'ELSE' || opcode === 'BREAK') {
      const test = operands.at(-1);
      if (test !== undefined) this.#value(test as Expression);
    }
  }

  #place(operand: Operand): void {
    const { faults, vocabulary } = this.#checks;
    if (operand.kind === 'cell') {
      const hint = 'a SHADE has no arrays: each pixel has variables of its own';
      faults.refuse(operand, 'PXL-E017', 'Expected a variable', 'which is a cell of an array', hint);
    } else if (operand.kind === 'name' && isPlace(operand.name)) {
      const hint = `SET another name: ${operand.name} is given`;
      faults.refuse(operand, 'PXL-E017', 'Expected a variable', PLACE_WORDS[operand.name], hint);
    } else if (operand.kind === 'name' && !isChannel(operand.name)) {
      faults.requireOwn(operand, 'a variable', vocabulary);
    }
  }

  #value(expression: Expression): void {
    const { kind } = expression;
    if (kind === 'name') this.#name(expression);
    else if (kind === 'call') this.#call(expression);
    else if (kind === 'cell') {
      const hint = `SET v ${expression.name}[index] stands before the SHADE, which reads v`;
      this.#refuse(expression, 'Expected a value', 'which is an array', hint);
    } else if (kind === 'measure') this.#ofTheRun({ name: 'tw', at: expression.at });
    else if (kind === 'unary') this.#value(expression.operand);
    else if (kind === 'binary') {
      this.#value(expression.left);
      this.#value(expression.right);
    } else if (kind === 'choice') {
      for (const part of [expression.test, expression.yes, expression.no]) this.#value(part);
    }
  }

  #name(node: NameNode): void {
    const { vocabulary, resolver, faults, excused } = this.#checks;
    const { name } = node;
    if (isPlace(name) || isChannel(name) || this.#sets.has(name)) return;
    const meaning = vocabulary.meaning(name, this.#scope);
    if (meaning === 'local' || meaning === 'global' || meaning === 'param') this.#reads.add(name);
    else if (name === 'width' || name === 'height') this.#reads.add(name);
    else if (meaning !== undefined) resolver.look(node, this.#line, this.#scope);
    else if (!excused.has(name)) {
      const hint = () => {
        const near = nearest(name, [...this.#sets]);
        return near === undefined
          ? suggest(vocabulary, name, 'tinted', this.#scope)
          : `did you mean ${near}?`;
      };
      faults.refuse(node, 'PXL-E016', 'Expected a name that has a value', '', hint);
    }
  }

  #call(node: CallNode): void {
    const { vocabulary, resolver } = this.#checks;
    const isDefinition = vocabulary.declared(node.name)?.opcode === 'DEF';
    if (isDefinition) {
      this.#refuse(
        node,
        'Expected a function',
        'which is a DEF',
        'a SHADE runs no DEF: write its lines here',
      );
    } else if (functionNamed(node.name) !== undefined && OF_THE_RUN.has(node.name)) this.#ofTheRun(node);
    else resolver.look(node, this.#line, this.#scope);
    for (const value of node.values) this.#value(value);
  }

  #ofTheRun(node: Named): void {
    const hint =
      node.name === 'rnd'
        ? 'hash(x, y) gives each pixel another number; SET v rnd(n) before the SHADE gives all the same'
        : 'SET v tw(text) before the SHADE measures it';
    this.#refuse(node, 'Expected a function', 'which a SHADE cannot call', hint);
  }

  #refuse(node: Named, expected: string, found: string, hint: string): void {
    this.#checks.faults.refuse(node, 'PXL-E017', expected, found, hint);
  }
}
