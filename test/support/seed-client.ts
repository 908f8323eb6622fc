/** The seed's own client, test/support/seed_client.py, against a live renderer, with the hashes it must find. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../shared/host/package-root.ts';
import { startChild } from './child.ts';
import { expectedPixels } from './expected-pixels.ts';
import { sha256 } from './spool-hand.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What the client counted; see its own help. */
export interface SeedCount {
  readonly programs: number;
  readonly answered: number;
  readonly checked: number;
  readonly timeouts: number;
  readonly wrong_length: number;
  readonly wrong_bytes: number;
  readonly answers_to_another: number;
  readonly late_deletes: number;
  readonly seconds: number;
  readonly latency_ms: { readonly p50: number; readonly p99: number; readonly max: number };
}

async function client(args: readonly string[]): Promise<string> {
  const child = startChild('python3', [join(packageRoot(), 'test/support/seed_client.py'), ...args]);
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`the seed's client ended with ${code}: ${child.output()}`);
  return child.output();
}

/** The client's programs, and a file of what each must look like. */
export async function seedPrograms(programs: number, seed: number) {
  const folder = temporaryFolder();
  const emitted = join(folder, 'programs.jsonl');
  await client([folder, '--programs', `${programs}`, '--seed', `${seed}`, '--emit-programs', emitted]);
  const hashes: string[] = [];
  for (const line of readFileSync(emitted, 'utf8').trimEnd().split('\n')) {
    const { code, width, height } = JSON.parse(line) as { code: string; width: number; height: number };
    hashes.push(sha256(await expectedPixels(code, { width, height })));
  }
  return {
    hashes,
    /** Runs the client at a socket; `expected` may be falsified, to see that the client would object. */
    async run(socket: string, options: readonly string[] = [], expected = hashes): Promise<SeedCount> {
      const file = join(folder, 'expected.jsonl');
      writeFileSync(file, expected.map((sha, i) => `${JSON.stringify({ i, sha256: sha })}\n`).join(''));
      const args = [socket, '--programs', `${expected.length}`, '--seed', `${seed}`, '--expect', file];
      return JSON.parse(await client([...args, ...options])) as SeedCount;
    },
  };
}

/** A count with nothing wrong in it. */
export function flawless(programs: number) {
  return {
    programs,
    answered: programs,
    checked: programs,
    timeouts: 0,
    wrong_length: 0,
    wrong_bytes: 0,
    answers_to_another: 0,
  };
}
