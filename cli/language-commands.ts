/** The commands about the language: what a program costs, does and looks like, before anything is kept. */
import type { Command } from 'commander';
import { ALLOWANCE_SETTINGS } from '../shared/settings.ts';
import { examples } from './help.ts';
import { addSettings, JSON_FLAG, paramOption, settingsFrom, sizeOption } from './options.ts';

export function addLanguage(program: Command, finish: (code: number) => void): void {
  const check = program
    .command('check')
    .description('print every error of a program, or its exact price')
    .argument('<FILE>', 'the program; - is standard input')
    .addOption(sizeOption(true))
    .addOption(paramOption())
    .option(...JSON_FLAG)
    .action(async (file, options) => {
      const { checkFile } = await import('./check.ts');
      finish(await checkFile(file, options, settingsFrom(options, ALLOWANCE_SETTINGS).settings));
    });
  addSettings(check, ALLOWANCE_SETTINGS).addHelpText(
    'after',
    examples('gvpie check hello.pxl', 'gvpie check - --size 1920x1080 --json < hello.pxl'),
  );

  program
    .command('preview')
    .description("show a program's picture in the terminal, and show it again after each save; Ctrl-C ends")
    .argument('<FILE>', 'the program; - is standard input')
    .addOption(sizeOption(true))
    .option('--once', 'print it and end, as where standard output is no terminal')
    .action(async (file, options) => {
      const { previewFile } = await import('./preview.ts');
      finish(await previewFile(file, options));
    })
    .addHelpText(
      'after',
      examples(
        'gvpie preview examples/skyline.pxl --size 320x160',
        "echo 'RECT 5 5 20 10' | gvpie preview - --size 64x32",
      ),
    );
}
