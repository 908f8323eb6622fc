/** `gvpie lineage`: parents up, children down, each once, whatever the records say. */
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { familyTree, type Kin, treeLines } from '../../cli/family-tree.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { Workplace } from './gvpie.ts';

const BOUNDS = { depth: 10, width: 100, nodes: 1_000 };
const of = (links: Readonly<Record<string, string>>) => (checksum: string, limit: number) =>
  Array.from(links[checksum] ?? '').slice(0, limit);
const lines = (tree: Kin): string[] => treeLines(tree, (checksum) => checksum);
const size = ({ kin }: Kin): number => kin.reduce((sum, one) => sum + 1 + size(one), 0);

describe('a family tree', () => {
  it('has everybody where they are nearest, once', () => {
    expect(lines(familyTree('a', of({ a: 'bc', b: 'd', c: 'de', d: 'f' }), BOUNDS))).toEqual([
      ...['├─ b', '│  └─ d', '│     └─ f', '└─ c', '   ├─ d (told elsewhere)', '   └─ e'],
    ]);
  });

  it('ends where records lead in a circle, to themselves too', () => {
    expect(lines(familyTree('a', of({ a: 'ab', b: 'c', c: 'a' }), BOUNDS))).toEqual([
      ...['├─ a (told elsewhere)', '└─ b', '   └─ c', '      └─ a (told elsewhere)'],
    ]);
  });

  it.each([
    ['depth', { depth: 2 }, 2],
    ['width', { width: 3 }, 1],
  ])('says where there is more beyond its %s, and nowhere else', (_, bound, depth) => {
    const chain = familyTree('a', of({ a: 'b', b: 'c', c: 'd' }), { ...BOUNDS, ...bound });
    const wide = familyTree('a', of({ a: 'bcde' }), { ...BOUNDS, ...bound });
    expect(lines(chain).some((line) => line.includes('…'))).toBe(depth === 2);
    expect(lines(wide).some((line) => line.includes('…'))).toBe(depth === 1);
    expect(size(chain)).toBe(depth === 2 ? 2 : 3);
    expect(size(wide)).toBe(depth === 1 ? 3 : 4);
  });

  it('is no larger than it may be, however many kin there are', () => {
    let asked = 0;
    const many = (checksum: string, limit: number): string[] => {
      asked++;
      return Array.from({ length: limit }, (_, n) => `${checksum}.${n}`);
    };
    const tree = familyTree('a', many, BOUNDS);
    expect(size(tree)).toBe(1_000);
    expect(asked).toBeLessThanOrEqual(1_001);
    expect(tree.more).toBe(true);
  });
});

describe('gvpie lineage', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => place.clear());

  const done = (...args: string[]): Promise<string> => place.done(...args);

  it('tells three generations from a file, a checksum and a script, and finds no children without a registry', async () => {
    place.write('box.pxl', 'PARAM w 5 1 60\nRECT 1 1 w 3');
    await done('press', 'box.pxl', '-o', 'box.png');
    const root = openCartridge(place.read('box.png')).label.checksum;
    expect(await done('lineage', 'box.png')).toBe(
      `${root.slice(0, 12)}  box.png\nmade from: nothing that is known here\nmade of it: nothing that is known here\n`,
    );
    await done('reload', 'box.png', '--name', 'child', '--param', 'w=9');
    expect((await place.process(['up', '--once'])).code).toBe(EXIT.ok);
    const cartridge = async (name: string): Promise<string> =>
      `cartridges/${JSON.parse(await done('runs', name, '--json'))[0].cartridge_name}`;
    const child = await cartridge('child');
    await done('reload', child, '--name', 'grandchild', '--param', 'w=11');
    expect((await place.process(['up', '--once'])).code).toBe(EXIT.ok);
    const grandchild = await cartridge('grandchild');
    const [middle, last] = [child, grandchild].map((file) => openCartridge(place.read(file)).label.checksum);
    expect(await done('lineage', 'child')).toBe(`${middle!.slice(0, 12)}  ${child}  child
made from:
└─ ${root.slice(0, 12)}  not known here
made of it:
└─ ${last!.slice(0, 12)}  ${grandchild}  grandchild
`);
    expect(await done('lineage', root.toUpperCase())).toContain(`   └─ ${last!.slice(0, 12)}  ${grandchild}`);
    mkdirSync(place.at('child'));
    expect(await done('lineage', 'child')).toContain(`${middle!.slice(0, 12)}  ${child}  child`);
    // What a tree prints of a checksum is taken as well, and of one that is no more than a parent's name.
    expect(await done('lineage', middle!.slice(0, 12))).toBe(await done('lineage', 'child'));
    expect(await done('lineage', root.slice(0, 8))).toBe(await done('lineage', root));
    expect((await place.run(['lineage', root.slice(0, 7)])).code).toBe(EXIT.badInput);
    const { parents, children } = JSON.parse(await done('lineage', grandchild, '--json'));
    expect(parents.kin).toMatchObject([
      { checksum: middle, cartridge: child, kin: [{ checksum: root, cartridge: null }] },
    ]);
    expect(children.kin).toEqual([]);
    // Far away from the registry, the label knows the parents alone.
    const alone = await place.run(['lineage', grandchild, '--db', 'none.db']);
    expect(alone.stdout).toContain(
      `made from:\n└─ ${middle!.slice(0, 12)}  not known here\nmade of it: nothing`,
    );
    // A registry in which anybody has written anything.
    const database = openDatabase(place.at('daemon.db'), { durability: 'fast' });
    const insert = database.prepare(
      `INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at, parents) VALUES (?, ?, 1, 1, 1, '', ?)`,
    );
    insert.run('../../../etc/passwd', root, JSON.stringify([last, root, '\u001b[31m']));
    insert.run('twin.png', `${middle!.slice(0, 63)}${middle!.endsWith('0') ? 1 : 0}`, null);
    database.close();
    expect((await place.run(['lineage', middle!.slice(0, 12)])).stderr).toContain('Expected one checksum');
    const circle = await done('lineage', 'child');
    expect(circle).toContain('(told elsewhere)');
    expect(circle).not.toContain('\u001b');
    expect(circle).not.toContain('passwd');
  }, 60_000);

  it('refuses what is nobody', async () => {
    for (const who of ['nobody', 'f'.repeat(64)]) {
      expect(await place.run(['lineage', who])).toMatchObject({ code: EXIT.badInput, stdout: '' });
    }
  });
});
