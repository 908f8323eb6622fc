/** The pages of the repository as data: their tables, code blocks, headings and links. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/host/package-root.ts';
import { listTree, SOURCE_ROOMS } from '../house/tree-files.ts';

export function readPage(path: string): string {
  return readFileSync(join(packageRoot(), path), 'utf8');
}

/** Every Markdown file, by its path from the root. */
export function listPages(): string[] {
  return listTree().filter((path) => path.endsWith('.md'));
}

/** The cells of a table's row; `\|` is a bar within a cell, and code is given without its backticks. */
function cells(row: string): string[] {
  return row
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) =>
      cell
        .trim()
        .replaceAll('\\|', '|')
        .replace(/^`([^`]*)`$/, '$1'),
    );
}

/** The rows of every table on a page whose header is `header`, in order. */
export function tableRows(page: string, header: readonly string[]): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) inside = false;
    else if (inside && !/^[|\s:-]+$/.test(line)) rows.push(cells(line));
    else if (cells(line).join('|') === header.join('|')) inside = true;
  }
  return rows;
}

/** The code blocks of a language, in order. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].flatMap(([, found, text]) =>
    found === language ? [text as string] : [],
  );
}

/** The code block that a comment such as `<!-- client: slot.py -->` stands before. */
export function markedBlock(page: string, mark: string): string {
  const start = page.indexOf(`<!-- ${mark} -->`);
  const block = start < 0 ? undefined : /^```\S+\n([\s\S]*?)^```$/m.exec(page.slice(start))?.[1];
  if (block === undefined) throw new Error(`Expected a code block marked ${mark}`);
  return block;
}

/** Targets of the page's links and pictures. */
export function linkTargets(page: string): string[] {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
}

/** The fragments that a page's headings can be reached by. */
export function anchors(page: string): string[] {
  const prose = page.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Every code of the given families that the source rooms mention in quotes, sorted, each once; `apart` are files that do not count. */
export function codesInSource(families: RegExp, apart: readonly string[] = []): string[] {
  const found = listTree()
    .filter(
      (path) =>
        SOURCE_ROOMS.some((room) => path.startsWith(`${room}/`)) &&
        path.endsWith('.ts') &&
        !apart.includes(path),
    )
    .flatMap((path) =>
      [...readPage(path).matchAll(/'([A-Z]+-[EW]\d{3})'/g)].map(([, code]) => code as string),
    )
    .filter((code) => families.test(code));
  return [...new Set(found)].sort();
}
