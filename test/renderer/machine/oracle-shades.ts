/** The oracle's SHADEs: each pixel by itself, by the words of the language's page, in unbounded integers. */
import type { Expression, Line, NameNode, Operand, Statement } from '../../../renderer/language/ast.ts';
import { colourOfDigits } from '../../../renderer/language/colours.ts';
import { BINARY, Chance, functionsWith, UNARY, wrap } from './oracle-values.ts';
import { weightOf } from './oracle-weight.ts';

/** A pixel in its rectangle: where it is, how large that is, and what it was. */
export interface Spot {
  readonly x: bigint;
  readonly y: bigint;
  readonly w: bigint;
  readonly h: bigint;
  readonly r: bigint;
  readonly g: bigint;
  readonly b: bigint;
}

/** Values of the program's names. */
type Given = (name: string) => bigint;

type Item =
  | { readonly kind: 'line'; readonly statement: Statement }
  | {
      readonly kind: 'if';
      readonly arms: readonly { readonly statement: Statement; readonly body: Item[] }[];
    }
  | { readonly kind: 'loop'; readonly statement: Statement; readonly body: Item[] };

const OF_THE_PIXEL = ['x', 'y', 'w', 'h', 'r', 'g', 'b', 'a'];

/** Nothing fails here: what is not defined elsewhere is 0. */
const FUNCTIONS = functionsWith(new Chance());
const TOTAL: Readonly<Record<string, (...values: bigint[]) => bigint>> = {
  ...FUNCTIONS,
  isqrt: (n) => ((n as bigint) < 0n ? 0n : (FUNCTIONS.isqrt as (n: bigint) => bigint)(n as bigint)),
  qdiv: (a, b) => (b === 0n ? 0n : wrap(((a as bigint) * 65536n) / (b as bigint))),
};

class Left extends Error {}

export class OracleShade {
  readonly head: Statement;
  /** From the SHADE to its END. */
  readonly statements: readonly Statement[];
  /** Where its END is among the lines. */
  readonly end: number;
  readonly #body: Item[];
  readonly #sets = new Set<string>();
  readonly #lines: readonly Line[];
  #at: number;
  /** How often each LOOP runs. */
  readonly #turns = new Map<Statement, bigint>();

  /** @param at where the SHADE is among the lines, from 0 */
  constructor(lines: readonly Line[], at: number) {
    this.#lines = lines;
    this.head = lines[at] as Statement;
    this.#at = at + 1;
    this.#body = this.#list();
    this.end = this.#at;
    this.statements = lines
      .slice(at, this.end + 1)
      .flatMap((line) => (line.kind === 'statement' ? [line] : []));
    for (const { opcode, operands } of this.statements) {
      if (opcode === 'SET' || opcode === 'ADD') this.#sets.add((operands[0] as NameNode).name);
    }
  }

  get loops(): readonly Statement[] {
    return this.statements.filter(({ opcode }) => opcode === 'LOOP');
  }

  /** Names in it that are not the pixel's and not its own. */
  get names(): ReadonlySet<string> {
    const found = new Set<string>();
    const look = (node: Operand): void => {
      if (node.kind === 'name') found.add(node.name);
      for (const part of partsOf(node)) look(part);
    };
    for (const { opcode, operands } of this.statements.slice(1)) {
      if (opcode !== 'LOOP') for (const operand of operands) look(operand);
    }
    return new Set([...found].filter((name) => !OF_THE_PIXEL.includes(name) && !this.#sets.has(name)));
  }

  get functions(): ReadonlySet<string> {
    const found = new Set<string>();
    const look = (node: Operand): void => {
      if (node.kind === 'call') found.add(node.name);
      for (const part of partsOf(node)) look(part);
    };
    for (const { operands } of this.statements.slice(1)) for (const operand of operands) look(operand);
    return found;
  }

  settle(loop: Statement, turns: bigint): void {
    this.#turns.set(loop, turns);
  }

  /** What one pixel counts for. */
  get price(): bigint {
    const costOf = (items: readonly Item[]): bigint => items.reduce((sum, item) => sum + cost(item), 0n);
    const own = (statement: Statement): bigint => 1n + BigInt(weightOf(statement));
    const cost = (item: Item): bigint => {
      if (item.kind === 'line') return own(item.statement);
      if (item.kind === 'loop') return (this.#turns.get(item.statement) as bigint) * (costOf(item.body) + 1n);
      return item.arms.reduce((sum, { statement, body }) => {
        const isElse = statement.opcode === 'ELSE' && statement.operands.length === 0;
        return sum + (isElse ? 0n : own(statement)) + costOf(body);
      }, 0n);
    };
    return costOf(this.#body);
  }

  /** The colour that a pixel gets: r, g, b and a from 0 to 255. */
  colour(spot: Spot, given: Given): readonly bigint[] {
    const { r, g, b } = spot;
    const own = new Map<string, bigint>(Object.entries({ r, g, b, a: 255n }));
    const read = (name: string): bigint => {
      const set = own.get(name);
      if (set !== undefined) return set;
      if (this.#sets.has(name)) return 0n;
      return name in spot ? spot[name as keyof Spot] : given(name);
    };
    this.#run(this.#body, own, read);
    return ['r', 'g', 'b', 'a'].map((name) => {
      const value = own.get(name) as bigint;
      return value < 0n ? 0n : value > 255n ? 255n : value;
    });
  }

  #run(items: readonly Item[], own: Map<string, bigint>, read: Given): void {
    for (const item of items) {
      if (item.kind === 'if') {
        const arm = item.arms.find(({ statement }) => {
          const test = statement.operands.at(-1);
          return test === undefined || evaluate(test, read) !== 0n;
        });
        if (arm !== undefined) this.#run(arm.body, own, read);
      } else if (item.kind === 'loop') this.#loop(item.statement, item.body, own, read);
      else {
        const { opcode, operands } = item.statement;
        if (opcode === 'BREAK') {
          if (operands.length === 0 || evaluate(operands[0] as Expression, read) !== 0n) throw new Left();
          continue;
        }
        const { name } = operands[0] as NameNode;
        const value = evaluate(operands[1] as Expression, read);
        own.set(name, opcode === 'ADD' ? wrap(read(name) + value) : value);
      }
    }
  }

  #loop(statement: Statement, body: readonly Item[], own: Map<string, bigint>, read: Given): void {
    try {
      for (let turn = 0n; turn < (this.#turns.get(statement) as bigint); turn++) this.#run(body, own, read);
    } catch (error) {
      if (!(error instanceof Left)) throw error;
    }
  }

  /** Up to the END or ELSE that is not of a block inside. */
  #list(): Item[] {
    const items: Item[] = [];
    for (; ; this.#at++) {
      const statement = this.#lines[this.#at] as Line;
      if (statement.kind !== 'statement') continue;
      const { opcode } = statement;
      if (opcode === 'END' || opcode === 'ELSE') return items;
      if (opcode === 'LOOP') items.push({ kind: 'loop', statement, body: this.#inner() });
      else if (opcode !== 'IF') items.push({ kind: 'line', statement });
      else {
        const arms = [{ statement, body: this.#inner() }];
        for (;;) {
          const next = this.#lines[this.#at] as Statement;
          if (next.opcode === 'END') break;
          arms.push({ statement: next, body: this.#inner() });
        }
        items.push({ kind: 'if', arms });
      }
    }
  }

  #inner(): Item[] {
    this.#at++;
    return this.#list();
  }
}

function partsOf(node: Operand): readonly Expression[] {
  if (node.kind === 'call') return node.values;
  if (node.kind === 'unary') return [node.operand];
  if (node.kind === 'binary') return [node.left, node.right];
  return node.kind === 'choice' ? [node.test, node.yes, node.no] : [];
}

function evaluate(node: Operand, read: Given): bigint {
  switch (node.kind) {
    case 'number':
      return BigInt(node.value);
    case 'colour':
      return BigInt(colourOfDigits(node.digits) as number);
    case 'name':
      return read(node.name);
    case 'unary':
      return (UNARY[node.operator] as (n: bigint) => bigint)(evaluate(node.operand, read));
    case 'choice':
      return evaluate(evaluate(node.test, read) !== 0n ? node.yes : node.no, read);
    case 'call':
      return (TOTAL[node.name] as (...values: bigint[]) => bigint)(
        ...node.values.map((part) => evaluate(part, read)),
      );
    case 'binary': {
      const [left, right] = [evaluate(node.left, read), evaluate(node.right, read)];
      if (node.operator === '&&') return left !== 0n && right !== 0n ? 1n : 0n;
      if (node.operator === '||') return left !== 0n || right !== 0n ? 1n : 0n;
      if ((node.operator === '/' || node.operator === '%') && right === 0n) return 0n;
      return (BINARY[node.operator] as (a: bigint, b: bigint) => bigint)(left, right);
    }
    default:
      throw new Error(`the oracle has no value for ${node.kind} in a SHADE`);
  }
}
