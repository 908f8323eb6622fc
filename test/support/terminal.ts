/** A terminal for a command of the tests, with keys, a size, and what is on its screen; made by Python's pty module. */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';
import { waitUntil } from './wait-until.ts';

/** Terminals need Python 3. */
export const HAS_TERMINALS = spawnSync('python3', ['--version']).error === undefined;

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** Besides PATH and the like; NO_COLOR and COLORTERM are unset without it. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Terminal {
  /** Everything that was printed so far. */
  output(): string;
  /** Frames of `gvpie preview` so far, each as its rows without colours. */
  frames(): string[][];
  /** What is on the screen after all that was printed so far, row by row without colours. */
  screen(): string[];
  /** Waits for a screen of which `wanted` holds. */
  onScreen(what: string, wanted: (rows: readonly string[]) => boolean): Promise<string[]>;
  /** Waits for a newest frame of which `wanted` holds. */
  frame(what: string, wanted: (rows: readonly string[]) => boolean): Promise<string[]>;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  signal(name: NodeJS.Signals): void;
  /** Takes the terminal away, as closing its window does. */
  close(): void;
  /** The exit code, and whether the terminal echoes again, or `closed`. */
  readonly ended: Promise<{ readonly code: number | null; readonly mode: string }>;
}

/** Runs gvpie on a terminal; it is killed in the end, if it has not ended by itself. */
export function gvpieOnTerminal(args: readonly string[], { columns, rows, env }: TerminalOptions): Terminal {
  const clean = Object.entries(process.env).filter(([name]) => !/^(GVPIE_|NO_COLOR|COLORTERM)/.test(name));
  const command = [process.execPath, join(packageRoot(), 'dist/cli/main.js'), ...args];
  const script = join(packageRoot(), 'test/support/terminal.py');
  const child = spawn('python3', [script, `${columns}`, `${rows}`, ...command], {
    env: { ...Object.fromEntries(clean), TERM: 'xterm-256color', ...env },
  });
  let output = '';
  let mode = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    mode += text;
  });
  child.stdin.on('error', () => {});
  const ended = new Promise<{ code: number | null; mode: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, mode: mode.trim() }));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const tell = (line: object): void => {
    child.stdin.write(`${JSON.stringify(line)}\n`);
  };
  const frames = (): string[][] => framesOf(output);
  return {
    output: () => output,
    frames,
    screen: () => screenOf(output),
    onScreen: (what, wanted) =>
      waitUntil(what, () => {
        const rows = screenOf(output);
        return wanted(rows) ? rows : undefined;
      }),
    frame: (what, wanted) =>
      waitUntil(what, () => {
        const newest = frames().at(-1);
        return newest !== undefined && wanted(newest) ? newest : undefined;
      }),
    type: (keys) => tell({ type: keys }),
    resize: (width, height) => tell({ size: [width, height] }),
    close: () => tell({ close: true }),
    signal: (name) => tell({ signal: constants.signals[name] }),
    ended,
  };
}

// What a terminal obeys; written so that no control character stands in a pattern.
const ESCAPE = new RegExp(`${'\x1b'}\\[[\\d;?]*[A-Za-z]`, 'g');
const ROW = new RegExp(`${'\x1b'}\\[\\d+;1H`);

/** The finished frames in what was printed. */
function framesOf(output: string): string[][] {
  return output
    .split('\x1b[?2026h')
    .slice(1)
    .filter((frame) => frame.includes('\x1b[?2026l'))
    .map((frame) => {
      const rows = (frame.split('\x1b[?2026l')[0] ?? '').split(ROW).slice(1);
      const plain = rows.map((row) => row.replace(ESCAPE, ''));
      return plain.at(-1) === '' ? plain.slice(0, -1) : plain;
    });
}

const PLACE = new RegExp(`${'\x1b'}\\[(\\d+);1H`);

/** What frames have left on the screen, each of which writes the rows that it changes. */
function screenOf(output: string): string[] {
  const rows: string[] = [];
  for (const frame of output.split('\x1b[?2026h').slice(1)) {
    const [written = '', rest] = frame.split('\x1b[?2026l');
    if (rest === undefined) break;
    const [, ...parts] = written.split(PLACE);
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [row, text = ''] = [Number(parts[at]) - 1, parts[at + 1]];
      if (text.startsWith('\x1b[J')) rows.length = Math.min(rows.length, row);
      else rows[row] = text.replace(ESCAPE, '');
    }
  }
  return rows;
}
