import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';
import { anchors, linkTargets, listPages, readPage } from './pages.ts';

/** Relative links of a page that lead nowhere. */
function deadLinks(path: string, page: string): string[] {
  return linkTargets(page).filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', fragment] = target.split('#');
    const goal = file === '' ? path : posix.join(dirname(path), file);
    if (!existsSync(join(packageRoot(), goal))) return true;
    return fragment !== undefined && !anchors(file === '' ? page : readPage(goal)).includes(fragment);
  });
}

describe('the links of the pages', () => {
  it.each(listPages())('%s leads somewhere with each', (path) => {
    expect(deadLinks(path, readPage(path))).toEqual([]);
  });

  it('are on every page that a newcomer needs', () => {
    const pages = ['protocol', 'language', 'cartridge', 'house'].map((name) => `docs/${name}.md`);
    for (const page of [...pages, 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', 'examples/README.md']) {
      expect(linkTargets(readPage('README.md'))).toContain(page);
    }
  });

  it('would be objected to when the file or the heading is not there', () => {
    expect(deadLinks('docs/a.md', '[a](no-such.md) [b](language.md#uses) [c](https://example.org)')).toEqual([
      'no-such.md',
    ]);
    expect(deadLinks('docs/house.md', '# One\n[a](#one) [b](#two) [c](language.md#no-such)')).toEqual([
      '#two',
      'language.md#no-such',
    ]);
    expect(deadLinks('docs/a.md', '`[a](no-such.md)`\n```\n[b](no-such.md)\n```\n')).toEqual([]);
  });
});
