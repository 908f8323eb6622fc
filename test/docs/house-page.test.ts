/** docs/house.md: its map of the folders is the tree's. */
import { describe, expect, it } from 'vitest';
import { listTree, SOURCE_ROOMS } from '../house/tree-files.ts';
import { codeBlocks, readPage } from './pages.ts';

/** What a map of the house says of each folder, by its path from the root with a `/` at the end. */
function foldersOf(map: string): Map<string, string> {
  const folders = new Map<string, string>();
  const open: string[] = [];
  for (const line of map.trimEnd().split('\n')) {
    const [, indent = '', name = '', about = ''] = /^( *)(\S+\/) +(.+)$/.exec(line) ?? [];
    open.length = indent.length / 2;
    open.push(name);
    folders.set(open.join(''), about);
  }
  return folders;
}

/** Folders of the tree that the map lacks, and folders and modules of the map that the tree lacks. */
function objections(map: string, tree: readonly string[]): string[] {
  const folders = foldersOf(map);
  const parents = tree.flatMap((path) =>
    path
      .split('/')
      .flatMap((_, index, parts) => (index === 0 ? [] : [`${parts.slice(0, index).join('/')}/`])),
  );
  const present = new Set(parents);
  // Below docs/, test/ and the like a folder is what its name says.
  const wanted = [...present].filter(
    (path) =>
      !path.startsWith('.') && (SOURCE_ROOMS.some((room) => path.startsWith(room)) || /^\w+\/$/.test(path)),
  );
  return [
    ...wanted.filter((path) => !folders.has(path)).map((path) => `${path} is not on the map`),
    ...[...folders].flatMap(([path, about]) => [
      ...(present.has(path) ? [] : [`${path} is not there`]),
      ...[...about.matchAll(/[\w-]+\.(?:ts|sql)\b/g)]
        .filter(([module]) => !tree.includes(path + module))
        .map(([module]) => `${path}${module} is not there`),
    ]),
  ];
}

describe('the map of docs/house.md', () => {
  const map = codeBlocks(readPage('docs/house.md'), '').find((block) => block.startsWith('shared/')) ?? '';

  it('has every folder of the source, and names no module that is not in it', () => {
    expect(foldersOf(map).size).toBeGreaterThan(20);
    expect(objections(map, listTree())).toEqual([]);
  });

  it('would be objected to with a folder too few or too many, and a module that is not there', () => {
    const without = map.replace(/^ {2}machine\/.*\n/m, '');
    expect(objections(without, listTree())).toEqual(['renderer/machine/ is not on the map']);
    const more = map.replace(/^( {2}machine\/.*)$/m, '$1\n    engine/      runs: engine.ts');
    expect(objections(more, listTree())).toEqual([
      'renderer/machine/engine/ is not there',
      'renderer/machine/engine/engine.ts is not there',
    ]);
  });
});
