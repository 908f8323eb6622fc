/** The vocabulary: what each name of a program stands for, and which one a misspelt word most likely means. */

import { wordAdvice } from './advice.ts';
import type { NameNode, Statement } from './ast.ts';
import { COLOUR_NAMES, colourNamed, colourOfDigits } from './colours.ts';
import { FUNCTIONS, functionNamed, functionUsage } from './functions.ts';
import { opcodeNamed } from './opcodes.ts';
import type { Scope } from './scope.ts';
import { nearest } from './spelling.ts';

/** What a name may stand for; `constant` is `width`, `height` or a named colour, `picture` a SPRITE or an IMAGE. */
export type Meaning = 'local' | 'global' | 'param' | 'constant' | 'array' | 'definition' | 'picture';

/**
 * The only names that the language has taken. Those of opcodes, functions and colours are anybody's, so that a new one
 * among them is in no program's way.
 */
export function isOfTheCanvas(name: string): boolean {
  return name === 'width' || name === 'height';
}

/** A declaration: its line, its opcode and its operands. */
export type Declaration = Pick<Statement, 'line' | 'opcode' | 'operands'>;

export class Vocabulary {
  readonly #declared = new Map<string, Declaration>();
  readonly #sets = new Map<Scope, Set<string>>();
  readonly #shared = new Map<Scope, Set<string>>();
  readonly #locals = new Map<Scope, Set<string>>();
  readonly #globals = new Set<string>();

  /** @returns the declaration that has taken the name */
  declare(statement: Statement): Declaration | undefined {
    const { name } = statement.operands[0] as NameNode;
    const known = this.#declared.get(name);
    if (known === undefined) this.#declared.set(name, statement);
    return known;
  }

  declared(name: string): Declaration | undefined {
    return this.#declared.get(name);
  }

  /** `name` is set in `scope`. */
  sets(scope: Scope, name: string): void {
    entry(this.#sets, scope).add(name);
  }

  /** A GLOBAL of `scope` names `name`. */
  shares(scope: Scope, name: string): void {
    entry(this.#shared, scope).add(name);
  }

  isShared(scope: Scope, name: string): boolean {
    return this.#shared.get(scope)?.has(name) === true;
  }

  /** Once everything is declared and set: tells a DEF's own variables from the program's. */
  settle(): void {
    for (const shared of this.#shared.values()) for (const name of shared) this.#addGlobal(name);
    for (const [scope, names] of this.#sets) {
      for (const name of names) {
        if (scope.definition === undefined) this.#addGlobal(name);
        else if (!this.isShared(scope, name)) entry(this.#locals, scope).add(name);
      }
    }
  }

  #addGlobal(name: string): void {
    if (!this.#declared.has(name)) this.#globals.add(name);
  }

  /** Arguments first, then what is set. */
  localsOf(scope: Scope): string[] {
    const names = new Set(scope.parameters);
    for (const name of this.#locals.get(scope) ?? []) names.add(name);
    return [...names];
  }

  meaning(name: string, scope: Scope): Meaning | undefined {
    if (scope.definition !== undefined && this.#isLocal(name, scope)) return 'local';
    if (this.#globals.has(name)) return 'global';
    switch (this.#declared.get(name)?.opcode) {
      case 'PARAM':
        return 'param';
      case 'DIM':
      case 'DATA':
        return 'array';
      case 'DEF':
        return 'definition';
      case 'SPRITE':
      case 'IMAGE':
        return 'picture';
      default:
        return isOfTheCanvas(name) || colourNamed(name) !== undefined ? 'constant' : undefined;
    }
  }

  /** What has taken the name of a colour, for messages; undefined where nothing has. */
  takenBy(name: string, scope: Scope): string | undefined {
    const meaning = this.meaning(name, scope);
    if (meaning === 'constant' || meaning === undefined) return undefined;
    const declared = meaning === 'local' || meaning === 'global' ? undefined : this.#declared.get(name);
    return declared === undefined
      ? 'which is a variable'
      : `which line ${declared.line} declares with ${declared.opcode}`;
  }

  #isLocal(name: string, scope: Scope): boolean {
    return scope.parameters.has(name) || this.#locals.get(scope)?.has(name) === true;
  }

  globals(): readonly string[] {
    return [...this.#globals];
  }

  arrays(): readonly string[] {
    return this.#namesOf('DIM', 'DATA');
  }

  definitions(): readonly string[] {
    return this.#namesOf('DEF');
  }

  pictures(): readonly string[] {
    return this.#namesOf('SPRITE', 'IMAGE');
  }

  params(): readonly string[] {
    return this.#namesOf('PARAM');
  }

  #namesOf(...opcodes: readonly string[]): string[] {
    return [...this.#declared].filter(([, { opcode }]) => opcodes.includes(opcode)).map(([name]) => name);
  }
}

/**
 * The advice for a name that stands for nothing: the nearest that could stand in its place, or how to make one.
 *
 * @param wanted `tinted` is a value that may well be a colour, `colour` a literal, and `paint` a colour or what is computed
 */
export function suggest(
  vocabulary: Vocabulary,
  name: string,
  wanted: 'value' | 'tinted' | 'paint' | 'array' | 'definition' | 'colour' | 'picture',
  scope: Scope,
): string {
  if (wanted === 'picture') {
    const near = nearest(name, vocabulary.pictures());
    return near === undefined
      ? `SPRITE ${name} … END or IMAGE ${name} w h checksum declares one`
      : `did you mean ${near}?`;
  }
  const row = functionNamed(name);
  if (row !== undefined) return functionUsage(row);
  const known = wordAdvice(name);
  if (known !== '') return known;
  const isTinted = wanted === 'tinted' || wanted === 'paint';
  if (isTinted && colourOfDigits(name) !== undefined) return `did you mean #${name}?`;
  if (opcodeNamed(name) !== undefined) return 'an opcode begins a line';
  const functions = FUNCTIONS.map((each) => each.name);
  const values = () => [
    ...vocabulary.localsOf(scope),
    ...vocabulary.globals(),
    ...vocabulary.params(),
    'width',
    'height',
  ];
  const candidates = {
    value: values,
    tinted: values,
    paint: values,
    array: () => vocabulary.arrays(),
    definition: () => [...vocabulary.definitions(), ...functions],
    colour: () => COLOUR_NAMES,
  }[wanted]();
  const near = nearest(name, candidates) ?? (isTinted ? nearest(name, COLOUR_NAMES) : undefined);
  if (near !== undefined) return `did you mean ${near}?`;
  // In a SHADE they are its own; elsewhere whoever writes them means the canvas.
  if (wanted === 'value' && (name === 'w' || name === 'h'))
    return `did you mean ${name === 'w' ? 'width' : 'height'}?`;
  return {
    value: `SET ${name} value gives it one`,
    tinted: `SET ${name} value gives it one`,
    paint: `SET ${name} value gives it one; colours are #rgb, #rrggbb or the names of CSS`,
    array: `DIM ${name} cells declares one`,
    definition: `DEF ${name} … END defines one`,
    colour: 'colours are #rgb, #rrggbb or the names of CSS',
  }[wanted];
}

function entry(map: Map<Scope, Set<string>>, scope: Scope): Set<string> {
  let names = map.get(scope);
  if (names === undefined) {
    names = new Set();
    map.set(scope, names);
  }
  return names;
}
