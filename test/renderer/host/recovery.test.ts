/** The crash table of docs/protocol.md, row by row: the state on disk is built by hand, then a living one finds it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Recovery } from '../../../renderer/host/recovery.ts';
import { makeRooms } from '../../../renderer/host/socket-dir.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { silentJournal } from '../../../shared/host/journal.ts';
import { Presence } from '../../../shared/host/presence.ts';
import { ownerFile } from '../../support/owner-file.ts';
import { sha256 } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const COMMAND = '{"op":"render_program","code":"HALT"}';

/** A socket with these files in it, each with its content. */
function socketWith(files: Readonly<Record<string, string>>) {
  const socket = temporaryFolder();
  makeRooms(diskFiles, socket);
  mkdirSync(join(socket, 'work', 'own'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(socket, path)), { recursive: true });
    writeFileSync(join(socket, path), content);
  }
  let now = 0;
  const presence = new Presence(diskFiles, socket, () => now);
  const recovery = new Recovery(diskFiles, socket, 'own', presence, silentJournal);
  return {
    socket,
    /** One look of a renderer that has just got the slot. */
    takeOver(): void {
      recovery.closeSlots();
      recovery.look(true);
    },
    /** One look of a renderer that serves the spool alone. */
    look: () => recovery.look(false),
    pass(ms: number): void {
      now += ms;
    },
    /** Path → content of every file, and of every empty folder in work/. */
    files(): Record<string, string> {
      const found: Record<string, string> = {};
      for (const entry of readdirSync(socket, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const name = path.slice(socket.length + 1);
        if (entry.isFile()) found[name] = readFileSync(path, 'utf8');
        else if (/^work\/./.test(name) && name !== 'work/own') found[name] = 'folder';
      }
      return found;
    },
  };
}

describe('taking over from the dead', () => {
  it('leaves what is offered, and what is this renderer’s own', () => {
    const before = {
      'inbox/a.json': COMMAND,
      'tmp/b.json': '{',
      'work/own/c~0.json': COMMAND,
      'renderer/own.json': '{}',
      'outbox/d.raw': 'pixels',
      'outbox/d.json': '{}',
      'cmd.json': COMMAND,
      'out.raw': 'pixels',
    };
    const { takeOver, files } = socketWith(before);
    takeOver();
    expect(files()).toEqual(before);
  });

  it('taken: a job goes back to the inbox, its number counted up', () => {
    const { takeOver, files } = socketWith({
      'work/dead/a~0.json': COMMAND,
      'work/dead/b~1.json': `${COMMAND} `,
      'renderer/dead.json': ownerFile('dead', { start_time: 1 }),
      'renderer/.dead.wet': '{',
    });
    takeOver();
    expect(files()).toEqual({ 'inbox/a~1.json': COMMAND, 'inbox/b~2.json': `${COMMAND} ` });
  });

  it('taken for the third time: poison, and an error that is not retryable', () => {
    const { takeOver, files } = socketWith({ 'work/dead/a~2.json': COMMAND });
    takeOver();
    const { 'outbox/a.json': reply, 'poison/a.json.why': why, ...rest } = files();
    expect(rest).toEqual({ 'poison/a.json': COMMAND });
    expect(why).toContain('3 renderers ended with this job in hand');
    expect(JSON.parse(reply!)).toEqual({
      id: 'a',
      status: 'error',
      retryable: false,
      command_sha256: sha256(COMMAND),
      error: { code: 'RUN-E001', message: expect.stringContaining('3 renderers ended') },
    });
  });

  it('slot taken: the command is dropped, and out.json says that it was interrupted', () => {
    const { takeOver, files } = socketWith({ 'work/dead/slot.json': COMMAND });
    takeOver();
    const { 'out.json': reply, ...rest } = files();
    expect(rest).toEqual({});
    expect(JSON.parse(reply!)).toMatchObject({
      status: 'error',
      retryable: true,
      error: { code: 'RUN-E001', message: expect.stringContaining('Interrupted') },
    });
  });

  it('slot taken, the old answer still there: it is not left to pass for the new one', () => {
    const { takeOver, files } = socketWith({
      'work/dead/slot.json': COMMAND,
      'out.raw': 'old pixels',
      'out.json': '{"status":"ok"}',
    });
    takeOver();
    expect(Object.keys(files())).toEqual(['out.json']);
    expect(files()['out.json']).toContain('Interrupted');
  });

  it('slot taken, a newer command there: nothing is said of the old one', () => {
    const { takeOver, files } = socketWith({ 'work/dead/slot.json': COMMAND, 'cmd.json': 'newer' });
    takeOver();
    expect(files()).toEqual({ 'cmd.json': 'newer' });
  });

  it('raw published, reply not: the job is given back, to be rendered again over the pixels', () => {
    const { takeOver, files } = socketWith({
      'work/dead/a~0.json': COMMAND,
      'work/dead/a.json.wet': '{"status"',
      'outbox/a.raw': 'pixels',
    });
    takeOver();
    expect(files()).toEqual({ 'inbox/a~1.json': COMMAND, 'outbox/a.raw': 'pixels' });
  });

  it('reply published, work not removed: the work is dropped', () => {
    const answered = { 'outbox/a.raw': 'pixels', 'outbox/a.json': '{}' };
    const { takeOver, files } = socketWith({ 'work/dead/a~2.json': COMMAND, ...answered });
    takeOver();
    expect(files()).toEqual(answered);
  });

  it('reply consumed, work not removed: given back, to be rendered again', () => {
    const { takeOver, files } = socketWith({ 'work/dead/a~0.json': COMMAND });
    takeOver();
    expect(files()).toEqual({ 'inbox/a~1.json': COMMAND });
  });

  it('half-written answers of the dead are removed, and several dead are one like the other', () => {
    const { takeOver, files } = socketWith({
      'work/dead/slot.out': 'half',
      'work/dead/x.raw.wet': 'half',
      'work/dead-too/a~0.json': COMMAND,
      'work/dead-too/slot.json.reply': '{',
    });
    takeOver();
    expect(files()).toEqual({ 'inbox/a~1.json': COMMAND });
  });

  it('a job that cannot be read is given back like any other, and poisoned with its reply in the end', () => {
    const { socket, takeOver, files } = socketWith({});
    for (const [returns, next] of [
      [0, 'inbox/a~1.json'],
      [1, 'inbox/a~2.json'],
      [2, 'poison/a.json'],
    ] as const) {
      mkdirSync(join(socket, 'work', 'dead', `a~${returns}.json`), { recursive: true });
      takeOver();
      expect(existsSync(join(socket, next))).toBe(true);
    }
    expect(JSON.parse(files()['outbox/a.json']!)).toMatchObject({ status: 'error', retryable: false });
  });

  it('stands before a folder or a FIFO where a file should be, and does not fall', () => {
    const { socket, takeOver, pass, files } = socketWith({
      'work/not-a-folder': 'x',
      'work/dead/strange/inner': 'x',
      'renderer/strange.json/inner': 'x',
      'work/dead/a~0.json': COMMAND,
    });
    execFileSync('mkfifo', [join(socket, 'work', 'dead', 'fifo')]);
    takeOver();
    // What is no announcement may have been one: it has as long as a silent renderer.
    expect(Object.keys(files())).toContain('renderer/strange.json/inner');
    pass(9_999);
    takeOver();
    expect(Object.keys(files())).toContain('renderer/strange.json/inner');
    pass(1);
    takeOver();
    const left = Object.keys(files()).sort();
    expect(left).toContain('inbox/a~1.json');
    expect(left).toContain('poison/strange/inner');
    expect(left).toContain('poison/strange.json/inner');
    expect(left.filter((path) => path.startsWith('work/'))).toEqual([]);
  });

  it('can be done twice', () => {
    const { takeOver, files } = socketWith({ 'work/dead/a~0.json': COMMAND, 'work/dead/slot.json': COMMAND });
    takeOver();
    const once = files();
    takeOver();
    expect(files()).toEqual(once);
  });
});
