/** The commands about what is kept: backups, what becomes of them when they are needed, and what goes in time. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { LIMITS } from '../shared/limits.ts';
import type { SettingName } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import {
  addSettings,
  JSON_FLAG,
  type Options,
  parseCount,
  parseKeep,
  settingFlags,
  settingsFrom,
} from './options.ts';

const PLACES: readonly SettingName[] = ['database', 'cartridges'];
const RULES = ['keepRuns', 'keepLogs', 'keepCartridges'] as const satisfies readonly SettingName[];
const GC_PLACES = ['database', 'cartridges', 'durability'] as const satisfies readonly SettingName[];

export function addKeeping(program: Command, finish: (code: number) => void): void {
  addBackups(program, finish);
  addGc(program, finish);
}

function addBackups(program: Command, finish: (code: number) => void): void {
  const settingsOf = (options: Options) => settingsFrom(options, PLACES).settings;

  const backup = program
    .command('backup')
    .description('copy the database and its cartridges into a folder of backups, while daemons work')
    .argument('<DIR>', 'where backups lie; cartridges that it has already are not copied again')
    .addOption(
      new Option('--keep <n>', 'remove all backups but the newest so many, from 1 to 1000').argParser(
        parseKeep,
      ),
    )
    .addOption(new Option('--list', 'make none: list what there is').conflicts('keep'))
    .option(...JSON_FLAG)
    .action(async (dir, options) => {
      const { backUp, listBackups } = await import('./backup.ts');
      finish(options.list ? listBackups(dir, options) : await backUp(dir, options, settingsOf(options)));
    });
  addSettings(backup, PLACES).addHelpText(
    'after',
    examples('gvpie backup backups', 'gvpie backup backups --keep 7', 'gvpie backup backups --list --json'),
  );

  const restore = program
    .command('restore')
    .description('make a database and its cartridges of a backup, where there are none')
    .argument('<DIR>', 'where backups lie')
    .option('--backup <NAME>', 'not the newest, but this one')
    .option('--check', 'aside, only to see that it can be done; renders a sample again')
    .addOption(
      new Option('--sample <n>', 'with --check: how many cartridges are rendered again, or all')
        .argParser(parseSample)
        .default(20),
    )
    .addOption(new Option('--seed <n>', 'with --check: chooses another sample').argParser(parseSeed))
    .option('--at <DIR>', 'with --check: where there is room for it (default: where backups lie)')
    .option(...JSON_FLAG)
    .action(async (dir, options) => {
      if (options.check) {
        const { checkRestore } = await import('./restore-check.ts');
        finish(await checkRestore(dir, options));
      } else {
        const { restore } = await import('./restore.ts');
        finish(await restore(dir, options, settingsOf(options)));
      }
    });
  addSettings(restore, PLACES).addHelpText(
    'after',
    examples(
      'gvpie restore backups',
      'gvpie restore backups --db other.db --cartridges other',
      'gvpie restore backups --check --sample all',
    ),
  );
}

function parseSample(text: string): number | 'all' {
  if (text === 'all' || /^\d{1,8}$/.test(text)) return text === 'all' ? text : parseCount(text);
  throw new InvalidArgumentError('Expected a whole number from 1 to 1000000, or all.');
}

function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (seed >= 0 && seed < 2 ** 32) return seed;
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${2 ** 32 - 1}.`);
}

function addGc(program: Command, finish: (code: number) => void): void {
  const gc = program
    .command('gc')
    .description('count what the rules of retention let go, and with --sweep remove it')
    .addOption(
      new Option('--script <NAME>', 'only of this script; repeatable').argParser(
        (name: string, before: readonly string[] = []) => [...before, name],
      ),
    )
    .option('--sweep', 'remove it')
    .option('--yes', `with --sweep: also where more than ${LIMITS.sweptPercent} % of a kind goes`)
    .option(...JSON_FLAG)
    .action(async (options) => {
      const { settings } = settingsFrom(options, [...RULES, ...GC_PLACES]);
      const { collectGarbage } = await import('./gc.ts');
      finish(await collectGarbage(options, settings, settingFlags(options)));
    });
  addSettings(gc, [...RULES, ...GC_PLACES]).addHelpText(
    'after',
    `
Ends with ${EXIT.failed}, and has removed nothing, where --sweep would remove more than ${LIMITS.sweptPercent} % of the rows, files or
bytes of a kind, until --yes says that it is meant.
${examples('gvpie gc --keep-runs 30d --keep-cartridges 30d,500', 'gvpie gc --keep-logs 7d --script mine --sweep', 'gvpie gc --sweep --yes --json')}`,
  );
}
