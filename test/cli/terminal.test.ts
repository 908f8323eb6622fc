/** What gvpie prints on a terminal; Python's pty module is one. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namesOn } from '../support/names-on.ts';
import { announcedPids } from '../support/renderer-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { Workplace } from './gvpie.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');
const PTY = 'import pty, sys; pty.spawn(sys.argv[1:])';
const hasPython = spawnSync('python3', ['--version']).error === undefined;

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

/** The lines that a command prints on a terminal without colours. */
async function onTerminal(...args: string[]): Promise<string[]> {
  const env = {
    ...process.env,
    GVPIE_SOCKET_DIR: place.at('socket'),
    GVPIE_DB: place.at('daemon.db'),
    GVPIE_CARTRIDGES: place.at('cartridges'),
    NO_COLOR: '1',
  };
  const running = promisify(execFile)('python3', ['-c', PTY, process.execPath, MAIN, ...args], {
    cwd: place.folder,
    env,
  });
  running.child.stdin?.end();
  return (await running).stdout.trimEnd().split(/\r?\n/);
}

describe.skipIf(!hasPython)('on a terminal', () => {
  it('gvpie up introduces both daemons once, and every event has one line', async () => {
    const [title, ...lines] = await onTerminal('up', '--once');
    expect(title).toMatch(/^gvpie up --once \d/);
    expect(lines.slice(0, 4)).toEqual([
      `  socket      ${place.at('socket')}`,
      '  paints on   auto: a real GPU for what it is faster at, else the CPU',
      `  database    ${place.at('daemon.db')}`,
      `  cartridges  ${place.at('cartridges')}`,
    ]);
    for (const line of lines.slice(4)) {
      expect(line).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: (renderer|orchestrator|supervisor) +\w+:\w+/);
    }
    const [cartridge = ''] = namesOn(place.at('cartridges'));
    const success = lines.find((line) => line.includes('run:success'));
    expect(success).toContain(` cartridge=${place.at('cartridges')}/${cartridge} size=128×64 backend=cpu `);
    expect(success).toContain(` id=…${cartridge.slice(-16, -4)} `);
  });

  it('gvpie renderer says what it paints on, and why, once it serves', async () => {
    const printed = onTerminal('renderer', '--backend', 'cpu');
    const [pid] = await waitUntil('it to announce itself', () => {
      const pids = announcedPids(place.at('socket'));
      return pids.length > 0 ? pids : undefined;
    });
    // Its banner is printed in the same turn as its announcement.
    process.kill(pid as number, 'SIGTERM');
    const lines = await printed;
    expect(lines.find((line) => line.startsWith('  paints on'))).toBe(
      '  paints on  cpu (typescript): asked for',
    );
    const serving = lines.find((line) => line.includes('renderer:serving'));
    expect(serving).toContain(' backend=cpu adapter=cpu (typescript) reason=asked for health=ok ');
  });

  it('a daemon that refuses to start does not introduce itself', async () => {
    place.write('daemon.db', 'no database at all'.repeat(9));
    const lines = await onTerminal('orchestrator', '--db', place.at('daemon.db')).catch(
      (error: { stdout: string }) => error.stdout.split('\r\n'),
    );
    expect(lines[0]).toMatch(/^gvpie: Expected a SQLite database/);
  });

  it('gvpie inspect prints the first 20 lines of a program, in a pipe too, and all of it when asked', async () => {
    const program = (lines: number): string =>
      Array.from({ length: lines }, (_, n) => `# ${n + 1}`).join('\n');
    place.write('a.pxl', program(20));
    place.write('b.pxl', program(22));
    await Promise.all(['a.pxl', 'b.pxl'].map((path) => place.run(['render', path])));
    expect((await onTerminal('inspect', 'a.png')).at(-1)).toBe('# 20');
    expect((await onTerminal('inspect', 'b.png')).slice(-2)).toEqual([
      '# 20',
      '… and 2 lines more: --program prints all',
    ]);
    expect((await onTerminal('inspect', 'b.png', '--program')).at(-1)).toBe('# 22');
    expect((await place.run(['inspect', 'b.png'])).stdout).toMatch(
      /# 20\n… and 2 lines more: --program prints all\n$/,
    );
    expect((await place.run(['inspect', 'b.png', '--program'])).stdout).toMatch(/# 22\n?$/);
  });
});
