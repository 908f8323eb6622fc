/** Several living renderers that find the same dead one: whoever comes first, in the middle or too late, one result. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Recovery } from '../../../renderer/host/recovery.ts';
import { makeRooms } from '../../../renderer/host/socket-dir.ts';
import { diskFiles, type Files } from '../../../shared/host/files.ts';
import { silentJournal } from '../../../shared/host/journal.ts';
import { Presence } from '../../../shared/host/presence.ts';
import { countingFiles } from '../../support/counting-files.ts';
import { ownerFile } from '../../support/owner-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const COMMAND = '{"op":"render_program","code":"HALT"}';

/** What a dead one with several in hand left, its last breath included. */
const LEFT: Readonly<Record<string, string>> = {
  'work/dead/first~0.json': COMMAND,
  'work/dead/second~1.json': COMMAND,
  'work/dead/third~2.json': COMMAND,
  'work/dead/done~0.json': COMMAND,
  'work/dead/first.raw.wet': 'half',
  'work/dead/slot.json': COMMAND,
  'renderer/dead.json': ownerFile('dead', { start_time: 1 }),
  'renderer/.dead.wet': '{',
  'outbox/done.json': '{}',
  'outbox/done.raw': 'pixels',
};

/** A socket with two living renderers, `one` and `other`, and a dead one. */
function scene() {
  const socket = temporaryFolder();
  makeRooms(diskFiles, socket);
  for (const name of ['one', 'other', 'dead']) mkdirSync(join(socket, 'work', name));
  for (const name of ['one', 'other']) {
    writeFileSync(join(socket, 'renderer', `${name}.json`), ownerFile(name));
  }
  for (const [path, content] of Object.entries(LEFT)) writeFileSync(join(socket, path), content);
  const recoveryOf = (name: string, files: Files = diskFiles): Recovery => {
    const presence = new Presence(files, socket, () => 0);
    return new Recovery(files, socket, name, presence, silentJournal);
  };
  return {
    recoveryOf,
    /** The process of `one` is gone from now on. */
    kill: () => writeFileSync(join(socket, 'renderer', 'one.json'), ownerFile('one', { start_time: 1 })),
    remove: (path: string) => rmSync(join(socket, path)),
    /** Every file and every folder in work/, replies by their code, but the two living ones. */
    state(): Record<string, string> {
      const found: Record<string, string> = {};
      for (const entry of readdirSync(socket, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name).slice(socket.length + 1);
        if (/^(work|renderer)\/(one|other)(\.json)?$/.test(path)) continue;
        if (entry.isFile()) found[path] = readFileSync(join(socket, path), 'utf8');
        else if (path.startsWith('work/')) found[path] = 'folder';
      }
      return found;
    },
  };
}

/** What must have become of it: the slot's command waits for whoever gets the slot. */
function isRight(state: Readonly<Record<string, string>>, mayLackReason = false): string[] {
  const { 'outbox/third.json': reply, 'poison/third.json.why': why, ...rest } = state;
  const wrong: string[] = [];
  const expected = {
    'inbox/first~1.json': COMMAND,
    'inbox/second~2.json': COMMAND,
    'poison/third.json': COMMAND,
    'outbox/done.json': '{}',
    'outbox/done.raw': 'pixels',
    'work/dead': 'folder',
    'work/dead/slot.json': COMMAND,
    'renderer/dead.json': LEFT['renderer/dead.json'],
  };
  for (const path of new Set([...Object.keys(expected), ...Object.keys(rest)])) {
    if (expected[path as keyof typeof expected] !== rest[path]) wrong.push(`${path}: ${rest[path]}`);
  }
  if (!/^\{.*"retryable":false.*\}\n$/.test(reply ?? '')) wrong.push(`the reply of the third: ${reply}`);
  if (!mayLackReason && !why?.includes('3 renderers ended')) wrong.push(`the reason of the third: ${why}`);
  return wrong;
}

/** Calls `before` with a number from 1 before each call of the door, looks included. */
function eachCall(files: Files, before: (call: number) => void): Files {
  let calls = 0;
  return new Proxy(files, {
    get(target, name) {
      const method = target[name as keyof Files] as (...args: unknown[]) => unknown;
      return (...args: unknown[]): unknown => {
        before(++calls);
        return method.apply(target, args);
      };
    },
  });
}

describe('recovery by several at once', () => {
  it('has one result, wherever a second one comes in between', () => {
    const wrong: string[] = [];
    let calls = 0;
    for (let at = 1; at <= Math.max(calls, 1); at++) {
      const { recoveryOf, state } = scene();
      const other = recoveryOf('other');
      const files = eachCall(diskFiles, (call) => {
        calls = Math.max(calls, call);
        if (call === at) other.look(false);
      });
      recoveryOf('one', files).look(false);
      // What one of them could not see yet the next look finds.
      other.look(false);
      for (const one of isRight(state())) wrong.push(`other before call ${at}: ${one}`);
    }
    expect(wrong).toEqual([]);
    expect(calls).toBeGreaterThan(25);
  });

  it('is finished by the second one after a crash of the first, after each of its effects and halves of them', () => {
    const wrong: string[] = [];
    const names: string[] = [];
    // 0: undisturbed, to count them.
    for (let at = 0; at <= names.length; at++) {
      const { recoveryOf, kill, state } = scene();
      const files = countingFiles(diskFiles, (effect, name) => {
        names[effect - 1] = name.replace(/.*gvpie-test-[^/]*\//, '');
        if (effect === at) throw new Error('killed');
      });
      // Whatever it would do next it does not do.
      let isDead = false;
      const last = eachCall(files, () => {
        if (isDead) throw new Error('dead');
      });
      const dying = new Proxy(last, {
        get(target, name) {
          const method = target[name as keyof Files] as (...args: unknown[]) => unknown;
          return (...args: unknown[]): unknown => {
            try {
              return method(...args);
            } catch (error) {
              isDead = true;
              throw error;
            }
          };
        },
      });
      const act = () => recoveryOf('one', dying).look(false);
      if (at === 0) act();
      else expect(act).toThrow(/killed|dead/);
      kill();
      recoveryOf('other').look(false);
      // Between the file and its reason: nobody finds the reason again.
      const mayLackReason = /poison/.test(names[at - 1] ?? '');
      for (const one of isRight(state(), mayLackReason)) wrong.push(`after ${names[at - 1]}: ${one}`);
    }
    expect(wrong).toEqual([]);
    expect(names.length).toBeGreaterThan(9);
    console.log(`${names.length} effects of a recovery, a crash after each`);
  });

  it('would be objected to: nobody who looks, and a reply that was torn', () => {
    const { recoveryOf, remove, state } = scene();
    expect(isRight(state()).length).toBeGreaterThan(6);
    recoveryOf('one').look(false);
    expect(isRight(state())).toEqual([]);
    expect(isRight({ ...state(), 'outbox/third.json': '{"id":"thi' })).toHaveLength(1);
    remove('inbox/first~1.json');
    expect(isRight(state())).toEqual(['inbox/first~1.json: undefined']);
  });

  it('leaves the living alone, whatever they hold', () => {
    const { recoveryOf, state } = scene();
    recoveryOf('one').look(false);
    const before = state();
    recoveryOf('other').look(true);
    // Who serves the slot clears away what is left of the dead one.
    const { 'work/dead': _, 'work/dead/slot.json': __, 'renderer/dead.json': ___, ...rest } = before;
    expect(state()).toEqual(rest);
  });
});
