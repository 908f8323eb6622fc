/** The checker: every name of a program stands for something, of the right kind, with the right arguments. */
import { LIMITS } from '../../shared/limits.ts';
import type { Definition, Expression, Line, NameNode, Names, Operand, Param, Statement } from './ast.ts';
import { type Complain, outline, type Placed, type Scope } from './blocks.ts';
import { quoted } from './caret.ts';
import type { Code } from './codes.ts';
import { functionNamed, functionUsage } from './functions.ts';
import { literalValue } from './literal.ts';
import { opcodeNamed } from './opcodes.ts';
import type { BadLine } from './parser.ts';
import { type Meaning, suggest, Vocabulary } from './vocabulary.ts';

/**
 * Looks up every name. Names that stand in a bad line are believed: what they mean is not known.
 *
 * @param texts the lines as they were written
 */
export function check(
  lines: readonly (Line | BadLine)[],
  texts: readonly string[],
  complain: Complain,
): Names {
  const excused = new Set<string>();
  for (const line of lines) {
    if (line.kind !== 'bad') continue;
    for (const word of line.text.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []) excused.add(word.toLowerCase());
  }
  const { scopes, statements } = outline(lines, texts, excused, complain);
  const checker = new Checker(excused, complain);
  for (const placed of statements) checker.declare(placed);
  checker.settle(scopes);
  for (const placed of statements) checker.resolve(placed);
  return checker.names(scopes);
}

class Checker {
  readonly #excused: ReadonlySet<string>;
  readonly #report: Complain;
  readonly #vocabulary = new Vocabulary();
  readonly #params: Param[] = [];
  #line = 0;
  #scope: Scope | undefined;

  constructor(excused: ReadonlySet<string>, complain: Complain) {
    this.#excused = excused;
    this.#report = complain;
  }

  /** First, what a statement adds to the names. */
  declare({ statement, scope }: Placed): void {
    const { opcode, operands } = statement;
    this.#line = statement.line;
    switch (opcode) {
      case 'DIM':
      case 'DATA':
      case 'PARAM':
      case 'DEF':
        this.#declareName(statement, operands[0] as NameNode);
        break;
      case 'SET':
      case 'ADD':
      case 'FOR': {
        const place = operands[0] as Operand;
        if (place.kind === 'name') this.#vocabulary.sets(scope, place.name);
        break;
      }
      case 'GLOBAL':
        for (const name of operands) this.#vocabulary.shares(scope, (name as NameNode).name);
        break;
      default:
    }
  }

  /** Then, which variables are a DEF's own. */
  settle(scopes: readonly Scope[]): void {
    this.#vocabulary.settle();
    for (const scope of scopes) {
      const { definition } = scope;
      if (definition === undefined) continue;
      this.#line = definition.line;
      const parameters = definition.operands.slice(1) as NameNode[];
      const seen = new Set<string>();
      for (const node of parameters) {
        this.#requireOwnName(node, 'an argument');
        if (seen.has(node.name))
          this.#refuse(node, 'PXL-E017', 'Expected arguments that differ', 'twice', '');
        else if (this.#vocabulary.isShared(scope, node.name)) {
          this.#refuse(node, 'PXL-E017', 'Expected an argument', 'which a GLOBAL of this DEF names', '');
        }
        seen.add(node.name);
      }
      const locals = this.#vocabulary.localsOf(scope).length;
      if (locals <= LIMITS.locals) continue;
      const [name] = definition.operands as [NameNode];
      const found = `, which has ${locals}`;
      this.#refuse(
        name,
        'PXL-E023',
        `Expected a DEF of at most ${LIMITS.locals} variables`,
        found,
        'use an array',
      );
    }
  }

  /** At last, each statement by itself. */
  resolve({ statement, scope }: Placed): void {
    const { opcode, operands, line } = statement;
    this.#line = line;
    this.#scope = scope;
    switch (opcode) {
      case 'SET':
      case 'ADD':
        this.#place(operands[0] as Operand);
        this.#value(operands[1] as Expression);
        return;
      case 'FOR':
        this.#place(operands[0] as Operand);
        break;
      case 'DIM':
        this.#size(operands[1] as Expression);
        return;
      case 'DATA':
        for (const value of operands.slice(1)) this.#literal(value as Expression);
        return;
      case 'PARAM':
        this.#param(operands as readonly [NameNode, ...Expression[]]);
        return;
      case 'CALL':
        this.#definition(operands[0] as NameNode, operands.length - 1);
        break;
      case 'GLOBAL':
        for (const name of operands) this.#variable(name as NameNode);
        return;
      case 'DEF':
      case 'JMP':
        return;
      case 'IF':
        // A label, if one follows, was looked up with its scope.
        this.#value(operands[0] as Expression);
        return;
      default:
        // Of the core, which is nearly everything in a long program, no operand is a name.
        for (const operand of operands) if (operand.kind !== 'number') this.#operand(operand);
        return;
    }
    for (const operand of operands.slice(1)) this.#operand(operand);
  }

  names(scopes: readonly Scope[]): Names {
    const definitions: Definition[] = [];
    for (const scope of scopes) {
      if (scope.definition === undefined || scope.definition.operands.length === 0) continue;
      const [name, ...parameters] = scope.definition.operands as [NameNode, ...NameNode[]];
      definitions.push({
        name: name.name,
        line: scope.definition.line,
        parameters: parameters.map((parameter) => parameter.name),
        locals: this.#vocabulary.localsOf(scope),
      });
    }
    return {
      globals: this.#vocabulary.globals(),
      params: this.#params,
      arrays: this.#vocabulary.arrays(),
      definitions,
    };
  }

  #declareName(statement: Statement, node: NameNode): void {
    if (!this.#requireFree(node)) return;
    const known = this.#vocabulary.declare(statement);
    if (known === undefined) return;
    const found = `which line ${known.line} declares with ${known.opcode}`;
    this.#refuse(node, 'PXL-E017', 'Expected a new name', found, 'one name means one thing');
  }

  #requireFree(node: NameNode): boolean {
    const reserved = reservedAs(node.name);
    if (reserved === undefined) return true;
    this.#refuse(node, 'PXL-E017', 'Expected a name that is free', reserved, 'take another name');
    return false;
  }

  /** A variable or an argument: neither a word of the language nor anything declared. */
  #requireOwnName(node: NameNode, expected: string): void {
    if (!this.#requireFree(node)) return;
    const declared = this.#vocabulary.declared(node.name);
    if (declared === undefined) return;
    const found = `which line ${declared.line} declares with ${declared.opcode}`;
    this.#refuse(node, 'PXL-E017', `Expected ${expected}`, found, changing(declared.opcode));
  }

  #variable(node: NameNode): void {
    if (this.#meaning(node.name) !== 'local') this.#requireOwnName(node, 'a variable');
  }

  #place(operand: Operand): void {
    if (operand.kind === 'name') this.#variable(operand);
    if (operand.kind !== 'cell') return;
    this.#array(operand);
    if (this.#vocabulary.declared(operand.name)?.opcode === 'DATA') {
      this.#refuse(
        operand,
        'PXL-E017',
        'Expected an array',
        'which is a table',
        'DIM declares what can change',
      );
    }
    this.#value(operand.index);
  }

  #operand(operand: Operand): void {
    if (operand.kind !== 'text' && operand.kind !== 'word') this.#value(operand);
  }

  #value(expression: Expression): void {
    switch (expression.kind) {
      case 'name':
        this.#name(expression);
        break;
      case 'cell':
        this.#array(expression);
        this.#value(expression.index);
        break;
      case 'call':
        this.#call(expression);
        for (const value of expression.values) this.#value(value);
        break;
      case 'unary':
        this.#value(expression.operand);
        break;
      case 'binary':
        this.#value(expression.left);
        this.#value(expression.right);
        break;
      case 'choice':
        this.#value(expression.test);
        this.#value(expression.yes);
        this.#value(expression.no);
        break;
      default:
    }
  }

  #name(node: NameNode): void {
    const { name } = node;
    const meaning = this.#meaning(name);
    if (meaning === undefined) this.#unknown(node, 'a name that has a value', 'value');
    else if (meaning === 'array') {
      this.#refuse(
        node,
        'PXL-E017',
        'Expected a value',
        'which is an array',
        `one cell of it is ${name}[index]`,
      );
    } else if (meaning === 'definition') {
      this.#refuse(node, 'PXL-E017', 'Expected a value', 'which is a DEF', `its value is ${name}(arguments)`);
    }
  }

  #array(node: { readonly name: string; readonly at: number }): void {
    const meaning = this.#meaning(node.name);
    if (meaning === 'array') return;
    if (meaning === undefined) this.#unknown(node, 'an array', 'array');
    else
      this.#refuse(
        node,
        'PXL-E017',
        'Expected an array',
        'which is none',
        `DIM ${node.name} cells declares one`,
      );
  }

  #call(node: { readonly name: string; readonly at: number; readonly values: readonly Expression[] }): void {
    const row = functionNamed(node.name);
    if (row === undefined) {
      this.#definition(node, node.values.length);
      return;
    }
    const wanted = row.parameters.length;
    if (node.values.length === wanted) return;
    this.#miscounted(node, wanted, node.values.length, functionUsage(row));
  }

  #definition(node: { readonly name: string; readonly at: number }, given: number): void {
    const meaning = this.#meaning(node.name);
    if (meaning === undefined) this.#unknown(node, 'a DEF', 'definition');
    else if (meaning !== 'definition') {
      const hint = meaning === 'array' ? `one cell of it is ${node.name}[index]` : '';
      this.#refuse(node, 'PXL-E017', 'Expected a DEF', 'which is none', hint);
    } else if (!this.#excused.has(node.name)) {
      const operands = this.#vocabulary.declared(node.name)?.operands as readonly NameNode[];
      if (operands.length - 1 === given) return;
      const written = operands.map(({ name }) => name).join(' ');
      this.#miscounted(node, operands.length - 1, given, `DEF ${written}`);
    }
  }

  /** A DIM's size is known before the program runs. */
  #size(expression: Expression): void {
    switch (expression.kind) {
      case 'name': {
        const meaning = this.#meaning(expression.name);
        if (meaning === undefined) this.#unknown(expression, 'a PARAM, width or height', 'value');
        else if (meaning !== 'param' && meaning !== 'constant') {
          const hint = 'the size of a DIM holds numbers, PARAMs, width and height';
          this.#refuse(expression, 'PXL-E017', 'Expected a PARAM, width or height', 'which is neither', hint);
        }
        break;
      }
      case 'cell':
      case 'call': {
        const hint = 'the size of a DIM holds numbers, PARAMs, width and height';
        this.#refuse(expression, 'PXL-E017', 'Expected a PARAM, width or height', 'which is neither', hint);
        break;
      }
      case 'unary':
        this.#size(expression.operand);
        break;
      case 'binary':
        this.#size(expression.left);
        this.#size(expression.right);
        break;
      case 'choice':
        for (const part of [expression.test, expression.yes, expression.no]) this.#size(part);
        break;
      default:
    }
  }

  #literal(node: Expression): number | undefined {
    const value = literalValue(node);
    if (value === undefined) this.#unknown(node as NameNode, 'a number or a colour', 'colour');
    return value;
  }

  #param([node, ...values]: readonly [NameNode, ...Expression[]]): void {
    const [fallback, min, max] = values.map((value) => this.#literal(value));
    if (fallback === undefined || min === undefined || max === undefined) return;
    if (fallback >= min && fallback <= max) {
      this.#params.push({ name: node.name, line: this.#line, fallback, min, max });
      return;
    }
    const message =
      min > max
        ? `Expected the min of ${node.name} to be no more than its max, found ${min} and ${max}`
        : `Expected the default of ${node.name} from ${min} to ${max}, found ${fallback}`;
    this.#say(node, 'PXL-E026', message, 'PARAM name default min max');
  }

  #meaning(name: string): Meaning | undefined {
    return this.#vocabulary.meaning(name, this.#scope as Scope);
  }

  #unknown(
    node: { readonly name: string; readonly at: number },
    expected: string,
    wanted: Parameters<typeof suggest>[2],
  ): void {
    if (this.#excused.has(node.name)) return;
    const reserved = reservedAs(node.name);
    if (reserved !== undefined) {
      const row = functionNamed(node.name);
      this.#refuse(
        node,
        'PXL-E017',
        `Expected ${expected}`,
        reserved,
        row === undefined ? '' : functionUsage(row),
      );
      return;
    }
    const hint = suggest(this.#vocabulary, node.name, wanted, this.#scope as Scope);
    this.#refuse(node, 'PXL-E016', `Expected ${expected}`, '', hint);
  }

  #refuse(
    { name, at }: { readonly name: string; readonly at: number },
    code: Code,
    expected: string,
    found: string,
    hint: string,
  ): void {
    const apposition = /^(which|twice)/.test(found) ? `, ${found}` : found;
    this.#say({ name, at }, code, `${expected}, found ${quoted(name)}${apposition}`, hint);
  }

  #miscounted(
    node: { readonly name: string; readonly at: number },
    wanted: number,
    given: number,
    hint: string,
  ): void {
    const message = `Expected ${wanted} argument${wanted === 1 ? '' : 's'} for ${node.name}, found ${given}`;
    this.#say(node, 'PXL-E020', message, hint);
  }

  #say(
    { name, at }: { readonly name: string; readonly at: number },
    code: Code,
    message: string,
    hint: string,
  ): void {
    this.#report(this.#line, at, at + name.length, { code, message, hint });
  }
}

/** Why a name is not free. */
function reservedAs(name: string): string | undefined {
  if (opcodeNamed(name) !== undefined) return 'which is an opcode';
  if (functionNamed(name) !== undefined) return 'which is a function';
  return name === 'width' || name === 'height' ? `which is the canvas's` : undefined;
}

function changing(opcode: string): string {
  return opcode === 'PARAM' ? 'only whoever renders the program sets a PARAM' : 'one name means one thing';
}
