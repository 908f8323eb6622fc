/** An output that is no cartridge is never written over one: the program in it may be nowhere else. */
import { statSync } from 'node:fs';
import { readCartridge } from './input.ts';
import { typedPath } from './npm.ts';
import { wrongUsage } from './refusal.ts';

/** What the chunk of a label begins with, in a file that is damaged or too new, too. */
const LABEL_KEYWORD = 'gvpie\0';

/** @throws {Refusal} where a program would be lost */
export function requireNoCartridge(out: string): void {
  const isFile = out !== '-' && statSync(typedPath(out), { throwIfNoEntry: false })?.isFile();
  if (!isFile || !Buffer.from(readCartridge(out)).includes(LABEL_KEYWORD)) return;
  throw wrongUsage(`Expected -o to name no cartridge, found ${out}: its program would be lost`);
}
