/** The daemons as commands, and the commands that need them: ping, status, script run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { namesOn } from '../support/names-on.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

const startRenderer = () => place.start(['renderer'], 'renderer:serving');
const startOrchestrator = () => place.start(['orchestrator'], 'orchestrator:serving');

describe('gvpie renderer and gvpie orchestrator', () => {
  it('drain at a signal and end with 0; nobody watches, so they print one JSON line per event and nothing else', async () => {
    const [renderer, orchestrator] = await Promise.all([startRenderer(), startOrchestrator()]);
    // The orchestrator first: whatever it has in flight is still answered.
    const first = await orchestrator.stop('SIGINT');
    const second = await renderer.stop('SIGTERM');
    expect([first.code, second.code]).toEqual([EXIT.ok, EXIT.ok]);
    expect(first.stdout).toContain('orchestrator:stopped');
    expect(second.stdout).toContain('renderer:stopped');
    for (const [daemon, { stdout, stderr }] of Object.entries({ orchestrator: first, renderer: second })) {
      for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ daemon });
      expect(stderr).toBe('');
    }
  });

  it('work beside an orchestrator that is there already, and status names them all until they end', async () => {
    const pids = async (): Promise<number[]> => {
      const { database } = JSON.parse((await place.run(['status', '--json'])).stdout);
      return database.orchestrators.map(({ pid }: { pid: number }) => pid);
    };
    const first = await startOrchestrator();
    expect(await pids()).toEqual([first.pid]);
    const second = await startOrchestrator();
    expect((await pids()).sort()).toEqual([first.pid, second.pid].sort());
    const plain = (await place.run(['status'])).stdout;
    for (const { pid } of [first, second])
      expect(plain).toMatch(new RegExp(`^orchestrator +pid ${pid} since .*Z, gvpie \\d`, 'm'));
    expect((await second.stop('SIGINT')).code).toBe(EXIT.ok);
    expect(await pids()).toEqual([first.pid]);
    await first.stop('SIGKILL');
    expect(await pids()).toEqual([]);
    expect((await place.run(['status'])).stdout).toMatch(/^orchestrator +none/m);
  });

  it('refuse a socket or a database that cannot be used, with the way out', async () => {
    place.write('socket', 'a file');
    place.write('daemon.db', 'not a database');
    const [renderer, orchestrator] = await Promise.all([
      place.run(['renderer']),
      place.run(['orchestrator']),
    ]);
    expect(renderer.code).toBe(EXIT.internal);
    expect(renderer.stderr).toMatch(
      /expected a directory, found a file\nhint: Choose another path with --socket/,
    );
    expect(orchestrator.code).toBe(EXIT.internal);
    expect(orchestrator.stderr).toMatch(/found a file of another kind\nhint: /);
  });

  it('take the flags of each other, as the supervisor hands them on', async () => {
    const renderer = await place.start(['renderer', '--db=x.db', '--durability=fast'], 'renderer:serving');
    expect((await renderer.stop()).code).toBe(EXIT.ok);
  });
});

describe('gvpie orchestrator --once', () => {
  it('ends with 0 when every due script was rendered or nothing was due, which it says, and with 1 when one was not', async () => {
    await startRenderer();
    const first = await place.run(['orchestrator', '--once']);
    expect(first.code).toBe(EXIT.ok);
    const [cartridge] = namesOn(place.at('cartridges'));
    expect(cartridge).toMatch(/^hello_gpu_.*\.png$/);
    expect((await place.run(['verify', `cartridges/${cartridge}`])).code).toBe(EXIT.ok);

    const { code, stdout } = await place.run(['orchestrator', '--once']);
    expect(code).toBe(EXIT.ok);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    // That nothing was due is said after it has said that it serves.
    expect(events.map(({ event }) => event)).toEqual([
      'orchestrator:serving',
      'round:finished',
      'orchestrator:stopped',
    ]);
    expect(events[1]).toMatchObject({ due: 0, succeeded: 0, unsuccessful: 0 });

    await place.run(['script', 'add', 'bad', '--code', 'FOO', '--force']);
    await place.run(['script', 'add', 'good', '--code', 'HALT']);
    const second = await place.run(['orchestrator', '--once']);
    expect(second.code).toBe(EXIT.failed);
    expect(second.stdout).toMatch(/"event":"round:finished","due":2,"succeeded":1,"unsuccessful":1}$/m);
    expect(namesOn(place.at('cartridges'))).toHaveLength(2);
  });

  it('ends with 75 when no renderer serves for 5 s', async () => {
    const { code, stderr } = await place.run(['orchestrator', '--once']);
    expect(code).toBe(EXIT.unavailable);
    expect(stderr).toBe(
      `gvpie: no renderer is serving ${place.at('socket')}: start one with npm run renderer\n`,
    );
  });
});

describe('gvpie ping', () => {
  it('says at once that nobody serves, and makes nothing', async () => {
    const started = performance.now();
    const { code, stderr } = await place.run(['ping']);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(code).toBe(EXIT.unavailable);
    expect(stderr).toBe(
      `gvpie: no renderer is serving ${place.at('socket')}: start one with npm run renderer\n`,
    );
    expect(existsSync(place.at('socket'))).toBe(false);
  });

  it('says who answers, how it paints and how fast, or that nobody does, and leaves nothing in the rooms', async () => {
    const renderer = await startRenderer();
    const { code, stdout } = await place.run(['ping']);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(
      new RegExp(`^pong from .* in [\\d.]+ ms: gvpie .*, pid ${renderer.pid}, paints on cpu`),
    );
    const json = JSON.parse((await place.run(['ping', '--json'])).stdout);
    expect(json).toMatchObject({
      pid: renderer.pid,
      backend: 'cpu',
      reason: expect.any(String),
      health: 'ok',
      ms: expect.any(Number),
      socket: place.at('socket'),
    });
    expect(readdirSync(place.at('socket/outbox'))).toEqual([]);

    process.kill(renderer.pid, 'SIGSTOP');
    const gone = await place.run(['ping', '--timeout-ms', '200']);
    expect(gone.code).toBe(EXIT.unavailable);
    expect(gone.stderr).toContain(`(pid ${renderer.pid}) has not answered for 200 ms`);
    expect(readdirSync(place.at('socket/inbox'))).toEqual([]);
    process.kill(renderer.pid, 'SIGCONT');
  });
});

describe('several renderers at one socket', () => {
  it('stand in status, the one in the slot first, and answer a ping by their names', async () => {
    const first = await startRenderer();
    const second = await startRenderer();
    const { stdout } = await place.run(['status']);
    const lines = stdout.split('\n').filter((line) => line.startsWith('renderer '));
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`pid ${first.pid} since .* serves slot and spool, paints on cpu`)),
      expect.stringMatching(new RegExp(`pid ${second.pid} since .* serves spool, paints on cpu`)),
    ]);
    const json = JSON.parse((await place.run(['status', '--json'])).stdout);
    expect(json.renderers).toMatchObject([
      { pid: first.pid, slot: true },
      { pid: second.pid, slot: false },
    ]);
    process.kill(first.pid, 'SIGSTOP');
    expect(JSON.parse((await place.run(['ping', '--json'])).stdout)).toMatchObject({ pid: second.pid });
    process.kill(second.pid, 'SIGSTOP');
    const { code, stderr } = await place.run(['ping', '--timeout-ms', '200']);
    expect(code).toBe(EXIT.unavailable);
    expect(stderr).toMatch(/no renderer of .* \(pid \d+, pid \d+\) has answered for 200 ms/);
    for (const { pid } of [first, second]) process.kill(pid, 'SIGCONT');
  });
});

describe('gvpie script run', () => {
  beforeEach(() => place.run(['script', 'add', 'mine', '--code', 'RECT 0 0 9 9']));

  it('waits for the run and prints its cartridge, which is known then, or is rendered again, or its errors', async () => {
    await Promise.all([startRenderer(), startOrchestrator()]);
    const first = await place.run(['script', 'run', 'mine', '--force']);
    expect(first.code).toBe(EXIT.ok);
    const path = /^mine: (\S+\.png) in \d+ ms, painted on cpu\n$/.exec(first.stdout)?.[1] ?? '';
    expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
    const { stdout } = await place.run(['script', 'run', 'mine']);
    expect(stdout).toMatch(/^mine: \S+ in \d+ ms, a known picture: --force renders it again\n$/);
    expect(stdout).toContain(path);
    const again = JSON.parse((await place.run(['script', 'run', 'mine', '--force', '--json'])).stdout);
    expect(again).toMatchObject({ script_name: 'mine', outcome: 'success', success: 1, known: 0 });
    expect(path).not.toContain(again.cartridge_name);

    await place.run(['script', 'add', 'bad', '--code', 'FOO', '--force']);
    const refused = await place.run(['script', 'run', 'bad']);
    expect(refused.code).toBe(EXIT.failed);
    expect(refused.stdout).toMatch(/^bad: refused in \d+ ms\n$/);
    expect(refused.stderr).toContain('bad:1:1: error PXL-E006');
  });

  it('gives up when nothing renders in time', async () => {
    await startOrchestrator();
    const { code, stderr } = await place.run(['script', 'run', 'mine', '--timeout-ms', '200']);
    expect(code).toBe(EXIT.unavailable);
    expect(stderr).toContain('mine is due and has not been rendered for 200 ms');
  });
});

describe('gvpie status', () => {
  it('says where each setting comes from, and that nobody is there, and makes nothing', async () => {
    const { code, stdout } = await place.run(['status', '--poll-ms', '7'], { env: { GVPIE_LOG: 'warn' } });
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/^GVPIE_POLL_MS +7 +flag +--poll-ms <ms>$/m);
    expect(stdout).toMatch(/^GVPIE_LOG +warn +environment +--log <level>$/m);
    expect(stdout).toMatch(/^GVPIE_DOOR +auto +default +--door <name>$/m);
    expect(stdout).toContain('none serves');
    expect(stdout).toMatch(/^orchestrator +none/m);
    expect(stdout).toMatch(/^database +none at/m);
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('names the renderer, the orchestrator and what the database holds', async () => {
    const [renderer, orchestrator] = await Promise.all([startRenderer(), startOrchestrator()]);
    await place.run(['script', 'run', 'hello_gpu']);
    const status = JSON.parse((await place.run(['status', '--json'])).stdout);
    expect(status).toMatchObject({
      settings: {
        GVPIE_DB: { value: place.at('daemon.db'), origin: 'environment', flag: '--db' },
        GVPIE_BACKEND: { value: 'auto', origin: 'default', flag: '--backend' },
      },
      renderers: [{ pid: renderer.pid, backend: 'cpu', reason: expect.any(String), health: 'ok' }],
      database: {
        state: 'ready',
        orchestrators: [{ pid: orchestrator.pid }],
        counts: { scripts: 1, enabled: 1, due: 0, open: 0 },
      },
    });
    const plain = (await place.run(['status'])).stdout;
    expect(plain).toMatch(new RegExp(`^renderer +pid ${renderer.pid} since .* paints on cpu`, 'm'));
    expect(plain).toMatch(new RegExp(`^orchestrator +pid ${orchestrator.pid} since `, 'm'));
    expect(plain).toMatch(/^database +1 script, 1 enabled, 0 due; \d runs?; \d cartridges?; /m);
  });

  it('leaves a resting database as it is, to the byte, with nothing beside it', async () => {
    await place.run(['script', 'add', 'mine', '--code', 'HALT']);
    const before = place.read('daemon.db');
    const names = readdirSync(place.folder);
    const { stdout } = await place.run(['status', '--json']);
    expect(JSON.parse(stdout).database.counts).toMatchObject({ scripts: 2, due: 2 });
    expect(place.read('daemon.db').equals(before)).toBe(true);
    expect(readdirSync(place.folder)).toEqual(names);
  });

  it('reads what another program has written and not yet checkpointed', async () => {
    const database = openDatabase(place.at('daemon.db'), { durability: 'fast' });
    try {
      database.exec("INSERT INTO improvement_scripts (name, lang, code) VALUES ('wet', 'pixel', 'HALT')");
      const { stdout } = await place.run(['status', '--json']);
      expect(JSON.parse(stdout).database.counts).toMatchObject({ scripts: 2 });
    } finally {
      database.close();
    }
  });

  it('leaves a database of an older gvpie as it is, and says who brings it up to date', async () => {
    const older = new BetterSqlite3(place.at('daemon.db'));
    older.exec(`CREATE TABLE improvement_scripts (x); PRAGMA application_id = ${0x67767069}`);
    older.pragma('user_version = 5');
    older.close();
    const before = place.read('daemon.db');
    const { code, stdout } = await place.run(['status', '--json']);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(stdout).database).toMatchObject({
      state: 'other',
      counts: null,
      orchestrators: [],
      note: expect.stringMatching(
        /^of an older gvpie: the orchestrator, or gvpie script, brings it up to date/,
      ),
    });
    expect(place.read('daemon.db').equals(before)).toBe(true);
  });

  it('says what is wrong with a file that is not a database', async () => {
    place.write('daemon.db', 'notes');
    const { code, stdout } = await place.run(['status', '--json']);
    expect(code).toBe(EXIT.ok);
    expect(JSON.parse(stdout).database).toMatchObject({
      state: 'other',
      counts: null,
      note: expect.stringContaining('found a file of another kind'),
    });
  });
});
