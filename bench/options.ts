/** What the bench is told on its command line. */
import { parseArgs } from 'node:util';

/**
 * What can be measured by itself, in the order in which it is. Rows come first: ext4 gives out no inode that
 * was freed in the last seconds, and a folder's neighbours that were just removed make each new file slow.
 */
export const PARTS = ['rows', 'spool', 'paint', 'backends', 'language', 'png'] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** A tenth of the rounds: to see that it runs, not to quote. */
  readonly quick: boolean;
  /** Where the figures go as JSON: a path, or `-` for standard output after the table. */
  readonly json: string | undefined;
}

export const USAGE = `npm run bench -- [--only ${PARTS.join('|')}]… [--quick] [--json FILE|-]`;

/** @throws {Error} saying what is wrong with the arguments */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  for (const name of values.only) {
    if (!PARTS.some((part) => part === name)) {
      throw new Error(`Expected --only to be one of ${PARTS.join(', ')}, found ${JSON.stringify(name)}`);
    }
  }
  const parts = PARTS.filter((part) => values.only.length === 0 || values.only.includes(part));
  return { parts, quick: values.quick, json: values.json };
}
