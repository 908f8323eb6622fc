/** Folders that are taken away under two orchestrators and two renderers: all say so, nothing is lost, and it heals. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Child } from '../support/child.ts';
import { cli, Pair } from '../support/pair.ts';
import { inHand, namesIn } from '../support/renderer-process.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Two of each, in a folder of their own, that have rendered something. */
async function crowd() {
  const folder = temporaryFolder();
  const pair = new Pair(folder, join(folder, 'database', 'daemon.db'));
  const renderers = await Promise.all([pair.renderer(), pair.renderer()]);
  const orchestrators = await Promise.all([pair.orchestrator(), pair.orchestrator()]);
  await pair.run('hello_gpu');
  let count = 0;
  const insert = (scripts: number) => {
    for (let n = 0; n < scripts; n++, count++) pair.insert(`s${count}`, `TXT 1 1 ${count}`);
  };
  return { pair, renderers, orchestrators, insert };
}

/** How often a daemon has said something with these words. */
const said = (child: Child, words: RegExp): number =>
  child
    .output()
    .split('\n')
    .filter((line) => words.test(line)).length;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('two orchestrators and two renderers', () => {
  it('go on when the folder of cartridges is deleted, and fail what cannot be kept while a file is in its place', async () => {
    const { pair, orchestrators, insert } = await crowd();
    rmSync(pair.cartridges, { recursive: true });
    insert(6);
    await pair.idle();
    expect(pair.shelf()).toHaveLength(6);
    rmSync(pair.cartridges, { recursive: true });
    writeFileSync(pair.cartridges, 'in the way');
    insert(6);
    await waitUntil(
      'a failure of each',
      () => pair.runs().filter(({ outcome }) => outcome === 'failed').length >= 6,
    );
    const failed = pair.runs().find(({ outcome }) => outcome === 'failed');
    expect(JSON.parse(failed?.stderr ?? '').error).toMatchObject({
      code: 'RUN-E005',
      message: expect.stringContaining(pair.cartridges),
    });
    rmSync(pair.cartridges);
    await pair.idle(20_000);
    expect(pair.shelf()).toHaveLength(6);
    for (const { name } of pair.query<{ name: string }>('SELECT name FROM improvement_scripts'))
      expect(
        pair.runs(name).filter(({ outcome }) => outcome === 'success'),
        name,
      ).toHaveLength(1);
    for (const one of orchestrators) expect(one.end()).toBeUndefined();
  });

  it('go on when the socket is deleted, and wait while a file is in its place', async () => {
    const { pair, renderers, orchestrators, insert } = await crowd();
    rmSync(pair.socket, { recursive: true });
    insert(6);
    await pair.idle(30_000);
    rmSync(pair.socket, { recursive: true });
    writeFileSync(pair.socket, 'in the way');
    insert(6);
    await pause(3_000);
    for (const one of [...renderers, ...orchestrators]) {
      expect(one.end()).toBeUndefined();
      const faults = one.output().match(/^.*(daemon|upkeep):fault.*$/gm) ?? [];
      expect(faults.join('\n')).toContain('ENOTDIR: not a directory');
      const messages = faults.map((line) => JSON.parse(line).message);
      expect(messages).toEqual([...new Set(messages)]);
    }
    rmSync(pair.socket);
    await pair.idle(30_000);
    await waitUntil('nothing in hand', () => inHand(pair.socket).length === 0);
    await waitUntil('an empty outbox', () => namesIn(pair.socket, 'outbox').length === 0);
    expect(await shelfObjections(pair)).toEqual([]);
  });

  it('end, and say so once, when the folder of the database is taken away; nothing is lost when it is back', async () => {
    const { pair, orchestrators, renderers, insert } = await crowd();
    const home = dirname(pair.database);
    for (const one of renderers) one.process.kill('SIGSTOP');
    insert(6);
    await waitUntil('six runs', () => pair.runs().length === 7);
    renameSync(home, `${home}-away`);
    for (const one of orchestrators) {
      expect((await one.ended).code).toBe(70);
      expect(said(one, /was removed or replaced/)).toBe(1);
    }
    expect(existsSync(home)).toBe(false);
    for (const one of renderers) one.process.kill('SIGCONT');
    renameSync(`${home}-away`, home);
    await Promise.all([pair.orchestrator(), pair.orchestrator()]);
    await pair.idle(20_000);
    await waitUntil('an empty outbox', () => namesIn(pair.socket, 'outbox').length === 0);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(pair.shelf()).toHaveLength(7);
  });

  it.skipIf(!canFreeze())(
    'say so when the database is read-only, keep what they have, and close it when it is not',
    async () => {
      const { pair, orchestrators, renderers, insert } = await crowd();
      for (const one of renderers) one.process.kill('SIGSTOP');
      insert(6);
      await waitUntil('six runs', () => pair.runs().length === 7);
      const files = [pair.database, `${pair.database}-wal`];
      freeze(files, '+i');
      try {
        const listed = cli('queue', '--db', pair.database);
        const paused = cli('pause', '--db', pair.database);
        expect((await listed.ended).code).toBe(0);
        expect((await paused.ended).code).toBe(70);
        expect(paused.output()).toContain('make the file and its folder writable');
        for (const one of renderers) one.process.kill('SIGCONT');
        const ofWork = orchestrators.filter(({ pid }) => owners(pair).includes(pid));
        for (const one of ofWork) await waitUntil('the word of it', () => said(one, /daemon:fault/) > 0);
        await pause(2_000);
        for (const one of orchestrators) {
          expect(one.end()).toBeUndefined();
          expect(said(one, /daemon:fault/)).toBeLessThan(4);
        }
        expect(pair.runs().filter(({ outcome }) => outcome === null)).toHaveLength(6);
      } finally {
        freeze(files, '-i');
      }
      await pair.idle(20_000);
      await waitUntil('an empty outbox', () => namesIn(pair.socket, 'outbox').length === 0);
      expect(await shelfObjections(pair)).toEqual([]);
      expect(pair.runs()).toHaveLength(7);
    },
  );

  it.skipIf(!canFreeze())(
    'refuse to begin on a database that is read-only, with a way out, and begin when it is not',
    async () => {
      const { pair, orchestrators, insert } = await crowd();
      insert(2);
      await pair.idle();
      for (const one of orchestrators) {
        one.process.kill('SIGTERM');
        await one.ended;
      }
      const words = [
        'orchestrator',
        '--socket',
        pair.socket,
        '--db',
        pair.database,
        '--cartridges',
        pair.cartridges,
      ];
      freeze([pair.database], '+i');
      try {
        const refused = [cli(...words), cli(...words)];
        for (const one of refused) {
          expect((await one.ended).code).toBe(70);
          expect(one.output()).toMatch(/readonly database\nhint: make the file and its folder writable/);
        }
      } finally {
        freeze([pair.database], '-i');
      }
      insert(2);
      await Promise.all([pair.orchestrator(), pair.orchestrator()]);
      await pair.idle();
      expect(await shelfObjections(pair)).toEqual([]);
      expect(pair.shelf()).toHaveLength(5);
    },
  );
});

/** Pids of the orchestrators that own open runs. */
function owners(pair: Pair): number[] {
  const sql = 'SELECT DISTINCT pid FROM v_running JOIN orchestrators ON orchestrators.id = owner';
  return pair.query<{ pid: number }>(sql).map(({ pid }) => pid);
}

/** Root may write whatever its mode says, but nobody writes what is immutable. */
function freeze(files: readonly string[], how: '+i' | '-i'): void {
  execFileSync('chattr', [how, ...files], { stdio: 'pipe' });
}

function canFreeze(): boolean {
  const file = join(mkdtempSync(join(tmpdir(), 'gvpie-test-')), 'file');
  try {
    writeFileSync(file, '');
    freeze([file], '+i');
    freeze([file], '-i');
    return true;
  } catch {
    return false;
  } finally {
    rmSync(dirname(file), { recursive: true });
  }
}
