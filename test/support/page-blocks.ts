/**
 * What of the pages is made from the tables of the language: each block stands between `<!-- generated: NAME -->`
 * and `<!-- generated: end -->`, on lines of its own or within one.
 */
import { CODES } from '../../renderer/language/codes.ts';
import { OPCODES } from '../../renderer/language/opcodes.ts';
import { operatorLevels, prefixes } from '../../renderer/language/operators.ts';
import { CHAPTERS, type EntryChapter, entrySection } from '../../renderer/language/reference.ts';
import { LANGUAGE_LIMITS, LIMIT_WORDS, limitFigure } from '../../shared/limit-names.ts';

/** The pages that have such blocks. */
export const GENERATED_PAGES: readonly string[] = ['docs/language.md', 'docs/machine.md'];

const statements = CHAPTERS.filter(({ title }) => title !== 'Functions');
const functions = CHAPTERS.filter(({ title }) => title === 'Functions');

const limitRows = LANGUAGE_LIMITS.map((name) => [LIMIT_WORDS[name], limitFigure(name)]);
const half = Math.ceil(limitRows.length / 2);

/** By name. */
const BLOCKS: Readonly<Record<string, string>> = {
  reference: CHAPTERS.map(({ title, entries }) =>
    [`### ${title}`, ...entries.map(entrySection)].join('\n\n'),
  ).join('\n\n'),
  statements: table(['statement', 'what it does'], entryRows(statements)),
  functions: table(['function', 'what it gives'], entryRows(functions)),
  // Within a line.
  shapes: OPCODES.filter(({ chapter }) => chapter === 'drawing')
    .map(({ name }) => code(name))
    .join(', '),
  operators: table(['operators', 'how they are read'], operatorRows()),
  limits: table(['what', 'limit'], limitRows),
  // Two to a row.
  pairedLimits: table(
    ['what', 'limit', 'what', 'limit'],
    limitRows.slice(0, half).map((row, index) => [...row, ...(limitRows[half + index] ?? ['', ''])]),
  ),
  errors: codeTable('PXL-E'),
  warnings: codeTable('PXL-W'),
};

function codeTable(prefix: string): string {
  const rows = Object.entries(CODES).filter(([code]) => code.startsWith(prefix));
  return table(['code', 'meaning'], rows);
}

function entryRows(chapters: readonly EntryChapter[]): string[][] {
  return chapters.flatMap(({ entries }) =>
    entries.map(({ usages, summary }) => [usages.map(code).join(' or '), summary]),
  );
}

/** The loosest first. */
function operatorRows(): string[][] {
  return [
    [code('test?yes:no'), 'from the right'],
    ...operatorLevels().map((signs) => [signs.map(code).join(' '), 'from the left']),
    [prefixes().map(code).join(' '), 'before a value'],
  ];
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

/** The names of all blocks. */
export const BLOCK_NAMES: readonly string[] = Object.keys(BLOCKS);

const BLOCK = /(<!-- generated: (\w+) -->(\n?))[\s\S]*?(<!-- generated: end -->)/g;

/** A page with each of its blocks as the tables have it today. */
export function withBlocks(page: string): string {
  return page.replace(BLOCK, (_, start: string, name: string, lineEnd: string, end: string) => {
    const block = BLOCKS[name];
    if (block === undefined) throw new Error(`Expected a block that can be generated, found ${name}`);
    return `${start}${block}${lineEnd}${end}`;
  });
}

/** A program on a page, and the picture under it. */
export interface PicturedProgram {
  readonly program: string;
  /** From the page's folder. */
  readonly path: string;
}

/** Each program of a page that a picture follows. */
export function picturedPrograms(page: string): PicturedProgram[] {
  return [...page.matchAll(/^```pxl\n([\s\S]*?)^```\n\n!\[[^\]\n]+\]\((\S+\.png)\)$/gm)].map(
    ([, program, path]) => ({ program: program as string, path: path as string }),
  );
}
