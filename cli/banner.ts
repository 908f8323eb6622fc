/** The banner: on a terminal, what this process is and how it ends. In a pipe the journal speaks alone. */
import { VERSION } from '../shared/version.ts';
import { say } from './print.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** @param what the command; one with `--once` ends by itself */
export function introduce(what: string, fields: readonly (readonly [string, string])[]): void {
  if (!process.stdout.isTTY) return;
  const style = styleOf(process.stdout);
  say(`${style.bold(`gvpie ${what}`)} ${VERSION}`);
  for (const line of fieldLines(fields, style.dim)) say(`  ${line}`);
  if (!what.endsWith('--once')) say('  Ctrl-C stops');
}

/** What paints, without saying twice that it is the CPU. */
export function paintsOn({
  backend,
  adapter,
}: {
  readonly backend: string;
  readonly adapter: string;
}): string {
  return adapter.startsWith(backend) ? adapter : `${backend}, ${adapter}`;
}
