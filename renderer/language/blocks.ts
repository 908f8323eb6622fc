/** Blocks, scopes and labels: which END belongs to what, and where a JMP may lead. */
import { LIMITS } from '../../shared/limits.ts';
import type { BadLine, Label, Line, NameNode, Statement } from './ast.ts';
import { quoted } from './caret.ts';
import type { Complain } from './complaints.ts';
import { Heads } from './heads.ts';
import { opcodeNamed } from './opcodes.ts';
import { isOpening, isOrdinary, type Opening } from './opening.ts';
import { type Block, newScope, type Scope } from './scope.ts';
import { outsideAdvice, shadeAdvice } from './shade-advice.ts';
import { mayShade, type ShadeLines, ShadeOutline } from './shade-outline.ts';
import { nearest } from './spelling.ts';
import { strayAdvice } from './sprite-advice.ts';
import { isOfSprites, type SpriteLines, SpriteOutline } from './sprite-outline.ts';

export interface Outline {
  /** The program outside its DEFs first. */
  readonly scopes: readonly Scope[];
  /** All but those in SHADEs. */
  readonly statements: readonly Statement[];
  /** The scope that each of them stands in. */
  readonly owners: readonly Scope[];
  readonly sprites: readonly SpriteLines[];
  readonly shades: readonly ShadeLines[];
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
  return { scopes, statements, owners, sprites: walk.sprites.all, shades: walk.shades.all };
}

class Walk {
  readonly #complain: Complain;
  readonly #heads: Heads;
  readonly scopes: Scope[] = [newScope(undefined)];
  readonly statements: Statement[] = [];
  readonly owners: Scope[] = [];
  readonly sprites = new SpriteOutline();
  readonly shades = new ShadeOutline();
  #scope = this.scopes[0] as Scope;
  #block: Block | undefined;
  /** Lines that could not be read and may have opened or ended a block: each excuses one that does not close. */
  #doubts = 0;
  /** The first END that stands further out than what it ends, as advice: most likely an END is missing there. */
  #crooked: string | undefined;

  constructor(texts: readonly string[], complain: Complain) {
    this.#complain = complain;
    this.#heads = new Heads(texts, complain);
  }

  statement(statement: Statement): void {
    const { opcode, line, operands } = statement;
    const scope = this.#scope;
    const isApart = this.#block?.opcode === 'SPRITE' || this.shades.current !== undefined;
    if (!isApart && isOrdinary(opcode)) {
      this.statements.push(statement);
      this.owners.push(scope);
      return;
    }
    const isStray =
      (!isOfSprites(opcode) && this.#leaveSprite(line, opcode)) ||
      (!mayShade(statement) && this.#leaveShade(line, opcode));
    const shade = this.shades.current;
    if (!isStray && DECLARATIONS.has(opcode) && this.#block !== undefined) {
      const inside = `${this.#block.opcode} of line ${this.#block.line}`;
      const open =
        this.#block.opcode === 'DEF' ? 'END ends the DEF before it' : 'declare it outside all blocks';
      const hint = this.#crooked ?? open;
      this.#heads.misplaced(line, `Expected ${opcode} outside all blocks, found it in the ${inside}`, hint);
    }
    if (!isStray && (opcode === 'RET' || opcode === 'GLOBAL') && scope.definition === undefined) {
      const hint = opcode === 'RET' ? 'HALT ends the program' : 'outside a DEF every variable is global';
      this.#heads.misplaced(line, `Expected ${opcode} in a DEF, found it outside`, hint);
    }
    if (opcode === 'LOOP' || opcode === 'BREAK') this.#ofShade(opcode, line);
    if (isOpening(opcode)) this.#enter(opcode, line, statement);
    else if (opcode === 'INK' || opcode === 'ROW') this.#ofSprite(statement, opcode);
    else if (opcode === 'IF' && operands.length === 1) this.#open('IF', line);
    else if (opcode === 'ELSE' && !isStray) this.#else(line, operands.length === 0);
    else if (opcode === 'END') this.#end(line);
    else if (opcode === 'JMP' || opcode === 'IF') {
      scope.jumps.push({ line, block: this.#block, target: operands.at(-1) as NameNode });
    }
    if (shade !== undefined) shade.statements.push(statement);
    if (shade !== undefined || opcode === 'LOOP' || opcode === 'BREAK') return;
    // A DEF's own line belongs to the scope that it opens; an END to the one that it closes.
    this.statements.push(statement);
    this.owners.push(opcode === 'DEF' ? this.#scope : scope);
  }

  label({ name, line }: Label): void {
    this.#leaveSprite(line, 'a label');
    this.#leaveShade(line, 'a label');
    const known = this.#scope.labels.get(name);
    if (known === undefined) this.#scope.labels.set(name, { line, block: this.#block });
    if (known !== undefined) {
      const found = `${quoted(name)}, which is that of line ${known.line}`;
      this.#heads.say(line, 'PXL-E017', `Expected the name of a new label, found ${found}`, 'labels differ');
    }
  }

  /** A line that could not be read still opens or ends a block. */
  bad({ line, text }: BadLine): void {
    const opcode = opcodeNamed(/^[A-Za-z]*/.exec(text.trimStart())?.[0] ?? '')?.name;
    // A misspelt opcode may have opened or ended a block, and a misspelt JMP may have opened none.
    if (opcode === undefined || opcode === 'IF') this.#doubts++;
    this.sprites.doubt();
    if (opcode !== undefined && !isOfSprites(opcode)) this.#leaveSprite(line, undefined);
    if (opcode !== undefined && !mayShade({ opcode, operands: [] }) && opcode !== 'IF') {
      this.#leaveShade(line, undefined);
    }
    if (opcode !== undefined && isOpening(opcode)) this.#enter(opcode, line, undefined);
    else if (opcode === 'IF' && !/\bJMP\b/i.test(text)) this.#open('IF', line);
    else if (opcode === 'ELSE') this.#else(line, false);
    else if (opcode === 'END') this.#end(line);
  }

  /** What is still open, and where the JMPs of each scope lead. */
  finish(excused: ReadonlySet<string>): void {
    this.sprites.tear();
    this.shades.tear();
    for (let block = this.#block; block !== undefined; block = block.parent) {
      if (this.#doubts-- > 0) continue;
      const message = `Expected an END for this ${block.opcode}, found the end of the program`;
      const hint = this.#crooked ?? 'IF, FOR, WHILE, DEF, SPRITE, SHADE and LOOP each take an END';
      this.#heads.misplaced(block.line, message, hint);
    }
    for (const { labels, jumps } of this.scopes) {
      for (const jump of jumps) if (!excused.has(jump.target.name)) this.#jump(jump, labels);
    }
  }

  #ofSprite(statement: Statement, opcode: 'INK' | 'ROW'): void {
    if (this.sprites.take(statement)) return;
    const hint = opcode === 'INK' ? 'COLOR sets the colour of shapes' : 'SPRITE name begins one';
    this.#heads.misplaced(statement.line, `Expected ${opcode} in a SPRITE, found it outside`, hint);
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
    this.#heads.misplaced(line, message, strayAdvice(found));
    return true;
  }

  #ofShade(opcode: 'LOOP' | 'BREAK', line: number): void {
    const { current, loops, isTorn } = this.shades;
    const isShade = current !== undefined;
    if (isTorn || (isShade && (opcode === 'LOOP' || loops > 0))) return;
    const message = `Expected ${opcode} in a ${isShade ? 'LOOP' : 'SHADE'}, found it outside`;
    this.#heads.misplaced(line, message, outsideAdvice(opcode, isShade));
  }

  /** As `#leaveSprite`, of a SHADE with the blocks in it. */
  #leaveShade(line: number, found: string | undefined): boolean {
    if (this.shades.current === undefined) return false;
    this.shades.tear();
    let block: Block | undefined;
    do {
      block = this.#block as Block;
      this.#block = block.parent;
      this.#doubts++;
    } while (block.opcode !== 'SHADE');
    if (found === undefined) return true;
    const message = `Expected SET, ADD, IF, LOOP, BREAK or END in the SHADE of line ${block.line}, found ${found}`;
    this.#heads.misplaced(line, message, shadeAdvice(found));
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

  /** @param statement undefined where it could not be read */
  #enter(opcode: Opening, line: number, statement: Statement | undefined): void {
    if (opcode === 'DEF') {
      this.#scope = newScope(statement ?? { kind: 'statement', line, opcode, operands: [], weight: 0 });
      this.scopes.push(this.#scope);
    }
    if (opcode === 'SPRITE') this.sprites.open(statement);
    if (opcode === 'SHADE') this.shades.open(statement, this.#scope);
    if (opcode === 'LOOP') this.shades.loops++;
    this.#open(opcode, line);
  }

  #open(opcode: Block['opcode'], line: number): void {
    const depth = (this.#block?.depth ?? 0) + 1;
    this.#block = { opcode, line, parent: this.#block, depth, last: false };
    this.#limitDepth(line, depth);
  }

  #limitDepth(line: number, depth: number): void {
    if (depth !== LIMITS.nesting + 1) return;
    const message = `Expected blocks at most ${LIMITS.nesting} deep, found one deeper`;
    const isShade = this.shades.current !== undefined;
    const hint = isShade ? 'a test with && stands for two IFs' : 'make a DEF of the inner blocks';
    this.#heads.say(line, 'PXL-E022', message, hint);
  }

  #else(line: number, last: boolean): void {
    const block = this.#block;
    const before = block === undefined ? 'no block' : `the ${block.opcode} of line ${block.line}`;
    if (block?.opcode === 'IF' || (block?.opcode === 'ELSE' && !block.last)) {
      // In a SHADE it is a block in the one before it: as such painters carry it out.
      const isDeeper = this.shades.current !== undefined && !last;
      this.#block = { ...block, opcode: 'ELSE', line, last, depth: block.depth + (isDeeper ? 1 : 0) };
      if (isDeeper) this.#limitDepth(line, this.#block.depth);
    } else if (block?.opcode === 'ELSE') {
      this.#heads.misplaced(line, `Expected END, found an ELSE after ${before}`, 'an IF has one last ELSE');
    } else {
      this.#heads.misplaced(
        line,
        `Expected ELSE in an IF, found it in ${before}`,
        'IF test begins the block',
      );
    }
  }

  #end(line: number): void {
    const block = this.#block;
    if (block === undefined) {
      this.sprites.close();
      this.shades.close();
      if (this.#doubts-- > 0) return;
      const hint = 'IF test alone on a line, FOR, WHILE, DEF, SPRITE, SHADE and LOOP open a block';
      this.#heads.misplaced(line, 'Expected an open block, found an END without one', hint);
      return;
    }
    this.#block = block.parent;
    if (block.opcode === 'SPRITE') this.sprites.close();
    if (block.opcode === 'SHADE') this.shades.close();
    if (block.opcode === 'LOOP') this.shades.loops--;
    if (this.#crooked === undefined && this.#heads.indent(line) < this.#heads.indent(block.line)) {
      this.#crooked = `the END of line ${line} ends the ${block.opcode} of line ${block.line}, which stands further in: is its own missing?`;
    }
    if (block.opcode === 'DEF') this.#scope = this.scopes[0] as Scope;
  }
}
