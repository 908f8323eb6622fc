/** The journal: one JSON line per event, or a readable line on a terminal. pino's door. */
import { isatty } from 'node:tty';
import { destination, type Logger, pino } from 'pino';
import { type PrettyOptions, default as pretty } from 'pino-pretty';
import type { LogLevel } from '../settings.ts';
import type { Journal } from '../world.ts';

export type { Journal };

/** Opens the journal on standard output. Writes are synchronous: the last line before a crash is there. */
export function openJournal(daemon: string, level: LogLevel): Journal {
  const options = {
    base: { daemon },
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger: Logger = isatty(1)
    ? pino(options, pretty(prettyOptions))
    : pino(options, destination({ fd: 1, sync: true }));
  const write =
    (severity: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: object = {}): void =>
      logger[severity]({ event, ...fields });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A journal that nobody reads. */
export const silentJournal: Journal = { debug() {}, info() {}, warn() {}, error() {} };

const prettyOptions: PrettyOptions = {
  sync: true,
  destination: 1,
  translateTime: 'SYS:HH:MM:ss.l',
  ignore: 'pid,hostname,daemon,event',
  hideObject: true,
  messageFormat: (log) => {
    const { level: _l, time: _t, daemon, event, ...fields } = log as Record<string, unknown>;
    const words = Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
    return `${String(daemon).padEnd(12)} ${String(event).padEnd(18)} ${words.join(' ')}`;
  },
};
