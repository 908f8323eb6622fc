/** The oracle's names: what a program declares, and which variables are a DEF's own. */
import type { Line, NameNode, Operand, Statement } from '../../../renderer/language/ast.ts';
import { OracleShade } from './oracle-shades.ts';

/** A line with the lines of its blocks. */
export type Item =
  | { readonly kind: 'line'; readonly statement: Statement }
  | { readonly kind: 'label'; readonly name: string }
  | { readonly kind: 'if'; readonly arms: readonly Arm[] }
  | { readonly kind: 'shade'; readonly shade: OracleShade }
  | Loop;

interface Loop {
  readonly kind: 'for' | 'while';
  readonly statement: Statement;
  readonly body: Item[];
  /** The line of its END. */
  readonly end: number;
}

/** The lines behind an IF, an ELSE IF, or an ELSE, which has no test. */
export interface Arm {
  readonly statement: Statement;
  readonly body: Item[];
}

export interface Routine {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Its parameters, and what it sets without GLOBAL. */
  readonly locals: ReadonlySet<string>;
  readonly body: Item[];
  readonly end: number;
}

export interface Outline {
  readonly main: Item[];
  readonly routines: ReadonlyMap<string, Routine>;
  /** Names that are variables of the whole program. */
  readonly globals: ReadonlySet<string>;
  /** DIM, DATA, PARAM, SPRITE and IMAGE, in order of lines. */
  readonly declarations: readonly Statement[];
  /** The INKs and ROWs of each SPRITE. */
  readonly sprites: ReadonlyMap<string, readonly Statement[]>;
  /** In order of lines. */
  readonly shades: readonly OracleShade[];
}

const nameOf = (operand: Operand | undefined): string => (operand as NameNode).name;

/** Lines that are right, as a tree. */
export function outlineOf(lines: readonly Line[]): Outline {
  const routines = new Map<string, Routine>();
  const declarations: Statement[] = [];
  const sprites = new Map<string, Statement[]>();
  const shades: OracleShade[] = [];
  const mainSets = new Set<string>();
  const shared = new Set<string>();
  let sets = mainSets;
  let exempt = new Set<string>();
  let at = 0;

  /** Up to the END or ELSE that is not of a block inside; that line is left to whoever asked. */
  function list(): Item[] {
    const items: Item[] = [];
    for (; at < lines.length; at++) {
      const line = lines[at] as Line;
      if (line.kind === 'label') items.push({ kind: 'label', name: line.name });
      if (line.kind !== 'statement') continue;
      if (line.opcode === 'END' || line.opcode === 'ELSE') break;
      const item = read(line);
      if (item !== undefined) items.push(item);
    }
    return items;
  }

  function body(): Item[] {
    at++;
    return list();
  }

  function read(statement: Statement): Item | undefined {
    const { opcode, operands } = statement;
    const [first] = operands;
    if ((opcode === 'SET' || opcode === 'ADD' || opcode === 'FOR') && first?.kind === 'name')
      sets.add(first.name);
    switch (opcode) {
      case 'DIM':
      case 'DATA':
      case 'PARAM':
      case 'IMAGE':
        declarations.push(statement);
        return undefined;
      case 'SPRITE': {
        declarations.push(statement);
        const inner = body().flatMap((item) => (item.kind === 'line' ? [item.statement] : []));
        sprites.set(nameOf(first), inner);
        return undefined;
      }
      case 'SHADE': {
        const shade = new OracleShade(lines, at);
        shades.push(shade);
        at = shade.end;
        return { kind: 'shade', shade };
      }
      case 'GLOBAL':
        for (const name of operands) exempt.add(nameOf(name));
        return undefined;
      case 'DEF':
        define(statement);
        return undefined;
      case 'FOR':
      case 'WHILE':
        return {
          kind: opcode === 'FOR' ? 'for' : 'while',
          statement,
          body: body(),
          end: (lines[at] as Statement).line,
        };
      case 'IF': {
        if (operands.length > 1) return { kind: 'line', statement };
        const arms: Arm[] = [{ statement, body: body() }];
        while ((lines[at] as Statement).opcode === 'ELSE')
          arms.push({ statement: lines[at] as Statement, body: body() });
        return { kind: 'if', arms };
      }
      default:
        return { kind: 'line', statement };
    }
  }

  function define({ operands }: Statement): void {
    const [name, ...parameters] = operands.map(nameOf) as [string, ...string[]];
    sets = new Set(parameters);
    exempt = new Set();
    const inner = body();
    const locals = new Set([...sets].filter((each) => !exempt.has(each)));
    for (const each of exempt) shared.add(each);
    routines.set(name, { name, parameters, locals, body: inner, end: (lines[at] as Statement).line });
    sets = mainSets;
  }

  const main = list();
  return { main, routines, globals: new Set([...mainSets, ...shared]), declarations, sprites, shades };
}
