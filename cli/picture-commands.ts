/** The commands about one program or one picture on the command line: render, check, preview, inspect, verify. */
import type { Command } from 'commander';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import { addSettings, JSON_FLAG, settingsFrom, sizeOption } from './options.ts';

export function addPictures(program: Command, finish: (code: number) => void): void {
  const render = program
    .command('render')
    .description('render a program in this process, without daemons')
    .argument('<FILE>', 'the program; - is standard input')
    .option(
      '-o, --out <OUT>',
      "the picture; - is standard output (default: FILE's name with .png, or .raw, here)",
    )
    .addOption(sizeOption(true))
    .option('--raw', 'raw RGBA bytes instead of a PNG cartridge')
    .option(...JSON_FLAG)
    .action(async (file, options) => {
      const { renderFile } = await import('./render.ts');
      finish(await renderFile(file, options, settingsFrom(options, ['backend']).settings));
    });
  addSettings(render, ['backend']).addHelpText(
    'after',
    examples(
      'gvpie render examples/hello.pxl',
      "echo 'RECT 5 5 20 10' | gvpie render - -o box.png --size 64x64",
      'gvpie render hello.pxl --raw -o - | sha256sum',
    ),
  );

  program
    .command('check')
    .description('print every error of a program, or its exact price')
    .argument('<FILE>', 'the program; - is standard input')
    .addOption(sizeOption(true))
    .option(...JSON_FLAG)
    .action(async (file, options) => {
      const { checkFile } = await import('./check.ts');
      finish(await checkFile(file, options));
    })
    .addHelpText(
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

  program
    .command('inspect')
    .description('print what is written on a cartridge')
    .argument('<CART>', 'a cartridge')
    .option('--program', 'only the embedded program, to the byte')
    .option(...JSON_FLAG)
    .action(async (path, options) => {
      const { inspectCartridge } = await import('./inspect.ts');
      finish(inspectCartridge(path, options));
    })
    .addHelpText('after', examples('gvpie inspect box.png', 'gvpie inspect box.png --program > box.pxl'));

  program
    .command('verify')
    .description('render the programs of cartridges again and compare')
    .argument('<CART...>', 'cartridges')
    .option(...JSON_FLAG)
    .action(async (paths, options) => {
      const { verifyCartridges } = await import('./verify.ts');
      finish(await verifyCartridges(paths, options));
    })
    .addHelpText(
      'after',
      `
Of several cartridges the worst decides the exit code, in this order: ${EXIT.badInput} (damaged, not
there, or a program that is refused), ${EXIT.programChecksum} (program and checksum differ), ${EXIT.failed} (pixels differ),
${EXIT.semanticsChanged} (semantics have changed), ${EXIT.ok}.
${examples('gvpie verify cartridges/*.png', 'gvpie verify --json box.png')}`,
    );
}
