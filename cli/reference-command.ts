/** `gvpie reference` on the command line. */
import type { Command } from 'commander';
import { examples } from './help.ts';

export function addReference(program: Command, finish: (code: number) => void): void {
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
      ),
    );
}
