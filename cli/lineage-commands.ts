/** The commands about where cartridges come from and go to: reload and what is beside it. */
import { type Command, Option } from 'commander';
import type { SettingName } from '../shared/settings.ts';
import { examples } from './help.ts';
import { addSettings, JSON_FLAG, paramOption, settingsFrom, sizeOption } from './options.ts';

const PLACES: readonly SettingName[] = ['database', 'cartridges'];

export function addLineage(program: Command, finish: (code: number) => void): void {
  addReload(program, finish);
}

function addReload(program: Command, finish: (code: number) => void): void {
  const reload = program
    .command('reload')
    .description('make a script of a cartridge: as it was, or edited, as a child of it')
    .argument('<CART>', 'a cartridge')
    .option('--name <NAME>', "the script's name (default: the one on the label, or the file's)")
    .addOption(new Option('--edit <FILE>', "a program in place of the cartridge's; - is standard input"))
    .addOption(paramOption())
    .addOption(sizeOption(false, "unless given, the cartridge's"))
    .option(...JSON_FLAG)
    .action(async (path, options) => {
      const { reloadCartridge } = await import('./reload.ts');
      finish(await reloadCartridge(path, options, settingsFrom(options, PLACES).settings));
    });
  addSettings(reload, PLACES).addHelpText(
    'after',
    `
Program, canvas and params are the cartridge's, to the byte, so it draws the same pixels. Where --edit, --param or --size
change them, the new cartridge names this one as its parent.
${examples('gvpie reload box.png', 'gvpie reload box.png --name wide --size 320x64', 'gvpie reload box.png --edit box.pxl --param count=5')}`,
  );
}
