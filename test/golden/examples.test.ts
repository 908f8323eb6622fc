import { describe, expect, it } from 'vitest';
import { parse } from '../../renderer/language/parser.ts';
import { print } from '../../renderer/language/printer.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { DEFAULT_CANVAS } from '../../shared/canvas.ts';
import {
  differences,
  goldenOf,
  listedExamples,
  pinnedGoldens,
  presentExamples,
  readExample,
  renderExample,
  renderProgram,
} from './corpus.ts';

const goldens = pinnedGoldens();

/** "Hello GPU" and one pixel around it: x from 9 to 65, y from 9 to 17. */
const HELLO = [
  '.........................................................',
  '.#...#........##....##................####.####..#...#...',
  '.#...#.........#.....#...............#.....#...#.#...#...',
  '.#####..###....#.....#....###........#.....#...#.#...#...',
  '.#...#.#..##...#.....#...#...#.......#..##.####..#...#...',
  '.#...#.###.....#.....#...#...#.......#...#.#.....#...#...',
  '.#...#..####....##....##..###.........####.#......###....',
  '.........................................................',
  '.........................................................',
];

describe('the examples', () => {
  const examples = listedExamples();

  it('are all in the table of examples/README.md and all pinned', () => {
    const listed = examples.map(({ name }) => name).sort();
    expect(listed.length).toBeGreaterThanOrEqual(8);
    expect(presentExamples().sort()).toEqual(listed);
    expect(Object.keys(goldens).sort()).toEqual(listed);
  });

  it.each(examples)('$name gives its pinned pixels, price and uses', async (example) => {
    const rendering = await renderExample(example);
    expect(differences(goldens[example.name], goldenOf(rendering))).toEqual([]);
  });

  it.each(examples)('$name draws without a warning', async (example) => {
    const { pixels, warnings, price } = await renderExample(example);
    expect(warnings).toEqual([]);
    expect(price.pixels_written).toBeGreaterThan(0);
    expect(pixels.length).toBe(price.bytes);
  });

  const unasking = examples.filter(
    ({ name }) => !/\b(?:width|height|CLEAR)\b/.test(readExample(name).toString()),
  );

  it('are of the core for the most part, so that these can be told', () => {
    expect(unasking.length).toBeGreaterThanOrEqual(12);
  });

  it.each(examples)('$name is canonical', ({ name }) => {
    const text = readExample(name).toString();
    expect(print(parse(sourceOf(text)))).toBe(text);
  });

  it.each(unasking)(
    '$name, which does not ask how large its canvas is, leaves no text or rectangle outside',
    async (example) => {
      const { price } = await renderExample(example);
      const larger = {
        width: example.canvas.width + 64,
        height: example.canvas.height + 64,
      };
      const uncut = await renderProgram(readExample(example.name), larger);
      expect(uncut.price.pixels_written).toBe(price.pixels_written);
    },
  );
});

describe("the seed's programs", () => {
  // Written out, not read from checksums.json: what rewrites the goldens must never rewrite these.
  const pinned = [
    ['TXT 10 10 Hello GPU\nHALT', 'e1c009c5229ab25a1a3c34919132afec00c18f547f7aeb56ceb6cc8e16d78a1b'],
    ['TXT 10 10 Hello World\nHALT', '573807470fed931cccede7d2e95a89811863bc6d9d2e012399ec94b0a85161e2'],
    [
      'TXT 5 5 Header\nRECT 5 15 100 2\nTXT 5 20 Content\nHALT',
      'ccea6167107504e3960fd845ec5a77ac6dbecd23016746bf1e80e134e03658c1',
    ],
  ] as const;

  it.each(pinned)('%j keeps its pixels for ever', async (program, checksum) => {
    const { pixels } = await renderProgram(program, DEFAULT_CANVAS);
    expect(pixels.length).toBe(32_768);
    expect(sha256Hex(pixels)).toBe(checksum);
  });

  it('are the examples hello and header', () => {
    expect(goldens.hello?.checksum).toBe(pinned[1][1]);
    expect(goldens.header?.checksum).toBe(pinned[2][1]);
  });

  it('draws text from its top left, white on opaque black', async () => {
    const { pixels } = await renderProgram(pinned[0][0], DEFAULT_CANVAS);
    const picture = Array.from({ length: 9 }, (_, row) =>
      Array.from({ length: 57 }, (_, column) => {
        const at = ((9 + row) * DEFAULT_CANVAS.width + 9 + column) * 4;
        return { ffffffff: '#', '000000ff': '.' }[Buffer.from(pixels.subarray(at, at + 4)).toString('hex')];
      }).join(''),
    );
    expect(picture).toEqual(HELLO);
  });
});

describe('the comparer of goldens', () => {
  it('objects to one flipped bit of one pixel', async () => {
    const rendering = await renderProgram('TXT 10 10 Hello GPU\nHALT', DEFAULT_CANVAS);
    const golden = goldenOf(rendering);
    expect(differences(golden, goldenOf(rendering))).toEqual([]);
    const pixels = Uint8Array.from(rendering.pixels);
    pixels[20_000] = (pixels[20_000] as number) ^ 1;
    const found = differences(golden, goldenOf({ ...rendering, pixels }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^checksum: /);
  });

  it.each(['size', 'steps', 'shapes', 'pixels_written', 'uses'] as const)(
    'objects to another %s',
    (field) => {
      const golden = goldens.hello;
      if (golden === undefined) throw new Error('hello is pinned');
      const value = golden[field];
      const other = typeof value === 'number' ? value + 1 : `${value}0`;
      expect(differences(golden, { ...golden, [field]: other })).toHaveLength(1);
    },
  );

  it('objects to a golden that is not pinned', () => {
    const golden = goldens.hello;
    if (golden === undefined) throw new Error('hello is pinned');
    expect(differences(undefined, golden)).toEqual(['it is not pinned']);
  });
});
