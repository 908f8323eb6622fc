/** What the bench is told on its command line. */
import { parseArgs } from 'node:util';
import { RULE } from './compare.ts';

/**
 * What can be measured by itself, in the order in which it is. Rows come first: ext4 gives out no inode that
 * was freed in the last seconds, and a folder's neighbours that were just removed make each new file slow.
 */
export const PARTS = [
  'rows',
  'spool',
  'paint',
  'png',
  'burst',
  'shade',
  'backends',
  'language',
  'start',
  'loop',
  'memory',
  'growth',
  'store',
] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly Part[];
  /** A tenth of the rounds: to see that it runs, not to quote. */
  readonly quick: boolean;
  /** Whether it is told of every target where its time goes, not only of the missed ones. */
  readonly profile: boolean;
  /** Where the figures go as JSON: a path, or `-` for standard output after the table. */
  readonly json: string | undefined;
  /** How many cartridges the largest store has; undefined for a few thousand. */
  readonly store: number | undefined;
  /** What the figures are kept as in bench/results; undefined for the machine's own name. */
  readonly name: string | undefined;
  /** The path of kept figures to compare with. */
  readonly compare: string | undefined;
}

export const USAGE = `npm run bench -- [--only ${PARTS.join('|')}]… [--quick] [--profile]
                 [--store N] [--name NAME] [--json FILE|-] [--compare OLD.json]

--only PART     measures this part; may stand several times
--quick         a tenth of the rounds, to see that it runs: not to be quoted
--profile       says of every target where its time goes; otherwise only of those that are missed
--store N       of the part store: so many cartridges, from 400 to 1000000, in place of 4000
--name NAME     keeps the figures and plots in bench/results under this name. A run of all parts that is
                not quick is kept anyway, under the machine's processor, cores and Node.js
--json FILE     writes the figures there too; - is standard output
--compare OLD   compares with kept figures, and ends with 1 at a regression:
                ${RULE}

The table has ours by the peer's: "ratio" of the medians, and "at best" of the fastest samples, which a busy
machine disturbs less. A load above the number of cores at the start makes all figures mean little.`;

/** @returns undefined when it is asked how it is used; @throws {Error} saying what is wrong with the arguments */
export function readOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      store: { type: 'string' },
      json: { type: 'string' },
      name: { type: 'string' },
      compare: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  for (const part of values.only) {
    if (!PARTS.some((one) => one === part))
      throw new Error(`Expected --only to be one of ${PARTS.join(', ')}, found ${JSON.stringify(part)}`);
  }
  if (values.name !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(values.name)) {
    throw new Error(
      `Expected --name to be small letters, digits and single hyphens, found ${JSON.stringify(values.name)}`,
    );
  }
  const { quick, profile, json, name, compare } = values;
  const store = values.store === undefined ? undefined : Number(values.store);
  if (store !== undefined && !(Number.isInteger(store) && store >= 400 && store <= 1_000_000)) {
    throw new Error(
      `Expected --store to be a whole number from 400 to 1000000, found ${JSON.stringify(values.store)}`,
    );
  }
  const parts = PARTS.filter((part) => values.only.length === 0 || values.only.includes(part));
  return { parts, quick, profile, store, json, name, compare };
}
