import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WINDOW } from '../../orchestrator/config.ts';
import { Pair } from '../support/pair.ts';
import { endRenderer, inHand, namesIn } from '../support/renderer-process.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('an orchestrator', () => {
  it('shares its database: two take each script once, and what a killed one had goes to the other', async () => {
    const pair = new Pair();
    const [renderer, first, second] = await Promise.all([
      pair.renderer(),
      pair.orchestrator(),
      pair.orchestrator(),
    ]);
    await pair.run('hello_gpu');
    renderer.process.kill('SIGSTOP');
    // More than one of them takes at once.
    const scripts = WINDOW + 24;
    for (let n = 0; n < scripts; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    const owners = () =>
      pair.query(
        `SELECT pid, count(*) AS runs FROM v_running JOIN orchestrators ON orchestrators.id = owner
         GROUP BY owner ORDER BY pid`,
      ) as { pid: number; runs: number }[];
    await waitUntil('all to be taken', () => owners().reduce((sum, { runs }) => sum + runs, 0) === scripts);
    expect(owners().map(({ pid }) => pid)).toEqual([first.pid ?? 0, second.pid ?? 0].sort((a, b) => a - b));
    first.process.kill('SIGKILL');
    await first.ended;
    renderer.process.kill('SIGCONT');
    await pair.idle();
    expect(second.output()).toContain('orchestrator:dead');
    expect(await shelfObjections(pair)).toEqual([]);
    expect(pair.shelf()).toHaveLength(scripts + 1);
    expect(second.end()).toBeUndefined();
  });

  it('drains on the first signal, ends with 0, and leaves nothing half-done', async () => {
    const pair = new Pair();
    const [, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    for (let n = 0; n < 200; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    await waitUntil('some runs', () => pair.runs().length > 20);
    const begun = performance.now();
    orchestrator.process.kill('SIGTERM');
    expect(await orchestrator.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(pair.runs().filter((run) => run.outcome !== 'success')).toEqual([]);
    expect(namesIn(pair.socket, 'inbox')).toEqual([]);
    expect(pair.shelf()).toEqual(
      pair
        .runs()
        .map((run) => run.cartridge_path)
        .sort(),
    );
    await pair.orchestrator();
    await pair.idle();
    expect(pair.runs().every((run) => run.outcome === 'success')).toBe(true);
    expect(pair.shelf()).toHaveLength(201);
  });

  it('hands back within five seconds what a renderer that hangs does not answer', async () => {
    const pair = new Pair();
    const [renderer, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    await pair.run('hello_gpu');
    renderer.process.kill('SIGSTOP');
    for (let n = 0; n < 5; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    await waitUntil('five runs', () => pair.runs().length === 6);
    const begun = performance.now();
    orchestrator.process.kill('SIGTERM');
    expect(await orchestrator.ended).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(pair.runs().map((run) => run.outcome)).toEqual([
      'success',
      ...Array.from({ length: 5 }, () => 'interrupted'),
    ]);
    expect(namesIn(pair.socket, 'inbox')).toEqual([]);
    renderer.process.kill('SIGCONT');
    await pair.orchestrator();
    await pair.idle();
    expect(pair.shelf()).toHaveLength(6);
  });

  it('ends at once on the second signal', async () => {
    const pair = new Pair();
    const [renderer, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    await pair.run('hello_gpu');
    renderer.process.kill('SIGSTOP');
    pair.insert('stuck', 'HALT');
    await waitUntil('a run', () => pair.runs().length === 2);
    const begun = performance.now();
    orchestrator.process.kill('SIGTERM');
    // The same signal again at once is the echo that npm makes of Ctrl-C.
    await new Promise((resolve) => setTimeout(resolve, 100));
    orchestrator.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(orchestrator.process.exitCode).toBeNull();
    orchestrator.process.kill('SIGTERM');
    expect((await orchestrator.ended).code).toBe(143);
    expect(performance.now() - begun).toBeLessThan(2_000);
    renderer.process.kill('SIGCONT');
  });

  it('is there first, waits without a word of error, and finds a renderer that comes later', async () => {
    const pair = new Pair();
    const orchestrator = await pair.orchestrator();
    await waitUntil('the word of absence', () => orchestrator.output().includes('renderer:absent'));
    await pair.renderer();
    await pair.idle();
    expect(orchestrator.output()).toContain('renderer:found');
    expect(orchestrator.output()).not.toContain('"error"');
    expect(existsSync(join(pair.socket, 'cmd.json'))).toBe(false);
  });

  it('goes on when its renderer is killed in the middle of the work and another one comes', async () => {
    const pair = new Pair();
    const [renderer] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    for (let n = 0; n < 100; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    await waitUntil('some runs', () => pair.runs().filter((run) => run.outcome === 'success').length > 10);
    await endRenderer(renderer, 'SIGKILL');
    await pair.renderer();
    await pair.idle();
    expect(pair.runs().map((run) => run.outcome)).toEqual(Array.from({ length: 101 }, () => 'success'));
    expect(pair.shelf()).toHaveLength(101);
    await waitUntil('nothing in hand', () => inHand(pair.socket).length === 0);
  });

  it('goes on when a cleaner empties the rooms of the socket', async () => {
    const pair = new Pair();
    await Promise.all([pair.renderer(), pair.orchestrator('--timeout-ms', '1000')]);
    await pair.run('hello_gpu');
    for (const room of ['tmp', 'inbox', 'outbox']) rmSync(join(pair.socket, room), { recursive: true });
    pair.insert('after', 'HALT');
    await waitUntil('a success', () => pair.runs('after').at(-1)?.outcome === 'success');
    expect(pair.shelf()).toHaveLength(2);
  });

  it('is not stopped by strange things where announcements and answers should lie', async () => {
    const pair = new Pair();
    await pair.renderer();
    writeFileSync(join(pair.socket, 'renderer', 'x.json'), '{"renderer":');
    writeFileSync(join(pair.socket, 'outbox', 'stranger.json'), 'hello');
    writeFileSync(join(pair.socket, 'out.json'), 'hello');
    await pair.orchestrator();
    await pair.run('hello_gpu');
    expect(pair.shelf()).toHaveLength(1);
    // An answer to somebody else's question is not ours to remove.
    expect(namesIn(pair.socket, 'outbox')).toEqual(['stranger.json']);
  });
});

describe('a single round', () => {
  it('ends with 0 when every script succeeded', async () => {
    const pair = new Pair();
    await pair.renderer();
    const round = pair.startOrchestrator('--once');
    expect(await round.ended).toEqual({ code: 0, signal: null });
    expect(pair.runs().map((run) => run.outcome)).toEqual(['success']);
    const nothing = pair.startOrchestrator('--once');
    expect(await nothing.ended).toEqual({ code: 0, signal: null });
    expect(pair.runs()).toHaveLength(1);
  });

  it('ends with 1 when a script was refused, which has had its one attempt', async () => {
    const pair = new Pair();
    await pair.renderer();
    await pair.startOrchestrator('--once').ended;
    pair.insert('wrong', 'RECT ten');
    pair.insert('right', 'HALT');
    expect((await pair.startOrchestrator('--once').ended).code).toBe(1);
    expect(pair.runs().map((run) => run.outcome)).toEqual(['success', 'refused', 'success']);
  });

  it('ends with 75 when nobody serves for five seconds', async () => {
    const begun = performance.now();
    for (const { pair, round } of ['auto', 'spool', 'slot'].map((door) => {
      const pair = new Pair();
      return { pair, round: pair.startOrchestrator('--once', '--door', door) };
    })) {
      expect((await round.ended).code).toBe(75);
      expect(round.output()).toContain('npm run renderer');
      expect(existsSync(pair.socket)).toBe(false);
    }
    const tookMs = performance.now() - begun;
    expect(tookMs).toBeGreaterThan(5_000);
    expect(tookMs).toBeLessThan(15_000);
  });
});
