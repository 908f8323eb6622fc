/** The resolver: every name that a statement uses stands for something, of the right kind, with the right arguments. */
import type { CallNode, Expression, NameNode, Operand, Param, Statement } from './ast.ts';
import { few } from './caret.ts';
import { holds, requireConstant } from './constants.ts';
import { functionNamed, functionUsage } from './functions.ts';
import { literalValue } from './literal.ts';
import type { Named, NameFaults } from './name-faults.ts';
import { OPCODES } from './opcodes.ts';
import type { Scope } from './scope.ts';
import { type Meaning, suggest, type Vocabulary } from './vocabulary.ts';

/** Opcodes whose values may well be colours: those that take one, and those that hand any value on. */
const TINTED: ReadonlyMap<string, 'tinted' | 'paint'> = new Map([
  ...OPCODES.filter(({ forms }) => forms.flat().some(({ kind }) => kind === 'colour')).map(
    ({ name }) => [name, 'paint'] as const,
  ),
  ...['SET', 'CALL', 'RET'].map((name) => [name, 'tinted'] as const),
]);

export class Resolver {
  readonly #vocabulary: Vocabulary;
  readonly #faults: NameFaults;
  readonly #excused: ReadonlySet<string>;
  #scope: Scope | undefined;
  /** Set where the values of this statement may well be colours. */
  #tinted: 'tinted' | 'paint' | undefined;
  /** PARAMs that were resolved, those whose ranges are in order. */
  readonly params: Param[] = [];

  /** @param excused names that stand in a bad line, and are believed */
  constructor(vocabulary: Vocabulary, faults: NameFaults, excused: ReadonlySet<string>) {
    this.#vocabulary = vocabulary;
    this.#faults = faults;
    this.#excused = excused;
  }

  /** Looks up the names of one statement. */
  resolve(statement: Statement, scope: Scope): void {
    const { opcode, operands, line } = statement;
    this.#faults.line = line;
    this.#scope = scope;
    this.#tinted = TINTED.get(opcode);
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
        this.constant(operands[1] as Expression, 'the size of a DIM', line, scope);
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
      case 'SPRITE':
      case 'INK':
      case 'ROW':
      case 'IMAGE':
        return;
      case 'BLIT':
        this.#picture(operands[0] as NameNode);
        break;
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

  #variable(node: NameNode): void {
    // An argument was looked at with its DEF.
    if (this.#scope?.parameters.has(node.name) === true) return;
    this.#faults.requireOwn(node, 'a variable', this.#vocabulary);
  }

  #place(operand: Operand): void {
    if (operand.kind === 'name') this.#variable(operand);
    if (operand.kind !== 'cell') return;
    this.#array(operand);
    if (this.#vocabulary.declared(operand.name)?.opcode === 'DATA') {
      this.#faults.refuse(
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
    if (operand.kind !== 'text' && operand.kind !== 'word' && operand.kind !== 'checksum') {
      this.#value(operand);
    }
  }

  #picture(node: NameNode): void {
    const meaning = this.#meaning(node.name);
    const expected = 'a SPRITE or an IMAGE';
    if (meaning === 'picture') return;
    if (meaning === undefined || meaning === 'constant') this.#unknown(node, expected, 'picture');
    else {
      const hint = 'BLIT draws what SPRITE and IMAGE declare';
      this.#faults.refuse(node, 'PXL-E017', `Expected ${expected}`, 'which is neither', hint);
    }
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
    const other = meaning === undefined ? undefined : valueless(meaning, name);
    if (other !== undefined) this.#faults.refuse(node, 'PXL-E017', 'Expected a value', ...other);
  }

  #array(node: Named): void {
    const meaning = this.#meaning(node.name);
    if (meaning === 'array') return;
    if (meaning === undefined) this.#unknown(node, 'an array', 'array');
    else
      this.#faults.refuse(
        node,
        'PXL-E017',
        'Expected an array',
        'which is none',
        `DIM ${node.name} cells declares one`,
      );
  }

  #call(node: Named & { readonly values: readonly Expression[] }): void {
    const row = functionNamed(node.name);
    if (row === undefined || this.#vocabulary.declared(node.name)?.opcode === 'DEF') {
      this.#definition(node, node.values.length);
      return;
    }
    const wanted = row.parameters.length;
    if (node.values.length === wanted) return;
    this.#faults.miscounted(node, wanted, node.values.length, functionUsage(row));
  }

  #definition(node: Named, given: number): void {
    const meaning = this.#meaning(node.name);
    if (meaning === undefined) this.#unknown(node, 'a DEF', 'definition');
    else if (meaning !== 'definition') {
      const hint = meaning === 'array' ? `one cell of it is ${node.name}[index]` : 'one name means one thing';
      this.#faults.refuse(node, 'PXL-E017', 'Expected a DEF', 'which is none', hint);
    } else if (!this.#excused.has(node.name)) {
      const operands = this.#vocabulary.declared(node.name)?.operands as readonly NameNode[];
      if (operands.length - 1 === given) return;
      // Made only where it is listed: a DEF may have very many arguments.
      const written = () => {
        const words = operands.map(({ name }) => name);
        return `DEF ${few(words, ' ')}`;
      };
      this.#faults.miscounted(node, operands.length - 1, given, written);
    }
  }

  /** Looks up a name or a call in an expression of a SHADE that stands in `scope`. */
  look(node: NameNode | CallNode, line: number, scope: Scope): void {
    this.#faults.line = line;
    this.#scope = scope;
    this.#tinted = 'tinted';
    if (node.kind === 'name') this.#name(node);
    else this.#call(node);
  }

  /** @param whose as `requireConstant` takes it */
  constant(expression: Expression, whose: string, line: number, scope: Scope): void {
    this.#faults.line = line;
    this.#scope = scope;
    const known = {
      meaning: (name: string) => this.#meaning(name),
      unknown: (node: NameNode) => this.#unknown(node, 'a PARAM, width or height', 'value', holds(whose)),
    };
    requireConstant(expression, whose, known, this.#faults);
  }

  #literal(node: Expression): number | undefined {
    const value = literalValue(node);
    if (value === undefined) this.#unknown(node as NameNode, 'a number or a colour', 'colour');
    const taken =
      value !== undefined && node.kind === 'name'
        ? this.#vocabulary.takenBy(node.name, this.#scope as Scope)
        : undefined;
    if (taken === undefined) return value;
    // The colour is what a literal would mean, and the variable what the author would.
    const hint = 'declarations take literals: a colour may be written #rrggbb';
    this.#faults.refuse(node as NameNode, 'PXL-E017', 'Expected a number or a colour', taken, hint);
    return undefined;
  }

  #param([node, ...values]: readonly [NameNode, ...Expression[]]): void {
    const [fallback, min, max] = values.map((value) => this.#literal(value));
    if (fallback === undefined || min === undefined || max === undefined) return;
    if (fallback >= min && fallback <= max) {
      this.params.push({ name: node.name, line: this.#faults.line, fallback, min, max });
      return;
    }
    const message =
      min > max
        ? `Expected the min of ${node.name} to be no more than its max, found ${min} and ${max}`
        : `Expected the default of ${node.name} from ${min} to ${max}, found ${fallback}`;
    this.#faults.say(node, 'PXL-E026', message, 'PARAM name default min max');
  }

  #meaning(name: string): Meaning | undefined {
    return this.#vocabulary.meaning(name, this.#scope as Scope);
  }

  /** @param otherwise the advice where no name is near */
  #unknown(node: Named, expected: string, wanted: Parameters<typeof suggest>[2], otherwise?: string): void {
    if (this.#excused.has(node.name)) return;
    const scope = this.#scope as Scope;
    const asked = wanted === 'value' ? (this.#tinted ?? wanted) : wanted;
    const hint = () => {
      const found = suggest(this.#vocabulary, node.name, asked, scope);
      return otherwise !== undefined && found.startsWith('SET ') ? otherwise : found;
    };
    this.#faults.refuse(node, 'PXL-E016', `Expected ${expected}`, '', hint);
  }
}

/** What a name is that has no value, and what has one instead; undefined for one that has. */
function valueless(meaning: Meaning, name: string): [found: string, hint: string] | undefined {
  if (meaning === 'array') return ['which is an array', `one cell of it is ${name}[index]`];
  if (meaning === 'definition') return ['which is a DEF', `its value is ${name}(arguments)`];
  return meaning === 'picture' ? ['which is a sprite or an image', `BLIT ${name} x y draws it`] : undefined;
}
