/**
 * The grammar of PXL-ε for editors, made from the tables of the language: docs/pxl.tmLanguage.json, in TextMate's
 * format. Its patterns read one line each, and use nothing that regular expressions of JavaScript do not have.
 */
import { COLOUR_NAMES } from '../../renderer/language/colours.ts';
import { FUNCTIONS } from '../../renderer/language/functions.ts';
import type { Chapter } from '../../renderer/language/opcode.ts';
import { OPCODES } from '../../renderer/language/opcodes.ts';

export const GRAMMAR_FILE = 'docs/pxl.tmLanguage.json';

/** A rule of TextMate: what matches has the name; within a capture its own patterns apply. */
export interface Rule {
  readonly include?: string;
  readonly match?: string;
  readonly name?: string;
  readonly captures?: Readonly<Record<string, Rule>>;
  readonly patterns?: readonly Rule[];
}

export interface Grammar {
  readonly name: string;
  readonly scopeName: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, { readonly patterns: readonly Rule[] }>>;
}

const NAME = '[A-Za-z_][A-Za-z0-9_]*';
const START = '(?<![A-Za-z0-9_])';
const STOP = '(?![A-Za-z0-9_])';
const INDENT = '^[ \\t]*';
const GAP = '(?:[ \\t]*,[ \\t]*|[ \\t]+)';
/** An operand of TXT that holds blanks holds them in brackets: so many inside one another are followed. */
const BRACKETS = 6;
const OPERAND = `(?:[^ \\t,()\\[\\]]|${nested(BRACKETS)})+`;

const SCOPES: Readonly<Record<Chapter, string>> = {
  drawing: 'support.function.drawing.pxl',
  state: 'keyword.other.state.pxl',
  values: 'storage.type.values.pxl',
  control: 'keyword.control.pxl',
};

function nested(depth: number): string {
  const inner = depth === 1 ? '[^()\\[\\]]' : `(?:[^()\\[\\]]|${nested(depth - 1)})`;
  return `[(\\[]${inner}*[)\\]]`;
}

/** Any of the words, in any mixture of cases; the longest first, so that none hides another. */
function anyOf(words: readonly string[]): string {
  const spelt = [...words]
    .sort((one, other) => other.length - one.length || (one < other ? -1 : 1))
    .map(anyCase);
  return `(?:${spelt.join('|')})`;
}

function anyCase(word: string): string {
  return word.replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

function opcodesOf(chapter: Chapter): string[] {
  return OPCODES.filter((opcode) => opcode.chapter === chapter).map(({ name }) => name);
}

const EXPRESSION: Rule = { include: '#expression' };
const LABEL_NAME: Rule = { name: 'entity.name.label.pxl' };
const DEF_NAME: Rule = { name: 'entity.name.function.pxl' };

const LINES: readonly Rule[] = [
  { match: `${INDENT}#.*$`, name: 'comment.line.number-sign.pxl' },
  {
    match: `${INDENT}(${NAME})(:)[ \\t\\r]*$`,
    captures: { '1': LABEL_NAME, '2': { name: 'punctuation.separator.label.pxl' } },
  },
  {
    match: `${INDENT}(${anyCase('TXT')})(?:[ \\t]+(${OPERAND})${GAP}(${OPERAND})(?:[ \\t,](.*?)[ \\t\\r]*)?)?$`,
    captures: {
      '1': { name: SCOPES.drawing },
      '2': { patterns: [EXPRESSION] },
      '3': { patterns: [EXPRESSION] },
      '4': { name: 'string.unquoted.pxl' },
    },
  },
  ...(['DEF', 'CALL'] as const).map((opcode) => ({
    match: `${INDENT}(${anyCase(opcode)})[ \\t]+(${NAME})${STOP}`,
    captures: { '1': { name: SCOPES.control }, '2': DEF_NAME },
  })),
  {
    match: `(?:${INDENT}|(?<=[ \\t]))(${anyCase('JMP')})[ \\t]+(${NAME})(?=[ \\t\\r]*$)`,
    captures: { '1': { name: SCOPES.control }, '2': LABEL_NAME },
  },
  {
    match: `${INDENT}(${anyCase('ELSE')})[ \\t]+(${anyCase('IF')})(?=[ \\t])`,
    captures: { '1': { name: SCOPES.control }, '2': { name: SCOPES.control } },
  },
  {
    match: `${INDENT}(${anyCase('BLEND')})[ \\t]+(${anyOf(['OVER', 'SRC'])})(?=[ \\t\\r]*$)`,
    captures: { '1': { name: SCOPES.state }, '2': { name: 'constant.language.blend.pxl' } },
  },
  ...(Object.keys(SCOPES) as Chapter[]).map((chapter) => ({
    match: `${INDENT}(${anyOf(opcodesOf(chapter))})(?=[ \\t\\r]|$)`,
    captures: { '1': { name: SCOPES[chapter] } },
  })),
];

const PARTS: readonly Rule[] = [
  {
    match: `#(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3,4})${STOP}`,
    name: 'constant.other.color.pxl',
  },
  { match: '#[^ \\t,]*', name: 'invalid.illegal.color.pxl' },
  { match: `${START}[0-9]+${STOP}`, name: 'constant.numeric.integer.pxl' },
  {
    match: `${START}${anyOf(FUNCTIONS.map(({ name }) => name))}(?=\\()`,
    name: 'support.function.builtin.pxl',
  },
  { match: `${START}${NAME}(?=\\()`, name: 'entity.name.function.pxl' },
  { match: `${START}${anyOf(['width', 'height'])}${STOP}`, name: 'variable.language.canvas.pxl' },
  {
    match: `${START}${anyOf(COLOUR_NAMES)}(?![A-Za-z0-9_\\[])`,
    name: 'support.constant.color.pxl',
  },
  { match: `${START}${NAME}`, name: 'variable.other.pxl' },
  { match: '\\|\\||&&|[<>=!]=|<<|>>|[-+*/%&|^~!<>?:]', name: 'keyword.operator.pxl' },
  { match: '[()\\[\\]]', name: 'punctuation.section.brackets.pxl' },
  { match: ',', name: 'punctuation.separator.comma.pxl' },
];

export const EDITOR_GRAMMAR: Grammar = {
  name: 'PXL-ε',
  scopeName: 'source.pxl',
  fileTypes: ['pxl'],
  patterns: [{ include: '#line' }, EXPRESSION],
  repository: { line: { patterns: LINES }, expression: { patterns: PARTS } },
};

/** The file, formatted as the house formats JSON. */
export function editorGrammarText(): string {
  const text = JSON.stringify(EDITOR_GRAMMAR, undefined, 2);
  // An array that fits on one line stands on one.
  return `${text.replace(/\[\n\s+("[^"\n]*")\n\s+\]/g, '[$1]')}\n`;
}
