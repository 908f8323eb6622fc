/** Painting: the scenes, by us on the CPU and by Skia, bytes in hand on both sides. */
import { type Child, startChild } from './child.ts';
import { type ContestPlan, contest } from './contest.ts';
import { type Bench, explained, ROUNDS } from './measure.ts';
import { isSkia, PAINTER_NAMES, type PainterName } from './painters.ts';
import { SCENE_NAMES, SCENES, type SceneName } from './pictures/scenes.ts';
import { describeShares } from './profile.ts';
import type { Line, Target } from './report.ts';
import { type Figures, figuresOfTimes } from './samples.ts';

const OURS: readonly PainterName[] = ['shapes → bytes', 'program text → bytes'];
const [SHAPES] = OURS as [PainterName];
/** A process's own painter, picture after picture, as a program that calls it would. */
const TOGETHER: readonly PainterName[] = [SHAPES, 'Skia, data()', 'Skia, getImageData()'];
/** Untimed pictures: until the code is compiled and the memory is there. */
const WARM_UP = 8;

export async function measurePainting(bench: Bench): Promise<Line[]> {
  const lines: Line[] = [];
  for (const scene of SCENE_NAMES) {
    console.log(`  ${scene} …`);
    const together = await measureInOneProcess(scene, bench);
    lines.push(...(await measureApart(scene, together, bench)));
  }
  return lines;
}

/**
 * All sides in one process, by turns: Skia keeps its canvas, both get fresh memory for each picture's bytes. What the
 * kernel and the allocator make of that decides much of a fast picture's time, and the sides decide it for each other.
 */
async function measureInOneProcess(scene: SceneName, { quick }: Bench): Promise<Line> {
  const child = await startChild('painters', { scene, names: TOGETHER });
  try {
    const plan: ContestPlan = { warmUp: WARM_UP, rounds: quick ? 3 : ROUNDS, calls: 1 };
    const samples = (await child.ask(plan)) as number[][];
    const figures = new Map(TOGETHER.map((name, index) => [name, figuresOfTimes(samples[index] ?? [])]));
    return lineOf(`${scene}, ${SHAPES}, in one process`, SHAPES, figures, scene);
  } finally {
    await child.stop();
  }
}

/**
 * Every painter in a process to itself, by turns: what each can do at its best. In one process a side's garbage decides
 * what the other side's pages cost.
 */
async function measureApart(scene: SceneName, together: Line, bench: Bench): Promise<Line[]> {
  const children = new Map<PainterName, Child>();
  try {
    for (const name of PAINTER_NAMES) {
      children.set(name, await startChild('painters', { scene, names: [name] }));
    }
    const samples = new Map<PainterName, number[]>(PAINTER_NAMES.map((name) => [name, []]));
    const once: ContestPlan = { warmUp: 0, rounds: 1, calls: 1 };
    const sides = [...children].map(([name, child]) => ({
      name,
      act: async () => samples.get(name)?.push(...((await child.ask(once)) as number[][]).flat()),
    }));
    await contest(sides, { warmUp: WARM_UP, rounds: 0, calls: 1 });
    for (const side of samples.values()) side.length = 0;
    await contest(sides, { warmUp: 0, rounds: bench.quick ? 3 : ROUNDS, calls: 1 });
    const figures = new Map([...samples].map(([name, times]) => [name, figuresOfTimes(times)]));
    const apart = OURS.map((name) =>
      lineOf(`${scene}, ${name}, a process each`, name, figures, name === SHAPES ? scene : undefined),
    );
    let where: Promise<string[]> | undefined;
    const explain = (): Promise<string[]> => {
      where ??= whereOf(children.get(SHAPES) as Child);
      return where;
    };
    const lines: Line[] = [];
    for (const line of [together, ...apart]) lines.push(await explained(bench, line, explain));
    return lines;
  } finally {
    for (const child of children.values()) await child.stop();
  }
}

/** Pictures that a profile is taken of. */
const PROFILED: ContestPlan = { warmUp: 0, rounds: 10, calls: 1 };

async function whereOf(child: Child): Promise<string[]> {
  return [describeShares(await child.profiled(() => child.ask(PROFILED)))];
}

/** Ours against the fastest of Skia's ways. @param held the scene whose target it is held to */
function lineOf(
  name: string,
  ours: PainterName,
  figures: ReadonlyMap<PainterName, Figures>,
  held: SceneName | undefined,
): Line {
  const of = (painter: PainterName) => figures.get(painter) as Figures;
  const [best] = [...figures.keys()].filter(isSkia).sort((a, b) => of(a).p50 - of(b).p50);
  if (best === undefined) throw new Error('Expected a side of Skia, found none');
  const target = (value: number): Target => ({ bound: 'at most', value, of: 'ratio' });
  return {
    part: 'paint',
    name,
    unit: 'ms',
    ours: of(ours),
    peer: { ...of(best), name: 'Skia' },
    ...(held === undefined ? {} : { targets: [target(SCENES[held].target)] }),
    note: best.replace(/^Skia, /, ''),
  };
}
