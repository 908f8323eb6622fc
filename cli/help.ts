/** The ends of help pages: examples, and the table of exit codes. */
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

export function exitCodes(): string {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
  return names.map((name) => `  ${String(EXIT[name]).padStart(2)}  ${EXIT_MEANINGS[name]}`).join('\n');
}
