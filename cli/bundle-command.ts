/** `gvpie bundle` on the command line. */
import type { Command } from 'commander';
import { examples } from './help.ts';

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
