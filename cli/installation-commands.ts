/** The commands about this installation: whether its painters are right, and a copy for other machines. */
import { type Command, Option } from 'commander';
import { examples } from './help.ts';
import { addSettings, parseCount, settingsFrom } from './options.ts';

export function addSelftest(program: Command, finish: (code: number) => void): void {
  const selftest = program
    .command('selftest')
    .description('paint two thousand known pictures on this machine, compare every bit, and time it')
    .addOption(new Option('--gpu', '--backend gpu, and a report in any case').conflicts(['cpu', 'backend']))
    .addOption(new Option('--cpu', '--backend cpu').conflicts(['gpu', 'backend']))
    .addOption(
      new Option('--random <n>', 'random display lists beside the standing cases (default: 1000)').argParser(
        parseCount,
      ),
    )
    .option('-o, --out <REPORT>', 'a JSON report (with --gpu: gvpie-selftest.json, here)')
    .option('--json', 'print the report in place of the account')
    .action(async (options) => {
      const { selftest } = await import('./selftest.ts');
      finish(await selftest(options, settingsFrom(options, ['backend']).settings));
    });
  addSettings(selftest, ['backend']).addHelpText(
    'after',
    examples('gvpie selftest', 'gvpie selftest --gpu', 'gvpie selftest --gpu --random 10000 -o report.json'),
  );
}

export function addBundle(program: Command, finish: (code: number) => void): void {
  program
    .command('bundle')
    .description('pack gvpie, Node.js and its packages for machines like this one (npm run bundle)')
    .option('-o, --out <FILE>', 'the archive (default: gvpie-<version>-<platform>-<arch>.tar.xz, here)')
    .option('--folder <DIR>', 'lay out a new folder in place of an archive')
    .action(async (options) => {
      const { makeBundle } = await import('./bundle.ts');
      finish(await makeBundle(options));
    })
    .addHelpText('after', examples('gvpie bundle', 'gvpie bundle --folder gvpie-to-go'));
}
