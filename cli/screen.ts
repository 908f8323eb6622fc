/** A terminal that a command has for itself: an alternate screen without a cursor, left as it was found however the process ends. */
import type { Room } from './half-blocks.ts';

/** Alternate screen, no cursor. */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[0m\x1b[?25h\x1b[?1049l';
/** Terminals that know these show all between them at once; others ignore them. */
const [BEGIN, END] = ['\x1b[?2026h', '\x1b[?2026l'];

/** The cells of the terminal on standard output; 80×24 where it does not say. */
export function terminalRoom(): Room {
  return { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
}

export interface Screen {
  /** Replaces what is shown; at most as many lines as the terminal has rows. */
  show(lines: readonly string[]): void;
  /** The same, but writes only the rows that have changed since the last time, and nothing where none has. */
  update(lines: readonly string[]): void;
  leave(): void;
}

/** What a person does at the terminal. */
export interface Heard {
  /** The room has changed, or the screen has to be filled anew. */
  readonly resized: () => void;
  /** Ctrl-C or q. */
  readonly quit: () => void;
  /** Any other key; of one that takes several characters, each of them. */
  readonly key?: (key: string) => void;
  /** The terminal is gone, or fails. */
  readonly lost: () => void;
}

/** Enters the screen on standard output; keys come from standard input if that is a terminal too. */
export function enterScreen({ resized, quit, lost, key: hear = () => {} }: Heard): Screen {
  const { stdout, stdin } = process;
  const keys = stdin.isTTY === true;
  let entered = false;
  /** What stands on the screen; undefined where that is not known. */
  let shown: readonly string[] | undefined;
  const enter = (): void => {
    entered = true;
    shown = undefined;
    if (keys) stdin.setRawMode(true);
    stdout.write(ENTER);
  };
  const leave = (): void => {
    if (!entered) return;
    entered = false;
    stdout.write(LEAVE);
    if (keys) stdin.setRawMode(false);
  };
  /** Other programs, and terminals that change their size, leave there what they like. */
  const refill = (): void => {
    shown = undefined;
    resized();
  };
  // Before anything is said about a fault: words on the alternate screen would go with it.
  process.on('uncaughtExceptionMonitor', leave);
  process.on('exit', leave);
  process.on('SIGTSTP', () => {
    leave();
    process.kill(process.pid, 'SIGSTOP');
  });
  process.on('SIGCONT', () => {
    if (!entered) enter();
    refill();
  });
  stdout.on('resize', refill);
  // Before whoever takes it for a full disk.
  stdout.prependListener('error', lost);
  if (keys) stdin.on('error', lost);
  enter();
  // Raw, the terminal sends Ctrl-C and Ctrl-Z as characters; in return it echoes nothing onto the picture.
  if (keys) {
    stdin.on('data', (typed: Buffer) => {
      for (const key of typed.toString('latin1')) {
        if (key === '\x03' || key === 'q') quit();
        // To the whole job, as the terminal would: a shell waits for npm too.
        else if (key === '\x1a') process.kill(0, 'SIGTSTP');
        else hear(key);
      }
    });
  }
  /** Each row is emptied before it is written: after its last cell, emptying the rest would take that cell. */
  const rowOf = (line: string, row: number): string => `\x1b[${row + 1};1H\x1b[2K${line}`;
  const write = (rows: string): void => void stdout.write(`${BEGIN}\x1b[0m${rows}${END}`);
  const show = (lines: readonly string[]): void => {
    const rest = lines.length < terminalRoom().rows ? `\x1b[${lines.length + 1};1H\x1b[J` : '';
    shown = lines;
    if (entered) write(`${lines.map(rowOf).join('')}\x1b[0m${rest}`);
  };
  return {
    show,
    update(lines) {
      if (shown === undefined) return show(lines);
      const before = shown;
      shown = lines;
      const changed = lines.flatMap((line, row) => (line === before[row] ? [] : [rowOf(line, row)]));
      if (lines.length < before.length) changed.push(`\x1b[0m\x1b[${lines.length + 1};1H\x1b[J`);
      if (entered && changed.length > 0) write(`${changed.join('')}\x1b[0m`);
    },
    leave,
  };
}

/**
 * Ends as a process does that does not hear SIGHUP, which shells call 129. Node ending by itself would put the
 * terminal back once more, and crash where that is gone.
 */
export function endHungUp(screen: Screen): void {
  screen.leave();
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
