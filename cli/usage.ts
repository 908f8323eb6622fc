/** Wrong usage: what commander and npm make of a command line, said as gvpie says everything. */
import type { Command } from 'commander';
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

/** Has commander say what is wrong with a command line as gvpie says everything: in red, with a hint. */
export function sayUsageAsOurs(command: Command): void {
  command.configureOutput({
    outputError: (text) => {
      const words = text.replace(/^error: /, '').trimEnd();
      const hint = flagTakenByNpm(command) ?? `${commandPath(command)} --help`;
      explain(wrongUsage(words.replaceAll('\n', ' '), hint));
    },
  });
  for (const one of command.commands) sayUsageAsOurs(one);
}
