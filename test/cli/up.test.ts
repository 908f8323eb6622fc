/** Both daemons under one supervisor, as `npm start` runs them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseDaemons } from '../../cli/options.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { type Child, startChild } from '../support/child.ts';
import { namesOn } from '../support/names-on.ts';
import { cli, Pair } from '../support/pair.ts';
import { announcedPids, namesIn } from '../support/renderer-process.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { waitUntil } from '../support/wait-until.ts';

function startUp(pair: Pair, ...flags: string[]): Child {
  const { socket, database, cartridges } = pair;
  return cli('up', '--socket', socket, '--db', database, '--cartridges', cartridges, ...flags);
}

/** Pids of the daemons that run now. */
function daemonsOf(pair: Pair): { renderer: number | undefined; orchestrator: number | undefined } {
  const renderer = announcedPids(pair.socket).find(isAlive);
  return { renderer, orchestrator: enteredPids(pair).find(isAlive) };
}

/** Pids of the orchestrators that have entered themselves; none before there is a table for it. */
function enteredPids(pair: Pair): number[] {
  try {
    return (pair.query('SELECT pid FROM orchestrators') as { pid: number }[]).map(({ pid }) => pid);
  } catch {
    return [];
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function serving(...flags: string[]) {
  const pair = new Pair();
  const up = startUp(pair, ...flags);
  await waitUntil('both daemons', () => {
    const { renderer, orchestrator } = daemonsOf(pair);
    return renderer !== undefined && orchestrator !== undefined;
  });
  await waitUntil('a database', () => up.output().includes('orchestrator:serving'));
  return { pair, up };
}

describe('gvpie up', () => {
  it('renders what is due, says where, and leaves nobody behind at Ctrl-C', async () => {
    const { pair, up } = await serving();
    const run = await pair.run('hello_gpu');
    await waitUntil('the word of it', () => up.output().includes(run.cartridge_path ?? '-'));
    const daemons = daemonsOf(pair);
    up.process.kill('SIGINT');
    expect(await up.ended).toEqual({ code: 0, signal: null });
    expect([isAlive(daemons.renderer), isAlive(daemons.orchestrator)]).toEqual([false, false]);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(namesIn(pair.socket, 'renderer')).toEqual([]);
  });

  it('starts a killed daemon again, and no job is lost', async () => {
    const { pair, up } = await serving();
    for (let n = 0; n < 60; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    for (const which of ['renderer', 'orchestrator'] as const) {
      const pid = await waitUntil(`a ${which}`, () => daemonsOf(pair)[which]);
      process.kill(pid, 'SIGKILL');
      await waitUntil(`another ${which}`, () => {
        const now = daemonsOf(pair)[which];
        return now !== undefined && now !== pid;
      });
    }
    for (let n = 60; n < 120; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    await pair.idle();
    expect(up.output().match(/supervisor:restart/g)).toHaveLength(2);
    up.process.kill('SIGTERM');
    expect((await up.ended).code).toBe(0);
    expect(await shelfObjections(pair)).toEqual([]);
  });

  it('keeps several renderers running, each started again by itself, and one of them in the slot', async () => {
    const { pair, up } = await serving('--renderers', '3');
    const three = () => {
      const pids = announcedPids(pair.socket).filter(isAlive);
      return pids.length === 3 && pids;
    };
    const before = await waitUntil('three renderers', three);
    for (let n = 0; n < 60; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    process.kill(before[0] ?? 0, 'SIGKILL');
    const after = await waitUntil('another in its place', () => {
      const pids = three();
      return pids && !pids.includes(before[0] ?? 0) && pids;
    });
    expect(after).toEqual(expect.arrayContaining(before.slice(1)));
    await pair.idle();
    expect(up.output().match(/"restarting":"renderer [123]"/g)).toHaveLength(1);
    up.process.kill('SIGTERM');
    expect((await up.ended).code).toBe(0);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(namesIn(pair.socket, 'renderer')).toEqual([]);
    expect(after.filter(isAlive)).toEqual([]);
  });

  it('takes from 1 to 16 renderers', async () => {
    expect(['1', '16'].map(parseDaemons)).toEqual([1, 16]);
    for (const count of ['0', '17', 'two', '1.5', '']) expect(() => parseDaemons(count)).toThrow('to 16');
    const up = startUp(new Pair(), '--renderers', '17');
    expect((await up.ended).code).toBe(64);
    expect(up.output()).toContain('Expected a whole number from 1 to 16.');
  });

  it('serves beside a renderer that is there already', async () => {
    const pair = new Pair();
    const renderer = await pair.renderer();
    const up = startUp(pair);
    await waitUntil('both renderers', () => announcedPids(pair.socket).length === 2);
    await waitUntil('a database', () => up.output().includes('orchestrator:serving'));
    await pair.run('hello_gpu');
    up.process.kill('SIGTERM');
    expect((await up.ended).code).toBe(0);
    expect(renderer.end()).toBeUndefined();
    expect(announcedPids(pair.socket)).toEqual([renderer.pid]);
  });

  it('leaves no daemon behind when it is killed, however early', async () => {
    const killed = [200, 300, 400, 600].map(async (afterMs) => {
      const up = startUp(new Pair());
      await setTimeout(afterMs);
      up.process.kill('SIGKILL');
      // Its daemons write where it wrote: the end of that is theirs.
      return up.ended;
    });
    for (const end of await Promise.all(killed)) expect(end).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('ends when a daemon refuses to start, with its reason and its exit code', async () => {
    const next = new Pair();
    writeFileSync(next.database, 'not a database, and longer than one hundred bytes: '.repeat(4));
    const other = startUp(next);
    expect((await other.ended).code).toBe(70);
    expect(other.output()).toMatch(/Expected a SQLite database.*, found/);
    expect(namesIn(next.socket, 'renderer')).toEqual([]);
  });

  it('renders nothing when what is asked for cannot paint, and says why', async () => {
    const pair = new Pair();
    openDatabase(pair.database, { durability: 'fast' }).close();
    pair.insert('mine', 'RECT 1 1 5 5');
    const { socket, database, cartridges } = pair;
    const flags = ['--socket', socket, '--db', database, '--cartridges', cartridges];
    // No driver is found under this name, whatever this machine has.
    const none = 'VK_DRIVER_FILES=/nowhere/none.json';
    const main = join(packageRoot(), 'dist/cli/main.js');
    const up = startChild('env', [none, process.execPath, main, 'up', ...flags, '--backend', 'gpu']);
    expect((await up.ended).code, up.output()).toBe(70);
    expect(up.output()).toMatch(/^gvpie: Expected a GPU.*, found .*\nhint: /m);
    expect(up.output()).not.toContain('renderer:serving');
    // The orchestrator may have begun to serve; it has claimed nothing, and is gone.
    expect(pair.runs()).toEqual([]);
    expect(pair.query(`SELECT name FROM v_due`)).toContainEqual({
      name: 'mine',
    });
    expect(daemonsOf(pair)).toEqual({ renderer: undefined, orchestrator: undefined });
    expect(namesIn(pair.cartridges)).toEqual([]);
  });

  it('takes its daemons along when it is killed itself', async () => {
    const { pair, up } = await serving();
    const { renderer, orchestrator } = daemonsOf(pair);
    up.process.kill('SIGKILL');
    await waitUntil('both daemons to end', () => !isAlive(renderer) && !isAlive(orchestrator));
    expect(namesIn(pair.socket, 'renderer')).toEqual([]);
  });

  it('ends by force at the second signal, although a daemon hangs', async () => {
    const { pair, up } = await serving();
    await pair.run('hello_gpu');
    const { renderer, orchestrator } = daemonsOf(pair);
    for (const pid of [renderer, orchestrator]) process.kill(pid ?? 0, 'SIGSTOP');
    const begun = performance.now();
    up.process.kill('SIGINT');
    await waitUntil('the first signal', () => up.output().includes('supervisor:stopping'));
    // Another signal, at once: the same again could be the terminal's echo of the first.
    up.process.kill('SIGTERM');
    expect((await up.ended).code, up.output()).toBe(143);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect([isAlive(renderer), isAlive(orchestrator)]).toEqual([false, false]);
  });
});

describe('gvpie up --once', () => {
  it('ends with 0 when every script succeeded, and with 1 when one did not', async () => {
    const pair = new Pair();
    const first = startUp(pair, '--once');
    expect((await first.ended).code, first.output()).toBe(0);
    expect(pair.runs().map((run) => run.outcome)).toEqual(['success']);
    expect(namesOn(pair.cartridges)).toHaveLength(1);
    pair.insert('wrong', 'RECT ten');
    expect((await startUp(pair, '--once').ended).code).toBe(1);
    const third = startUp(pair, '--once');
    expect((await third.ended).code, third.output()).toBe(0);
    expect(pair.runs().map((run) => run.outcome)).toEqual(['success', 'refused']);
    // With nothing due the round is over before the renderer has begun to serve: that is no fault.
    expect((await startUp(pair, '--once').ended).code).toBe(0);
    expect(namesIn(pair.socket, 'renderer')).toEqual([]);
  });
});
