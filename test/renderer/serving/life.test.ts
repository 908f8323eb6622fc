/** The life of a renderer's process: a beginning, a clean end, and a successor for every way to die. */
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOMS } from '../../../shared/protocol/spool.ts';
import { startProgram } from '../../support/child.ts';
import { samePixels } from '../../support/expected-pixels.ts';
import { goodPixels, goodProgram } from '../../support/good-program.ts';
import { endRenderer, inHand, namesIn, startRenderer } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe('a renderer’s process', () => {
  it('announces who it is', async () => {
    const socket = temporaryFolder();
    const { pid } = await startRenderer(socket);
    const [name] = namesIn(socket, 'renderer').filter((one) => one.endsWith('.json'));
    expect(JSON.parse(readFileSync(join(socket, 'renderer', name!), 'utf8'))).toMatchObject({
      renderer: name!.slice(0, -'.json'.length),
      pid,
      start_time: expect.any(Number),
      boot_id: expect.any(String),
      pid_namespace: expect.any(String),
      version: '0.1.0',
      backend: 'cpu',
      heartbeat: 0,
    });
  });

  it('refuses a socket that is open to others, and touches nothing', async () => {
    const socket = join(temporaryFolder(), 'open');
    mkdirSync(socket);
    chmodSync(socket, 0o755);
    const child = startProgram('plain-renderer', [socket]);
    expect(await child.ended).toEqual({ code: 75, signal: null });
    expect(child.output()).toContain('it is open to others (mode 755)');
    expect(namesIn(socket)).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'drains at %s, and leaves the socket as if nobody had been there',
    async (signal) => {
      const socket = temporaryFolder();
      const spool = new SpoolHand(socket);
      const child = await startRenderer(socket);
      const jobs = Array.from({ length: 100 }, (_, n) => `job-${n}`);
      for (const [n, id] of jobs.entries()) spool.offer(id, goodProgram(n));
      await waitUntil('a first answer', () => jobs.some((id) => spool.look(id) !== undefined));
      const start = performance.now();
      await endRenderer(child, signal);
      expect(child.end()).toEqual({ code: 0, signal: null });
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(namesIn(socket, 'work')).toEqual([]);
      expect(namesIn(socket, 'renderer')).toEqual([]);
      expect(namesIn(socket)).toEqual([...ROOMS, 'slot.lock'].sort());
      const waiting = namesIn(socket, 'inbox').map((name) => name.slice(0, -'.json'.length));
      const answered = jobs.filter((id) => spool.look(id) !== undefined);
      expect([...waiting, ...answered].sort()).toEqual([...jobs].sort());
      await startRenderer(socket);
      for (const id of waiting) expect((await spool.answer(id)).reply.status).toBe('ok');
    },
  );

  it('finishes a command that is still being written when it is told to end', async () => {
    const socket = temporaryFolder();
    const slot = new SlotHand(socket);
    const child = await startRenderer(socket);
    // Announced, it may still be busy with what the dead left; serving, it hears signals.
    await waitUntil('it to serve', () => child.output().includes('renderer:serving'));
    slot.send('{"op":"ping"');
    await waitUntil('the command to be taken', () =>
      inHand(socket).some((path) => path.endsWith('/slot.json')),
    );
    child.process.kill('SIGTERM');
    const [taken] = inHand(socket);
    writeFileSync(join(socket, 'work', taken!), '{"op":"ping"}');
    await child.ended;
    expect((await slot.takePixels()).toString()).toBe('pong');
  });

  it('makes rooms again that a cleaner removed, and loses no job by it', async () => {
    const socket = temporaryFolder();
    const spool = new SpoolHand(socket);
    await startRenderer(socket);
    for (const room of ['outbox', 'poison', 'work', 'inbox']) {
      rmSync(join(socket, room), { recursive: true });
      await waitUntil(`${room} and what is in it`, () => {
        // Offered at once when there is an inbox, so that the job meets the missing room.
        if (!namesIn(socket).includes('inbox')) return false;
        spool.offer(`without-${room}`, goodProgram(3));
        return true;
      });
      const { pixels } = await spool.answer(`without-${room}`);
      expect(samePixels(pixels, await goodPixels(3))).toBe(true);
    }
  });
});

describe('the crash table, with a live successor', () => {
  const command = JSON.stringify({ op: 'render_program', code: goodProgram(5) });

  /** A socket in the state that a killed renderer leaves, and its successor. */
  async function succeed(files: Readonly<Record<string, string>>) {
    const socket = temporaryFolder();
    for (const room of ROOMS) mkdirSync(join(socket, room));
    mkdirSync(join(socket, 'work', 'dead'));
    for (const [path, content] of Object.entries(files)) writeFileSync(join(socket, path), content);
    await startRenderer(socket);
    return { socket, spool: new SpoolHand(socket), slot: new SlotHand(socket) };
  }

  async function expectNothingLeft(socket: string): Promise<void> {
    await waitUntil(
      'nothing but the successor’s own empty folder',
      () =>
        inHand(socket).length === 0 &&
        namesIn(socket, 'inbox').length === 0 &&
        /^r\d+-[0-9a-f]+$/.test(namesIn(socket, 'work').join()),
    );
  }

  it.each([
    ['offered', { 'inbox/a.json': command }],
    ['given back before', { 'inbox/a~2.json': command }],
    ['taken', { 'work/dead/a~0.json': command }],
    ['taken for the second time', { 'work/dead/a~1.json': command }],
    ['raw published, reply not', { 'work/dead/a~0.json': command, 'outbox/a.raw': 'half' }],
    ['reply half written', { 'work/dead/a~0.json': command, 'work/dead/a.json.wet': '{"sta' }],
    ['reply consumed, work not removed', { 'work/dead/a~0.json': command }],
  ])('%s: rendered', async (_, files) => {
    const { socket, spool } = await succeed(files);
    const { reply, pixels } = await spool.answer('a');
    expect(reply.status).toBe('ok');
    expect(samePixels(pixels, await goodPixels(5))).toBe(true);
    await expectNothingLeft(socket);
  });

  it('reply published, work not removed: the answer stands, the work is gone', async () => {
    const held = '{"status":"unknown","id":"a"}';
    const { socket, spool } = await succeed({ 'work/dead/a~0.json': command, 'outbox/a.json': held });
    await expectNothingLeft(socket);
    expect(spool.look('a')?.reply).toEqual(JSON.parse(held));
  });

  it('three deaths: poison, and an error that is not retryable', async () => {
    const { socket, spool } = await succeed({ 'work/dead/a~2.json': command });
    expect((await spool.answer('a')).reply).toMatchObject({ status: 'error', retryable: false });
    await expectNothingLeft(socket);
    expect(namesIn(socket, 'poison')).toEqual(['a.json', 'a.json.why']);
  });

  it('jobs that were in dead hands come after all others', async () => {
    // Large, so that the next answer is much younger than this one: file times tick every few milliseconds.
    const large = JSON.stringify({ op: 'render_program', code: goodProgram(5), width: 2_000, height: 2_000 });
    const { socket, spool } = await succeed({
      'work/dead/a~0.json': large,
      'work/dead/b~1.json': command,
      'inbox/z.json': large,
    });
    for (const id of ['a', 'b', 'z']) await spool.answer(id);
    const answeredAt = (id: string) => statSync(join(socket, 'outbox', `${id}.json`)).mtimeMs;
    expect(answeredAt('z')).toBeLessThanOrEqual(answeredAt('a'));
    expect(answeredAt('a')).toBeLessThanOrEqual(answeredAt('b'));
  });

  it('slot taken: out.json says that it was interrupted, and no old pixels are left', async () => {
    const { socket, slot } = await succeed({ 'work/dead/slot.json': command, 'out.raw': 'old' });
    expect(await slot.takeReply()).toMatchObject({
      status: 'error',
      retryable: true,
      error: { code: 'RUN-E001' },
    });
    expect(namesIn(socket)).not.toContain('out.raw');
    slot.send(command);
    expect(samePixels(await slot.takePixels(), await goodPixels(5))).toBe(true);
  });
});
