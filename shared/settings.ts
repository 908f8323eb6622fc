/** The settings of both daemons and the CLI: one table, read as flag > environment > default. */
import { type Allowance, FULL_ALLOWANCE } from './allowance.ts';
import { KEEP_RANGE, readKeepRule } from './keep-rule.ts';
import { LIMITS } from './limits.ts';
import { BACKEND_CHOICES } from './protocol/backend-choices.ts';

export const DOOR_CHOICES = ['auto', 'slot', 'spool'] as const;
export type DoorChoice = (typeof DOOR_CHOICES)[number];
export const DURABILITIES = ['durable', 'fast'] as const;
export type Durability = (typeof DURABILITIES)[number];
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

// By hand: every command reads its settings, and zod alone takes as long to load as Node does to start.
const folder = (text: string) => (text === '' || text.includes('\0') ? undefined : text);
const oneOf =
  <Choice extends string>(choices: readonly Choice[]) =>
  (text: string) =>
    choices.find((choice) => choice === text);
const whole = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  return Number.isInteger(value) && value >= low && value <= high ? value : undefined;
};
/** By UTC; its words are the orchestrator's to read. */
const schedule = (text: string) =>
  /^\s*(every|cron|at)\s/i.test(text) && text.length <= LIMITS.scheduleLength ? text : undefined;
const SCHEDULE_RANGE = 'a schedule by UTC, such as every 1h or cron 30 3 * * *';
/** A rule as it was written: what prints settings prints it so. */
const keepRule = (text: string) => (readKeepRule(text) === undefined ? undefined : text.trim());
/** A limit on each run, from 0 to the language's own. */
const limit = (name: keyof Allowance) => {
  const most = FULL_ALLOWANCE[name];
  return {
    fallback: String(most),
    range: `0 to ${most}`,
    read: (text: string) => (/^\d{1,16}$/.test(text) && Number(text) <= most ? Number(text) : undefined),
  };
};

/**
 * Every setting: its name in the environment, its flag, its default, its range in words, what it does, and how it is
 * read; what is outside its range reads as undefined.
 */
export const SETTINGS = {
  socketDir: {
    env: 'GVPIE_SOCKET_DIR',
    flag: '--socket <dir>',
    fallback: '/tmp/gvpie',
    range: 'a path',
    about: 'the socket: the directory where both daemons meet',
    read: folder,
  },
  database: {
    env: 'GVPIE_DB',
    flag: '--db <file>',
    fallback: 'db/daemon.db',
    range: 'a path',
    about: 'the SQLite database of scripts and runs',
    read: folder,
  },
  cartridges: {
    env: 'GVPIE_CARTRIDGES',
    flag: '--cartridges <dir>',
    fallback: 'cartridges',
    range: 'a path',
    about: 'where cartridges are kept',
    read: folder,
  },
  backend: {
    env: 'GVPIE_BACKEND',
    flag: '--backend <name>',
    fallback: 'auto',
    range: BACKEND_CHOICES.join(' | '),
    about: 'what paints',
    read: oneOf(BACKEND_CHOICES),
  },
  door: {
    env: 'GVPIE_DOOR',
    flag: '--door <name>',
    fallback: 'auto',
    range: DOOR_CHOICES.join(' | '),
    about: 'how the orchestrator speaks to the renderer',
    read: oneOf(DOOR_CHOICES),
  },
  pollMs: {
    env: 'GVPIE_POLL_MS',
    flag: '--poll-ms <ms>',
    fallback: '50',
    range: '1 to 60000 milliseconds',
    about: 'how often the orchestrator looks for changed scripts',
    read: whole(1, 60_000),
  },
  timeoutMs: {
    env: 'GVPIE_TIMEOUT_MS',
    flag: '--timeout-ms <ms>',
    fallback: '10000',
    range: '100 to 3600000 milliseconds',
    about: 'how long one answer may take while a renderer serves',
    read: whole(100, 3_600_000),
  },
  durability: {
    env: 'GVPIE_DURABILITY',
    flag: '--durability <name>',
    fallback: 'durable',
    range: DURABILITIES.join(' | '),
    about: 'durable: a cartridge and its folder are synced before its run is committed; fast: not',
    read: oneOf(DURABILITIES),
  },
  maxSteps: {
    env: 'GVPIE_MAX_STEPS',
    flag: '--max-steps <n>',
    about: 'the most steps of one run',
    ...limit('steps'),
  },
  maxShapes: {
    env: 'GVPIE_MAX_SHAPES',
    flag: '--max-shapes <n>',
    about: 'the most shapes of one run',
    ...limit('shapes'),
  },
  maxPixels: {
    env: 'GVPIE_MAX_PIXELS',
    flag: '--max-pixels <n>',
    about: 'the most pixels that one run writes, overdraw counted',
    ...limit('pixels_written'),
  },
  maxBytes: {
    env: 'GVPIE_MAX_BYTES',
    flag: '--max-bytes <n>',
    about: 'the most bytes of one canvas, four a pixel',
    ...limit('bytes'),
  },
  maxShade: {
    env: 'GVPIE_MAX_SHADE',
    flag: '--max-shade <n>',
    about: 'the most operations that the SHADEs of one run take',
    ...limit('shade'),
    // About ten seconds on a CPU.
    fallback: String(2 ** 34),
  },
  keepRuns: {
    env: 'GVPIE_KEEP_RUNS',
    flag: '--keep-runs <rule>',
    fallback: 'all',
    range: KEEP_RANGE,
    about: 'which runs, and jobs that have ended, are kept when it is swept; a number is for each script',
    read: keepRule,
  },
  keepLogs: {
    env: 'GVPIE_KEEP_LOGS',
    flag: '--keep-logs <rule>',
    fallback: 'all',
    range: KEEP_RANGE,
    about: 'which runs keep their texts, stdout and stderr',
    read: keepRule,
  },
  keepCartridges: {
    env: 'GVPIE_KEEP_CARTRIDGES',
    flag: '--keep-cartridges <rule>',
    fallback: 'all',
    range: KEEP_RANGE,
    about: 'which cartridges keep their files',
    read: keepRule,
  },
  gcEvery: {
    env: 'GVPIE_GC_EVERY',
    flag: '--gc-every <schedule>',
    fallback: 'every 1h',
    range: SCHEDULE_RANGE,
    about: 'when an orchestrator sweeps by itself, if any of these rules is not all',
    read: schedule,
  },
  backupDir: {
    env: 'GVPIE_BACKUP_DIR',
    flag: '--backup-dir <dir>',
    fallback: 'none',
    range: 'a path, or none',
    about: 'where the orchestrator backs up to',
    read: (text: string) => (text === 'none' ? null : folder(text)),
  },
  backupEvery: {
    env: 'GVPIE_BACKUP_EVERY',
    flag: '--backup-every <schedule>',
    fallback: 'every 1d',
    range: SCHEDULE_RANGE,
    about: 'when it does',
    read: schedule,
  },
  backupKeep: {
    env: 'GVPIE_BACKUP_KEEP',
    flag: '--backup-keep <n>',
    fallback: '7',
    range: '1 to 1000',
    about: 'how many backups stay',
    read: whole(1, 1_000),
  },
  keys: {
    env: 'GVPIE_KEYS',
    flag: '--keys <dir>',
    fallback: '~/.config/gvpie/keys',
    range: 'a path',
    about: 'your keys, and those that you know: who signs cartridges',
    read: folder,
  },
  log: {
    env: 'GVPIE_LOG',
    flag: '--log <level>',
    fallback: 'info',
    range: LOG_LEVELS.join(' | '),
    about: 'the least severe event that is written',
    read: oneOf(LOG_LEVELS),
  },
} as const;

export type SettingName = keyof typeof SETTINGS;
export type SettingOrigin = 'flag' | 'environment' | 'default';
export type Settings = {
  readonly [Name in SettingName]: Exclude<ReturnType<(typeof SETTINGS)[Name]['read']>, undefined>;
};

/** The settings that lower what a run may cost, whoever runs it. */
export const ALLOWANCE_SETTINGS = ['maxSteps', 'maxShapes', 'maxPixels', 'maxBytes'] as const;
export type AllowanceSettings = Pick<Settings, (typeof ALLOWANCE_SETTINGS)[number]>;
/** Those of a daemon, whose clients wait for one another's pictures. */
export const DAEMON_ALLOWANCE_SETTINGS = [...ALLOWANCE_SETTINGS, 'maxShade'] as const;
export type DaemonAllowanceSettings = Pick<Settings, (typeof DAEMON_ALLOWANCE_SETTINGS)[number]>;
export type SettingOrigins = { readonly [Name in SettingName]: SettingOrigin };

/** What the settings allow a run at most; of what they do not say, and of SHADEs, what the language allows. */
export function allowanceOf(settings: Partial<AllowanceSettings>): Allowance {
  const { steps, shapes, pixels_written, bytes, shade } = FULL_ALLOWANCE;
  const { maxSteps = steps, maxShapes = shapes, maxPixels = pixels_written, maxBytes = bytes } = settings;
  return { steps: maxSteps, shapes: maxShapes, pixels_written: maxPixels, bytes: maxBytes, shade };
}

/** What they allow a run of a daemon's. */
export function daemonAllowanceOf(settings: Partial<DaemonAllowanceSettings>): Allowance {
  const { maxShade = FULL_ALLOWANCE.shade } = settings;
  return { ...allowanceOf(settings), shade: maxShade };
}

/** A setting's value is outside its range; the daemon refuses to start. */
export class SettingFault extends Error {
  override readonly name = 'SettingFault';
}

/**
 * Reads all settings.
 *
 * @param flags values given on the command line, by setting name
 * @param environment as `process.env`; an empty value counts as not set
 * @throws {SettingFault} naming every bad setting, its value, where it came from and what is allowed
 */
export function readSettings(
  flags: { readonly [Name in SettingName]?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): { settings: Settings; origins: SettingOrigins } {
  const settings: Record<string, unknown> = {};
  const origins: Record<string, SettingOrigin> = {};
  const faults: string[] = [];
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, (typeof SETTINGS)[SettingName]][]) {
    const flag = flags[name];
    const variable = environment[setting.env];
    const [raw, origin]: [string, SettingOrigin] =
      flag !== undefined
        ? [flag, 'flag']
        : variable !== undefined && variable !== ''
          ? [variable, 'environment']
          : [setting.fallback, 'default'];
    const value = setting.read(raw);
    if (value !== undefined) settings[name] = value;
    else {
      const source = origin === 'flag' ? setting.flag.split(' ')[0] : setting.env;
      faults.push(`Expected ${source} to be ${setting.range}, found ${JSON.stringify(raw)}`);
    }
    origins[name] = origin;
  }
  if (faults.length > 0) throw new SettingFault(faults.join('\n'));
  return { settings: settings as unknown as Settings, origins: origins as unknown as SettingOrigins };
}
