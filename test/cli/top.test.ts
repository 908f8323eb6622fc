/** `gvpie top`: one frame or JSON in a pipe; on a terminal kept up to date, and the terminal given back however it ends. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { gvpieOnTerminal, HAS_TERMINALS, type Terminal, type TerminalOptions } from '../support/terminal.ts';
import { QueuePlace, REFUSED } from './queue-place.ts';

/** The other screen without a cursor; the cursor, and the screen that was there. */
const TAKEN = '\x1b[?1049h\x1b[?25l';
const GIVEN_BACK = '\x1b[?25h\x1b[?1049l';

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
  place.scripts('a', 'b', 'c');
});
afterEach(() => place.clear());

/** A cartridge on the shelf, and in the registry. */
function shelve(name: string, width: number, height: number): void {
  mkdirSync(place.at('cartridges'), { recursive: true });
  copyFileSync(join(packageRoot(), 'docs/hello.png'), join(place.at('cartridges'), `${name}.png`));
  place.sql(`INSERT INTO cartridges (file_name, script_id, checksum, width, height, bytes, created_at)
    VALUES ('${name}.png', 1, '', ${width}, ${height}, 9, '')`);
}

describe('gvpie top, where standard output is no terminal', () => {
  it('prints one plain frame and ends', async () => {
    place.begin(1);
    place.begin(2);
    place.end(2, 'refused', REFUSED);
    place.serve();
    const { code, stdout, stderr } = await place.run(['top']);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).not.toContain('\x1b');
    const lines = stdout
      .replace(/\d{4}-\S+Z/, 'T')
      .replace(/\d\d:\d\d:\d\d/g, 'T')
      .replace(/\b\d+ m?s\b/g, '_')
      .replace(/pid \d+/, 'pid N')
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ').trim());
    expect(lines).toEqual([
      expect.stringMatching(/^gvpie top \S+ T \S+daemon\.db$/),
      'orchestrators 1',
      'pid N up for _ 1 under way',
      `renderers 0 at ${place.at('socket')}`,
      'in flight 1',
      '1 a r1 _ ·········· under way',
      'queue 1 queued',
      '3 c r1',
      'rates 0.1/s in _ (1 failed), 0.0/s in 1 min (1 failed)',
      'failures the newest 1',
      'T b refused 1:5 PXL-E006: Expected an opcode',
      '',
    ]);
  });

  it('prints one JSON document where that is asked for', async () => {
    place.begin(1);
    const json = await place.json('top');
    expect(json).toMatchObject({
      database: { path: place.at('daemon.db'), note: null },
      totals: { queued: 2, waiting: 0, running: 1, dead: 0 },
      running: [{ job: 1, script_name: 'a', owner: 'o1', percent: null }],
      queued: [{ job: 2 }, { job: 3 }],
      renderers: [],
      socket: { path: place.at('socket'), note: null },
    });
  });

  it('says that the socket cannot be looked at, and shows the rest', async () => {
    place.write('socket', 'a file');
    const { code, stdout } = await place.run(['top']);
    expect(code).toBe(EXIT.ok);
    expect(stdout.split('\n')[1]).toMatch(/^Could not list .*ENOTDIR/);
    expect(stdout).toContain('3 queued');
  });

  it('says that there is no database, and makes none', async () => {
    rmSync(place.at('daemon.db'));
    const { code, stdout } = await place.run(['top', '--once']);
    expect(code).toBe(EXIT.ok);
    expect(stdout).toContain(`none at ${place.at('daemon.db')}: npm start makes it`);
    expect((await place.json('top')).totals).toBeNull();
    expect(() => place.read('daemon.db')).toThrow('ENOENT');
  });

  it('shows pictures of cartridges, and the size of one that is not as its row says, or too large', async () => {
    shelve('good', 320, 160);
    shelve('lie', 10, 10);
    shelve('huge', 4_096, 4_096);
    const { stdout } = await place.run(['top']);
    const lines = stdout.split('\n');
    const at = lines.findIndex((line) => line.startsWith('cartridges'));
    expect(lines[at]).toBe('cartridges    the newest 3 pictures');
    expect(lines[at + 1]).toMatch(/^4096×4096 {17}10×10\b/);
    // Shrunk to 23 by 12 pixels, in the third place.
    const shown = lines.slice(at + 1, at + 7).map((line) => line.slice(52));
    expect(shown.join('')).toMatch(/^[ ░▒▓█▀▄]{50,}$/);
    expect(Math.max(...shown.map((line) => line.length))).toBe(23);
    expect(lines[at + 7]).toMatch(/^a {25}a {25}a$/);
  });

  it('ends with 75 where the database cannot be read, and promises nothing then', async () => {
    rmSync(place.at('daemon.db'));
    expect((await place.run(['top'])).code).toBe(EXIT.ok);
    place.write('daemon.db', 'notes');
    for (const args of [['top'], ['top', '--once'], ['top', '--json']]) {
      const { code, stdout } = await place.run(args);
      expect(code).toBe(EXIT.unavailable);
      expect(stdout).toContain('found a file of another kind');
      expect(stdout).not.toContain('tried again');
    }
  });

  it('refuses a pace that is none', async () => {
    for (const every of ['99', '60001', 'x'])
      expect((await place.run(['top', '--every', every])).code).toBe(EXIT.usage);
    for (const every of ['100', '60000'])
      expect((await place.run(['top', '--every', every])).code).toBe(EXIT.ok);
  });
});

describe.skipIf(!HAS_TERMINALS)('gvpie top on a terminal', () => {
  const top = (options: Partial<TerminalOptions> = {}, ...more: string[]): Terminal =>
    gvpieOnTerminal(
      [
        ...['top', '--every', '100', '--db', place.at('daemon.db'), '--socket', place.at('socket')],
        ...['--cartridges', place.at('cartridges'), ...more],
      ],
      { columns: 80, rows: 24, env: { NO_COLOR: '1' }, ...options },
    );
  const says = (words: string) => (rows: readonly string[]) => rows.some((row) => row?.includes(words));
  const QUEUED = says('3 queued');

  it.each([
    ['q', (terminal: Terminal) => terminal.type('q')],
    ['Ctrl-C', (terminal: Terminal) => terminal.type('\x03')],
    ['SIGTERM', (terminal: Terminal) => terminal.signal('SIGTERM')],
    ['SIGINT', (terminal: Terminal) => terminal.signal('SIGINT')],
  ])('takes the other screen, and gives it back on %s, with the cursor, and ends with 0', async (_, tell) => {
    const terminal = top();
    await terminal.onScreen('the queue', QUEUED);
    expect(terminal.output().startsWith(TAKEN)).toBe(true);
    expect(terminal.output()).not.toContain(GIVEN_BACK);
    terminal.type('x\x1b[A');
    tell(terminal);
    expect(await terminal.ended).toEqual({ code: EXIT.ok, mode: 'cooked' });
    expect(terminal.output().endsWith(GIVEN_BACK)).toBe(true);
  });

  it('gives it back on SIGHUP and when it fails, before it says why', async () => {
    const hungUp = top();
    await hungUp.onScreen('the queue', QUEUED);
    hungUp.signal('SIGHUP');
    expect(await hungUp.ended).toEqual({ code: 129, mode: 'cooked' });
    const code = "process.on('SIGUSR2', () => { throw new Error('on purpose'); });";
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(code)}`;
    const failing = top({ env: { NO_COLOR: '1', NODE_OPTIONS } });
    await failing.onScreen('the queue', QUEUED);
    failing.signal('SIGUSR2');
    expect(await failing.ended).toEqual({ code: EXIT.internal, mode: 'cooked' });
    expect(failing.output().split(GIVEN_BACK)[1]).toMatch(/^gvpie: internal fault: on purpose\r\n/);
  });

  it('shows what changes, and writes only the rows that it changes', async () => {
    const terminal = top();
    await terminal.onScreen('the queue', QUEUED);
    const before = terminal.output().length;
    place.sql(`INSERT INTO improvement_scripts (name, lang, code) VALUES ('d', 'pixel', 'HALT')`);
    const rows = await terminal.onScreen('one more', says('4 queued'));
    expect(rows[0]).toMatch(/^gvpie top /);
    const frames = terminal.output().slice(before).split('\x1b[?2026h').slice(1);
    // The clock in the first row, and a few more.
    for (const frame of frames) expect(frame.split(';1H').length - 1).toBeLessThan(rows.length - 2);
    expect(frames.some((frame) => frame.includes('4 queued'))).toBe(true);
    // While nothing changes but the time, that alone is written, once a second.
    const seen = terminal.frames().length;
    await sleep(1_500);
    const later = terminal.frames().slice(seen).flat();
    expect(later.length).toBeGreaterThan(0);
    for (const row of later) expect(row).toMatch(/^gvpie top|up for|in \d/);
  });

  it('fills a terminal that was resized, from 40×10 to 200×60, at once', async () => {
    const terminal = top({ columns: 40, rows: 10 });
    await terminal.onScreen('the queue', QUEUED);
    for (const [columns, rows] of [
      [200, 60],
      [60, 12],
      [40, 10],
    ] as const) {
      const before = terminal.frames().length;
      terminal.resize(columns, rows);
      const frame = await terminal.frame(`${columns}×${rows}`, (lines) => {
        return (
          terminal.frames().length > before && lines[0]?.startsWith('gvpie top') === true && lines.length > 5
        );
      });
      expect(frame.length).toBeLessThanOrEqual(rows);
      for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('stands still from one space to the next', async () => {
    const terminal = top();
    await terminal.onScreen('the queue', QUEUED);
    terminal.type(' ');
    await terminal.onScreen('it to freeze', says('FROZEN'));
    place.sql(`INSERT INTO improvement_scripts (name, lang, code) VALUES ('d', 'pixel', 'HALT')`);
    const before = terminal.output();
    await sleep(400);
    expect(terminal.output()).toBe(before);
    terminal.type(' ');
    const rows = await terminal.onScreen('one more', says('4 queued'));
    expect(says('FROZEN')(rows)).toBe(false);
  });

  it('waits for a database, and for one that has gone away', async () => {
    rmSync(place.at('daemon.db'));
    const terminal = top();
    await terminal.onScreen('that there is none', says('none at'));
    place.scripts('a', 'b', 'c');
    await terminal.onScreen('the queue', QUEUED);
    rmSync(place.at('daemon.db'));
    await terminal.onScreen('that there is none', says('none at'));
    place.scripts('a');
    await terminal.onScreen('the other one', says('1 queued'));
  });

  it('takes less than a fiftieth of a core while nothing happens', { timeout: 60_000 }, async () => {
    // By its own account of how long it computed, from a second after its start to its end.
    const code = `import { writeFileSync } from 'node:fs';
      let from;
      setTimeout(() => { from = [performance.now(), process.cpuUsage()]; }, 2000).unref();
      process.on('exit', () => {
        const { user, system } = process.cpuUsage(from[1]);
        writeFileSync('${place.at('cpu')}', String((user + system) / 1000 / (performance.now() - from[0])));
      });`;
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(code)}`;
    const terminal = top({ env: { NO_COLOR: '1', NODE_OPTIONS } }, '--every', '1000');
    await terminal.onScreen('the queue', QUEUED);
    await sleep(5_000);
    terminal.type('q');
    await terminal.ended;
    expect(Number(place.read('cpu'))).toBeLessThan(0.02);
  });

  it('prints one frame and ends where that is asked for, or the terminal is dumb', async () => {
    for (const terminal of [top({}, '--once'), top({ env: { TERM: 'dumb' } })]) {
      expect((await terminal.ended).code).toBe(EXIT.ok);
      expect(terminal.output()).not.toContain('\x1b');
      expect(terminal.output()).toMatch(/^gvpie top [\s\S]*3 queued/);
    }
  });
});
