/** What a row of the table of opcodes holds. */

/**
 * What an operand is.
 *
 * - `integer`: an expression from `min` to `max`; `colour`: an expression that is a packed colour
 * - `text`: runs to the line's end and comes last
 * - `place`: a variable or a cell of an array; `name`: a bare name; `label`: the name of a label
 * - `literal`: a number, a colour or the name of a colour, no expression
 * - `number`: digits as they stand, without brackets or sign, from `min` to `max`; `checksum`: the hex digits of a SHA-256
 * - `word`: one of `words`
 */
export type OperandKind =
  | 'integer'
  | 'colour'
  | 'text'
  | 'place'
  | 'name'
  | 'label'
  | 'literal'
  | 'number'
  | 'checksum'
  | 'word';

export interface Slot {
  readonly name: string;
  readonly kind: OperandKind;
  readonly min?: number;
  readonly max?: number;
  readonly words?: readonly string[];
  /** May be left out, with all that follow it. */
  readonly optional?: true;
  /** Of the last one: so many of the last operands may come again and again, together. */
  readonly repeated?: 1 | 2;
}

/** What people look for together. */
export type Chapter = 'drawing' | 'state' | 'sprites' | 'values' | 'control';

/**
 * One opcode. `version` rises when the same operands begin to mean other pixels. INK and ROW, DEF and GLOBAL are never
 * executed, so that no record has theirs: SPRITE's rises in their place, or those of CALL, RET and END.
 */
export interface Opcode {
  readonly name: string;
  readonly version: number;
  readonly chapter: Chapter;
  /** What may follow it, shortest first; an operand that stands in several forms is of one kind in all of them. */
  readonly forms: readonly (readonly Slot[])[];
  readonly summary: string;
  /** A whole program. */
  readonly example: string;
  /** A sentence that says what the example is rendered with, where the program alone is not enough. */
  readonly needs?: string;
}
