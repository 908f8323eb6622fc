/** The commands about pictures on the command line: render, press, inspect, verify, replay, why. */
import { type Command, Option } from 'commander';
import { ALLOWANCE_SETTINGS } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import {
  addSettings,
  inputOption,
  JSON_FLAG,
  paramOption,
  parseDaemons,
  parsePlace,
  settingsFrom,
  sizeOption,
} from './options.ts';

const RENDER = ['backend', ...ALLOWANCE_SETTINGS] as const;

export function addPictures(program: Command, finish: (code: number) => void): void {
  addRendering(
    program.command('render').description('render a program in this process, without daemons'),
    finish,
  )
    .addOption(new Option('--raw', 'raw RGBA bytes instead of a PNG cartridge').conflicts('reproducible'))
    .addHelpText(
      'after',
      examples(
        'gvpie render examples/hello.pxl',
        "echo 'RECT 5 5 20 10' | gvpie render - -o box.png --size 64x64",
        'gvpie render hello.pxl --raw -o - | sha256sum',
        'gvpie render stars.pxl --param count=9 --param size=3',
        'gvpie render poster.pxl --input logo.png',
      ),
    );
  addRendering(
    program.command('press').description('press the cartridge of a program: as render, but never raw'),
    finish,
  ).addHelpText(
    'after',
    examples(
      'gvpie press examples/hello.pxl',
      'gvpie press examples/hello.pxl --reproducible -o - | sha256sum',
    ),
  );

  const inspect = program
    .command('inspect')
    .description('print what is written on a cartridge')
    .argument('<CART>', 'a cartridge')
    .option('--program', 'only the embedded program, to the byte')
    .option(...JSON_FLAG)
    .action(async (path, options) => {
      const { inspectCartridge } = await import('./inspect.ts');
      finish(inspectCartridge(path, options, settingsFrom(options, ['keys']).settings));
    });
  addSettings(inspect, ['keys']).addHelpText(
    'after',
    examples('gvpie inspect box.png', 'gvpie inspect box.png --program > box.pxl'),
  );

  const verify = program
    .command('verify')
    .description('render the programs of cartridges again and compare')
    .argument('<CART...>', 'cartridges')
    .addOption(inputOption())
    .option('--signed-by <NAME>', 'have each cartridge signed by this key, by name or fingerprint')
    .option(...JSON_FLAG)
    .action(async (paths, options) => {
      const { verifyCartridges } = await import('./verify.ts');
      const { settings } = settingsFrom(options, ['database', 'keys']);
      finish(await verifyCartridges(paths, options, settings));
    });
  addSettings(verify, ['database', 'keys']).addHelpText(
    'after',
    `
Of several cartridges the worst decides the exit code, in this order: ${EXIT.badInput} (damaged, not
there, a program that is refused, or an input that is missing), ${EXIT.programChecksum} (program and checksum differ), ${EXIT.failed} (pixels differ),
${EXIT.signature} (a signature is not good), ${EXIT.semanticsChanged} (semantics have changed), ${EXIT.ok}.

The canvases that a program's IMAGEs name are looked for in the files of --input, in their order, then in
the cartridge's own folder: among the first ten thousand names that end in .png, in the order of names.
${examples('gvpie verify cartridges/*.png', 'gvpie verify --json box.png')}`,
  );

  const replay = program
    .command('replay')
    .description('render the programs of a whole history again, and name what is not as it was')
    .argument('[FILE...]', 'cartridges, and folders of them')
    .option('--all', 'all that the registry has; without a database, all in the folder of cartridges')
    .option('--script <NAME>', "a script's cartridges")
    .option(
      '--since <TIME>',
      'only those pressed then or later, such as 2026-11-01 or 2026-11-01T09:30Z; in UTC',
    )
    .addOption(
      new Option('--jobs <n>', 'threads, from 1 to 16 (default: as many as there are cores)').argParser(
        parseDaemons,
      ),
    )
    .addOption(inputOption())
    .option(...JSON_FLAG)
    .action(async (paths, options) => {
      const { settings } = settingsFrom(options, ['database', 'cartridges']);
      const { replay } = await import('./replay.ts');
      finish(await replay(paths, options, settings));
    });
  addSettings(replay, ['database', 'cartridges']).addHelpText(
    'after',
    `
It names each cartridge whose verdict is not ok, in the order of names whatever the number of threads: differs, its
program gives other pixels today; changed, the same pixels by semantics that have changed; not ok, anything else. Then
it sums up. Ctrl-C ends it with the summary so far, and 130; otherwise the worst verdict decides, as for gvpie verify.
${examples('gvpie replay --all', 'gvpie replay --script clock --since 2026-11-01', 'gvpie replay --jobs 4 --json cartridges')}`,
  );

  program
    .command('why')
    .description('say which statements painted a pixel of a cartridge, front to back')
    .argument('<PNG>', 'the cartridge')
    .argument('<X>', 'its column, from 0', parsePlace)
    .argument('<Y>', 'its row, from 0', parsePlace)
    .addOption(inputOption())
    .option(...JSON_FLAG)
    .action(async (path, x, y, options) => {
      const { explainPixel } = await import('./why.ts');
      finish(await explainPixel(path, x, y, options));
    })
    .addHelpText('after', examples('gvpie why box.png 12 20', 'gvpie why box.png 12 20 --json'));
}

/** Gives a command the arguments and options with which a program is rendered. */
function addRendering(command: Command, finish: (code: number) => void): Command {
  command
    .argument('<FILE>', 'the program; - is standard input')
    .option(
      '-o, --out <OUT>',
      `the picture; - is standard output (default: FILE's name with .png${command.name() === 'render' ? ', or .raw' : ''}, here)`,
    )
    .addOption(sizeOption(true))
    .addOption(paramOption())
    .addOption(inputOption())
    .option('--reproducible', 'the same file on any machine: it says neither when nor by whom it was pressed')
    .option(...JSON_FLAG)
    .action(async (file, options) => {
      const { renderFile } = await import('./render.ts');
      finish(await renderFile(file, options, settingsFrom(options, RENDER).settings));
    });
  return addSettings(command, RENDER);
}
