/** The progress line: on a terminal, of work that takes more than a second, and gone when that is done. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { beginProgress, type LineOutlet } from '../../cli/progress-line.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { gvpieOnTerminal, HAS_TERMINALS } from '../support/terminal.ts';
import { Workplace } from './gvpie.ts';

const WIPE = '\r\x1b[2K';

/** Time passes four times as fast, and one thread paints: so that work is long on fast machines too. */
const SLOW = `import os from 'node:os';
  import { syncBuiltinESMExports } from 'node:module';
  os.availableParallelism = () => 1;
  syncBuiltinESMExports();
  const now = performance.now.bind(performance);
  performance.now = () => 4 * now();`;
const ENV = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(SLOW)}` };

/** A line whose time passes by hand. */
function lineOn(outlet: Partial<LineOutlet>, words = () => 'words') {
  const written: string[] = [];
  const clock = { ms: 0 };
  const line = beginProgress(
    words,
    { isTTY: true, columns: 20, write: (text) => written.push(text), ...outlet },
    () => clock.ms,
  );
  const at = (ms: number): string[] => {
    clock.ms = ms;
    line.tick();
    return written.splice(0);
  };
  return { line, written, at };
}

describe('a progress line', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it('is written a second after the beginning, not sooner, and ten times a second at most', () => {
    let n = 0;
    const { at } = lineOn({}, () => `${n++}`);
    expect(at(999)).toEqual([]);
    expect(at(1_000)).toEqual([`${WIPE}0`]);
    expect(at(1_099)).toEqual([]);
    expect(at(1_100)).toEqual([`${WIPE}1`]);
  });

  it('is written by itself where the loop has its turns', () => {
    const { written, line } = lineOn({});
    vi.advanceTimersByTime(1_000);
    expect(written).toEqual([]);
    line.end();
    const ms = { now: 0 };
    const told: string[] = [];
    beginProgress(
      () => 'x',
      { isTTY: true, write: (text) => told.push(text) },
      () => ms.now,
    );
    ms.now = 2_000;
    vi.advanceTimersByTime(100);
    expect(told).toEqual([`${WIPE}x`]);
  });

  it('leaves the last column free, of wide characters too', () => {
    expect(lineOn({ columns: 10 }, () => 'abcdefghijk').at(1_000)).toEqual([`${WIPE}abcdefgh…`]);
    expect(lineOn({ columns: 10 }, () => 'abcdefghi').at(1_000)).toEqual([`${WIPE}abcdefghi`]);
    expect(lineOn({ columns: 10 }, () => '漢字漢字漢字').at(1_000)).toEqual([`${WIPE}漢字漢字…`]);
  });

  it('is wiped where it was written, and nothing is written where it was not', () => {
    const { at, line, written } = lineOn({});
    line.wipe();
    expect(written).toEqual([]);
    at(1_000);
    line.wipe();
    line.wipe();
    expect(written.splice(0)).toEqual([WIPE]);
    expect(at(1_100)).toEqual([`${WIPE}words`]);
    line.end();
    expect(written.splice(0)).toEqual([WIPE]);
    expect(at(9_000)).toEqual([]);
  });

  it('is none where there is no terminal', () => {
    for (const isTTY of [undefined, false]) {
      const { at, line, written } = lineOn({ isTTY } as Partial<LineOutlet>);
      expect(at(5_000)).toEqual([]);
      line.end();
      expect(written).toEqual([]);
    }
  });
});

describe.skipIf(!HAS_TERMINALS)('long work on a terminal', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
    // About a second of one core.
    const lines = [
      'SHADE 0 0 width height',
      'SET s x+y',
      'LOOP 7000',
      'SET s (s*5+3)&255',
      'END',
      'SET r s',
      'END',
    ];
    place.write('long.pxl', lines.join('\n'));
    place.write('short.pxl', 'RECT 0 0 9 9');
  });
  afterEach(() => place.clear());

  /** The percents that were written, of a command that ends well. */
  async function percentsOf(...args: string[]): Promise<{ percents: number[]; output: string }> {
    const terminal = gvpieOnTerminal(args, { columns: 80, rows: 24, env: ENV });
    expect((await terminal.ended).code).toBe(EXIT.ok);
    const output = terminal.output();
    return {
      percents: [...output.matchAll(/painting (\d+) %/g)].map(([, digits]) => Number(digits)),
      output,
    };
  }

  it('rises monotonically, is wiped in the end, and is that of nothing short', {
    timeout: 60_000,
  }, async () => {
    const [long, short, png] = ['long.pxl', 'short.pxl', 'long.png'].map((name) => place.at(name)) as [
      string,
      string,
      string,
    ];
    const { percents, output } = await percentsOf(
      'render',
      long,
      '--backend',
      'cpu',
      '--size',
      '400x400',
      '-o',
      png,
    );
    expect(percents.length).toBeGreaterThan(2);
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
    expect(percents[0]).toBeLessThan(percents.at(-1) as number);
    const [after = '', ...before] = output.split(WIPE).reverse();
    expect(before.some((line) => line.includes('long.pxl  painting '))).toBe(true);
    expect(after).toMatch(/^\S+long\.png {2}400×400, /);

    const verified = await percentsOf('verify', png, png);
    expect(verified.percents.length).toBeGreaterThan(2);
    expect(verified.output).toContain(`2 of 2: ${png}  painting `.slice(0, 50));
    // What is printed comes behind a wiped line.
    for (const [at] of verified.output.matchAll(/^.*\bok {5} .*$/gm)) expect(at).toContain(WIPE);

    const quick = await percentsOf('render', short, '-o', place.at('short.png'));
    expect(quick.output).not.toContain('\x1b[2K');
  });

  it('is in no pipe', { timeout: 60_000 }, async () => {
    const main = join(packageRoot(), 'dist/cli/main.js');
    const args = [
      'render',
      place.at('long.pxl'),
      '--backend',
      'cpu',
      '--size',
      '400x400',
      '-o',
      place.at('x.png'),
    ];
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...ENV } });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const start = performance.now();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(EXIT.ok);
    // It took long enough for a line.
    expect(4 * (performance.now() - start)).toBeGreaterThan(1_100);
    expect(said).toBe('');
  });
});
