/** The commands about the store: what lies on the shelf, whether it is whole, and how it is made whole again. */
import { type Command, Option } from 'commander';
import { LIMITS } from '../shared/limits.ts';
import type { SettingName } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import { addSettings, inputOption, JSON_FLAG, type Options, parseDaemons, settingsFrom } from './options.ts';

const PLACES = ['database', 'cartridges', 'durability'] as const satisfies readonly SettingName[];

export function addStore(program: Command, finish: (code: number) => void): void {
  const store = program
    .command('store')
    .description('the cartridges on the shelf, their objects and their registry');
  const add = (usage: string, about: string): Command =>
    addSettings(store.command(usage).description(about), PLACES).option(...JSON_FLAG);
  const settingsOf = (options: Options) => settingsFrom(options, PLACES).settings;

  add('list', 'list what the registry has, a line for each cartridge')
    .option('--script <NAME>', 'only of this script')
    .action(async (options) => {
      const { listStore } = await import('./store-list.ts');
      finish(await listStore(options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie store list', 'gvpie store list --script clock --json'));

  add('verify', 'hold every cartridge to its checksum, under its name and as an object')
    .option('--deep', 'and render each of them again, as gvpie replay --all does')
    .addOption(new Option('--jobs <n>', 'with --deep: threads').argParser(parseDaemons))
    .addOption(inputOption())
    .action(async (options) => {
      const { verifyStore } = await import('./store-verify.ts');
      finish(await verifyStore(options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      `\nEnds with ${EXIT.failed} where a cartridge is missing, damaged or another one.\n${examples('gvpie store verify', 'gvpie store verify --deep', 'gvpie store verify --json')}`,
    );

  add('repair', 'give names back to cartridges whose objects are whole, and objects to those that have none')
    .option('--dry-run', 'only say what would be done')
    .option('--from <DIR>', 'and take what no object has from the backups there')
    .action(async (options) => {
      const { repairStore } = await import('./store-repair.ts');
      finish(await repairStore(options, settingsOf(options)));
    })
    .addHelpText(
      'after',
      `\nIt removes nothing: what lay under a name stays beside it, as NAME-found-….png.\n${examples('gvpie store repair --dry-run', 'gvpie store repair', 'gvpie store repair --from backups')}`,
    );

  add('rebuild', 'make the registry anew from the files on the shelf')
    .option('--set-aside', 'where the database is damaged: keep it under another name, and begin a new one')
    .option('--yes', `also where more than ${LIMITS.sweptPercent} % of the registry has no file any more`)
    .action(async (options) => {
      const { rebuild } = await import('./store-rebuild.ts');
      finish(await rebuild(options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie store rebuild', 'gvpie store rebuild --set-aside --json'));

  add('gc', 'count objects that nobody names any more, and with --sweep remove them')
    .option('--sweep', 'remove them')
    .option('--yes', `with --sweep: also where more than ${LIMITS.sweptPercent} % of the objects goes`)
    .action(async (options) => {
      const { sweep } = await import('./store-gc.ts');
      finish(await sweep(options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie store gc', 'gvpie store gc --sweep'));
}
