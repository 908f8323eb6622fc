#!/usr/bin/env node
/** The `gvpie` command: loads the program, from its joined modules where they are, and runs it. */
import { keepCompiled } from './compile-cache.ts';
import { joinedProgram } from './joined.ts';

type Program = typeof import('./command.ts');

const joined = joinedProgram(process.argv.slice(2), import.meta.url);
if (joined !== undefined) keepCompiled();
// Whoever starts while it is joined anew finds no program there for a moment.
const program: Program = await (joined === undefined
  ? import('./command.ts')
  : import(joined).catch(() => import('./command.ts')));
await program.runCommand();
