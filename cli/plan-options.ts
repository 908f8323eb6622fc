/** The options of `gvpie script add` and `set` that say when and how a script's jobs are run. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseCount } from './options.ts';

/** As commander hands them to an action; false is what was given with `--no-`. */
export interface PlanOptions {
  readonly every?: string;
  readonly cron?: string;
  readonly at?: string;
  readonly schedule?: boolean;
  readonly timeZone?: string;
  readonly catchUp?: 'skip' | 'one' | 'all';
  readonly priority?: number;
  readonly needs?: readonly string[] | false;
  readonly matrix?: Readonly<Record<string, readonly number[]>> | false;
  readonly batch?: string | false;
  readonly expect?: string | false;
  readonly key?: string;
  readonly maxAttempts?: number;
  readonly concurrency?: number;
  readonly forceRender?: boolean;
}

/** @param withReset also those that take back what a script has */
export function addPlanOptions(command: Command, withReset: boolean): Command {
  const once = (one: string, ...others: string[]): Option =>
    new Option(one, WHEN[one.split(' ')[0] as keyof typeof WHEN]).conflicts(others);
  command
    .addOption(once('--every <time>', 'cron', 'at'))
    .addOption(once('--cron <fields>', 'every', 'at'))
    .addOption(once('--at <time>', 'every', 'cron'))
    .option(
      '--time-zone <name>',
      'whose clocks --cron and --at mean, such as Europe/Berlin (a new script: UTC)',
    )
    .addOption(
      new Option('--catch-up <which>', 'slots missed while nobody served (a new script: one)').choices([
        'skip',
        'one',
        'all',
      ]),
    )
    .addOption(
      new Option(
        '--priority <n>',
        '-100 to 100; 1 overtakes a hundred later jobs (a new script: 0)',
      ).argParser(parsePriority),
    )
    .addOption(
      new Option('--needs <NAME>', 'a script that has to succeed first; repeatable').argParser(addName),
    )
    .addOption(
      new Option(
        '--matrix <name=1,2,3>',
        'a job for each of these values of a PARAM; repeatable, for all combinations',
      ).argParser(addAxis),
    )
    .option('--batch <name>', 'a name for scripts that belong together; gvpie batch counts them')
    .option('--expect <JSON>', 'what the picture has to be like, as an object; another one is rejected')
    .option('--key <text>', 'submitting again under the same key changes nothing')
    .addOption(
      new Option(
        '--max-attempts <n>',
        'faults of the world after which a job is dead (a new script: 50)',
      ).argParser(parseCount),
    )
    .addOption(
      new Option('--concurrency <n>', 'jobs at once (a new script: 1, with --matrix any number)').argParser(
        parseCount,
      ),
    )
    .option('--force-render', 'rendered again even where the picture is known');
  if (!withReset) return command;
  return command
    .option('--no-schedule', 'from now on once for each change')
    .option('--no-needs', 'it needs no other script any more')
    .option('--no-matrix', 'one job, with the params it has')
    .option('--no-batch', 'it belongs to no batch any more')
    .option('--no-expect', 'any picture will do')
    .option('--no-force-render', 'a known picture is taken as it is');
}

const WHEN = {
  '--every': 'every 10s, 5m, 1h or 1d, counted from 1970',
  '--cron': 'minute, hour, day, month and weekday, or @daily; seconds may stand before them',
  '--at': 'once, at a time such as 2026-12-24T18:00',
} as const;

/** A whole number from -100 to 100. */
function parsePriority(text: string): number {
  const number = /^-?\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= -100 && number <= 100) return number;
  throw new InvalidArgumentError('Expected a whole number from -100 to 100.');
}

function addName(name: string, before: readonly string[] | false | undefined): readonly string[] {
  if (name === '') throw new InvalidArgumentError('Expected the name of a script.');
  const names = before || [];
  return names.includes(name) ? names : [...names, name];
}

function addAxis(
  text: string,
  before: Readonly<Record<string, readonly number[]>> | false | undefined,
): Readonly<Record<string, readonly number[]>> {
  const [, name = '', values = ''] = /^([^=]+)=(-?\d{1,10}(?:,-?\d{1,10})*)$/.exec(text) ?? [];
  if (name === '') {
    throw new InvalidArgumentError('Expected a name, = and whole numbers, such as count=1,2,3.');
  }
  const axes = before || {};
  if (Object.hasOwn(axes, name)) {
    throw new InvalidArgumentError(`Expected each name once, found ${name} again.`);
  }
  return { ...axes, [name]: values.split(',').map(Number) };
}
