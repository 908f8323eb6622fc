/** The commands about where cartridges come from and go to: reload and what is beside it. */
import { type Command, Option } from 'commander';
import type { SettingName } from '../shared/settings.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './help.ts';
import {
  addSettings,
  inputOption,
  JSON_FLAG,
  paramOption,
  parseColumns,
  parseCount,
  parseDepth,
  settingsFrom,
  sizeOption,
} from './options.ts';

const PLACES: readonly SettingName[] = ['database', 'cartridges'];

export function addLineage(program: Command, finish: (code: number) => void): void {
  addReload(program, finish);
  addExtract(program, finish);
  addDiff(program, finish);
  addPublish(program, finish);
  addImport(program, finish);
  addTree(program, finish);
  addSheet(program, finish);
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

function addExtract(program: Command, finish: (code: number) => void): void {
  program
    .command('extract')
    .description('take one part out of a cartridge, to the byte')
    .argument('<CART>', 'a cartridge')
    .option('--program', 'its program (unless another part is asked for)')
    .option('--label', 'its label: JSON, as the file has it')
    .option('--used', 'what its picture used: canonical JSON, whose SHA-256 is `uses`')
    .option('--pixels', 'its pixels: RGBA, 8 bits a sample, row by row')
    .option('-o, --out <OUT>', 'a file; - is standard output', '-')
    .action(async (path, options) => {
      const { extractPart } = await import('./extract.ts');
      finish(extractPart(path, options));
    })
    .addHelpText(
      'after',
      examples(
        'gvpie extract box.png > box.pxl',
        'gvpie extract box.png --label | jq .canvas',
        'gvpie extract box.png --pixels | sha256sum',
      ),
    );
}

function addDiff(program: Command, finish: (code: number) => void): void {
  program
    .command('diff')
    .description('say what two cartridges have different: program, label and pixels')
    .argument('<BEFORE>', 'a cartridge, or an ordinary PNG, of which only pixels are compared')
    .argument('<AFTER>', 'another')
    .option('-o, --out <PICTURE>', 'a PNG of both beside each other, and of what differs')
    .option(...JSON_FLAG)
    .action(async (before, after, options) => {
      const { diffCartridges } = await import('./diff.ts');
      finish(diffCartridges(before, after, options));
    })
    .addHelpText(
      'after',
      `
It ends with ${EXIT.ok} where nothing differs and with ${EXIT.failed} where anything does. Time and run are not compared: they are never the same.
${examples('gvpie diff box.png other.png', 'gvpie diff box.png other.png -o difference.png', 'gvpie diff --json box.png other.png')}`,
    );
}

function addPublish(program: Command, finish: (code: number) => void): void {
  const publish = program
    .command('publish')
    .description("write a PNG of a cartridge's pixels and nothing else, and keep the cartridge")
    .argument('<CART>', 'a cartridge')
    .requiredOption('-o, --out <OUT>', 'the picture, to be named; - is standard output')
    .option(...JSON_FLAG)
    .action(async (path, options) => {
      const { publishCartridge } = await import('./publish.ts');
      finish(await publishCartridge(path, options, settingsFrom(options, PLACES).settings));
    });
  addSettings(publish, PLACES).addHelpText(
    'after',
    `
Program, label, time and run are not in it. The cartridge stays where it is, and is put on the shelf if it is not there, so
that gvpie reload of the picture names it.
${examples('gvpie publish box.png -o clean.png')}`,
  );
}

function addImport(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('import')
    .description('take cartridges by others onto the shelf, and other PNGs as pictures to draw')
    .argument('<FILE...>', 'cartridges and PNGs')
    .addOption(inputOption())
    .option(...JSON_FLAG)
    .action(async (paths, options) => {
      const { importFiles } = await import('./import-files.ts');
      finish(await importFiles(paths, options, settingsFrom(options, PLACES).settings));
    });
  addSettings(command, PLACES).addHelpText(
    'after',
    `
A cartridge is rendered again first: what does not prove itself is refused. Of a PNG without a label the line is printed
that has a program draw it. What is there already is not taken in twice.
${examples('gvpie import box.png', 'gvpie import logo.png photos/*.png')}`,
  );
}

function addTree(program: Command, finish: (code: number) => void): void {
  const lineage = program
    .command('lineage')
    .description('say what a cartridge was made from, and what was made from it')
    .argument(
      '<CART>',
      "a cartridge's file, the checksum of its pixels or how it begins, or a script: its newest",
    )
    .addOption(
      new Option('--depth <n>', 'steps up and down, from 1 to 100').argParser(parseDepth).default(10),
    )
    .option(...JSON_FLAG)
    .action(async (who, options) => {
      const { tellLineage } = await import('./lineage.ts');
      finish(await tellLineage(who, options, settingsFrom(options, PLACES).settings));
    });
  addSettings(lineage, PLACES).addHelpText(
    'after',
    examples('gvpie lineage box.png', 'gvpie lineage wider --depth 3', 'gvpie lineage wider --json'),
  );
}

function addSheet(program: Command, finish: (code: number) => void): void {
  const sheet = program
    .command('contact-sheet')
    .description('draw many cartridges in one picture, which is a cartridge itself')
    .argument('[FILE...]', 'cartridges and PNGs (default: the newest on the shelf)')
    .requiredOption('-o, --out <OUT>', 'the sheet, to be named; - is standard output')
    .option('--script <NAME>', "a script's cartridges")
    .addOption(new Option('--last <n>', 'how many of the newest (default: 20)').argParser(parseCount))
    .addOption(sizeOption(false, 'of each picture; unless given, 160x120'))
    .addOption(new Option('--columns <n>', 'pictures beside each other').argParser(parseColumns))
    .option(...JSON_FLAG)
    .action(async (paths, options) => {
      const { makeSheet } = await import('./contact-sheet.ts');
      finish(await makeSheet(paths, options, settingsFrom(options, PLACES).settings));
    });
  addSettings(sheet, PLACES).addHelpText(
    'after',
    `
Small pictures are shown larger by a whole factor, and of large ones the middle.
${examples('gvpie contact-sheet cartridges/*.png -o sheet.png', 'gvpie contact-sheet --script clock --last 12 -o sheet.png')}`,
  );
}
