/** The command about what is kept: gc. */
import { type Command, Option } from 'commander';
import { FUSE_PERCENT } from '../orchestrator/fuse.ts';
import type { SettingName } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import { addSettings, JSON_FLAG, settingFlags, settingsFrom } from './options.ts';

const RULES = ['keepRuns', 'keepLogs', 'keepCartridges'] as const satisfies readonly SettingName[];
const PLACES = ['database', 'cartridges', 'durability'] as const satisfies readonly SettingName[];

export function addKeeping(program: Command, finish: (code: number) => void): void {
  const gc = program
    .command('gc')
    .description('count what the rules of retention let go, and with --sweep remove it')
    .addOption(
      new Option('--script <NAME>', 'only of this script; repeatable').argParser(
        (name: string, before: readonly string[] = []) => [...before, name],
      ),
    )
    .option('--sweep', 'remove it')
    .option('--yes', `with --sweep: also where more than ${FUSE_PERCENT} % of a kind goes`)
    .option(...JSON_FLAG)
    .action(async (options) => {
      const { settings } = settingsFrom(options, [...RULES, ...PLACES]);
      const { collectGarbage } = await import('./gc.ts');
      finish(await collectGarbage(options, settings, settingFlags(options)));
    });
  addSettings(gc, [...RULES, ...PLACES]).addHelpText(
    'after',
    `
Ends with ${EXIT.failed}, and has removed nothing, where --sweep would remove more than ${FUSE_PERCENT} % of the rows, files or
bytes of a kind, until --yes says that it is meant.
${examples('gvpie gc --keep-runs 30d --keep-cartridges 30d,500', 'gvpie gc --keep-logs 7d --script mine --sweep', 'gvpie gc --sweep --yes --json')}`,
  );
}
