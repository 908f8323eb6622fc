/**
 * The joined program: what `cli/join.mjs` makes of the compiled modules, the same code in a few files. Node takes about
 * 0.4 ms to load a module however small it is, and a command needs two hundred of them.
 */
import { readFileSync, statSync } from 'node:fs';

/** Commands that stay. They start others and threads of their own by the places of modules, which joining loses. */
const STAYING: readonly string[] = ['up', 'renderer', 'orchestrator', 'preview'];

/**
 * The URL of the joined program; undefined where the modules as they were compiled are to be loaded: for a command that
 * stays, where nothing was joined since the last time that something was compiled, and where one of its files is not whole.
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
  if (joinedMs === undefined || joinedMs < builtMs || !isWhole(program)) return undefined;
  return program.href;
}

function modifiedMs(file: URL): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** Whether all files have the sizes that they were written with; to look at them takes 0.3 ms. */
function isWhole(program: URL): boolean {
  try {
    const sizes = JSON.parse(readFileSync(new URL('sizes.json', program), 'utf8')) as Record<string, number>;
    return Object.entries(sizes).every(([name, size]) => statSync(new URL(name, program)).size === size);
  } catch {
    return false;
  }
}
