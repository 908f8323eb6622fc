/** Things done to a socket under a living renderer, and what a dead one may leave: nothing stays stuck. */
import { mkdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { goodProgram } from '../../support/good-program.ts';
import { Pair } from '../../support/pair.ts';
import { endRenderer, inHand, namesIn, startRenderer } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

it('a renderer whose lock file is removed takes it anew, and stays the only one in the slot', async () => {
  const socket = temporaryFolder();
  const first = await startRenderer(socket);
  const lock = join(socket, 'slot.lock');
  unlinkSync(lock);
  // The newcomer finds the lock free, and somebody alive who serves the slot all the same: it yields.
  const newcomer = await startRenderer(socket);
  await waitUntil('the lock to be taken anew', () => holder(lock) === first.pid);
  await waitUntil('it to serve', () => newcomer.output().includes('renderer:serving'));
  expect(newcomer.output()).toContain('"serves":"spool"');
  const slot = new SlotHand(socket);
  slot.send({ op: 'ping', id: 'whose' });
  expect(await slot.takeReply()).toMatchObject({ renderer: expect.stringContaining(`r${first.pid}-`) });
  expect([first.output(), newcomer.output()].join('')).not.toMatch(/slot:(lost|taken)/);
});

it('a folder as cmd.json is put away, even without a poison room, and the next command is served', async () => {
  const socket = temporaryFolder();
  const renderer = await startRenderer(socket);
  rmSync(join(socket, 'poison'), { recursive: true });
  mkdirSync(join(socket, 'cmd.json'));
  await waitUntil('the quarantine', () => namesIn(socket, 'poison').includes('cmd.json.why'));
  const slot = new SlotHand(socket);
  slot.send({ op: 'ping' });
  expect((await slot.takePixels()).toString()).toBe('pong');
  await endRenderer(renderer);
  expect(inHand(socket)).toEqual([]);
});

it('folders where a dead renderer’s files belong keep no successor from starting', async () => {
  const socket = temporaryFolder();
  for (const path of ['work/dead/slot.json', 'out.raw', 'out.json']) {
    mkdirSync(join(socket, path), { recursive: true, mode: 0o700 });
  }
  await startRenderer(socket);
  for (const name of ['cmd.json', 'out.raw', 'out.json']) {
    await waitUntil(`${name} to be put away`, () => namesIn(socket, 'poison').includes(`${name}.why`));
    expect(statSync(join(socket, 'poison', name)).isDirectory()).toBe(true);
  }
  const slot = new SlotHand(socket);
  slot.send({ op: 'ping' });
  expect((await slot.takePixels()).toString()).toBe('pong');
});

it('a folder in the place of a reply is put away, and the reply is published', async () => {
  const socket = temporaryFolder();
  await startRenderer(socket);
  mkdirSync(join(socket, 'outbox', 'taken.json'));
  const spool = new SpoolHand(socket);
  spool.offer('taken', goodProgram(2));
  await waitUntil('the reply', () =>
    statSync(join(socket, 'outbox', 'taken.json'), { throwIfNoEntry: false })?.isFile(),
  );
  expect((await spool.answer('taken')).reply.status).toBe('ok');
});

it('rooms that vanish while a job is in hand come back, and the job is answered', async () => {
  const socket = temporaryFolder();
  await startRenderer(socket);
  const spool = new SpoolHand(socket);
  const long = `COLOR #ffffff80\n${'RECT 0 1 16384 4000\n'.repeat(4)}`;
  spool.offer('held', long, { width: 16_384, height: 4_096 });
  await waitUntil('the job to be taken', () => inHand(socket).some((name) => name.includes('held~0')));
  rmSync(join(socket, 'inbox'), { recursive: true });
  rmSync(join(socket, 'outbox'), { recursive: true });
  expect((await spool.answer('held', 20_000)).reply.status).toBe('ok');
});

it('an interrupted slot command is answered by its own name', async () => {
  const socket = temporaryFolder();
  mkdirSync(join(socket, 'work', 'dead'), { recursive: true, mode: 0o700 });
  writeFileSync(join(socket, 'work', 'dead', 'slot.json'), '{"op":"ping","id":"abc"}');
  await startRenderer(socket);
  expect(await new SlotHand(socket).takeReply()).toMatchObject({
    id: 'abc',
    status: 'error',
    retryable: true,
  });
});

it('a signal is heard while a large canvas is painted', async () => {
  const pair = new Pair();
  const { socket } = pair;
  const renderer = await pair.renderer();
  const spool = new SpoolHand(socket);
  // Nothing hides what lies below: half a Gpx is blended.
  const large = `COLOR #ffffff80\n${'RECT 0 0 16384 4096\n'.repeat(8)}`;
  spool.offer('large', large, { width: 16_384, height: 4_096 });
  await waitUntil('the job to be taken', () => inHand(socket).some((name) => name.includes('large~0')));
  const begun = performance.now();
  await endRenderer(renderer, 'SIGTERM');
  expect(performance.now() - begun).toBeLessThan(5_500);
  expect(renderer.end()).toEqual({ code: 0, signal: null });
});

it('a second signal ends a renderer in the middle of a picture, and its job is there for the next as it was', async () => {
  const socket = temporaryFolder();
  const renderer = await startRenderer(socket);
  const spool = new SpoolHand(socket);
  // A minute and more.
  spool.offer('long', 'SHADE 0 0 width height\nLOOP 60000\nSET r r+atan2(x, y)\nEND\nEND', {
    width: 512,
    height: 512,
  });
  await waitUntil('the job to be taken', () => inHand(socket).some((name) => name.includes('long~0')));
  renderer.process.kill('SIGTERM');
  await waitUntil('it to leave', () => {
    renderer.process.kill('SIGINT');
    return renderer.end() !== undefined;
  });
  // Of two signals that wait for a busy process, the system says which comes first: that of the second is its code.
  expect([130, 143]).toContain(renderer.end()?.code);
  expect(namesIn(socket, 'inbox')).toEqual(['long.json']);
  expect([namesIn(socket, 'work'), namesIn(socket, 'renderer')]).toEqual([[], []]);
});

it('a second signal ends a slot’s command too, and its client hears of it', async () => {
  const socket = temporaryFolder();
  const renderer = await startRenderer(socket);
  const slot = new SlotHand(socket);
  const code = 'SHADE 0 0 width height\nLOOP 60000\nSET r r+atan2(x, y)\nEND\nEND';
  slot.send({ op: 'render_program', id: 'long', code, width: 512, height: 512 });
  await waitUntil('the command to be taken', () => inHand(socket).some((name) => name.endsWith('slot.json')));
  renderer.process.kill('SIGTERM');
  await waitUntil('it to leave', () => {
    renderer.process.kill('SIGINT');
    return renderer.end() !== undefined;
  });
  expect(await slot.takeReply()).toMatchObject({ id: 'long', status: 'error', error: { code: 'RUN-E001' } });
  expect([namesIn(socket, 'work'), namesIn(socket, 'renderer')]).toEqual([[], []]);
});

function holder(lock: string): number | undefined {
  try {
    return JSON.parse(readFileSync(`${lock}.holder`, 'utf8')).pid;
  } catch {
    // It is being written.
    return undefined;
  }
}
