/** The painters of the contest: each makes the bytes of one scene, and every picture of each is checked. */
import { openBackends } from '../renderer/host/backends.ts';
import { comparePictures } from '../renderer/raster/conformance/comparer.ts';
import type { Painted } from '../renderer/raster/painter.ts';
import { encodeProgram } from '../renderer/timing/pictures.ts';
import { type ContestPlan, contest, type Side } from './contest.ts';
import { likenessComplaint } from './pictures/likeness.ts';
import { listOf, paintPlainly, programOf } from './pictures/ours.ts';
import type { Scene } from './pictures/scene.ts';
import { SCENES, type SceneName } from './pictures/scenes.ts';
import { type Keeping, type ReaderName, skiaPainter } from './pictures/skia.ts';

/** Each gets ready and returns what is timed: RGBA bytes, row-major. Ours is the painter of a daemon on the CPU. */
const PAINTERS = {
  'shapes → bytes': async (scene: Scene) => {
    const paint = await ourPainter();
    return () => paint(listOf(scene));
  },
  'program text → bytes': async (scene: Scene) => {
    const paint = await ourPainter();
    const program = programOf(scene);
    return () => paint(encodeProgram(program, scene.canvas));
  },
  'Skia, data()': skia('kept', 'data()'),
  'Skia, getImageData()': skia('kept', 'getImageData()'),
  'Skia, a new canvas each, data()': skia('new', 'data()'),
  'Skia, a new canvas each, getImageData()': skia('new', 'getImageData()'),
} as const satisfies Record<string, (scene: Scene) => Promise<() => Uint8Array | Promise<Uint8Array>>>;

export type PainterName = keyof typeof PAINTERS;
export const PAINTER_NAMES = Object.keys(PAINTERS) as PainterName[];

export function isSkia(name: PainterName): boolean {
  return name.startsWith('Skia');
}

export interface PaintersPart {
  readonly scene: SceneName;
  readonly names: readonly PainterName[];
}

/** A process's painters: answers a plan with the milliseconds of each call, painter by painter. */
export async function servePainters({ scene, names }: PaintersPart): Promise<{
  ready: string;
  answer(question: unknown): Promise<number[][]>;
  stop(): Promise<void>;
}> {
  const made = SCENES[scene].make();
  const expected = paintPlainly(listOf(made));
  const sides: Side[] = [];
  for (const name of names) {
    const check = isSkia(name) ? checkLike(made, name, expected) : checkSame(made, name, expected);
    sides.push({ name, act: await PAINTERS[name](made), check });
  }
  return {
    ready: scene,
    answer: (question) => contest(sides, question as ContestPlan),
    stop: async () => {},
  };
}

/** To the byte, each time. */
function checkSame({ canvas }: Scene, name: string, expected: Uint8Array): (result: unknown) => void {
  return (result) => {
    const difference = comparePictures(expected, result as Uint8Array, canvas);
    if (difference !== undefined) throw new Error(`${name}: ${difference}`);
  };
}

/** Like ours the first time, and to the byte like that afterwards. */
function checkLike(
  { likeness, canvas }: Scene,
  name: string,
  expected: Uint8Array,
): (result: unknown) => void {
  let first: Uint8Array | undefined;
  return (result) => {
    const found = result as Uint8Array;
    if (first === undefined) {
      const complaint = likenessComplaint(expected, found, likeness);
      if (complaint !== undefined) throw new Error(`${name}: ${complaint}`);
      first = found.slice();
    } else {
      const difference = comparePictures(first, found, canvas);
      if (difference !== undefined) throw new Error(`${name}, not as the first time: ${difference}`);
    }
  };
}

/** What a renderer on the CPU paints with. */
export async function ourPainter(): Promise<
  (list: Parameters<typeof paintPlainly>[0]) => Uint8Array | Promise<Uint8Array>
> {
  const painter = (await openBackends('cpu')).painterFor('cpu');
  let last: Painted | undefined;
  const pixelsOf = (painted: Painted): Uint8Array => {
    // As a daemon does when it has written them: by now the last ones have been looked at.
    last?.release?.();
    last = painted;
    return painted.pixels;
  };
  return (list) => {
    const painted = painter.paint(list);
    return painted instanceof Promise ? painted.then(pixelsOf) : pixelsOf(painted);
  };
}

function skia(keeping: Keeping, reader: ReaderName) {
  return async (scene: Scene): Promise<() => Uint8Array> => skiaPainter(scene, keeping, reader);
}
