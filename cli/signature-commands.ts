/** The commands about signatures: keys, and signing with them. */
import type { Command } from 'commander';
import type { SettingName } from '../shared/settings.ts';
import { examples } from './help.ts';
import { addSettings, JSON_FLAG, type Options, settingsFrom } from './options.ts';

export function addSignatures(program: Command, finish: (code: number) => void): void {
  const settingsOf = (options: Options) => settingsFrom(options, ['keys']).settings;
  const places = ['keys', 'database', 'cartridges'] as const satisfies readonly SettingName[];
  const sign = program
    .command('sign')
    .description('sign cartridges: one chunk more, and the rest as it was')
    .argument('<CART...>', 'cartridges')
    .option('--key <NAME>', 'the key, by name or fingerprint (default: the only one that can sign)')
    .option(...JSON_FLAG)
    .action(async (paths, options) => {
      const { signCartridges } = await import('./sign.ts');
      finish(await signCartridges(paths, options, settingsFrom(options, places).settings));
    });
  addSettings(sign, places).addHelpText(
    'after',
    examples('gvpie sign box.png', 'gvpie sign cartridges/*.png --key ann'),
  );

  const key = program.command('key').description('the keys with which cartridges are signed');
  const add = (usage: string, about: string): Command =>
    addSettings(key.command(usage).description(about), ['keys']).option(...JSON_FLAG);
  add('create [NAME]', 'make a key of your own (default: mine)')
    .action(async (name, options) => {
      const { createKey } = await import('./key.ts');
      finish(createKey(name ?? 'mine', options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie key create', 'gvpie key create ann'));
  add('list', 'list your keys, and those that you know')
    .action(async (options) => {
      const { listKeys } = await import('./key.ts');
      finish(listKeys(options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie key list', 'gvpie key list --json | jq -r .[].key'));
  add('add <PUBLIC> [NAME]', "know somebody's key: a file in PEM, or the key in base64")
    .action(async (source, name, options) => {
      const { addKey } = await import('./key.ts');
      finish(addKey(source, name, options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie key add ann.pub', 'gvpie key add ~/Downloads/mine.pub bob'));
  add('revoke <NAME>', 'believe a key no longer, by name or fingerprint; for good')
    .action(async (name, options) => {
      const { revokeKey } = await import('./key.ts');
      finish(revokeKey(name, options, settingsOf(options)));
    })
    .addHelpText('after', examples('gvpie key revoke ann'));
}
