/** The commands about the language: what a program costs, does and looks like, before anything is kept, and what there is. */
import { type Command, Option } from 'commander';
import { ALLOWANCE_SETTINGS } from '../shared/settings.ts';
import { examples } from './help.ts';
import {
  addSettings,
  inputOption,
  JSON_FLAG,
  paramOption,
  parseCount,
  parseOrdinal,
  settingsFrom,
  sizeOption,
} from './options.ts';

export function addLanguage(program: Command, finish: (code: number) => void): void {
  const check = program
    .command('check')
    .description('print every error of a program, or its exact price')
    .argument('<FILE>', 'the program; - is standard input')
    .addOption(sizeOption(true))
    .addOption(paramOption())
    .option('--lines', 'what each line adds to the price')
    .option(...JSON_FLAG)
    .action(async (file, options) => {
      const { checkFile } = await import('./check.ts');
      finish(await checkFile(file, options, settingsFrom(options, ALLOWANCE_SETTINGS).settings));
    });
  addSettings(check, ALLOWANCE_SETTINGS).addHelpText(
    'after',
    examples(
      'gvpie check hello.pxl',
      'gvpie check hello.pxl --lines',
      'gvpie check - --size 1920x1080 --json < hello.pxl',
      'gvpie check chart.pxl --max-steps 50000',
    ),
  );

  program
    .command('fmt')
    .description('print a program in its canonical form; comments stay')
    .argument('<FILE...>', 'programs; - is standard input')
    .option('-w, --write', 'rewrite the files, and name those that changed')
    .option('--check', 'name the files that would change, and exit with 1 if there are any')
    .action(async (files, options) => {
      const { formatFiles } = await import('./fmt.ts');
      finish(await formatFiles(files, options));
    })
    .addHelpText('after', examples('gvpie fmt hello.pxl', 'gvpie fmt -w *.pxl', 'gvpie fmt --check *.pxl'));

  const trace = program
    .command('trace')
    .description('print which variables each line executed changes, and what it draws')
    .argument('<FILE>', 'the program; - is standard input')
    .addOption(sizeOption(true))
    .addOption(paramOption())
    .addOption(
      new Option('--from <n>', 'the first line executed that is shown, counted from 1')
        .argParser(parseOrdinal)
        .default(1),
    )
    .addOption(
      new Option('--count <n>', 'how many lines executed are shown').argParser(parseCount).default(200),
    )
    .option(...JSON_FLAG)
    .action(async (file, options) => {
      const { traceFile } = await import('./trace.ts');
      finish(await traceFile(file, options, settingsFrom(options, ALLOWANCE_SETTINGS).settings));
    });
  addSettings(trace, ALLOWANCE_SETTINGS).addHelpText(
    'after',
    examples(
      'gvpie trace hello.pxl',
      'gvpie trace chart.pxl --from 1000 --count 50',
      'gvpie trace hello.pxl --json',
    ),
  );

  const preview = program
    .command('preview')
    .description("show a program's picture in the terminal, and show it again after each save; Ctrl-C ends")
    .argument('<FILE>', 'the program; - is standard input')
    .addOption(sizeOption(true))
    .addOption(paramOption())
    .addOption(inputOption())
    .option('--once', 'print it and end, as where standard output is no terminal')
    .action(async (file, options) => {
      const { previewFile } = await import('./preview.ts');
      finish(await previewFile(file, options, settingsFrom(options, ALLOWANCE_SETTINGS).settings));
    });
  addSettings(preview, ALLOWANCE_SETTINGS).addHelpText(
    'after',
    examples(
      'gvpie preview examples/skyline.pxl --size 320x160',
      "echo 'RECT 5 5 20 10' | gvpie preview - --size 64x32",
    ),
  );

  program
    .command('reference')
    .description('print what the language has, or one opcode, function, operator, error code or limit')
    .argument('[WORD]', 'what to look up')
    .action(async (word) => {
      const { reference } = await import('./reference.ts');
      finish(reference(word));
    })
    .addHelpText(
      'after',
      examples(
        'gvpie reference',
        'gvpie reference COLOR',
        'gvpie reference atan2',
        "gvpie reference '?:'",
        'gvpie reference PXL-E016',
        'gvpie reference RUN-E006',
      ),
    );
}
