/** The journal: one JSON line per event, or a readable line on a terminal. pino's door. */
import { isatty } from 'node:tty';
import { destination, type Logger, pino } from 'pino';
import { type PrettyOptions, default as pretty } from 'pino-pretty';
import type { LogLevel } from '../settings.ts';
import type { Journal } from '../world.ts';
import { journalLine } from './journal-line.ts';

/** Opens the journal on standard output. Writes are synchronous: the last line before a crash is there. */
export function openJournal(daemon: string, level: LogLevel): Journal {
  const options = {
    base: { daemon },
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger: Logger = isatty(1) ? pino(options, pretty(prettyOptions)) : pino(options, openPipe());
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: object = {}): void =>
      logger[severity]({ event, ...fields });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Bytes of events kept while nothing can be written, such as on a full disk; what is more is dropped. */
const KEPT_BYTES = 1_048_576;

function openPipe() {
  const pipe = destination({ fd: 1, sync: true, maxLength: KEPT_BYTES });
  // A daemon that cannot say what it does goes on doing it.
  pipe.on('error', () => {});
  return pipe;
}

/** A journal that nobody reads. */
export const silentJournal: Journal = { debug() {}, info() {}, warn() {}, error() {} };

const prettyOptions: PrettyOptions = {
  sync: true,
  destination: 1,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname,daemon,event',
  hideObject: true,
  // The level alone is coloured; without the second option the levels would lose their colours too.
  customColors: 'message:reset',
  useOnlyCustomProps: false,
  messageFormat: (log) => journalLine(log),
};
