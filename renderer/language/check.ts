/** The checker: blocks are closed, labels are there, and every name of a program stands for something. */
import type { BadLine, Line, Program, Statement } from './ast.ts';
import { outline } from './blocks.ts';
import type { Complain } from './complaints.ts';
import { Declarations } from './declarations.ts';
import { Heads } from './heads.ts';
import { readImages } from './images.ts';
import { NameFaults } from './name-faults.ts';
import { opcodeNamed } from './opcodes.ts';
import { Resolver } from './resolver.ts';
import type { Scope } from './scope.ts';
import { readShades, tornNames } from './shades.ts';
import { readSprites } from './sprites.ts';
import { Vocabulary } from './vocabulary.ts';

/** Opcodes that give a name its meaning. */
const NAMING: ReadonlySet<string> = new Set([
  ...['SET', 'ADD', 'FOR', 'GLOBAL', 'DIM', 'DATA', 'PARAM', 'DEF'],
  ...['SPRITE', 'IMAGE'],
]);

/** Whether a bad line may have been what gives a name its meaning: also where its opcode is not known. */
function mayName(text: string): boolean {
  const opcode = opcodeNamed(/^[A-Za-z]*/.exec(text.trimStart())?.[0] ?? '');
  return opcode === undefined || NAMING.has(opcode.name);
}

/** What the names of a program stand for, the pictures that it declares, and its SHADEs. */
export type Checked = Pick<Program, 'names' | 'sprites' | 'images' | 'shades'>;

/**
 * Looks up every name. Names that stand in a bad line are believed, where that line may have given them a meaning.
 *
 * @param texts the lines as they were written
 */
export function check(
  lines: readonly (Line | BadLine)[],
  texts: readonly string[],
  complain: Complain,
): Checked {
  const excused = new Set<string>();
  for (const line of lines) {
    if (line.kind !== 'bad' || !mayName(line.text)) continue;
    for (const word of line.text.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []) excused.add(word.toLowerCase());
  }
  const found = outline(lines, texts, excused, complain);
  const { scopes, statements, owners } = found;
  for (const name of tornNames(found)) excused.add(name);
  const vocabulary = new Vocabulary();
  const faults = new NameFaults(complain);
  const declarations = new Declarations(vocabulary, faults);
  for (let index = 0; index < statements.length; index++) {
    declarations.declare(statements[index] as Statement, owners[index] as Scope);
  }
  declarations.settle(scopes);
  const resolver = new Resolver(vocabulary, faults, excused);
  for (let index = 0; index < statements.length; index++) {
    resolver.resolve(statements[index] as Statement, owners[index] as Scope);
  }
  return {
    names: declarations.names(scopes, resolver.params),
    sprites: readSprites(found, texts, vocabulary, complain),
    images: readImages(statements, faults),
    shades: readShades(found, {
      ...{ vocabulary, faults, resolver, excused },
      heads: new Heads(texts, complain),
    }),
  };
}
