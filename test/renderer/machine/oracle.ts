/** The oracle: walks a program's tree by the words of the language's page, in unbounded integers, as slowly as it likes. */
import type { Shape } from '../../../renderer/display/list.ts';
import type { Expression, Line, NameNode, Operand, Statement } from '../../../renderer/language/ast.ts';
import { colourNamed, colourOfDigits } from '../../../renderer/language/colours.ts';
import type { Allowance } from '../../../shared/allowance.ts';
import type { Canvas } from '../../../shared/canvas.ts';
import type { Params } from '../../../shared/params.ts';
import type { Used } from '../../../shared/used.ts';
import type { Mark } from './oracle-marks.ts';
import { type Item, outlineOf, type Routine } from './oracle-names.ts';
import { imageOf, spriteOf } from './oracle-pictures.ts';
import type { OracleShade } from './oracle-shades.ts';
import { OracleSketch } from './oracle-sketch.ts';
import { STROKES } from './oracle-strokes.ts';
import { usedOf } from './oracle-used.ts';
import { BINARY, Chance, functionsWith, UNARY, Undefined, wrap } from './oracle-values.ts';
import { weightOf } from './oracle-weight.ts';

/** What a run is found to leave behind. */
export interface Verdict {
  readonly marks: readonly (Mark | Shape)[];
  /** What the list is painted as, in hex. */
  readonly painted: string;
  readonly steps: number;
  readonly drawn: number;
  readonly pixels: number;
  /** Operations of SHADEs; undefined where none ran. */
  readonly shaded: number | undefined;
  readonly params: Params;
  readonly used: Used;
  readonly missing: number;
}

/** How it is found to be refused. */
export interface Refusal {
  readonly code: string;
  readonly line: number;
  /** Innermost first: where each call stands, and what it calls. */
  readonly calls: readonly { readonly line: number; readonly name: string }[];
  /** Of the calls. */
  readonly depth: number;
}

/** Why a list of lines was left before its end. */
type Leaving = { readonly jump: string } | { readonly value: bigint };

class Halted extends Error {}

/**
 * Runs the lines of a program that is right.
 *
 * @param images packed pixels by checksum
 */
export function consult(
  lines: readonly Line[],
  canvas: Canvas,
  allowance: Allowance,
  given: Params,
  images: ReadonlyMap<string, Uint32Array>,
): Verdict | Refusal {
  const oracle = new Oracle(lines, canvas, allowance, given, images);
  try {
    oracle.run();
  } catch (error) {
    if (error instanceof Undefined) {
      const { line, calls } = oracle;
      return { code: error.code, line, calls: calls.toReversed(), depth: calls.length };
    }
    if (!(error instanceof Halted)) throw error;
  }
  const { sketch, steps, params, opcodes, functions } = oracle;
  return {
    marks: sketch.marks,
    painted: Buffer.from(sketch.bytes).toString('hex'),
    steps,
    drawn: sketch.shapes,
    pixels: sketch.pixels,
    shaded: sketch.shaded === undefined ? undefined : Number(sketch.shaded),
    params,
    used: usedOf({ opcodes, functions, letters: sketch.letters, blends: sketch.blends }),
    missing: sketch.missing.size,
  };
}

class Oracle {
  readonly #lines: readonly Line[];
  readonly #canvas: Canvas;
  readonly #allowance: Allowance;
  readonly #given: Params;
  readonly #images: ReadonlyMap<string, Uint32Array>;
  readonly #outline: ReturnType<typeof outlineOf>;
  readonly #chance = new Chance();
  readonly #work = functionsWith(this.#chance);
  readonly #globals = new Map<string, bigint>();
  readonly #arrays = new Map<string, bigint[]>();
  readonly #frames: { readonly routine: Routine; readonly locals: Map<string, bigint> }[] = [];
  readonly sketch: OracleSketch;
  readonly params: Record<string, number> = {};
  readonly opcodes = new Set<string>();
  readonly functions = new Set<string>();
  readonly calls: { line: number; name: string }[] = [];
  steps = 0;
  line = 0;

  constructor(
    lines: readonly Line[],
    canvas: Canvas,
    allowance: Allowance,
    given: Params,
    images: ReadonlyMap<string, Uint32Array>,
  ) {
    this.#lines = lines;
    this.#canvas = canvas;
    this.#allowance = allowance;
    this.#given = given;
    this.#images = images;
    this.#outline = outlineOf(lines);
    this.sketch = new OracleSketch(canvas, allowance);
  }

  run(): void {
    const { declarations } = this.#outline;
    for (const { opcode, operands } of declarations) {
      const [{ name }, fallback] = operands as [NameNode, Expression];
      if (opcode === 'PARAM') this.params[name] = this.#given[name] ?? Number(this.#value(fallback));
    }
    for (const shade of this.#outline.shades) this.#settle(shade);
    for (const statement of declarations) this.#declare(statement);
    this.#list(this.#outline.main);
    this.#step(this.#lines.length + 1, 'HALT');
  }

  /** An opcode is executed that costs so many steps. */
  #step(line: number, opcode: string, steps = 1): void {
    this.line = line;
    this.steps += steps;
    this.opcodes.add(opcode);
    if (this.steps > this.#allowance.steps) throw new Undefined('PXL-E012');
  }

  /** @param more steps of its own kind */
  #begin(statement: Statement, more = 0): void {
    const over = weightOf(statement) - 8;
    this.#step(statement.line, statement.opcode, 1 + (over > 0 ? Math.ceil(over / 8) : 0) + more);
  }

  /** Before the run: how often LOOPs run, and whether a pixel takes too much. */
  #settle(shade: OracleShade): void {
    for (const loop of shade.loops) {
      this.line = loop.line;
      const turns = this.#value(loop.operands[0]);
      if (turns < 0n || turns > 65_536n) throw new Undefined('PXL-E005');
      shade.settle(loop, turns);
    }
    this.line = shade.head.line;
    if (shade.price > 1_048_576n) throw new Undefined('PXL-E041');
  }

  #shade(shade: OracleShade): void {
    const isRead = (name: string): boolean =>
      this.#isVariable(name) || name in this.params || name === 'width' || name === 'height';
    const reads = [...shade.names].filter(isRead);
    this.#begin(shade.head, reads.length);
    const [x, y, w, h] = shade.head.operands.map((operand) => this.#value(operand)) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    for (const { opcode } of shade.statements) this.opcodes.add(opcode);
    for (const name of shade.functions) this.functions.add(name);
    this.sketch.shade(x, y, w, h, shade.price, (spot) => shade.colour(spot, (name) => this.#name(name)));
  }

  #declare(statement: Statement): void {
    const [{ name }, ...values] = statement.operands as [NameNode, ...Expression[]];
    this.#begin(statement);
    if (statement.opcode === 'PARAM') return;
    if (statement.opcode === 'SPRITE') {
      this.sketch.pictures.set(name, spriteOf(this.#outline.sprites.get(name) as Statement[]));
      return;
    }
    if (statement.opcode === 'IMAGE') {
      this.sketch.pictures.set(name, imageOf(statement, this.#images));
      return;
    }
    let cells = statement.opcode === 'DATA' ? values.map((value) => this.#value(value)) : [];
    if (statement.opcode === 'DIM') {
      const size = this.#value(values[0]);
      if (size < 1n) throw new Undefined('PXL-E005');
      if (size > 65_536n) throw new Undefined('PXL-E028');
      cells = Array(Number(size)).fill(0n);
    }
    const sum = [...this.#arrays.values(), cells].reduce((total, each) => total + each.length, 0);
    if (sum > 65_536) throw new Undefined('PXL-E028');
    this.#arrays.set(name, cells);
  }

  #list(items: readonly Item[]): Leaving | undefined {
    for (let at = 0; at < items.length; at++) {
      const leaving = this.#item(items[at] as Item);
      if (leaving === undefined) continue;
      if (!('jump' in leaving)) return leaving;
      at = items.findIndex((item) => item.kind === 'label' && item.name === leaving.jump);
      if (at < 0) return leaving;
    }
    return undefined;
  }

  #item(item: Item): Leaving | undefined {
    if (item.kind === 'label') return undefined;
    if (item.kind === 'line') return this.#statement(item.statement);
    if (item.kind === 'shade') {
      this.#shade(item.shade);
      return undefined;
    }
    if (item.kind === 'for') return this.#for(item.statement, item.body, item.end);
    if (item.kind !== 'if') {
      for (;;) {
        this.#begin(item.statement);
        if (this.#value(item.statement.operands[0]) === 0n) return undefined;
        const leaving = this.#list(item.body);
        if (leaving !== undefined) return leaving;
      }
    }
    for (const { statement, body } of item.arms) {
      const test = statement.operands.at(-1);
      if (test !== undefined) {
        this.#begin(statement);
        if (this.#value(test) === 0n) continue;
      }
      return this.#list(body);
    }
    return undefined;
  }

  #for(statement: Statement, body: readonly Item[], end: number): Leaving | undefined {
    this.#begin(statement);
    const [{ name }, ...values] = statement.operands as [NameNode, ...Expression[]];
    const [first, last, step = 1n] = values.map((value) => this.#value(value)) as [bigint, bigint, bigint?];
    if (step === 0n) throw new Undefined('PXL-E026');
    this.#assign(name, first);
    const beyond = (n: bigint): boolean => (step > 0n ? n > last : n < last);
    if (beyond(first)) return undefined;
    for (;;) {
      const leaving = this.#list(body);
      if (leaving !== undefined) return leaving;
      this.#step(end, 'END');
      const next = this.#read(name) + step;
      if (beyond(next)) return undefined;
      this.#assign(name, next);
    }
  }

  #statement(statement: Statement): Leaving | undefined {
    const { opcode, operands } = statement;
    this.#begin(statement);
    if (opcode === 'HALT') throw new Halted();
    if (opcode === 'JMP') return { jump: (operands[0] as NameNode).name };
    if (opcode === 'IF')
      return this.#value(operands[0]) === 0n ? undefined : { jump: (operands[2] as NameNode).name };
    if (opcode === 'RET') return { value: operands.length === 0 ? 0n : this.#value(operands[0]) };
    if (opcode === 'CALL') {
      const [name, ...values] = operands as [NameNode, ...Expression[]];
      this.#call(name.name, values);
    } else if (opcode === 'SET' || opcode === 'ADD') {
      const [place, value] = operands as [NameNode, Expression];
      this.#change(place, value, opcode === 'ADD');
    } else if (opcode === 'SEED') this.#chance.seed(this.#value(operands[0]));
    else this.#draw(statement);
    return undefined;
  }

  #draw({ opcode, operands, line }: Statement): void {
    const stroke = STROKES[opcode];
    if (stroke === undefined) throw new Error(`the oracle does not know ${opcode}`);
    const values: bigint[] = [];
    let [word, text] = ['', ''];
    for (const [index, operand] of operands.entries()) {
      if (opcode === 'BLIT' && index === 0) word = (operand as NameNode).name;
      else if (operand.kind === 'word') word = operand.word;
      else if (operand.kind === 'text') text = operand.text;
      else values.push(this.#value(operand));
    }
    const { sketch } = this;
    stroke(sketch, { values, word, text, line });
    this.#step(line, opcode, sketch.work);
    sketch.work = 0;
  }

  #change(place: Operand, value: Expression, adds: boolean): void {
    if (place.kind === 'cell') {
      const index = this.#value(place.index);
      const by = this.#value(value);
      const cells = this.#cells(place.name, index);
      cells[Number(index)] = adds ? wrap((cells[Number(index)] as bigint) + by) : by;
    } else {
      const { name } = place as NameNode;
      const by = this.#value(value);
      this.#assign(name, adds ? wrap(this.#read(name) + by) : by);
    }
  }

  #cells(name: string, index: bigint): bigint[] {
    const cells = this.#arrays.get(name) as bigint[];
    if (index < 0n || index >= cells.length) throw new Undefined('PXL-E025');
    return cells;
  }

  #call(name: string, given: readonly Expression[]): bigint {
    const { line } = this;
    const values = given.map((value) => this.#value(value));
    const routine = this.#outline.routines.get(name) as Routine;
    if (this.#frames.length === 256) throw new Undefined('PXL-E027');
    const locals = new Map(
      routine.parameters.map((parameter, index) => [parameter, values[index] as bigint]),
    );
    this.#frames.push({ routine, locals });
    this.calls.push({ line, name });
    const leaving = this.#list(routine.body);
    if (leaving === undefined) this.#step(routine.end, 'END');
    this.#frames.pop();
    this.calls.pop();
    this.line = line;
    return leaving !== undefined && 'value' in leaving ? leaving.value : 0n;
  }

  #variables(name: string): Map<string, bigint> {
    const frame = this.#frames.at(-1);
    return frame?.routine.locals.has(name) ? frame.locals : this.#globals;
  }

  #assign(name: string, value: bigint): void {
    this.#variables(name).set(name, value);
  }

  #read(name: string): bigint {
    return this.#variables(name).get(name) ?? 0n;
  }

  #isVariable(name: string): boolean {
    return this.#frames.at(-1)?.routine.locals.has(name) === true || this.#outline.globals.has(name);
  }

  #name(name: string): bigint {
    if (this.#isVariable(name)) return this.#read(name);
    const known = this.params[name] ?? colourNamed(name);
    if (known !== undefined) return BigInt(known);
    return BigInt(name === 'width' ? this.#canvas.width : this.#canvas.height);
  }

  #value(node: Operand | undefined): bigint {
    switch (node?.kind) {
      case 'number':
        return BigInt(node.value);
      case 'colour':
        return BigInt(colourOfDigits(node.digits) as number);
      case 'name':
        return this.#name(node.name);
      case 'cell': {
        const index = this.#value(node.index);
        return this.#cells(node.name, index)[Number(index)] as bigint;
      }
      case 'measure':
        this.functions.add('tw');
        return BigInt(this.sketch.measure(node.text));
      case 'unary':
        return (UNARY[node.operator] as (n: bigint) => bigint)(this.#value(node.operand));
      case 'choice':
        return this.#value(this.#value(node.test) !== 0n ? node.yes : node.no);
      case 'call': {
        const work = this.#work[node.name];
        if (work === undefined) return this.#call(node.name, node.values);
        const values = node.values.map((value) => this.#value(value));
        // A HALT in one of them is before it.
        this.functions.add(node.name);
        return work(...values);
      }
      case 'binary': {
        const left = this.#value(node.left);
        if (node.operator === '&&' && left === 0n) return 0n;
        if (node.operator === '||' && left !== 0n) return 1n;
        const right = this.#value(node.right);
        if (node.operator === '&&' || node.operator === '||') return right !== 0n ? 1n : 0n;
        return (BINARY[node.operator] as (a: bigint, b: bigint) => bigint)(left, right);
      }
      default:
        throw new Error(`the oracle has no value for ${node?.kind}`);
    }
  }
}
