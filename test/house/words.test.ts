/** What the tree must not say: it is the same on every machine, so it names nobody's folders and no package host. */
import { describe, expect, it } from 'vitest';
import { listTree, readText } from './tree-files.ts';

// Patterns and examples are put together from parts, so that this file does not object to itself.

/** Folders that exist on one person's or one builder's machine. */
const PRIVATE_ROOTS = ['home', 'Users', 'root', 'work', 'workspace', 'workspaces', 'builds', 'mnt', 'media'];

/** An absolute path below such a folder: at a line's start, or after a blank, quote, bracket, `=` or `:`. */
const MACHINE_PATH = new RegExp(`(?:^|[\\s'"\`(\\[=:]|//)/(?:${PRIVATE_ROOTS.join('|')})/[\\w.-]+`, 'gm');
const WINDOWS_PATH = new RegExp(`\\b[A-Z]:\\\\{1,2}${'Users'}\\\\`, 'g');

/** Hosts that packages are fetched from, and the addresses a lockfile would carry. */
const PACKAGE_HOST = new RegExp(
  `\\b(?:registry|npm|packages|mirrors?)(?:[.-][\\w-]+)*\\.${'[a-z]{2,}'}\\b(?=[:/])`,
  'gi',
);
const RESOLVED = new RegExp(`"${'resolved'}":`, 'g');

function findWords(text: string): string[] {
  return [MACHINE_PATH, WINDOWS_PATH, PACKAGE_HOST, RESOLVED].flatMap((pattern) => text.match(pattern) ?? []);
}

const breaks = [
  `see /${'home'}/ann/gvpie`,
  `'/${'Users'}/ann/gvpie'`,
  `cd /${'work'}/main`,
  `/${'root'}/.npmrc`,
  `file:///${'home'}/ann`,
  `C:\\${'Users'}\\ann`,
  `https://${'registry'}.npmjs.org/zod`,
  `http://${'npm'}.corp.example:4873`,
  `https://${'registry'}.yarnpkg.com/zod`,
  `"${'resolved'}": "x"`,
];

const keeps = [
  `/tmp/gvpie/${'work'}/main.json`,
  `\`\${socket}/${'work'}/abc.json\``,
  '/proc/1/stat and /usr/bin/env and /dev/shm/gvpie',
  'npm could not reach the registry. Packages are fetched once',
  'npm run gvpie: the command',
  `<socket>/${'work'}/renderer`,
];

describe('the words of the tree', () => {
  it('name no folder of one machine and no package host', () => {
    const found = listTree().flatMap((path) =>
      findWords(readText(path) ?? '').map((word) => `${path}: ${word.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it.each(breaks)('would be objected to: %s', (text) => {
    expect(findWords(text)).toHaveLength(1);
  });

  it.each(keeps)('may be: %s', (text) => {
    expect(findWords(text)).toEqual([]);
  });
});
