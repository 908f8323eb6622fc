/**
 * The grammar of PXL-ε for editors, made from the tables of the language: docs/pxl.tmLanguage.json, in TextMate's
 * format. Its patterns read one line each, and use nothing that regular expressions of JavaScript do not have.
 */
import { COLOUR_NAMES } from '../../renderer/language/colours.ts';
import { FUNCTIONS } from '../../renderer/language/functions.ts';
import type { Chapter, Opcode, OperandKind, Slot } from '../../renderer/language/opcode.ts';
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
/** An operand that holds blanks holds them in brackets: so many inside one another are followed. */
const BRACKETS = 6;
const OPERAND = `(?:[^ \\t,()\\[\\]]|${nested(BRACKETS)})+`;

const SCOPES: Readonly<Record<Chapter, string>> = {
  drawing: 'support.function.drawing.pxl',
  state: 'keyword.other.state.pxl',
  sprites: 'storage.type.sprites.pxl',
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

const EXPRESSION: Rule = { include: '#expression' };
const TEXT: Rule = { name: 'string.unquoted.pxl' };
const LABEL_NAME: Rule = { name: 'entity.name.label.pxl' };
const DEF_NAME: Rule = { name: 'entity.name.function.pxl' };
const PICTURE_NAME: Rule = { name: 'entity.name.sprite.pxl' };

/** Kinds of operands that are read otherwise than an expression. */
const SPECIAL: ReadonlySet<OperandKind> = new Set(['text', 'word', 'label', 'checksum']);

/** The opcode with the operands of a form, up to the last of them that is special; undefined where none is. */
function formRule(opcode: Opcode, form: readonly Slot[], all: readonly Opcode[]): Rule | undefined {
  const length = form.findLastIndex(({ kind }) => SPECIAL.has(kind)) + 1;
  if (length === 0) return undefined;
  let match = `${INDENT}(${anyCase(opcode.name)})`;
  const captures: Record<string, Rule> = { '1': { name: SCOPES[opcode.chapter] } };
  for (const [index, { kind, words = [] }] of form.slice(0, length).entries()) {
    const gap = index === 0 ? '[ \\t]+' : GAP;
    const group = String(index + 2);
    if (kind === 'text') {
      // Until it is there, what comes before it is coloured all the same.
      match += `(?:[ \\t${index === 0 ? '' : ','}](.*?)[ \\t\\r]*)?`;
      captures[group] = TEXT;
    } else if (kind === 'word') {
      match += `${gap}(${anyOf(words)})`;
      captures[group] = { name: wordScope(opcode, words, all) };
    } else if (kind === 'label') {
      match += `${gap}(${NAME})`;
      captures[group] = LABEL_NAME;
    } else if (kind === 'checksum') {
      match += `${gap}([0-9A-Fa-f]{64})`;
      captures[group] = { name: 'constant.other.checksum.pxl' };
    } else if (kind === 'name') {
      match += `${gap}(${NAME})`;
      captures[group] = PICTURE_NAME;
    } else {
      match += `${gap}(${OPERAND})`;
      captures[group] = { patterns: [EXPRESSION] };
    }
  }
  const end = form.at(-1)?.kind === 'text' ? '$' : length < form.length ? '(?=[ \\t,])' : '(?=[ \\t\\r]*$)';
  return { match: match + end, captures };
}

/** Where the words are opcodes too, as the IF of ELSE IF is, they look like them. */
function wordScope({ name }: Opcode, words: readonly string[], all: readonly Opcode[]): string {
  const rows = words.map((word) => all.find((opcode) => opcode.name === word));
  const [first] = rows;
  return first !== undefined && !rows.includes(undefined)
    ? SCOPES[first.chapter]
    : `constant.language.${name.toLowerCase()}.pxl`;
}

function lineRules(opcodes: readonly Opcode[]): Rule[] {
  const chapters = (Object.keys(SCOPES) as Chapter[]).map((chapter) => ({
    chapter,
    names: opcodes.filter((opcode) => opcode.chapter === chapter).map(({ name }) => name),
  }));
  return [
    { match: `${INDENT}#.*$`, name: 'comment.line.number-sign.pxl' },
    {
      match: `${INDENT}(${NAME})(:)[ \\t\\r]*$`,
      captures: { '1': LABEL_NAME, '2': { name: 'punctuation.separator.label.pxl' } },
    },
    ...(['DEF', 'CALL'] as const).map((opcode) => ({
      match: `${INDENT}(${anyCase(opcode)})[ \\t]+(${NAME})${STOP}`,
      captures: { '1': { name: SCOPES.control }, '2': DEF_NAME },
    })),
    ...(
      [
        ['SPRITE', 'sprites'],
        ['BLIT', 'drawing'],
      ] as const
    ).map(([opcode, chapter]) => ({
      match: `${INDENT}(${anyCase(opcode)})[ \\t]+(${NAME})${STOP}`,
      captures: { '1': { name: SCOPES[chapter] }, '2': PICTURE_NAME },
    })),
    ...opcodes.flatMap((opcode) => opcode.forms.flatMap((form) => formRule(opcode, form, opcodes) ?? [])),
    ...chapters.map(({ chapter, names }) => ({
      match: `${INDENT}(${anyOf(names)})(?=[ \\t\\r]|$)`,
      captures: { '1': { name: SCOPES[chapter] } },
    })),
  ];
}

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

/** The grammar of a language with these opcodes. */
export function editorGrammar(opcodes: readonly Opcode[]): Grammar {
  return {
    name: 'PXL-ε',
    scopeName: 'source.pxl',
    fileTypes: ['pxl'],
    patterns: [{ include: '#line' }, EXPRESSION],
    repository: { line: { patterns: lineRules(opcodes) }, expression: { patterns: PARTS } },
  };
}

/** The file, formatted as the house formats JSON. */
export function editorGrammarText(): string {
  const text = JSON.stringify(editorGrammar(OPCODES), undefined, 2);
  // An array that fits on one line stands on one.
  return `${text.replace(/\[\n\s+("[^"\n]*")\n\s+\]/g, '[$1]')}\n`;
}
