/** The compiler: a program that was checked → the instructions of the machine, line by line. */
import type { Canvas } from '../../shared/canvas.ts';
import { invariant } from '../../shared/faults.ts';
import type { Params } from '../../shared/params.ts';
import type { Definition, Expression, Line, NameNode, Program, Statement } from '../language/ast.ts';
import { literalValue } from '../language/literal.ts';
import { OPCODES, type OpcodeName } from '../language/opcodes.ts';
import { divide } from './bodies.ts';
import { declares } from './declaring.ts';
import { Emitter } from './emitter.ts';
import { ExpressionCompiler } from './expressions.ts';
import { type Callee, I, type MachineCode } from './instructions.ts';
import { stepsOf } from './price.ts';
import { compileShades, type Shadings } from './shading.ts';
import { StrikeCompiler } from './strikes.ts';

const OPCODE_INDEX = Object.fromEntries(OPCODES.map(({ name }, index) => [name, index])) as Record<
  OpcodeName,
  number
>;

/** Most lines are one or two. */
const INSTRUCTIONS_A_LINE = 2;

/**
 * Compiles `program` for a canvas and the values of its PARAMs.
 *
 * @param params a value for each PARAM
 * @throws {AuthorFault} as `compileShades`
 */
export function compile(program: Program, canvas: Canvas, params: Params): MachineCode {
  return new Compiler(program, canvas, params).compile();
}

/** A block that is open while its lines are compiled. */
interface OpenBlock {
  readonly opcode: 'IF' | 'FOR' | 'WHILE';
  /** Word where a turn begins. */
  readonly start: number;
  /** Jumps to its END. */
  readonly exits: number[];
  /** The jump that leads past the lines of an IF, to its ELSE or END. */
  miss: number | undefined;
  /** Operands of a FOR: its variable, and its last value. */
  readonly variable: number;
  readonly last: number;
}

class Compiler {
  readonly #program: Program;
  readonly #params: Params;
  readonly #emitter: Emitter;
  readonly #expressions: ExpressionCompiler;
  readonly #tables: (Int32Array | undefined)[] = [];
  readonly #variables = new Map<string, number>();
  readonly #shadings: Shadings;
  readonly #strikes: StrikeCompiler;
  #blocks: OpenBlock[] = [];
  #labels = new Map<string, number>();
  #jumps: { readonly at: number; readonly label: string }[] = [];

  constructor(program: Program, canvas: Canvas, params: Params) {
    const { names } = program;
    this.#program = program;
    for (const name of names.globals) this.#variables.set(name, this.#variables.size);
    for (const { name } of names.params) this.#variables.set(name, this.#variables.size);
    this.#emitter = new Emitter(this.#variables.size, INSTRUCTIONS_A_LINE * program.lines.length + 64);
    this.#expressions = new ExpressionCompiler(this.#emitter, names, this.#variables, canvas);
    this.#params = params;
    this.#shadings = compileShades(program, { canvas, params });
    this.#strikes = new StrikeCompiler(this.#emitter, this.#expressions, program, this.#shadings);
  }

  compile(): MachineCode {
    const { lines, names } = this.#program;
    const { main, bodies } = divide(lines);
    for (const line of main) if (line.kind === 'statement') this.#declare(line);
    const frame = this.#scope(undefined, main);
    this.#emitter.begin(lines.length + 1, OPCODE_INDEX.HALT, 1);
    this.#emitter.emit(I.halt, 0, 0, 0);
    const callees = names.definitions.map((definition, index): Callee => {
      const entry = this.#emitter.here;
      const body = bodies[index] as readonly Line[];
      const { name, parameters, locals } = definition;
      const size = this.#scope(definition, body);
      return { name, entry, parameters: parameters.length, variables: locals, frame: size };
    });
    const parts = this.#emitter.finish();
    for (const { name } of names.params) {
      parts.memory[this.#variables.get(name) as number] = this.#params[name] as number;
    }
    return {
      ...parts,
      variables: [...this.#variables.keys()],
      frame,
      callees,
      texts: this.#strikes.texts,
      shades: this.#shadings.shades,
      shaded: this.#strikes.shaded,
      arrays: names.arrays,
      tables: this.#tables,
    };
  }

  /** Declarations come first, wherever they stand. */
  #declare(statement: Statement): void {
    const { opcode, operands } = statement;
    if (!declares(opcode)) return;
    this.#begin(statement);
    if (opcode !== 'DIM' && opcode !== 'DATA') {
      this.#emitter.emit(I.declare, 0, 0, 0);
      return;
    }
    const array = this.#expressions.array((operands[0] as NameNode).name);
    if (opcode === 'DIM') {
      const cells = this.#expressions.operand(operands[1] as Expression);
      this.#emitter.emit(I.dim, array, cells, 0);
      this.#expressions.release();
    } else {
      const values = operands.slice(1).map((value) => literalValue(value as Expression) as number);
      this.#tables[array] = Int32Array.from(values);
      this.#emitter.emit(I.data, array, 0, 0);
    }
  }

  /** @returns the cells of its frame */
  #scope(definition: Definition | undefined, lines: readonly Line[]): number {
    this.#labels = new Map();
    this.#jumps = [];
    this.#expressions.enter(definition?.locals ?? []);
    for (const line of lines) {
      if (line.kind === 'label') this.#labels.set(line.name, this.#emitter.here);
      else if (line.kind === 'statement') this.#statement(line);
    }
    for (const { at, label } of this.#jumps) this.#emitter.aim(at, this.#labels.get(label) as number);
    return this.#expressions.frame;
  }

  #begin(statement: Statement): void {
    const { line, opcode, weight } = statement;
    this.#emitter.begin(line, OPCODE_INDEX[opcode], stepsOf(weight) + this.#strikes.extra(statement));
  }

  #statement(statement: Statement): void {
    const { opcode, operands } = statement;
    const emitter = this.#emitter;
    const expressions = this.#expressions;
    if (opcode === 'END' || opcode === 'ELSE') {
      this.#boundary(statement);
      return;
    }
    if (declares(opcode) || opcode === 'GLOBAL') return;
    this.#begin(statement);
    expressions.prepare(operands);
    const first = operands[0] as Expression | undefined;
    const second = operands[1] as Expression | undefined;
    const third = operands[2] as Expression | undefined;
    switch (opcode) {
      case 'SET':
      case 'ADD':
        this.#assign(opcode, first as Expression, second as Expression);
        break;
      case 'IF': {
        const test = expressions.operand(first as Expression);
        if (third === undefined) this.#open('IF', emitter.emit(I.jumpUnless, 0, test, 0));
        else this.#jumpTo(emitter.emit(I.jumpIf, 0, test, 0), third as NameNode);
        break;
      }
      case 'WHILE': {
        const start = emitter.here;
        const test = expressions.operand(first as Expression);
        this.#open('WHILE', emitter.emit(I.jumpUnless, 0, test, 0), start);
        break;
      }
      case 'FOR':
        this.#for(operands as readonly Expression[]);
        break;
      case 'JMP':
        this.#jumpTo(emitter.emit(I.jump, 0, 0, 0), first as NameNode);
        break;
      case 'CALL': {
        const { name, at } = first as NameNode;
        expressions.callDefinition(name, operands.slice(1) as Expression[], at);
        break;
      }
      case 'RET':
        emitter.emit(
          I.return,
          0,
          first === undefined ? expressions.constant(0) : expressions.operand(first),
          0,
        );
        break;
      case 'HALT':
        emitter.emit(I.halt, 0, 0, 0);
        break;
      case 'SEED':
        emitter.emit(I.seed, 0, expressions.operand(first as Expression), 0);
        break;
      case 'DEF':
      case 'INK':
      case 'ROW':
      case 'LOOP':
      case 'BREAK':
        invariant(false, 'the line of a DEF and those in a SPRITE or a SHADE are in no body');
        break;
      default:
        this.#strikes.strike(opcode, operands, statement.line);
    }
    expressions.release();
  }

  #assign(opcode: 'SET' | 'ADD', place: Expression, value: Expression): void {
    const expressions = this.#expressions;
    if (place.kind === 'name') {
      const variable = expressions.variable(place.name);
      if (opcode === 'SET') expressions.into(value, variable);
      else this.#emitter.emit(I.add, variable, expressions.operand(value), variable);
    } else if (place.kind === 'cell') {
      const array = expressions.array(place.name);
      const index = expressions.operand(place.index);
      let stored = expressions.operand(value);
      if (opcode === 'ADD') {
        const sum = expressions.temporary();
        this.#emitter.emit(I.load, sum, index, expressions.constant(array), place.at);
        this.#emitter.emit(I.add, sum, sum, stored);
        stored = sum;
      }
      this.#emitter.emit(I.store, array, index, stored, place.at);
    }
  }

  #for([variable, first, last, step]: readonly Expression[]): void {
    const expressions = this.#expressions;
    const name = expressions.variable((variable as NameNode).name);
    const kept = expressions.keep(2);
    const [lastCell, stepCell] = kept as [number, number];
    // The bounds may read the variable: it is set last.
    const from = expressions.operand(first as Expression);
    expressions.into(last as Expression, lastCell);
    if (step === undefined) this.#emitter.emit(I.move, stepCell, expressions.constant(1), 0);
    else expressions.into(step, stepCell);
    this.#emitter.emit(I.move, name, from, 0);
    const exit = this.#emitter.emit(I.begin, 0, name, lastCell);
    this.#blocks.push({
      opcode: 'FOR',
      start: this.#emitter.here,
      exits: [exit],
      miss: undefined,
      variable: name,
      last: lastCell,
    });
  }

  #open(opcode: 'IF' | 'WHILE', miss: number, start = 0): void {
    this.#blocks.push({ opcode, start, exits: [], miss, variable: 0, last: 0 });
  }

  /** ELSE and END: only what runs costs a step, an ELSE IF's test and the END of a FOR or a DEF. */
  #boundary(statement: Statement): void {
    const { opcode, operands, line } = statement;
    const emitter = this.#emitter;
    const block = this.#blocks.at(-1);
    if (block === undefined) {
      this.#begin(statement);
      emitter.emit(I.return, 0, this.#expressions.constant(0), 0);
      return;
    }
    emitter.begin(line, -1, 0);
    if (opcode === 'ELSE') {
      block.exits.push(emitter.emit(I.jump, 0, 0, 0));
      emitter.aim(block.miss as number, emitter.here);
      block.miss = undefined;
      if (operands.length === 0) return;
      this.#begin(statement);
      this.#expressions.prepare(operands);
      block.miss = emitter.emit(I.jumpUnless, 0, this.#expressions.operand(operands[1] as Expression), 0);
      this.#expressions.release();
      return;
    }
    this.#blocks.pop();
    if (block.opcode === 'FOR') {
      this.#begin(statement);
      emitter.emit(I.next, block.start, block.variable, block.last);
      this.#expressions.forget(2);
    } else if (block.opcode === 'WHILE') emitter.emit(I.jump, block.start, 0, 0);
    if (block.miss !== undefined) emitter.aim(block.miss, emitter.here);
    for (const exit of block.exits) emitter.aim(exit, emitter.here);
  }

  #jumpTo(at: number, { name }: NameNode): void {
    this.#jumps.push({ at, label: name });
  }
}
