/** The compiler's half for expressions: where values are kept, and the instructions that make them. */
import type { Canvas } from '../../shared/canvas.ts';
import { invariant } from '../../shared/faults.ts';
import type { BinaryOperator, Expression, Names, Operand } from '../language/ast.ts';
import type { FunctionName } from '../language/functions.ts';
import { functionNamed } from '../language/functions.ts';
import { literalValue } from '../language/literal.ts';
import type { Emitter } from './emitter.ts';
import { I, type Instruction } from './instructions.ts';

const OPERATIONS: Readonly<Partial<Record<BinaryOperator, Instruction>>> = {
  '|': I.or,
  '^': I.exclusiveOr,
  '&': I.and,
  '==': I.equal,
  '!=': I.unequal,
  '<': I.less,
  '<=': I.lessOrEqual,
  '<<': I.shiftLeft,
  '>>': I.shiftRight,
  '+': I.add,
  '-': I.subtract,
  '*': I.multiply,
  '/': I.divide,
  '%': I.remainder,
};

/** Functions are called as their instructions are. */
const FUNCTIONS: Readonly<Record<FunctionName, Instruction>> = {
  min: I.min,
  max: I.max,
  abs: I.abs,
  sign: I.sign,
  clamp: I.clamp,
  mix: I.mix,
  isqrt: I.isqrt,
  hypot: I.hypot,
  sin: I.sin,
  cos: I.cos,
  atan2: I.atan2,
  rgb: I.rgb,
  rgba: I.rgba,
  qmul: I.qmul,
  qdiv: I.qdiv,
  hash: I.hash,
  rnd: I.rnd,
  tw: I.tw,
};

/**
 * Operands are as in instructions.ts. Temporary cells are taken in order and given back together; an
 * instruction reads its operands before it writes its target, so a target may be one of them.
 */
export class ExpressionCompiler {
  readonly #emitter: Emitter;
  readonly #globals: ReadonlyMap<string, number>;
  readonly #definitions: ReadonlyMap<string, number>;
  readonly #arrays: ReadonlyMap<string, number>;
  readonly #width: number;
  readonly #height: number;
  #locals: ReadonlyMap<string, number> = new Map();
  /** Cells of the frame that stay taken from line to line. */
  #kept = 0;
  #top = 0;
  #frame = 0;
  /** Whether the line calls a DEF, which may set a global that was read before. */
  #calls = false;

  constructor(emitter: Emitter, names: Names, globals: ReadonlyMap<string, number>, canvas: Canvas) {
    this.#emitter = emitter;
    this.#globals = globals;
    this.#definitions = new Map(names.definitions.map(({ name }, index) => [name, index]));
    this.#arrays = new Map(names.arrays.map((name, index) => [name, index]));
    this.#width = emitter.constant(canvas.width) << 1;
    this.#height = emitter.constant(canvas.height) << 1;
  }

  /** Begins a scope with these variables of its own. */
  enter(locals: readonly string[]): void {
    this.#locals = new Map(locals.map((name, index) => [name, index]));
    this.#kept = locals.length;
    this.#top = this.#kept;
    this.#frame = this.#kept + 1;
  }

  /** Cells that a frame of this scope needs, as far as it is compiled. */
  get frame(): number {
    return this.#frame;
  }

  /** Before a line's instructions: whether it calls a DEF. */
  prepare(operands: readonly Operand[]): void {
    this.#calls = this.#definitions.size > 0 && operands.some((operand) => this.#callsDefinition(operand));
  }

  /** After a line's instructions: its temporary cells are free. */
  release(): void {
    this.#top = this.#kept;
  }

  /** Cells that stay taken until they are forgotten; next to each other. */
  keep(count: number): number[] {
    const first = this.#kept;
    this.#kept += count;
    this.#top = this.#kept;
    this.#reach(this.#top);
    return Array.from({ length: count }, (_, index) => local(first + index));
  }

  forget(count: number): void {
    this.#kept -= count;
    this.#top = this.#kept;
  }

  temporary(): number {
    this.#reach(this.#top + 1);
    return local(this.#top++);
  }

  constant(value: number): number {
    return this.#emitter.constant(value) << 1;
  }

  variable(name: string): number {
    const own = this.#locals.get(name);
    if (own !== undefined) return local(own);
    const global = this.#globals.get(name);
    invariant(global !== undefined, 'a name that was checked is a variable');
    return global << 1;
  }

  /** The index of an array or a table among all of them. */
  array(name: string): number {
    return this.#arrays.get(name) as number;
  }

  /** The operand whose cell holds the value of an expression. */
  operand(expression: Expression): number {
    if (expression.kind === 'number') return this.constant(expression.value);
    if (expression.kind === 'colour') return this.constant(literalValue(expression) as number);
    if (expression.kind === 'name') {
      const named = this.#named(expression.name);
      if (!this.#calls || !this.#globals.has(expression.name) || (named & 1) === 1) return named;
    }
    const at = this.#top;
    // Its parts may use the very cell, which is written last.
    this.into(expression, local(at));
    this.#top = at + 1;
    this.#reach(this.#top);
    return local(at);
  }

  /** Makes the value of an expression in the cell of `target`. */
  into(expression: Expression, target: number): void {
    const top = this.#top;
    const emitter = this.#emitter;
    switch (expression.kind) {
      case 'number':
      case 'colour':
        emitter.emit(I.move, target, this.constant(literalValue(expression) as number), 0);
        break;
      case 'name':
        emitter.emit(I.move, target, this.#named(expression.name), 0);
        break;
      case 'cell': {
        const index = this.operand(expression.index);
        const array = this.constant(this.array(expression.name));
        emitter.emit(I.load, target, index, array, expression.at);
        break;
      }
      case 'measure':
        emitter.emit(I.tw, target, this.constant([...expression.text].length), 0, expression.at);
        break;
      case 'call':
        this.#call(expression.name, expression.values, expression.at, target);
        break;
      case 'unary': {
        const operand = this.operand(expression.operand);
        if (expression.operator === '-') emitter.emit(I.subtract, target, this.constant(0), operand);
        else if (expression.operator === '~') emitter.emit(I.exclusiveOr, target, operand, this.constant(-1));
        else emitter.emit(I.equal, target, operand, this.constant(0));
        break;
      }
      case 'binary':
        this.#binary(expression, target);
        break;
      case 'choice': {
        const miss = emitter.emit(I.jumpUnless, 0, this.operand(expression.test), 0);
        this.#top = top;
        this.into(expression.yes, target);
        const exit = emitter.emit(I.jump, 0, 0, 0);
        emitter.aim(miss, emitter.here);
        this.into(expression.no, target);
        emitter.aim(exit, emitter.here);
        break;
      }
    }
    this.#top = top;
  }

  /** Holds two values for the next instruction. */
  hold(p: Expression, q: Expression): void {
    const first = this.operand(p);
    this.#emitter.emit(I.hold, 0, first, this.operand(q));
  }

  /** An instruction of three or four values, of which the first two are held. */
  held(instruction: Instruction, target: number, values: readonly Expression[], place = -1): void {
    const [p, q, a, b] = values.map((value) => this.operand(value));
    this.#emitter.emit(I.hold, 0, p as number, q as number);
    this.#emitter.emit(instruction, target, a as number, b ?? 0, place);
  }

  /** Calls a DEF; its value is in the cell that is returned. */
  callDefinition(name: string, values: readonly Expression[], place: number): number {
    const frame = this.#top;
    this.#reach(frame + 1);
    for (const [index, value] of values.entries()) {
      this.into(value, local(frame + index));
      this.#top = frame + index + 1;
      this.#reach(this.#top);
    }
    this.#emitter.emit(I.call, this.#definitions.get(name) as number, 0, local(frame), place);
    this.#top = frame;
    return local(frame);
  }

  #binary({ operator, left, right, at }: Extract<Expression, { kind: 'binary' }>, target: number): void {
    const emitter = this.#emitter;
    if (operator === '&&' || operator === '||') {
      // The value of the left decides, or that of the right is brought to 0 or 1.
      const jump = operator === '&&' ? I.jumpUnless : I.jumpIf;
      const decided = emitter.emit(jump, 0, this.operand(left), 0);
      emitter.emit(I.truth, target, this.operand(right), 0);
      const exit = emitter.emit(I.jump, 0, 0, 0);
      emitter.aim(decided, emitter.here);
      emitter.emit(I.move, target, this.constant(operator === '&&' ? 0 : 1), 0);
      emitter.aim(exit, emitter.here);
      return;
    }
    const a = this.operand(left);
    const b = this.operand(right);
    if (operator === '>') emitter.emit(I.less, target, b, a);
    else if (operator === '>=') emitter.emit(I.lessOrEqual, target, b, a);
    else emitter.emit(OPERATIONS[operator] as Instruction, target, a, b, at);
  }

  #call(name: string, values: readonly Expression[], place: number, target: number): void {
    const row = this.#definitions.has(name) ? undefined : functionNamed(name);
    if (row === undefined) {
      const result = this.callDefinition(name, values, place);
      if (result !== target) this.#emitter.emit(I.move, target, result, 0);
      return;
    }
    const instruction = FUNCTIONS[row.name];
    if (values.length > 2) {
      this.held(instruction, target, values, place);
      return;
    }
    const [a, b] = values.map((value) => this.operand(value));
    this.#emitter.emit(instruction, target, a as number, b ?? 0, place);
  }

  #named(name: string): number {
    if (this.#locals.has(name) || this.#globals.has(name)) return this.variable(name);
    if (name === 'width') return this.#width;
    if (name === 'height') return this.#height;
    return this.constant(literalValue({ kind: 'name', name, at: 0 }) as number);
  }

  #callsDefinition(operand: Operand): boolean {
    switch (operand.kind) {
      case 'call':
        return (
          this.#definitions.has(operand.name) || operand.values.some((value) => this.#callsDefinition(value))
        );
      case 'cell':
        return this.#callsDefinition(operand.index);
      case 'unary':
        return this.#callsDefinition(operand.operand);
      case 'binary':
        return this.#callsDefinition(operand.left) || this.#callsDefinition(operand.right);
      case 'choice':
        return [operand.test, operand.yes, operand.no].some((part) => this.#callsDefinition(part));
      default:
        return false;
    }
  }

  #reach(cells: number): void {
    this.#frame = Math.max(this.#frame, cells + 1);
  }
}

function local(index: number): number {
  return (index << 1) | 1;
}
