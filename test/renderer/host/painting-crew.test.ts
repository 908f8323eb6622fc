/** Threads that paint: the same bytes as alone, whatever becomes of a thread, and none of them is kept for long. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { encode } from '../../../renderer/display/encode.ts';
import type { Shape } from '../../../renderer/display/list.ts';
import { paintInTurns } from '../../../renderer/host/paint-in-turns.ts';
import { type CrewOptions, PaintingCrew } from '../../../renderer/host/painting-crew.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { bin } from '../../../renderer/raster/bin.ts';
import { hue, rect, square } from '../../../renderer/raster/conformance/case.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { openPainting, paintOnCpu } from '../../../renderer/raster/cpu-painter.ts';
import { isForMany } from '../../../renderer/raster/sharing.ts';
import { Hiring } from '../../../shared/host/hiring.ts';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

const built = (path: string): URL => pathToFileURL(join(packageRoot(), 'dist/renderer', path));
const THREAD = built('host/paint-thread.js');

/** 1,024 tiles of small shapes, translucent ones among them, which counts as many. */
function crowd(seed: number): EncodedList {
  const random = seededBetween(seed);
  const shapes = Array.from({ length: 14_000 }, (_, n): Shape => {
    const [x, y] = [random(0, 2_000), random(0, 2_000)];
    return rect(
      x,
      y,
      x + random(1, 40),
      y + random(1, 40),
      hue(n, random(0, 2) === 0 ? 255 : random(1, 255)),
    );
  });
  return encode(shapes, square(2_048));
}

/** Worked out pixel by pixel, over and under other shapes. */
function shaded(): EncodedList {
  const program = [
    'COLOR #ff8800',
    'RECT 100 100 300 300',
    'SHADE 0 0 width height',
    '  SET s (x*7+y*13)&255',
    '  LOOP 40',
    '    SET s (s*5+3)&255',
    '  END',
    '  SET r s',
    '  SET g g+(y&31)',
    'END',
    'COLOR #ffffff80',
    'DISC 256 256 100',
  ].join('\n');
  return run(parse(sourceOf(program)), square(512)).list;
}

function crewOf(options: Partial<CrewOptions> & { readonly thread?: URL } = {}): PaintingCrew {
  const { thread = THREAD } = options;
  const hiring = new Hiring({ thread: () => thread, work: 'paint', journal: () => undefined });
  const crew = new PaintingCrew({ hiring, most: 2, idleMs: 60_000, ...options });
  onTestFinished(() => crew.close());
  return crew;
}

/** A thread of its own kind. */
function threadOf(lines: readonly string[]): URL {
  const path = join(temporaryFolder(), 'thread.mjs');
  const imports = [
    "import { parentPort } from 'node:worker_threads';",
    `import { Board } from '${built('raster/board.js')}';`,
  ];
  writeFileSync(path, [...imports, ...lines].join('\n'));
  return pathToFileURL(path);
}

/** Does it until it holds, which is soon where a thread is started soon. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let times = 0; !(await holds()); times++) expect(times).toBeLessThan(500);
}

async function complaint(crew: PaintingCrew, list: EncodedList): Promise<string | undefined> {
  const { pixels, release } = await paintInTurns(list, { crew });
  const words = comparePictures(paintOnCpu(list, 128), pixels, list.canvas);
  release?.();
  return words;
}

describe('the crew', () => {
  it('paints as one thread alone does, picture after picture, shades and all', async () => {
    const crew = crewOf();
    for (let n = 0; n < 4; n++) expect(await complaint(crew, crowd(n))).toBeUndefined();
    expect(await complaint(crew, shaded())).toBeUndefined();
    expect(crew.threads).toBeGreaterThan(0);
  });

  it('does have a share in it: what its threads paint is theirs', async () => {
    // They take every tile that is left, and say that they are done.
    const liar = threadOf([
      "parentPort.on('message', ({ hand, board: words }) => {",
      '  const board = new Board(words);',
      '  for (let tile = board.take(hand); tile !== undefined; tile = board.take(hand)) board.finish(tile);',
      '});',
    ]);
    const crew = crewOf({ thread: liar });
    // Another picture each time: where nothing is painted, the last one is to be seen.
    let seed = 10;
    await until(async () => (await complaint(crew, crowd(seed++))) !== undefined);
  });

  it('has a picture painted, wherever its threads end', async () => {
    const ends = [
      // Before it takes anything, with a tile in hand, and after it has spoilt one.
      ['process.exit(1);'],
      ['new Board(board).take(hand);', 'process.exit(1);'],
      [
        'const tile = new Board(board).take(hand);',
        'const [column, row] = [tile % scene.bins.tilesX, Math.floor(tile / scene.bins.tilesX)];',
        'const at = 64 * (row * scene.list.canvas.width + column);',
        'if (tile !== undefined) scene.pixels.fill(0x12345678, at, at + 10);',
        "throw new Error('spoilt');",
      ],
    ];
    for (const lines of ends) {
      const head = "parentPort.on('message', ({ hand, board, scene }) => {";
      const crew = crewOf({ thread: threadOf([head, ...lines, '});']) });
      for (let n = 0; n < 3; n++) expect(await complaint(crew, crowd(n))).toBeUndefined();
    }
  });

  it('is not waited for where its threads never come, and gives them up in the end', async () => {
    const crew = crewOf({ thread: built('host/nowhere.js') });
    await until(async () => {
      expect(await complaint(crew, crowd(3))).toBeUndefined();
      return !crew.isFree;
    });
    expect(await complaint(crew, crowd(4))).toBeUndefined();
    await waitUntil('threads to end', () => crew.threads === 0);
  });

  it('leaves a picture alone that was finished before a thread came', async () => {
    const late = threadOf([
      `import { Stage } from '${built('raster/stage.js')}';`,
      `import { tilePainter } from '${built('raster/cpu-painter.js')}';`,
      "parentPort.on('message', ({ hand, room, board: words, parts, scene }) => setTimeout(() => {",
      '  const board = new Board(words);',
      '  const tile = board.take(hand);',
      '  if (tile === undefined) return;',
      '  for (const _ of tilePainter(new Stage(parts), scene, room)(tile) ?? []);',
      '  board.finish(tile);',
      '}, 200));',
    ]);
    const crew = crewOf({ thread: late });
    const { release } = await paintInTurns(crowd(5), { crew });
    release?.();
    // On the same stage, while threads come for the first one.
    const list = crowd(6);
    const picture = await paintInTurns(list, { crew: crewOf({ most: 0 }) });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(comparePictures(paintOnCpu(list, 128), picture.pixels, list.canvas)).toBeUndefined();
    picture.release?.();
  });

  it('gives back the stage of a picture that came to nothing, when no thread paints on it any more', async () => {
    const list = crowd(9);
    const broken = () => {
      throw new Error('broken');
    };
    for (let n = 0; n < 5; n++) {
      const crew = crewOf();
      expect(() => crew.paint({ ...openPainting(list), paint: broken }).next()).toThrow('broken');
      await waitUntil('threads to end', () => crew.threads === 0);
    }
    expect(openPainting(list).staged).toBeDefined();
  });

  it('ends its threads when there is nothing to paint for a while, and starts others', async () => {
    const crew = crewOf({ idleMs: 50 });
    expect(await complaint(crew, crowd(7))).toBeUndefined();
    await waitUntil('threads to end', () => crew.threads === 0);
    expect(crew.isFree).toBe(true);
    expect(await complaint(crew, crowd(8))).toBeUndefined();
  });

  it('is asked for what takes long, and for nothing else', () => {
    const isLong = (list: EncodedList) => isForMany(list, bin(list));
    expect(isLong(crowd(1))).toBe(true);
    expect(isLong(shaded())).toBe(true);
    const few = encode([rect(0, 0, 100, 100, hue(1))], square(2_048));
    expect(isLong(few)).toBe(false);
    expect(isLong(encode([], square(4_032)))).toBe(false);
    expect(isLong(encode([], square(4_097)))).toBe(true);
  });
});
