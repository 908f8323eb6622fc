/** `gvpie reference`: every opcode and function with its usage and a sentence, or all there is to say about one word. */
import { quoted } from '../renderer/language/caret.ts';
import { CHAPTERS, entryLines, entryOf, nearestEntry } from '../renderer/language/reference.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say } from './print.ts';
import { wrongUsage } from './refusal.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** @throws {Refusal} when the word has no entry */
export function reference(word: string | undefined): ExitCode {
  const style = styleOf(process.stdout);
  if (word === undefined) {
    // One width for all, so that summaries stand below each other from chapter to chapter.
    const fields = CHAPTERS.flatMap(({ entries }) =>
      entries.map(({ usages, summary }) => [usages.join(' or '), summary] as const),
    );
    const lines = fieldLines(fields, style.bold);
    for (const { title, entries } of CHAPTERS) {
      say(style.dim(title));
      for (const line of lines.splice(0, entries.length)) say(`  ${line}`);
      say();
    }
    say('gvpie reference WORD has an example; WORD may also be a code (PXL-E003) or a limit (steps).');
    return EXIT.ok;
  }
  const entry = entryOf(word);
  if (entry === undefined) {
    const near = nearestEntry(word);
    throw wrongUsage(
      `Expected an opcode, a function, a code or a limit, found ${quoted(word)}`,
      near === undefined ? 'gvpie reference lists opcodes and functions' : `did you mean ${near}?`,
    );
  }
  const lines = entryLines(entry);
  for (const [index, line] of lines.entries()) say(index < entry.usages.length ? style.bold(line) : line);
  return EXIT.ok;
}
