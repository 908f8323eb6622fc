/** The look of the tree: names, sizes and habits that every file shares. Each check has a file that breaks it. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSource, listTree, readText, SOURCE_ROOMS } from './tree-files.ts';

/** What is wrong with a text file, or undefined. */
type Check = (path: string, text: string) => string | undefined;

/** Names that other tools or customs prescribe. */
const GIVEN_NAMES =
  /^(\..+|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|\w+\.py|\w+\.tmLanguage\.json)$/;
const KEBAB_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

const kebabName: Check = (path) =>
  GIVEN_NAMES.test(basename(path)) || KEBAB_NAME.test(basename(path))
    ? undefined
    : 'its name is not kebab-case';

const noDefaultExport: Check = (path, text) =>
  isSource(path) && /^export\s+(default\b|\{[^}]*\bas default\b)/m.test(text)
    ? 'a default export'
    : undefined;

const LINES = 300;

/** Fonts are drawn, not written: their length is that of the character set. */
const DRAWN = /^renderer\/(?:raster\/font|fonts\/fixed)-[\w-]+\.ts$/;

const shortModule: Check = (path, text) => {
  const lines = text.split('\n').length - 1;
  const bound = isSource(path) && /\.(ts|mjs)$/.test(path) && !DRAWN.test(path);
  return bound && lines > LINES ? `${lines} lines, more than ${LINES}` : undefined;
};

/** In two halves, so that this file does not object to itself. */
const UNFINISHED = new RegExp(`\\b(${'TO'}DO|${'FIX'}ME)\\b`);

const nothingUnfinished: Check = (_, text) => UNFINISHED.exec(text)?.[0];

const endsInNewline: Check = (_, text) =>
  text === '' || text.endsWith('\n') ? undefined : 'no newline at the end';

interface Habit {
  readonly title: string;
  readonly check: Check;
  readonly breaks: readonly (readonly [path: string, text: string])[];
  readonly keeps: readonly (readonly [path: string, text: string])[];
}

const HABITS: readonly Habit[] = [
  {
    title: 'file names are kebab-case',
    check: kebabName,
    breaks: [
      ['cli/exitCodes.ts', ''],
      ['docs/Language.md', ''],
      ['cli/exit_codes.ts', ''],
      ['cli/-a.ts', ''],
    ],
    keeps: [
      ['cli/exit-codes.test.ts', ''],
      ['README.md', ''],
      ['test/support/seed_client.py', ''],
      ['db/000001-seed.sql', ''],
    ],
  },
  {
    title: 'modules of the source rooms have no default export',
    check: noDefaultExport,
    breaks: [
      ['shared/a.ts', 'export default 1;\n'],
      ['cli/a.mjs', 'const a = 1;\nexport { a as default };\n'],
    ],
    keeps: [
      ['vitest.config.ts', 'export default {};\n'],
      ['shared/a.ts', '// export default\nexport const a = 1;\n'],
    ],
  },
  {
    title: `modules of the source rooms have at most ${LINES} lines`,
    check: shortModule,
    breaks: [['shared/a.ts', 'a;\n'.repeat(LINES + 1)]],
    keeps: [
      ['shared/a.ts', 'a;\n'.repeat(LINES)],
      ['renderer/raster/font-5x7.ts', 'a;\n'.repeat(LINES + 1)],
      ['renderer/fonts/fixed-6x13.ts', 'a;\n'.repeat(LINES + 1)],
    ],
  },
  {
    title: 'nothing is marked as unfinished',
    check: nothingUnfinished,
    breaks: [
      ['docs/a.md', `${'TO'}DO: more\n`],
      ['shared/a.ts', `// ${'FIX'}ME\n`],
    ],
    keeps: [['shared/a.ts', 'what to do\n']],
  },
  {
    title: 'text files end in a newline',
    check: endsInNewline,
    breaks: [['docs/a.md', 'a']],
    keeps: [
      ['docs/a.md', 'a\n'],
      ['cartridges/.gitkeep', ''],
    ],
  },
];

describe('the tree', () => {
  // Fixtures are kept as they were found: broken files are what they are for.
  const texts = listTree()
    .filter((path) => !path.startsWith('test/fixtures/'))
    .map((path) => [path, readText(path)] as const)
    .filter((file): file is readonly [string, string] => file[1] !== undefined);

  it('is read whole', () => {
    for (const room of SOURCE_ROOMS) expect(texts.some(([path]) => path.startsWith(`${room}/`))).toBe(true);
  });

  it.each(HABITS)('$title', ({ check }) => {
    const objections = texts.flatMap(([path, text]) => {
      const objection = check(path, text);
      return objection === undefined ? [] : [`${path}: ${objection}`];
    });
    expect(objections).toEqual([]);
  });

  it.each(HABITS)('has a check that objects where this is broken: $title', ({ check, breaks, keeps }) => {
    for (const [path, text] of breaks) expect(check(path, text), path).toBeDefined();
    for (const [path, text] of keeps) expect(check(path, text), path).toBeUndefined();
  });
});
