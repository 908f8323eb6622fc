/** The banner: on a terminal, what this process is and how it ends. In a pipe the journal speaks alone. */
import type { BackendChoice } from '../shared/protocol/command.ts';
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

/** What each choice of backend asks for. */
const ASKS: Readonly<Record<BackendChoice, string>> = {
  auto: 'auto: a real GPU for what it is faster at, else the CPU',
  gpu: 'gpu: a GPU, be it software, or nothing',
  cpu: 'cpu',
};

/** What is to paint, before anybody has looked whether it is there. */
export function asksFor(choice: BackendChoice): string {
  return ASKS[choice];
}

/** What a renderer says of who paints; an older one says less. */
interface Painting {
  readonly backend: string;
  readonly adapter: string;
  readonly reason?: string | undefined;
  readonly health?: 'ok' | 'degraded' | undefined;
}

/** What paints, without saying twice that it is the CPU. */
export function paintsOn({ backend, adapter }: Painting): string {
  return adapter.startsWith(backend) ? adapter : `${backend}, ${adapter}`;
}

/** What paints and why, and whether it only stands in for another. */
export function describePainting(painting: Painting): string {
  const { reason, health } = painting;
  const standsIn = health === 'degraded' ? ', DEGRADED' : '';
  return `${paintsOn(painting)}${standsIn}${reason ? `: ${reason}` : ''}`;
}
