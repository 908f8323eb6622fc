/** Poison at both doors of a live renderer: answered or quarantined, and a good job beside it served within a second. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../support/child.ts';
import { samePixels } from '../../support/expected-pixels.ts';
import { goodPixels, goodProgram } from '../../support/good-program.ts';
import { seededBytes } from '../../support/random.ts';
import { inHand, namesIn, startRenderer } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const GOOD = JSON.stringify({ op: 'render_program', code: 'RECT 1 2 3 4' });
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

interface Poison {
  readonly title: string;
  /** Puts it at a path on the socket's file system. */
  make(path: string): void;
  /** The code with which it is refused; undefined when it is accepted after all. */
  readonly code?: string;
  /** Whether it is kept in `poison/`: what is a command, though a wrong one, is only answered. */
  readonly kept?: boolean;
}

const text = (
  title: string,
  content: string | Uint8Array,
  rest: Omit<Poison, 'title' | 'make'> = {},
): Poison => ({
  title,
  make: (path) => writeFileSync(path, content),
  ...rest,
});

/** What more bytes from the same writer could mend: at the slot it is read again for 2 s. */
const INCOMPLETE: readonly Poison[] = [
  text('truncated JSON', GOOD.slice(0, -1), { code: 'CMD-E002', kept: true }),
  text('nothing at all', '', { code: 'CMD-E002', kept: true }),
  text('binary', seededBytes(4_096, 1), { code: 'CMD-E001', kept: true }),
  text('UTF-16', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), { code: 'CMD-E001', kept: true }),
  text('100,000 levels that never end', '['.repeat(100_000), { code: 'CMD-E002', kept: true }),
];

const WHOLE: readonly Poison[] = [
  {
    title: '100 MB',
    make(path) {
      const file = openSync(path, 'w');
      const megabyte = Buffer.alloc(1_000_000, ' ');
      for (let n = 0; n < 100; n++) writeSync(file, megabyte);
      closeSync(file);
    },
    code: 'FILE-E002',
    kept: true,
  },
  {
    title: 'sparse 10 GB',
    make(path) {
      writeFileSync(path, '');
      truncateSync(path, 10 * 2 ** 30);
    },
    code: 'FILE-E002',
    kept: true,
  },
  {
    title: 'a symlink to a good command',
    make(path) {
      writeFileSync(`${path}.target`, GOOD);
      symlinkSync(`${path}.target`, path);
    },
    code: 'FILE-E001',
    kept: true,
  },
  {
    title: 'a symlink to a large tree',
    make: (path) => symlinkSync('/usr', path),
    code: 'FILE-E001',
    kept: true,
  },
  {
    title: 'a symlink to nowhere',
    make: (path) => symlinkSync('nowhere', path),
    code: 'FILE-E001',
    kept: true,
  },
  {
    title: 'a folder with something in it',
    make(path) {
      mkdirSync(path);
      writeFileSync(join(path, 'inner.json'), GOOD);
    },
    code: 'FILE-E001',
    kept: true,
  },
  { title: 'a FIFO', make: (path) => execFileSync('mkfifo', [path]), code: 'FILE-E001', kept: true },
  text('an array', '[]', { code: 'CMD-E003', kept: true }),
  text('100,000 levels', DEEP, { code: 'CMD-E003', kept: true }),
  text('an unknown op', '{"op":"explode"}', { code: 'CMD-E004' }),
  text('100,000 levels as op', `{"op":${DEEP}}`, { code: 'CMD-E004' }),
  text('code that is a number', '{"op":"render_program","code":5}', { code: 'CMD-E005' }),
  text('a canvas that is text', '{"op":"render_program","code":"","width":"128"}', { code: 'CMD-E006' }),
  text('100,000 levels as width', `{"op":"render_program","code":"","width":${DEEP}}`, { code: 'CMD-E006' }),
  text('a canvas of 17 gigapixels', '{"op":"render_program","code":"","width":131072,"height":131072}', {
    code: 'CMD-E006',
  }),
  text('a program of one bad line', '{"op":"render_program","code":"TXT ten 10 Hello"}', {
    code: 'PXL-E016',
  }),
  text('a BOM before a good command', `\uFEFF${GOOD}`),
  text('100,000 levels in a field of its own', `{"extra":${DEEP},${GOOD.slice(1)}`),
];

let socket: string;
let renderer: Child;
let spool: SpoolHand;
let slot: SlotHand;
let count = 0;
const cleanUps: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  socket = temporaryFolder((cleanUp) => cleanUps.unshift(cleanUp));
  renderer = await startRenderer(socket, (cleanUp) => cleanUps.unshift(cleanUp));
  spool = new SpoolHand(socket);
  slot = new SlotHand(socket);
});

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

/** Offers a good job and holds its answer to a second. */
async function serveGoodJob(): Promise<void> {
  const n = count++;
  const start = performance.now();
  spool.offer(`good-${n}`, goodProgram(n));
  const { reply, pixels } = await spool.answer(`good-${n}`);
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(reply.status).toBe('ok');
  expect(samePixels(pixels, await goodPixels(n))).toBe(true);
}

/** Asks the slot for a good picture and holds the answer to a second. */
async function serveGoodCommand(): Promise<void> {
  const n = count++;
  const start = performance.now();
  slot.send({ op: 'render_program', id: `good-${n}`, code: goodProgram(n) });
  await waitUntil(
    'the answer',
    () => existsSync(slot.reply) && readFileSync(slot.reply, 'utf8').includes(`good-${n}"`),
  );
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(samePixels(await slot.takePixels(), await goodPixels(n))).toBe(true);
  // Out of the way, so that nobody takes it for the next one's.
  await slot.takeReply();
}

/** Makes the poison beside the socket and renames it to where it is to do harm. */
function place(poison: Poison, ...path: string[]): void {
  const made = join(socket, 'tmp', `poison-${count++}`);
  poison.make(made);
  renameSync(made, join(socket, ...path));
}

/** The reason beside a quarantined file: written after the file was moved there. */
function reasonFor(name: string): Promise<string> {
  return waitUntil(`the reason for ${name}`, () => {
    const path = join(socket, 'poison', `${name}.why`);
    return namesIn(socket, 'poison').includes(name) && existsSync(path) && readFileSync(path, 'utf8');
  }).then(String);
}

describe('poison in the inbox', () => {
  it.each([...INCOMPLETE, ...WHOLE])('$title', async (poison) => {
    const id = `bad-${count++}`;
    place(poison, 'inbox', `${id}.json`);
    await serveGoodJob();
    const { reply } = await spool.answer(id);
    expect(reply).toMatchObject({ id, status: poison.code === undefined ? 'ok' : 'refused' });
    expect(reply.error?.code).toBe(poison.code);
    await waitUntil('nothing in hand', () => inHand(socket).length === 0);
    if (poison.kept === true) expect(await reasonFor(`${id}.json`)).toContain(reply.error!.message);
    else expect(namesIn(socket, 'poison')).not.toContain(`${id}.json`);
  });

  it('names a field that it did not understand', async () => {
    spool.offer('extra', 'HALT', { extra: 1 });
    expect((await spool.answer('extra')).reply.ignored).toEqual(['extra']);
  });

  it('an id inside that is not the name outside', async () => {
    spool.offerBytes('outer', JSON.stringify({ op: 'ping', id: 'inner' }));
    await serveGoodJob();
    expect((await spool.answer('outer')).reply.error?.code).toBe('CMD-E007');
    expect(spool.look('inner')).toBeUndefined();
  });

  it('an id used again: the same bytes get the same answer, other bytes none', async () => {
    spool.offer('again', goodProgram(1));
    const first = (await spool.answer('again')).reply;
    spool.offer('again', goodProgram(1));
    await serveGoodJob();
    expect(spool.look('again')?.reply).toEqual(first);
    spool.offer('again', goodProgram(2));
    await serveGoodJob();
    await waitUntil('the quarantine', () => namesIn(socket, 'poison').includes('again.json'));
    expect(await reasonFor('again.json')).toContain('used before with another command');
    expect(spool.look('again')?.reply).toEqual(first);
    spool.forget('again');
    spool.offer('again', goodProgram(3));
    expect((await spool.answer('again')).reply.error?.code).toBe('CMD-E008');
  });

  it.each([
    'no-suffix',
    '.hidden.json',
    'a b.json',
    'a.JSON',
    'a.json.wet',
    'a~.json',
    'a~1000.json',
    'line\nbreak.json',
    'é.json',
    '\u202Efdp.json',
    '$(reboot).json',
    `${'x'.repeat(65)}.json`,
    `${'x'.repeat(250)}.json`,
    `${'€'.repeat(83)}.json`,
  ])('a name that is no id: %j, twice', async (name) => {
    const before = namesIn(socket, 'poison').length;
    for (let n = 1; n <= 2; n++) {
      place(text('good', GOOD), 'inbox', name);
      await serveGoodJob();
      await waitUntil('the quarantine', () => namesIn(socket, 'poison').length === before + 2 * n);
    }
    expect(namesIn(socket, 'inbox')).toEqual([]);
    const reasons = namesIn(socket, 'poison').filter((one) => one.endsWith('.why'));
    for (const reason of reasons) {
      await waitUntil(`words in ${reason}`, () =>
        /\w/.test(readFileSync(join(socket, 'poison', reason), 'utf8')),
      );
    }
  });

  it('a file that is called like another one’s reason', async () => {
    place(text('good', 'the first'), 'inbox', 'odd name');
    await waitUntil('the quarantine', () => namesIn(socket, 'poison').includes('odd name.why'));
    place(text('good', 'the second'), 'inbox', 'odd name.why');
    const another = () =>
      namesIn(socket, 'poison').find((name) => /^odd name\.why\.[0-9a-f]{12}\.why$/.test(name));
    await waitUntil('the quarantine', () => another() !== undefined);
    const second = another()?.replace(/\.why$/, '') ?? '';
    expect(readFileSync(join(socket, 'poison', 'odd name'), 'utf8')).toBe('the first');
    expect(readFileSync(join(socket, 'poison', second), 'utf8')).toBe('the second');
  });
});

describe('poison at the slot', () => {
  it.each(WHOLE)('$title', async (poison) => {
    place(poison, 'cmd.json');
    await serveGoodJob();
    const reply = await slot.takeReply(1_000);
    expect(reply.status).toBe(poison.code === undefined ? 'ok' : 'refused');
    expect(reply.error?.code).toBe(poison.code);
    expect(existsSync(slot.pixels)).toBe(poison.code === undefined);
    await serveGoodCommand();
  });

  it.each(INCOMPLETE)('$title, then a good command, which ends the wait', async (poison) => {
    place(poison, 'cmd.json');
    await serveGoodJob();
    await serveGoodCommand();
  });

  it.each(INCOMPLETE.filter(({ title }) => title === 'truncated JSON' || title === 'binary'))(
    '$title, alone: refused after 2 s',
    async (poison) => {
      const before = namesIn(socket, 'poison').length;
      const start = performance.now();
      place(poison, 'cmd.json');
      await serveGoodJob();
      const reply = await slot.takeReply(3_000);
      expect(performance.now() - start).toBeGreaterThanOrEqual(2_000);
      expect(reply).toMatchObject({ status: 'refused', error: { code: poison.code } });
      await waitUntil('the quarantine', () => namesIn(socket, 'poison').length === before + 2);
      await serveGoodCommand();
    },
  );
});

describe('the renderer that bore all this', () => {
  it('has nothing in hand, and has not grown beyond reason', async () => {
    await waitUntil('nothing in hand', () => inHand(socket).length === 0);
    expect(renderer.end()).toBeUndefined();
    const megabytes =
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${renderer.pid}/status`, 'utf8'))?.[1]) / 1_024;
    console.log(`highest memory of the renderer: ${Math.round(megabytes)} MB`);
    expect(megabytes).toBeLessThan(400);
    expect(renderer.output()).not.toContain('daemon:fault');
  });
});
