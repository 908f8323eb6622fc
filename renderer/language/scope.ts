/** Scopes: the program outside its DEFs and each DEF, with the labels of each and the JMPs to them. */
import type { NameNode, Statement } from './ast.ts';

/** An open block; its ELSE is a block of its own. */
export interface Block {
  readonly opcode: 'IF' | 'ELSE' | 'FOR' | 'WHILE' | 'DEF' | 'SPRITE' | 'SHADE' | 'LOOP';
  /** That opened it. */
  readonly line: number;
  readonly parent: Block | undefined;
  readonly depth: number;
  /** Of an ELSE without IF: no other may follow. */
  readonly last: boolean;
}

export interface Place {
  readonly line: number;
  readonly block: Block | undefined;
}

/** The program outside its DEFs, or one DEF: labels, and the names that are set there. */
export interface Scope {
  /** The line of its DEF; undefined outside all of them. */
  readonly definition: Statement | undefined;
  /** The arguments of its DEF. */
  readonly parameters: ReadonlySet<string>;
  readonly labels: Map<string, Place>;
  readonly jumps: (Place & { readonly target: NameNode })[];
}

/** Of a scope without any, which may be one of 80,000. */
const NO_PARAMETERS: ReadonlySet<string> = new Set();

export function newScope(definition: Statement | undefined): Scope {
  const names = (definition?.operands.slice(1) ?? []).map((node) => (node as NameNode).name);
  const parameters = names.length === 0 ? NO_PARAMETERS : new Set(names);
  return { definition, parameters, labels: new Map(), jumps: [] };
}
