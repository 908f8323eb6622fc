/** The program as the parser leaves it: a record per line, so that comments and blank lines survive printing. */
import type { SourceLines } from './caret.ts';
import type { OpcodeName } from './opcodes.ts';

interface Blank {
  readonly kind: 'blank';
}

interface Comment {
  readonly kind: 'comment';
  /** What follows the `#`, without the blanks, tabs and CRs that end the line. */
  readonly text: string;
}

/** A place to jump to. */
export interface Label {
  readonly kind: 'label';
  /** Counts from 1. */
  readonly line: number;
  readonly name: string;
}

/** One opcode with its operands, in the order in which they stand. */
export interface Statement {
  readonly kind: 'statement';
  /** Counts from 1. */
  readonly line: number;
  readonly opcode: OpcodeName;
  readonly operands: readonly Operand[];
  /** Operators, calls, indexings and arguments on the line: what it weighs in the price. */
  readonly weight: number;
}

/** A literal: signed 32-bit and never −0. */
export interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
}

/** `#rrggbb` and its like. */
export interface ColourNode {
  readonly kind: 'colour';
  /** 3, 4, 6 or 8 lower-case hex digits. */
  readonly digits: string;
}

/** A variable, a PARAM, `width`, `height` or a named colour; as an operand also a label or a declared name. */
export interface NameNode {
  readonly kind: 'name';
  /** Lower case. */
  readonly name: string;
  /** Where it stands in its line: UTF-16 units from 0; so in all nodes. */
  readonly at: number;
}

/** `name[index]` */
export interface CellNode {
  readonly kind: 'cell';
  readonly name: string;
  readonly index: Expression;
  readonly at: number;
}

/** `name(arguments)`: a function, or a DEF. */
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly values: readonly Expression[];
  readonly at: number;
}

/** `tw(text)`: how wide a text would be. */
export interface MeasureNode {
  readonly kind: 'measure';
  readonly text: string;
  readonly at: number;
}

export type UnaryOperator = '-' | '~' | '!';

export interface UnaryNode {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export type BinaryOperator =
  | '||'
  | '&&'
  | '|'
  | '^'
  | '&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** Of the operator. */
  readonly at: number;
}

/** `test?yes:no` */
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly test: Expression;
  readonly yes: Expression;
  readonly no: Expression;
}

export type Expression =
  | NumberNode
  | ColourNode
  | NameNode
  | CellNode
  | CallNode
  | MeasureNode
  | UnaryNode
  | BinaryNode
  | ChoiceNode;

/** The text of a TXT, the characters of an INK, the pixels of a ROW. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** A word of the language in an operand's place, in upper case: the JMP of an IF, the mode of a BLEND. */
export interface WordNode {
  readonly kind: 'word';
  readonly word: string;
}

/** The SHA-256 of a canvas, which names an IMAGE. */
export interface ChecksumNode {
  readonly kind: 'checksum';
  /** 64 lower-case hex digits. */
  readonly digits: string;
}

export type Operand = Expression | TextNode | WordNode | ChecksumNode;

export type Line = Blank | Comment | Label | Statement;

/** A line that could not be read, with what of it still counts: whether it opens a block, and the names in it. */
export interface BadLine {
  readonly kind: 'bad';
  readonly line: number;
  readonly text: string;
}

/** A literal PARAM with its range. */
export interface Param {
  readonly name: string;
  /** Of its declaration, from 1. */
  readonly line: number;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** A DEF. */
export interface Definition {
  readonly name: string;
  /** Of its declaration, from 1. */
  readonly line: number;
  readonly parameters: readonly string[];
  /** Its parameters first, then the variables that it sets. */
  readonly locals: readonly string[];
}

/** What the names of a program stand for; all in lower case, in order of first appearance. */
export interface Names {
  readonly globals: readonly string[];
  readonly params: readonly Param[];
  /** Arrays and tables. */
  readonly arrays: readonly string[];
  readonly definitions: readonly Definition[];
}

/** A SPRITE: a picture whose pixels stand in the program, one character each. */
export interface Sprite {
  readonly name: string;
  /** Of its declaration, from 1. */
  readonly line: number;
  /** Pixels, from 1 to `LIMITS.spriteSide`; so is the height. */
  readonly width: number;
  readonly height: number;
  /** From the top; what a row has fewer code points than the width are holes at its right. */
  readonly rows: readonly string[];
  /** The colour of each character that an INK gives one: by code point, packed, signed 32-bit. */
  readonly inks: ReadonlyMap<number, number>;
  /** The code point of what is drawn in the colour of the pen, where a row has it; what no colour is known of is a hole. */
  readonly penCode: number | undefined;
}

/** An IMAGE: the canvas of another cartridge, which the program names by its checksum. */
export interface Image {
  readonly name: string;
  /** Of its declaration, from 1. */
  readonly line: number;
  /** Pixels, from 1 to `LIMITS.canvasSide`; so is the height. */
  readonly width: number;
  readonly height: number;
  /** The SHA-256 of its RGBA bytes, 64 lower-case hex digits. */
  readonly checksum: string;
}

/** A SHADE: lines that are run for each pixel of a rectangle. */
export interface ShadeBlock {
  /** Of its first line, from 1. */
  readonly line: number;
  /** Names that it sets: its own variables and, where it sets them, the channels. In order of first appearance. */
  readonly sets: readonly string[];
  /** Names of the program's that it reads: variables, PARAMs, `width` and `height`. In order of first appearance. */
  readonly reads: readonly string[];
}

/** A program that may be run: every line is right, and every name stands for something. */
export interface Program {
  /** `lines[n]` is what line n + 1 of the source says. */
  readonly lines: readonly Line[];
  readonly names: Names;
  /** In the order in which they are declared. */
  readonly sprites: readonly Sprite[];
  /** In the order in which they are declared; where two have one checksum, they have one size. */
  readonly images: readonly Image[];
  /** In the order in which they stand. */
  readonly shades: readonly ShadeBlock[];
  /** For the excerpts of what goes wrong when it runs. */
  readonly source: SourceLines;
}
