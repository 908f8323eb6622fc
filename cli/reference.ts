/** `gvpie reference`: everything with its usage and a sentence, or all there is to say about one word. */
import { quoted } from '../renderer/language/caret.ts';
import {
  CHAPTERS,
  type EntryChapter,
  entryLines,
  entryOf,
  nearestEntry,
  OPERATOR_CHAPTER,
} from '../renderer/language/reference.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './print.ts';
import { type Refusal, wrongUsage } from './refusal.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** @throws {Refusal} when the word has no entry */
export function reference(word: string | undefined): ExitCode {
  if (word === undefined) {
    sayChapters([...CHAPTERS, OPERATOR_CHAPTER]);
    say(
      'gvpie reference WORD has an example; WORD may also be a code (PXL-E003, RUN-E006) or a limit (steps).',
    );
    return EXIT.ok;
  }
  const entry = entryOf(word);
  if (entry === undefined) {
    // Whoever asks for signs looks for an operator, perhaps another language's.
    if (!/^(operators?|[!-/:-@[-^`{-~]+)$/i.test(word)) throw unknown(word);
    sayChapters([OPERATOR_CHAPTER]);
    say("gvpie reference '?:' and the like have an example.");
    return EXIT.ok;
  }
  const style = styleOf(process.stdout);
  const lines = entryLines(entry);
  for (const [index, line] of lines.entries()) say(index < entry.usages.length ? style.bold(line) : line);
  return EXIT.ok;
}

/** One width for all, so that summaries stand below each other from chapter to chapter. */
function sayChapters(chapters: readonly EntryChapter[]): void {
  const style = styleOf(process.stdout);
  const fields = chapters.flatMap(({ entries }) =>
    entries.map(({ usages, summary }) => [usages.join(' or '), summary] as const),
  );
  const lines = fieldLines(fields, style.bold);
  for (const { title, entries } of chapters) {
    say(style.dim(title));
    for (const line of lines.splice(0, entries.length)) say(`  ${line}`);
    say();
  }
}

function unknown(word: string): Refusal {
  const near = nearestEntry(word);
  return wrongUsage(
    `Expected an opcode, a function, an operator, a code or a limit, found ${quoted(word)}`,
    near === undefined ? 'gvpie reference lists opcodes, functions and operators' : `did you mean ${near}?`,
  );
}
