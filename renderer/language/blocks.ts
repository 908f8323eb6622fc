/** Blocks, scopes and labels: which END belongs to what, and where a JMP may lead. */
import { LIMITS } from '../../shared/limits.ts';
import type { BadLine, Label, Line, NameNode, Statement } from './ast.ts';
import { quoted } from './caret.ts';
import type { FaultCode } from './codes.ts';
import { opcodeNamed } from './opcodes.ts';
import { nearest } from './spelling.ts';
import { strayAdvice } from './sprite-advice.ts';
import { isOfSprites, type SpriteLines, SpriteOutline } from './sprite-outline.ts';
import type { Wrong } from './syntax-error.ts';

/** Says what is wrong with the units `start` to `end` of a line that counts from 1; see `Complaints.add`. */
export type Complain = (line: number, start: number, end: number, wrong: () => Wrong) => void;

/** An open block; its ELSE is a block of its own. */
interface Block {
  readonly opcode: 'IF' | 'ELSE' | 'FOR' | 'WHILE' | 'DEF' | 'SPRITE';
  /** That opened it. */
  readonly line: number;
  readonly parent: Block | undefined;
  readonly depth: number;
  /** Of an ELSE without IF: no other may follow. */
  readonly last: boolean;
}

interface Place {
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

export interface Outline {
  /** The program outside its DEFs first. */
  readonly scopes: readonly Scope[];
  readonly statements: readonly Statement[];
  /** The scope that each of them stands in. */
  readonly owners: readonly Scope[];
  readonly sprites: readonly SpriteLines[];
}

/** Statements that declare something for the whole program. */
const DECLARATIONS: ReadonlySet<string> = new Set(['DIM', 'DATA', 'PARAM', 'DEF', 'SPRITE', 'IMAGE']);

/** Walks the lines once, and complains of all that stands where it may not. */
export function outline(
  lines: readonly (Line | BadLine)[],
  texts: readonly string[],
  excused: ReadonlySet<string>,
  complain: Complain,
): Outline {
  const walk = new Walk(texts, complain);
  for (const line of lines) {
    if (line.kind === 'statement') walk.statement(line);
    else if (line.kind === 'label') walk.label(line);
    else if (line.kind === 'bad') walk.bad(line);
  }
  walk.finish(excused);
  const { scopes, statements, owners } = walk;
  return { scopes, statements, owners, sprites: walk.sprites.all };
}

class Walk {
  readonly #texts: readonly string[];
  readonly #complain: Complain;
  readonly scopes: Scope[] = [newScope(undefined)];
  readonly statements: Statement[] = [];
  readonly owners: Scope[] = [];
  readonly sprites = new SpriteOutline();
  #scope = this.scopes[0] as Scope;
  #block: Block | undefined;
  /** Lines that could not be read and may have opened or ended a block: each excuses one that does not close. */
  #doubts = 0;
  /** The first END that stands further out than what it ends, as advice: most likely an END is missing there. */
  #crooked: string | undefined;

  constructor(texts: readonly string[], complain: Complain) {
    this.#texts = texts;
    this.#complain = complain;
  }

  statement(statement: Statement): void {
    const { opcode, line, operands } = statement;
    const scope = this.#scope;
    const isStray = !isOfSprites(opcode) && this.#leaveSprite(line, opcode);
    if (DECLARATIONS.has(opcode) && this.#block !== undefined) {
      const inside = `${this.#block.opcode} of line ${this.#block.line}`;
      const open =
        this.#block.opcode === 'DEF' ? 'END ends the DEF before it' : 'declare it outside all blocks';
      const hint = this.#crooked ?? open;
      this.#misplaced(line, `Expected ${opcode} outside all blocks, found it in the ${inside}`, hint);
    }
    if (!isStray && (opcode === 'RET' || opcode === 'GLOBAL') && scope.definition === undefined) {
      const hint = opcode === 'RET' ? 'HALT ends the program' : 'outside a DEF every variable is global';
      this.#misplaced(line, `Expected ${opcode} in a DEF, found it outside`, hint);
    }
    if (opcode === 'DEF') {
      this.#scope = newScope(statement);
      this.scopes.push(this.#scope);
      this.#open('DEF', line);
    } else if (opcode === 'FOR' || opcode === 'WHILE') this.#open(opcode, line);
    else if (opcode === 'SPRITE') {
      this.sprites.open(statement);
      this.#open(opcode, line);
    } else if (opcode === 'INK' || opcode === 'ROW') this.#ofSprite(statement, opcode);
    else if (opcode === 'IF' && operands.length === 1) this.#open('IF', line);
    else if (opcode === 'ELSE' && !isStray) this.#else(line, operands.length === 0);
    else if (opcode === 'END') this.#end(line);
    else if (opcode === 'JMP' || opcode === 'IF') {
      scope.jumps.push({ line, block: this.#block, target: operands.at(-1) as NameNode });
    }
    // A DEF's own line belongs to the scope that it opens; an END to the one that it closes.
    this.statements.push(statement);
    this.owners.push(opcode === 'DEF' ? this.#scope : scope);
  }

  label({ name, line }: Label): void {
    this.#leaveSprite(line, 'a label');
    const known = this.#scope.labels.get(name);
    if (known === undefined) this.#scope.labels.set(name, { line, block: this.#block });
    if (known !== undefined) {
      const found = `${quoted(name)}, which is that of line ${known.line}`;
      this.#head(line, 'PXL-E017', `Expected the name of a new label, found ${found}`, 'labels differ');
    }
  }

  /** A line that could not be read still opens or ends a block. */
  bad({ line, text }: BadLine): void {
    const opcode = opcodeNamed(/^[A-Za-z]*/.exec(text.trimStart())?.[0] ?? '')?.name;
    // A misspelt opcode may have opened or ended a block, and a misspelt JMP may have opened none.
    if (opcode === undefined || opcode === 'IF') this.#doubts++;
    this.sprites.doubt();
    if (opcode !== undefined && !isOfSprites(opcode)) this.#leaveSprite(line, undefined);
    if (opcode === 'DEF') {
      this.#scope = newScope({ kind: 'statement', line, opcode, operands: [], weight: 0 });
      this.scopes.push(this.#scope);
    }
    if (opcode === 'SPRITE') this.sprites.open(undefined);
    if (opcode === 'FOR' || opcode === 'WHILE' || opcode === 'DEF' || opcode === 'SPRITE') {
      this.#open(opcode, line);
    } else if (opcode === 'IF' && !/\bJMP\b/i.test(text)) this.#open('IF', line);
    else if (opcode === 'ELSE') this.#else(line, false);
    else if (opcode === 'END') this.#end(line);
  }

  /** What is still open, and where the JMPs of each scope lead. */
  finish(excused: ReadonlySet<string>): void {
    this.sprites.tear();
    for (let block = this.#block; block !== undefined; block = block.parent) {
      if (this.#doubts-- > 0) continue;
      const message = `Expected an END for this ${block.opcode}, found the end of the program`;
      this.#misplaced(
        block.line,
        message,
        this.#crooked ?? 'IF, FOR, WHILE, DEF and SPRITE each take an END',
      );
    }
    for (const { labels, jumps } of this.scopes) {
      for (const jump of jumps) if (!excused.has(jump.target.name)) this.#jump(jump, labels);
    }
  }

  #ofSprite(statement: Statement, opcode: 'INK' | 'ROW'): void {
    if (this.sprites.take(statement)) return;
    const hint = opcode === 'INK' ? 'COLOR sets the colour of shapes' : 'SPRITE name begins one';
    this.#misplaced(statement.line, `Expected ${opcode} in a SPRITE, found it outside`, hint);
  }

  /**
   * Ends the SPRITE that is open at a line that may not stand in it: most likely its END is missing.
   *
   * @param found what stands there; undefined where that is complained of already
   * @returns whether one was open
   */
  #leaveSprite(line: number, found: string | undefined): boolean {
    const block = this.#block;
    if (block?.opcode !== 'SPRITE') return false;
    this.sprites.tear();
    this.#block = block.parent;
    // Its END may still come.
    this.#doubts++;
    if (found === undefined) return true;
    const message = `Expected INK, ROW or END in the SPRITE of line ${block.line}, found ${found}`;
    this.#misplaced(line, message, strayAdvice(found));
    return true;
  }

  #jump({ line, block, target }: Scope['jumps'][number], labels: Scope['labels']): void {
    const { name, at } = target;
    const label = labels.get(name);
    const end = at + name.length;
    if (label === undefined) {
      this.#complain(line, at, end, () => {
        const near = nearest(name, [...labels.keys()]);
        return {
          code: 'PXL-E019',
          message: `Expected a label of ${this.#scopeOf(labels)}, found ${quoted(name)}`,
          hint: near === undefined ? `${name}: alone on a line is a label` : `did you mean ${near}?`,
        };
      });
      return;
    }
    // Refused already, and the way out of 100,000 blocks is too long to walk for each of as many JMPs.
    if (block !== undefined && block.depth > LIMITS.nesting) return;
    for (let outer = block; outer !== label.block; outer = outer.parent) {
      if (outer !== undefined) continue;
      const inside = label.block as Block;
      this.#complain(line, at, end, () => ({
        code: 'PXL-E019',
        message: `Expected a label outside other blocks, found ${quoted(name)} in the ${inside.opcode} of line ${inside.line}`,
        hint: 'a JMP leads out of blocks, never into one',
      }));
      return;
    }
  }

  #scopeOf(labels: Scope['labels']): string {
    return labels === this.scopes[0]?.labels ? 'the program' : 'this DEF';
  }

  #open(opcode: Block['opcode'], line: number): void {
    const depth = (this.#block?.depth ?? 0) + 1;
    this.#block = { opcode, line, parent: this.#block, depth, last: false };
    if (depth !== LIMITS.nesting + 1) return;
    const message = `Expected blocks at most ${LIMITS.nesting} deep, found one deeper`;
    this.#head(line, 'PXL-E022', message, 'make a DEF of the inner blocks');
  }

  #else(line: number, last: boolean): void {
    const block = this.#block;
    const before = block === undefined ? 'no block' : `the ${block.opcode} of line ${block.line}`;
    if (block?.opcode === 'IF' || (block?.opcode === 'ELSE' && !block.last)) {
      this.#block = { opcode: 'ELSE', line, parent: block.parent, depth: block.depth, last };
    } else if (block?.opcode === 'ELSE') {
      this.#misplaced(line, `Expected END, found an ELSE after ${before}`, 'an IF has one last ELSE');
    } else {
      this.#misplaced(line, `Expected ELSE in an IF, found it in ${before}`, 'IF test begins the block');
    }
  }

  #end(line: number): void {
    const block = this.#block;
    if (block === undefined) {
      this.sprites.close();
      if (this.#doubts-- > 0) return;
      const hint = 'IF test alone on a line, FOR, WHILE, DEF and SPRITE open a block';
      this.#misplaced(line, 'Expected an open block, found an END without one', hint);
      return;
    }
    this.#block = block.parent;
    if (block.opcode === 'SPRITE') this.sprites.close();
    if (this.#crooked === undefined && this.#indent(line) < this.#indent(block.line)) {
      this.#crooked = `the END of line ${line} ends the ${block.opcode} of line ${block.line}, which stands further in: is its own missing?`;
    }
    if (block.opcode === 'DEF') this.#scope = this.scopes[0] as Scope;
  }

  #misplaced(line: number, message: string, hint: string): void {
    this.#head(line, 'PXL-E018', message, hint);
  }

  /** Blanks and tabs before the first word of a line. */
  #indent(line: number): number {
    return /^[ \t]*/.exec(this.#texts[line - 1] ?? '')?.[0].length ?? 0;
  }

  /** A complaint about the first word of a line. */
  #head(line: number, code: FaultCode, message: string, hint: string): void {
    const text = this.#texts[line - 1] ?? '';
    const start = text.length - text.replace(/^[ \t]+/, '').length;
    const word = /^[^ \t,\r]*/.exec(text.slice(start))?.[0] ?? '';
    this.#complain(line, start, start + word.length, () => ({ code, message, hint }));
  }
}

/** Of a scope without any, which may be one of 80,000. */
const NO_PARAMETERS: ReadonlySet<string> = new Set();

function newScope(definition: Statement | undefined): Scope {
  const names = (definition?.operands.slice(1) ?? []).map((node) => (node as NameNode).name);
  const parameters = names.length === 0 ? NO_PARAMETERS : new Set(names);
  return { definition, parameters, labels: new Map(), jumps: [] };
}
