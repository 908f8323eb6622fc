/** What `gvpie inspect` says of a label that is too new for it: what it can read of it, and what not. */
import type { NewerLabel } from '../shared/cartridge/newer.ts';
import { paramWords } from './options.ts';
import { count, say, sayJson } from './print.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** @param sayProgram prints the embedded program, which is there as a text */
export function sayNewer(
  path: string,
  bytes: number,
  { format, canvas, label, unread }: NewerLabel,
  { json }: { readonly json?: boolean },
  sayProgram: (program: string) => void,
): void {
  if (json) {
    sayJson({ path, bytes, newer: format, canvas, label, unread });
    return;
  }
  const { checksum, language, params, script, program } = label;
  const fields: (readonly [string, string | undefined])[] = [
    ['file', `${path}, ${count(bytes, 'byte')}`],
    ['format', `${format}, newer than this gvpie, which reads only some of it`],
    ['not read', unread.join(', ')],
    ['canvas', `${canvas.width}×${canvas.height}`],
    ['params', params && paramWords(params)],
    ['script', script && `${script.name}, revision ${script.revision}`],
    ['language', language && `${language.name} ${language.version}`],
    ['checksum', checksum],
  ];
  const known = fields.filter((field): field is [string, string] => field[1] !== undefined);
  for (const line of fieldLines(known, styleOf(process.stdout).dim)) say(line);
  if (program === undefined) return;
  say();
  sayProgram(program);
}
