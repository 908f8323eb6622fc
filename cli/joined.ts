/**
 * The joined program: what `cli/join.mjs` makes of the compiled modules, the same code in a few files. Node takes about
 * 0.4 ms to load a module however small it is, and a command needs two hundred of them.
 */
import { statSync } from 'node:fs';

/** Commands that stay. They start others and threads of their own by the places of modules, which joining loses. */
const STAYING: readonly string[] = ['up', 'renderer', 'orchestrator', 'preview'];

/**
 * The URL of the joined program; undefined where the modules as they were compiled are to be loaded: for a command that
 * stays, and where nothing was joined since the last time that something was compiled.
 *
 * @param words the command line; a file of such a name only makes the start slower
 * @param main the URL of the compiled main.js
 */
export function joinedProgram(words: readonly string[], main: string): string | undefined {
  if (words.some((word) => STAYING.includes(word))) return undefined;
  const program = new URL('../joined/command.js', main);
  // A clone has it; what `gvpie bundle` packs was joined right before.
  const builtMs = modifiedMs(new URL('../product.tsbuildinfo', main)) ?? 0;
  const joinedMs = modifiedMs(program);
  if (joinedMs === undefined || joinedMs < builtMs) return undefined;
  return program.href;
}

function modifiedMs(file: URL): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
