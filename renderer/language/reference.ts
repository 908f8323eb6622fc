/** The reference: what people are told of an opcode, a function, an operator, a code or a limit, for a terminal and for a page. */
import { CARTRIDGE_FAULTS } from '../../shared/cartridge/cartridge-fault.ts';
import { ORCHESTRATOR_FAULTS, RENDERER_FAULTS } from '../../shared/fault-codes.ts';
import { LIMIT_WORDS, type LimitName, limitFigure } from '../../shared/limit-names.ts';
import { settingBehind } from '../../shared/lowered-limits.ts';
import { CODES } from './codes.ts';
import { FUNCTIONS, type FunctionRow, functionUsage } from './functions.ts';
import type { Chapter, Opcode } from './opcode.ts';
import { OPCODES, opcodeNamed, usage } from './opcodes.ts';
import { OPERATORS, type OperatorRow, operatorLevels, prefixes } from './operators.ts';
import { nearest } from './spelling.ts';

/** What there is to say about one word. */
export interface Entry {
  /** As the language writes it. */
  readonly word: string;
  /** Each way of writing it. */
  readonly usages: readonly string[];
  readonly summary: string;
  /** What the summary leaves out, a sentence each. */
  readonly notes: readonly string[];
  /** A whole program: of an opcode. */
  readonly program?: string;
  /** An expression and its value: of a function or an operator. */
  readonly value?: readonly [expression: string, value: number];
}

/** Entries that belong together. */
export interface EntryChapter {
  readonly title: string;
  readonly entries: readonly Entry[];
}

const TITLES: Readonly<Record<Chapter, string>> = {
  drawing: 'Drawing',
  state: 'How shapes are drawn',
  sprites: 'Sprites and images',
  values: 'Values and names',
  control: 'Control',
};

/** Every opcode and every function, in the order in which people meet them. */
export const CHAPTERS: readonly EntryChapter[] = [
  ...(Object.keys(TITLES) as Chapter[]).map((chapter) => ({
    title: TITLES[chapter],
    entries: OPCODES.filter((opcode) => opcode.chapter === chapter).map(opcodeEntry),
  })),
  { title: 'Functions', entries: FUNCTIONS.map(functionEntry) },
];

/** Every operator, the loosest first: for a terminal. Pages have a table of them. */
export const OPERATOR_CHAPTER: EntryChapter = {
  title: 'Operators, the loosest first',
  entries: OPERATORS.map(operatorEntry),
};

function opcodeEntry(opcode: Opcode): Entry {
  return {
    word: opcode.name,
    usages: opcode.forms.map((form) => usage({ ...opcode, forms: [form] })),
    summary: opcode.summary,
    notes: [...boundNotes(opcode), ...(opcode.needs === undefined ? [] : [opcode.needs])],
    program: opcode.example,
  };
}

/** A sentence for the operands of each range. */
function boundNotes({ forms }: Opcode): string[] {
  const names = new Map<string, Set<string>>();
  for (const { name, min, max } of forms.flat()) {
    if (min === undefined) continue;
    const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`;
    names.set(range, (names.get(range) ?? new Set()).add(name));
  }
  return [...names].map(
    ([range, bound]) => `${[...bound].join(' and ')} ${bound.size > 1 ? 'are' : 'is'} ${range}.`,
  );
}

function functionEntry(row: FunctionRow): Entry {
  const { weight } = row;
  return {
    word: row.name,
    usages: [functionUsage(row)],
    summary: row.summary,
    notes: weight > 1 ? [`A call weighs ${weight} in the price of its line.`] : [],
    value: row.example,
  };
}

function operatorEntry({ sign, precedence, usages, summary, example }: OperatorRow): Entry {
  return { word: sign, usages, summary, notes: bindingNotes(sign, precedence), value: example };
}

/** What is read before an operator and after it. */
function bindingNotes(sign: string, precedence: number | undefined): string[] {
  if (sign === '?:') return ['Read from the right, after every other operator.'];
  if (precedence === undefined) return ['Read before all that stand between two values.'];
  const levels = operatorLevels();
  const looser = levels[precedence - 2] ?? ['?:'];
  const tighter = levels[precedence] ?? prefixes().map((prefix) => `${prefix}a`);
  return [`Read from the left, after ${tighter.join(' ')} and before ${looser.join(' ')}.`];
}

/** The entry of an opcode, a function, an operator, a code (`PXL-E024`, `E024`) or a limit (`steps`), in any mixture of cases. */
export function entryOf(word: string): Entry | undefined {
  const lower = word.toLowerCase();
  const name = opcodeNamed(word)?.name ?? lower;
  const entries = [...CHAPTERS, OPERATOR_CHAPTER].flatMap((chapter) => chapter.entries);
  const found = entries.find((entry) => entry.word === name);
  return found ?? codeEntry(word.toUpperCase()) ?? limitEntry(lower);
}

/** Codes of other than programs, each with what is to be said of it besides its meaning. */
const OTHER_CODES: Readonly<Record<string, readonly [note: string, meaning: string]>> = {
  ...Object.fromEntries(
    Object.entries({ ...RENDERER_FAULTS, ...ORCHESTRATOR_FAULTS }).map(([code, [status, meaning]]) => [
      code,
      [`Status: ${status}. docs/protocol.md says more.`, meaning],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CARTRIDGE_FAULTS).map(([code, meaning]) => [
      code,
      ['The file is refused. docs/cartridge.md says more.', meaning],
    ]),
  ),
};

function codeEntry(upper: string): Entry | undefined {
  if (Object.hasOwn(OTHER_CODES, upper)) {
    const [note, meaning] = OTHER_CODES[upper]!;
    return { word: upper, usages: [upper], summary: sentence(meaning), notes: [note] };
  }
  const code = upper.startsWith('PXL-') ? upper : `PXL-${upper}`;
  if (!Object.hasOwn(CODES, code)) return undefined;
  const summary = sentence(CODES[code as keyof typeof CODES]);
  const kind = code.startsWith('PXL-E')
    ? 'An error: it refuses the program.'
    : 'A warning: it refuses nothing.';
  const setting = settingBehind(code);
  const lowered =
    setting === undefined ? [] : [`${setting} sets what it is held to, and a command may ask for less.`];
  return { word: code, usages: [code], summary, notes: [kind, ...lowered] };
}

function limitEntry(lower: string): Entry | undefined {
  const name = limitNames().find((limit) => limit.toLowerCase() === lower);
  if (name === undefined) return undefined;
  return {
    word: name,
    usages: [`${name} ${limitFigure(name)}`],
    summary: sentence(LIMIT_WORDS[name]),
    notes: ['A limit: the most there may be.'],
  };
}

function limitNames(): LimitName[] {
  return Object.keys(LIMIT_WORDS) as LimitName[];
}

/** What has an entry and is spelt most like `word`. */
export function nearestEntry(word: string): string | undefined {
  const words = CHAPTERS.flatMap(({ entries }) => entries.map((entry) => entry.word));
  const codes = [...Object.keys(CODES), ...Object.keys(OTHER_CODES)];
  return nearest(word, [...words, ...codes, ...limitNames()]);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** An entry for a terminal. */
export function entryLines(entry: Entry): string[] {
  const { program, value } = entry;
  const lines = [...entry.usages, '', ...[entry.summary, ...entry.notes].map((text) => `  ${text}`)];
  if (program !== undefined) lines.push('', ...program.split('\n').map((line) => `    ${line}`));
  if (value !== undefined) lines.push('', `    ${value[0]} is ${value[1]}`);
  return lines;
}

/** Where the picture of an entry's program lies, from docs/; undefined when it has no program. */
export function entryPicture({ word, program }: Entry): string | undefined {
  return program === undefined ? undefined : `reference/${word.toLowerCase()}.png`;
}

/** An entry as a section of a page, under a heading of level 4. */
export function entrySection(entry: Entry): string {
  const picture = entryPicture(entry);
  const { word, program, value } = entry;
  const example = value === undefined ? [] : [`\`${value[0]}\` is ${value[1]}.`];
  const parts = [
    `#### ${word}`,
    entry.usages.map((usage) => `\`${usage}\``).join(' or '),
    [entry.summary, ...entry.notes, ...example].join(' '),
  ];
  if (picture !== undefined) {
    parts.push(`\`\`\`pxl\n${program}\n\`\`\``, `![What the example of ${word} draws](${picture})`);
  }
  return parts.join('\n\n');
}
