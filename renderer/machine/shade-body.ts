/** The body of a SHADE: its lines → a shade, with what a pixel of it counts for in the price. */
import { invariant } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import type {
  BinaryOperator,
  CallNode,
  Expression,
  NameNode,
  ShadeBlock,
  Statement,
} from '../language/ast.ts';
import type { FunctionName } from '../language/functions.ts';
import { literalValue } from '../language/literal.ts';
import { CHANNELS, isPlace } from '../language/pixel-names.ts';
import {
  CHANNEL_COUNT,
  type Operation,
  type Shade,
  type ShadeFunction,
  type Step,
  type Value,
} from '../shade/shade.ts';
import { constantOf, type Given } from './constant.ts';
import { Refused, RefusedLine } from './refused.ts';

/** Functions of a SHADE are those of the language, but for two; so the checker says. */
type OfShades = Exclude<FunctionName, 'rnd' | 'tw'>;

const NOTHING: Value = { kind: 'number', value: 0 };
const TRUE: Value = { kind: 'number', value: 1 };

/**
 * Compiles the lines of a SHADE, from the one after its first to its END.
 *
 * @throws {RefusedLine} when a LOOP has no number of turns, or a pixel takes too many operations
 */
export function compileShade(block: ShadeBlock, lines: readonly Statement[], given: Given): Shade {
  const compiler = new BodyCompiler(block, lines, given);
  const { steps, price } = compiler.block();
  if (price > LIMITS.shadePixel) {
    const message = `Expected at most ${LIMITS.shadePixel} operations for a pixel, found ${price}`;
    const refused = new Refused(
      'PXL-E041',
      message,
      'LOOPs in one another are multiplied: fewer turns take fewer',
    );
    throw new RefusedLine(block.line, refused);
  }
  const { variables } = compiler;
  // A channel that not every pixel is given anew stays what it was.
  const isSet = (variable: number): boolean =>
    steps.some((step) => step.kind === 'set' && step.variable === variable);
  const readsPixel = compiler.readsChannel || ![0, 1, 2].every(isSet);
  const uniforms = block.reads.length;
  const key = JSON.stringify([variables, uniforms, price, steps]);
  return { variables, uniforms, steps, price, readsPixel, key };
}

/** The steps of some lines, and what they count for, each LOOP for all of its turns. */
interface Part {
  readonly steps: readonly Step[];
  readonly price: number;
}

/** The step of a line, or of a block from its first line to its END. */
interface Priced {
  readonly step: Step;
  readonly price: number;
}

class BodyCompiler {
  readonly #lines: readonly Statement[];
  readonly #given: Given;
  readonly #variables = new Map<string, number>(CHANNELS.map((name, index) => [name, index]));
  readonly #uniforms: ReadonlyMap<string, number>;
  #at = 0;
  /** Whether r, g or b is read somewhere. */
  readsChannel = false;

  constructor({ sets, reads }: ShadeBlock, lines: readonly Statement[], given: Given) {
    this.#lines = lines;
    this.#given = given;
    for (const name of sets) if (!this.#variables.has(name)) this.#variables.set(name, this.#variables.size);
    this.#uniforms = new Map(reads.map((name, index) => [name, index]));
  }

  get variables(): number {
    return this.#variables.size;
  }

  /** The lines up to the END or ELSE that is not of a block inside; that line is left to whoever asked. */
  block(): Part {
    const steps: Step[] = [];
    let price = 0;
    for (; !this.#ends(); this.#at++) {
      const part = this.#statement(this.#lines[this.#at] as Statement);
      steps.push(part.step);
      price += part.price;
    }
    return { steps, price };
  }

  #ends(): boolean {
    const { opcode } = this.#lines[this.#at] as Statement;
    return opcode === 'END' || opcode === 'ELSE';
  }

  /** One line; of a block all of it, up to its END. */
  #statement(statement: Statement): Priced {
    const { opcode, operands, weight } = statement;
    const own = 1 + weight;
    switch (opcode) {
      case 'SET':
      case 'ADD': {
        const [place, expression] = operands as readonly [NameNode, Expression];
        const variable = this.#variables.get(place.name) as number;
        const value = this.#value(expression);
        const sum = opcode === 'ADD' ? operation('+', this.#variable(variable), value) : value;
        return { step: { kind: 'set', variable, value: sum }, price: own };
      }
      case 'IF':
        return this.#if(operands[0] as Expression, own);
      case 'LOOP': {
        const turns = this.#turns(statement);
        this.#at++;
        const { steps, price } = this.block();
        return { step: { kind: 'loop', turns, steps }, price: turns * (price + 1) };
      }
      case 'BREAK': {
        const [test] = operands as readonly Expression[];
        return { step: { kind: 'break', test: test === undefined ? TRUE : this.#value(test) }, price: own };
      }
      default:
        invariant(false, `${opcode} stands in no SHADE that was checked`);
    }
  }

  /** An IF, or an ELSE IF, up to the END of both. */
  #if(expression: Expression, own: number): Priced {
    const test = this.#value(expression);
    this.#at++;
    const yes = this.block();
    const { opcode, operands, weight } = this.#lines[this.#at] as Statement;
    let no: Part = { steps: [], price: 0 };
    if (opcode === 'ELSE' && operands.length > 0) {
      const { step, price } = this.#if(operands[1] as Expression, 1 + weight);
      no = { steps: [step], price };
    } else if (opcode === 'ELSE') {
      this.#at++;
      no = this.block();
    }
    return { step: { kind: 'if', test, yes: yes.steps, no: no.steps }, price: own + yes.price + no.price };
  }

  #turns({ line, operands }: Statement): number {
    try {
      const turns = constantOf(operands[0] as Expression, this.#given);
      if (turns >= 0 && turns <= LIMITS.loopTurns) return turns;
      throw new Refused('PXL-E005', `Expected n from 0 to ${LIMITS.loopTurns}, found ${turns}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new RefusedLine(line, error);
    }
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
      case 'colour':
        return { kind: 'number', value: literalValue(expression) as number };
      case 'name':
        return this.#name(expression.name);
      case 'unary': {
        const value = this.#value(expression.operand);
        if (expression.operator === '-') return operation('-', NOTHING, value);
        if (expression.operator === '~') return operation('^', value, { kind: 'number', value: -1 });
        return operation('==', value, NOTHING);
      }
      case 'binary':
        return binary(expression.operator, this.#value(expression.left), this.#value(expression.right));
      case 'choice': {
        const { test, yes, no } = expression;
        return { kind: 'choice', test: this.#value(test), yes: this.#value(yes), no: this.#value(no) };
      }
      case 'call':
        return this.#call(expression);
      default:
        invariant(false, `a SHADE that was checked holds no ${expression.kind}`);
    }
  }

  #name(name: string): Value {
    const variable = this.#variables.get(name);
    if (variable !== undefined) return this.#variable(variable);
    if (isPlace(name)) return { kind: 'place', of: name };
    const index = this.#uniforms.get(name);
    if (index !== undefined) return { kind: 'uniform', index };
    return { kind: 'number', value: literalValue({ kind: 'name', name, at: 0 }) as number };
  }

  #variable(index: number): Value {
    // Alpha is not the pixel's own.
    if (index < CHANNEL_COUNT - 1) this.readsChannel = true;
    return { kind: 'variable', index };
  }

  #call({ name, values }: CallNode): Value {
    const called: ShadeFunction = name as OfShades;
    return { kind: 'call', name: called, values: values.map((value) => this.#value(value)) };
  }
}

function operation(operator: Operation['operator'], left: Value, right: Value): Value {
  return { kind: 'operation', operator, left, right };
}

/** Nothing is changed by what is computed, so either side may come first. */
function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  if (operator === '>') return operation('<', right, left);
  return operator === '>=' ? operation('<=', right, left) : operation(operator, left, right);
}
