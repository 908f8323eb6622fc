#!/usr/bin/env node
/** The `gvpie` command: loads the program, from its joined modules where they are, and runs it. */
import { joinedProgram } from './joined.ts';

const joined = joinedProgram(process.argv.slice(2), import.meta.url);
type Program = typeof import('./command.ts');
const program: Program = joined === undefined ? await import('./command.ts') : await import(joined);
await program.runCommand();
