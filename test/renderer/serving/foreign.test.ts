/** Renderers whose processes cannot be looked at, in another container or before another boot: their heartbeats decide. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { startChild } from '../../support/child.ts';
import { goodProgram } from '../../support/good-program.ts';
import { ownerFile } from '../../support/owner-file.ts';
import { inHand, namesIn, startRenderer } from '../../support/renderer-process.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const HELD = JSON.stringify({ op: 'render_program', code: 'RECT 1 1 5 5', width: 13 });
/** Silent for 10 s, as seen by one who looks every second, and a second for a machine that is busy. */
const SILENCE_MS = 10_000;
const LATEST_MS = 13_000;

const own = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
/** How a process gets pids of its own here, if at all. */
const UNSHARE = [['--pid'], ['--user', '--map-root-user', '--pid']].find((flags) =>
  own('unshare', ...flags, '--fork', 'true'),
);

it('are dead when they have been silent for 10 s, and not before; one that comes back late does no harm', async () => {
  const socket = temporaryFolder();
  const go = join(socket, 'go');
  const spool = new SpoolHand(socket);
  const observer = await startRenderer(socket);
  const suspended = UNSHARE === undefined ? undefined : await startForeign(socket, go);
  if (suspended === undefined) console.log('no namespaces here: nobody is suspended in one');
  else {
    // Whoever is free takes it: the observer is kept busy meanwhile.
    process.kill(observer.pid, 'SIGSTOP');
    spool.offerBytes('suspended', HELD);
    await waitUntil('it to be taken', () => inHand(socket).some((path) => path.endsWith('suspended~0.json')));
    process.kill(suspended.pid, 'SIGSTOP');
    process.kill(observer.pid, 'SIGCONT');
  }

  const begun = performance.now();
  /** A foreign renderer by hand, with a job in its folder. */
  const putForeign = (name: string, fields: object) => {
    let heartbeat = 0;
    const beat = () =>
      writeFileSync(
        join(socket, 'renderer', `${name}.json`),
        ownerFile(name, { pid: 1, heartbeat: heartbeat++, ...fields }),
      );
    beat();
    mkdirSync(join(socket, 'work', name));
    writeFileSync(join(socket, 'work', name, `${name}~0.json`), HELD);
    return beat;
  };
  putForeign('silent', { pid_namespace: 'pid:[1]' });
  putForeign('rebooted', { boot_id: 'another' });
  const beat = putForeign('beating', { pid_namespace: 'pid:[1]' });
  const heart = setInterval(beat, 1_000);
  mkdirSync(join(socket, 'work', 'nobody'));
  writeFileSync(join(socket, 'work', 'nobody', 'nobody~0.json'), HELD);
  try {
    const freed = async (id: string): Promise<number> => {
      await spool.answer(id, 20_000);
      return performance.now() - begun;
    };
    const ownerless = freed('nobody');
    const silent = [freed('silent'), freed('rebooted')];
    if (suspended !== undefined) silent.push(freed('suspended'));
    expect(await ownerless).toBeLessThan(SILENCE_MS);
    const ms = await Promise.all(silent);
    console.log(`foreign ones given up after ${ms.map(Math.round).join(', ')} ms`);
    // One that was suspended had its last heartbeat up to 2 s before that.
    expect(Math.min(...ms)).toBeGreaterThan(SILENCE_MS - 2_100);
    expect(Math.min(...ms.slice(0, 2))).toBeGreaterThan(SILENCE_MS - 50);
    expect(Math.max(...ms)).toBeLessThan(LATEST_MS);
    expect(namesIn(socket, 'work', 'beating')).toEqual(['beating~0.json']);
    expect(namesIn(socket, 'outbox').filter((name) => name.startsWith('beating'))).toEqual([]);
    await waitUntil('nothing left of the dead', () => namesIn(socket, 'work').length === 2);
    expect(namesIn(socket, 'renderer').filter((name) => name.endsWith('.json'))).toHaveLength(2);
  } finally {
    clearInterval(heart);
  }

  if (suspended === undefined) return;
  const { reply } = await spool.answer('suspended');
  expect(reply).toMatchObject({ status: 'ok', renderer: expect.stringContaining(`r${observer.pid}-`) });
  spool.forget('suspended');
  writeFileSync(go, '');
  process.kill(suspended.pid, 'SIGCONT');
  await waitUntil('it to notice', () => suspended.output().includes('"event":"job:late","id":"suspended"'));
  const isBack = () => namesIn(socket, 'renderer').includes(`${suspended.name}.json`);
  await waitUntil('it to announce itself anew', () => isBack() && namesIn(socket, 'work', suspended.name));
  expect(namesIn(socket, 'outbox').filter((name) => name.startsWith('suspended'))).toEqual([]);
  // And it is of use again: alone, it answers.
  process.kill(observer.pid, 'SIGSTOP');
  await waitUntil('its folder', () => namesIn(socket, 'work').includes(suspended.name));
  spool.offer('again', goodProgram(3));
  expect((await spool.answer('again')).reply).toMatchObject({ status: 'ok', renderer: suspended.name });
  process.kill(observer.pid, 'SIGCONT');
  rmSync(join(socket, 'work', 'beating'), { recursive: true });
}, 60_000);

/** A renderer with a namespace of its own for pids: its name, and its pid as it is here. */
async function startForeign(socket: string, go: string) {
  const program = join(packageRoot(), 'dist/test/support/waiting-painter.js');
  const flags = [...(UNSHARE ?? []), '--fork', '--kill-child'];
  const parent = startChild('unshare', [...flags, process.execPath, program, socket, go]);
  await waitUntil('a foreign renderer to serve', () => parent.output().includes('renderer:serving'));
  const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8');
  const name = /"renderer":"(r1-[0-9a-f]+)"/.exec(parent.output())?.[1] ?? 'none';
  return { name, pid: Number(children.trim()), output: parent.output };
}
