/** A socket with a bit of everything to do, and what must have become of all of it in the end. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { samePixels } from './expected-pixels.ts';
import { goodPixels, goodProgram } from './good-program.ts';
import { ownerFile } from './owner-file.ts';
import { inHand, namesIn } from './renderer-process.ts';
import { SpoolHand } from './spool-hand.ts';

const program = (id: string, n: number): string =>
  JSON.stringify({ op: 'render_program', id, code: goodProgram(n) });

/** Path → content of what clients and a dead renderer left. */
const FILES: Readonly<Record<string, string>> = {
  'inbox/fresh.json': program('fresh', 1),
  'inbox/back~1.json': program('back', 2),
  'inbox/wrong.json': JSON.stringify({ op: 'render_program', code: 'TXT ten 10 Hello' }),
  'inbox/torn.json': '{"op":"render_pro',
  'inbox/no id.json': 'whatever',
  'work/dead/taken~0.json': program('taken', 3),
  'work/dead/taken.raw.wet': 'half',
  'work/dead/third~2.json': program('third', 4),
  'work/dead/slot.json': program('slot-before', 5),
  'renderer/dead.json': ownerFile('dead', { start_time: 1 }),
  'out.raw': 'the pixels of the question before',
  'out.json': '{"status":"unknown"}',
};

const SLOT = 6;

/** Puts the scene on the disk. The rooms that it does not need are the renderer's to make. */
export function setScene(socket: string): void {
  for (const folder of ['inbox', 'work', 'work/dead', 'renderer']) {
    mkdirSync(join(socket, folder), { recursive: true });
  }
  for (const [path, content] of Object.entries(FILES)) writeFileSync(join(socket, path), content);
}

/** What a client at the slot does, once the old question is closed: asks the next. */
export function askSlot(socket: string): void {
  writeFileSync(join(socket, 'cmd.json'), program('slot', SLOT));
}

/** Whether every question has had its answer and nothing is in hand. */
export function allAnswered(socket: string): boolean {
  return (
    ['fresh', 'back', 'wrong', 'torn', 'taken', 'third'].every((id) =>
      existsSync(join(socket, 'outbox', `${id}.json`)),
    ) &&
    namesIn(socket, 'inbox').length === 0 &&
    !existsSync(join(socket, 'cmd.json')) &&
    inHand(socket).length === 0
  );
}

/** Everything that is not as it must be when a renderer has served the scene, and what was left of it, to the end. */
export async function objections(socket: string): Promise<string[]> {
  const found: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) found.push(what);
  };
  const spool = new SpoolHand(socket);
  for (const [id, n] of [
    ['fresh', 1],
    ['back', 2],
    ['taken', 3],
  ] as const) {
    const answer = spool.look(id);
    expect(`${id} is answered with its own picture`, samePixels(answer?.pixels, await goodPixels(n)));
    expect(`the reply to ${id} carries its id`, answer?.reply.id === id);
  }
  const codeOf = (id: string) => spool.look(id)?.reply.error?.code;
  expect('the wrong program is refused', codeOf('wrong') === 'PXL-E016');
  expect('the torn command is refused', codeOf('torn') === 'CMD-E002');
  const third = spool.look('third')?.reply;
  expect('the third death is an error', third?.status === 'error' && third.retryable === false);
  expect('the name that is no id is kept', namesIn(socket, 'poison').includes('no id.json'));
  for (const name of namesIn(socket, 'poison')) {
    expect(`nothing else is poison: ${name}`, /^(no id|torn|third)\.json(\.\d)?(\.why)?$/.test(name));
  }

  const reply = JSON.parse(readFileSync(join(socket, 'out.json'), 'utf8'));
  const pixels = existsSync(join(socket, 'out.raw')) ? readFileSync(join(socket, 'out.raw')) : undefined;
  const served = reply.status === 'ok' && reply.id === 'slot' && samePixels(pixels, await goodPixels(SLOT));
  const interrupted = reply.error?.code === 'RUN-E001' && pixels === undefined;
  expect('the slot is answered with its own picture, or interrupted without one', served || interrupted);

  for (const room of ['inbox', 'tmp', 'work', 'renderer']) {
    const left = namesIn(socket, room);
    expect(`nothing is left in ${room}: ${left.join(', ')}`, left.length === 0);
  }
  const outside = namesIn(socket).filter((name) => name.includes('.'));
  expect(
    `nothing strange lies in the socket: ${outside.join(', ')}`,
    outside.every((name) => /^(out\.(raw|json)|slot\.lock)$/.test(name)),
  );
  const orphans = namesIn(socket, 'outbox').filter(
    (name) => !/^(fresh|back|taken)\.(raw|json)$|^(wrong|torn|third)\.json$/.test(name),
  );
  expect(`nothing else is in the outbox: ${orphans.join(', ')}`, orphans.length === 0);
  return found;
}
