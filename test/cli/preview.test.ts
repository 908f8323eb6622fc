/** `gvpie preview`: printed once, and on a terminal kept up to date with the file under an editor's hands. */
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { PATIENCE_MS } from '../../cli/preview-studio.ts';
import { gvpieOnTerminal, HAS_TERMINALS, type Terminal, type TerminalOptions } from '../support/terminal.ts';
import { waitUntil } from '../support/wait-until.ts';
import { Workplace } from './gvpie.ts';

/** A bar of `length` white cells on the upper half of the first row. */
const bar = (length: number): string => `RECT 0 0 ${length} 1`;
const barRow = (length: number): string => '▀'.repeat(length) + ' '.repeat(16 - length);
const SIZE = ['--size', '16x4'];
const STATUS = /^a\.pxl {2}16×4 {2}2 steps, 1 shape, (\d+) pixels? written {2}\d+ ms$/;

/** As much text as a program can draw; it takes half a second where this was written. */
const SLOW = Array.from({ length: 380 }, () => `TXT 0 0 ${'M'.repeat(2_700)}`).join('\n');

/** The other screen without a cursor; the cursor, and the screen that was there. */
const TAKEN = '\x1b[?1049h\x1b[?25l';
const GIVEN_BACK = '\x1b[?25h\x1b[?1049l';

/** What makes gvpie run a module of the test before its own. */
const imported = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}`,
});

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('a.pxl', bar(3));
  place.write('bad.pxl', 'RECT 1 2\nFOO\n');
});
afterEach(() => place.clear());

describe('gvpie preview, where standard output is no terminal', () => {
  it('prints the picture and one status line, in characters alone under NO_COLOR', async () => {
    const { code, stdout, stderr } = await place.run(['preview', 'a.pxl', ...SIZE], {
      env: { NO_COLOR: '1' },
    });
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    const [first, second, status, ...rest] = stdout.split('\n');
    expect([first, second, rest]).toEqual([barRow(3), ' '.repeat(16), ['']]);
    expect(status).toMatch(STATUS);
  });

  it('reads standard input, and dresses the picture as COLORTERM says', async () => {
    const input = 'RECT 0 0 1 1';
    const args = ['preview', '-', '--size', '2x2'];
    const all = await place.run(args, { input, env: { COLORTERM: 'truecolor', TERM: 'xterm' } });
    const white = '\x1b[38;2;255;255;255;48;2;0;0;0m▀\x1b[38;2;0;0;0m▀\x1b[0m\n';
    expect(all.stdout.startsWith(`${white}stdin  2×2  2 steps`)).toBe(true);
    const few = await place.run(args, { input, env: { COLORTERM: '', TERM: 'xterm' } });
    expect(few.stdout.startsWith('\x1b[38;5;231;48;5;16m▀\x1b[38;5;16m▀\x1b[0m\n')).toBe(true);
  });

  it('shrinks what is wider than 80 columns, whatever its height, and says so', async () => {
    const lines = async (size: string): Promise<string[]> => {
      const env = { NO_COLOR: '1' };
      return (await place.run(['preview', 'a.pxl', '--size', size], { env })).stdout.split('\n');
    };
    const fits = await lines('80x400');
    expect([fits.length, fits[0]?.length, fits.at(-2)?.includes(' at 1:')]).toEqual([202, 80, false]);
    const shrunk = await lines('81x400');
    expect([shrunk.length, shrunk[0]?.length]).toEqual([102, 41]);
    expect(shrunk.at(-2)).toMatch(/^a\.pxl {2}81×400 at 1:2 {2}/);
  });

  it('warns on standard error, and counts the warning', async () => {
    const { code, stdout, stderr } = await place.run(['preview', '-'], { input: 'TXT 0 0 é' });
    expect(code).toBe(EXIT.ok);
    expect(stdout).toMatch(/ ms {2}1 warning\n$/);
    expect(stderr).toMatch(/^stdin:1: warning PXL-W001/);
  });

  it('refuses a bad program with its complaints, and what is not there', async () => {
    const bad = await place.run(['preview', 'bad.pxl']);
    expect({ code: bad.code, stdout: bad.stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(bad.stderr).toMatch(/^bad\.pxl:1:[\s\S]*\nbad\.pxl:2:1: [\s\S]*\n2 errors\n$/);
    const none = await place.run(['preview', 'none.pxl']);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(none.stderr).toContain('found no file');
  });
});

describe.skipIf(!HAS_TERMINALS)('gvpie preview on a terminal', () => {
  const preview = (path = 'a.pxl', options: Partial<TerminalOptions> = {}, ...more: string[]): Terminal =>
    gvpieOnTerminal(['preview', place.at(path), ...SIZE, ...more], {
      columns: 60,
      rows: 12,
      env: { NO_COLOR: '1' },
      ...options,
    });
  const shows = (terminal: Terminal, length: number): Promise<string[]> =>
    terminal.frame(`a bar of ${length}`, ([first, , status]) => {
      return first === barRow(length) && STATUS.exec(status ?? '')?.[1] === `${length}`;
    });

  /** How long each save took until it was shown, ms, the shortest first: a machine under load may stall some. */
  const latencies = async (terminal: Terminal, path: string, lengths: readonly number[]) => {
    const all: number[] = [];
    for (const length of lengths) {
      const start = performance.now();
      place.write(path, bar(length));
      await shows(terminal, length);
      all.push(performance.now() - start);
    }
    return all.sort((one, other) => one - other);
  };

  it('takes the other screen, and on Ctrl-C gives it back with the cursor and ends with 0', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    expect(terminal.output().startsWith(TAKEN)).toBe(true);
    expect(terminal.output()).not.toContain(GIVEN_BACK);
    terminal.type('\x03');
    expect(await terminal.ended).toEqual({ code: EXIT.ok, mode: 'cooked' });
    expect(terminal.output().endsWith(GIVEN_BACK)).toBe(true);
  });

  it.each([
    ['q', (terminal: Terminal) => terminal.type('q')],
    ['SIGINT', (terminal: Terminal) => terminal.signal('SIGINT')],
    ['SIGTERM', (terminal: Terminal) => terminal.signal('SIGTERM')],
  ])('ends in the same way on %s, but on no other key', async (_, tell) => {
    const terminal = preview();
    await shows(terminal, 3);
    terminal.type('x\x1b[A ');
    place.write('a.pxl', bar(4));
    await shows(terminal, 4);
    tell(terminal);
    expect(await terminal.ended).toEqual({ code: EXIT.ok, mode: 'cooked' });
    expect(terminal.output().endsWith(GIVEN_BACK)).toBe(true);
  });

  it('gives the screen back on SIGHUP too, and ends by it', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    terminal.signal('SIGHUP');
    expect(await terminal.ended).toEqual({ code: 129, mode: 'cooked' });
    expect(terminal.output().endsWith(GIVEN_BACK)).toBe(true);
  });

  it('ends in the same way, and does not crash, when its window is closed', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    terminal.close();
    expect(await terminal.ended).toEqual({ code: 129, mode: 'closed' });
  });

  it('ends in the same way when it finds the terminal gone before it hears of it', async () => {
    const failing = "process.on('SIGUSR2', () => process.stdout.emit('error', new Error('EIO')));";
    const terminal = preview('a.pxl', { env: { NO_COLOR: '1', ...imported(failing) } });
    await shows(terminal, 3);
    terminal.signal('SIGUSR2');
    expect(await terminal.ended).toEqual({ code: 129, mode: 'cooked' });
    expect(terminal.output().endsWith(GIVEN_BACK)).toBe(true);
  });

  it('shows a save within 100 ms', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    // A save right after a frame: had only the scan seen it, it would take all of the scan's 250 ms.
    const [, second] = await latencies(terminal, 'a.pxl', [4, 5, 6]);
    expect(second).toBeLessThan(100);
  });

  it('stays as it is when a save changes nothing, and when another file is saved', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    const before = terminal.output().length;
    place.write('same', bar(3));
    renameSync(place.at('same'), place.at('a.pxl'));
    place.write('b.pxl', bar(9));
    await sleep(600);
    expect(terminal.output().length).toBe(before);
    place.write('a.pxl', bar(4));
    await shows(terminal, 4);
  });

  it('shows complaints in place of a picture, and the picture again once they are mended', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    place.write('a.pxl', 'RECT 1 2\nFOO\n');
    const refused = await terminal.frame('complaints', (rows) => rows.at(-1)?.includes('refused') ?? false);
    expect(refused.at(-1)).toBe('a.pxl  refused: 2 errors');
    expect(refused[0]).toMatch(/^a\.pxl:1:9: error PXL-E007: /);
    expect(refused.every((row) => row.length <= 60)).toBe(true);
    place.write('a.pxl', bar(5));
    await shows(terminal, 5);
  });

  it('follows a file that is replaced by rename, deleted, and made again', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    for (const length of [4, 5]) {
      place.write('a.pxl~', bar(length));
      renameSync(place.at('a.pxl~'), place.at('a.pxl'));
      await shows(terminal, length);
    }
    rmSync(place.at('a.pxl'));
    const gone = await terminal.frame('word of it', (rows) => rows[2]?.includes('no such file') ?? false);
    expect(gone).toEqual([barRow(5), ' '.repeat(16), 'a.pxl  no such file; waiting for it']);
    place.write('a.pxl', bar(5));
    await shows(terminal, 5);
    // A folder in its place is no program either.
    rmSync(place.at('a.pxl'));
    mkdirSync(place.at('a.pxl'));
    await terminal.frame('word of it', (rows) => rows[2]?.includes('regular file') ?? false);
    rmSync(place.at('a.pxl'), { recursive: true });
    place.write('a.pxl', bar(6));
    await shows(terminal, 6);
  });

  it('follows a symlink: what it leads to is saved, and it leads elsewhere', async () => {
    for (const [folder, length] of [
      ['one', 4],
      ['two', 6],
    ] as const) {
      mkdirSync(place.at(folder));
      place.write(`${folder}/real.pxl`, bar(length));
    }
    rmSync(place.at('a.pxl'));
    symlinkSync('one/real.pxl', place.at('a.pxl'));
    const terminal = preview();
    await shows(terminal, 4);
    const [, second] = await latencies(terminal, 'one/real.pxl', [8, 9, 5]);
    expect(second).toBeLessThan(100);
    symlinkSync('two/real.pxl', place.at('next'));
    renameSync(place.at('next'), place.at('a.pxl'));
    await shows(terminal, 6);
    place.write('two/real.pxl', bar(7));
    await shows(terminal, 7);
  });

  it('does not show what an editor has half written', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    const seen: number[] = [];
    for (const length of [8, 9, 10]) {
      const before = terminal.frames().length;
      for (const text of ['', 'RECT 0 0', bar(length)]) place.write('a.pxl', text);
      await shows(terminal, length);
      seen.push(terminal.frames().length - before);
    }
    // A machine that stalls between two of its writes shows what was written so far.
    expect(Math.min(...seen)).toBe(1);
  });

  it('draws fifty rapid saves as few pictures, the last of them the newest', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    const before = terminal.frames().length;
    const start = performance.now();
    for (let save = 0; save < 50; save++) {
      place.write('a.pxl', bar(1 + (save % 12)));
      await sleep(2);
    }
    place.write('a.pxl', bar(15));
    await shows(terminal, 15);
    // Each picture takes 10 ms of quiet, so that a machine that stalls has more of them.
    const most = 2 + (performance.now() - start) / 10;
    expect(terminal.frames().length - before).toBeLessThan(most);
  });

  it('fills a terminal that was resized, without another save', async () => {
    const terminal = preview('a.pxl', {}, '--size', '64x32');
    const wide = await terminal.frame('the first', (rows) => rows.length > 1);
    expect([wide.length, wide[0]?.length]).toEqual([9, 32]);
    terminal.resize(100, 40);
    await terminal.frame('all pixels', (rows) => rows.length === 17 && rows[0]?.length === 64);
    terminal.resize(20, 3);
    const small = await terminal.frame('few', (rows) => rows.length === 3 && (rows[0]?.length ?? 0) < 20);
    expect(small[2]).toMatch(/^a\.pxl {2}64×32 at 1:8…?/);
    expect(small[2]?.length).toBe(20);
  });

  it('hears Ctrl-C, and of a save that mends it, while a slow program is drawn', async () => {
    const terminal = preview('a.pxl', {}, '--size', '16384x64');
    const steps = (count: number) => (rows: readonly string[]) =>
      rows.at(-1)?.includes(`${count} steps`) ?? false;
    await terminal.frame('the first', steps(2));
    place.write('a.pxl', SLOW);
    await sleep(PATIENCE_MS + 50);
    place.write('a.pxl', `${bar(4)}\n${bar(5)}`);
    await terminal.frame('the mended one', steps(3));
    place.write('a.pxl', SLOW);
    await sleep(100);
    terminal.type('\x03');
    expect(await terminal.ended).toEqual({ code: EXIT.ok, mode: 'cooked' });
  });

  it('holds the picture that it shows and the one that is drawn, however many there were', async () => {
    // 64 MiB each, and 90 for everything else: three do not fit.
    const most = 3 * 64 + 90;
    const noting = `import { isMainThread } from 'node:worker_threads';
      import { writeFileSync } from 'node:fs';
      const note = () => writeFileSync('${place.at('peak')}', String(process.resourceUsage().maxRSS));
      if (isMainThread) process.on('exit', note);`;
    const env = { NO_COLOR: '1', ...imported(noting) };
    const terminal = preview('a.pxl', { env }, '--size', '8192x2048');
    for (let length = 100; length < 150; length++) {
      place.write('a.pxl', bar(length));
      await sleep(40);
    }
    await terminal.frame('the last', (rows) => rows.at(-1)?.includes(', 149 pixels') ?? false);
    terminal.type('q');
    await terminal.ended;
    expect(Number(place.read('peak')) / 1_024).toBeLessThan(most);
  });

  it('puts itself aside for Ctrl-Z and comes back', async () => {
    const terminal = preview();
    await shows(terminal, 3);
    terminal.type('\x1a');
    await waitUntil('the screen to be given back', () => terminal.output().endsWith(GIVEN_BACK));
    place.write('a.pxl', bar(4));
    // Shells see that a job has stopped before they go on with it; here it may still be about to.
    const goOn = setInterval(() => terminal.signal('SIGCONT'), 100);
    await shows(terminal, 4).finally(() => clearInterval(goOn));
    expect(terminal.output().split(TAKEN).length).toBe(3);
  });

  it('gives the screen back before it says what failed', async () => {
    const failing = "process.on('SIGUSR2', () => { throw new Error('on purpose'); });";
    const terminal = preview('a.pxl', { env: { NO_COLOR: '1', ...imported(failing) } });
    await shows(terminal, 3);
    terminal.signal('SIGUSR2');
    expect(await terminal.ended).toEqual({ code: EXIT.internal, mode: 'cooked' });
    expect(terminal.output().split(GIVEN_BACK)[1]).toMatch(/^gvpie: internal fault: on purpose\r\n/);
  });

  it('prints once and ends where that is asked for, or the terminal is dumb', async () => {
    for (const terminal of [preview('a.pxl', {}, '--once'), preview('a.pxl', { env: { TERM: 'dumb' } })]) {
      expect((await terminal.ended).code).toBe(EXIT.ok);
      expect(terminal.output()).not.toContain('\x1b');
      const [first, , status] = terminal.output().split('\r\n');
      expect(first).toBe(barRow(3));
      expect(status).toMatch(STATUS);
    }
  });
});
