/** Wrong usage: what commander and npm make of a command line, said as gvpie says everything. */
import type { Command } from 'commander';
import { quoted } from '../renderer/language/caret.ts';
import { explain } from './explain.ts';
import { commandPath, flagTakenByNpm } from './npm.ts';
import { wrongUsage } from './refusal.ts';

/**
 * Refuses a command without the flag that was meant for it.
 *
 * @throws {Refusal} when npm kept a flag for itself
 */
export function requireOwnFlags(command: Command): void {
  const taken = flagTakenByNpm(command);
  if (taken !== undefined) throw wrongUsage(taken);
}

/** What commander says of an argument that is not right: the words of its parser, with what was found and where. */
function asExpected(words: string): string {
  const [, found, place, expected] =
    /^command-argument value '([\s\S]*)' is invalid for argument '([^']*)'\. (Expected [^.]*)\.$/.exec(
      words,
    ) ?? [];
  return found === undefined ? words : `${expected} for ${place}, found ${quoted(found)}`;
}

/**
 * The words of a command line, but only up to one that names no command, where the rest asks for help: commander would
 * print the help of what is above it, as if that had been asked for.
 */
export function upToUnknown(program: Command, words: readonly string[]): readonly string[] {
  const asksBefore = words[0] === 'help';
  const path = asksBefore ? words.slice(1) : words;
  let command = program;
  for (const [index, word] of path.entries()) {
    if (command.commands.length === 0 || word.startsWith('-') || word === 'help') return words;
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next === undefined) return path.slice(0, index + 1);
    command = next;
  }
  return words;
}

/** Has commander say what is wrong with a command line as gvpie says everything: in red, with a hint. */
export function sayUsageAsOurs(command: Command): void {
  command.configureOutput({
    outputError: (text) => {
      const words = asExpected(text.replace(/^error: /, '').trimEnd());
      const hint = flagTakenByNpm(command) ?? `${commandPath(command)} --help`;
      explain(wrongUsage(words.replaceAll('\n', ' '), hint));
    },
  });
  for (const one of command.commands) sayUsageAsOurs(one);
}
