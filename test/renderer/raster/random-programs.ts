/** Random programs, run and painted in every way that a painter may go about it: the pictures must all be the same. */
import fc from 'fast-check';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { decode } from '../../../renderer/display/encode.ts';
import { openGpu } from '../../../renderer/host/gpu/device.ts';
import { readShader } from '../../../renderer/host/gpu/shader.ts';
import { openTrusted, type TrustedGpu } from '../../../renderer/host/gpu/trust.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { print } from '../../../renderer/language/printer.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { type Run, run } from '../../../renderer/machine/machine.ts';
import { bin } from '../../../renderer/raster/bin.ts';
import { TILE_SIZES } from '../../../renderer/raster/conformance/case.ts';
import { comparePictures } from '../../../renderer/raster/conformance/comparer.ts';
import { paintByKernel, paintOnCpu, paintTile } from '../../../renderer/raster/cpu-painter.ts';
import { type Kinds, plan } from '../../../renderer/raster/plan.ts';
import type { Allowance } from '../../../shared/allowance.ts';
import { AuthorFault } from '../../../shared/faults.ts';
import { seededBetween } from '../../../shared/seeded.ts';
import { drawings } from '../machine/program-drawings.ts';
import { IMAGES } from '../machine/program-pictures.ts';
import type { Case } from '../machine/programs.ts';
import { paintByTheRules } from './oracle-painter.ts';

const PROGRAM_SEED = 20_261_121;

/** Bands of a few rows, and a tile and a few of its shapes at a time. */
const PIECES = { bandBytes: 1_500, dispatchWork: 4_096, workgroups: 1 };

/** Programs that ask for more are refused, and other ones take their place. */
const ALLOWANCE: Allowance = {
  steps: 20_000,
  shapes: 300,
  pixels_written: 200_000,
  shade: 200_000,
  bytes: 20_000,
};

/** Undefined where the program is refused. */
export function runOf({ canvas, params }: Pick<Case, 'canvas' | 'params'>, text: string): Run | undefined {
  try {
    return run(parse(sourceOf(text)), canvas, { params, images: IMAGES, allowance: ALLOWANCE });
  } catch (fault) {
    if (fault instanceof AuthorFault) return undefined;
    throw fault;
  }
}

/** Complaints of each way in which the CPU may paint a list, held to the oracle's picture. */
export function complaints(list: EncodedList): string[] {
  const expected = paintByTheRules(list);
  const pictures = [
    ['at once', paintOnCpu(list)] as const,
    ['by the kernel', paintByKernel(list) ?? new Uint8Array(0)] as const,
    ...TILE_SIZES.map((size) => [`in tiles of ${size}, shuffled`, paintShuffled(list, size)] as const),
  ];
  return pictures.flatMap(([way, picture]) => {
    const words = comparePictures(expected, picture, list.canvas);
    return words === undefined ? [] : [`${way}: ${words}`];
  });
}

/** Tiles in an order by chance, in memory that is not clear. */
function paintShuffled(list: EncodedList, tileSize: number): Uint8Array {
  const { width, height } = list.canvas;
  const out = new Uint32Array(width * height).fill(0xdeadbeef);
  const bins = bin(list, tileSize);
  const tiles = Array.from({ length: bins.tilesX * bins.tilesY }, (_, tile) => tile);
  const random = seededBetween(list.shapes.length + tileSize);
  for (let left = tiles.length; left > 0; left--) {
    const [tile] = tiles.splice(random(0, left), 1);
    for (const _ of paintTile(list, bins, tile as number, out));
  }
  return new Uint8Array(out.buffer);
}

/** Complaints of a GPU that paints a list whole, and in pieces where it is told to; how many dispatches that took. */
export async function complaintsOfGpu(
  { engine }: TrustedGpu,
  list: EncodedList,
  inPieces: boolean,
): Promise<{ complaints: string[]; kinds: Kinds; dispatches: number }> {
  const expected = paintOnCpu(list);
  const complaints: string[] = [];
  let dispatches = 0;
  const whole = plan(list, engine.limits);
  for (const one of inPieces ? [whole, plan(list, { ...engine.limits, ...PIECES })] : [whole]) {
    const played = await engine.play(one);
    dispatches += played.dispatches;
    const words = comparePictures(expected, played.pixels, list.canvas);
    if (words !== undefined) complaints.push(`${one === whole ? 'whole' : 'in pieces'}: ${words}`);
  }
  return { complaints, kinds: whole.kinds, dispatches };
}

/** A GPU for thousands of small pictures, each of which may take its time where others compute too. */
export async function openProgramGpu(): Promise<TrustedGpu> {
  const patience = { pictureMs: 60_000, silenceMs: 30_000 };
  const gpu = await openTrusted(() => openGpu('any'), readShader(), patience);
  if ('absent' in gpu) throw new Error(gpu.absent);
  return gpu;
}

/** What the programs of a property came to. */
export class Tally {
  programs = 0;
  refused = 0;
  /** Programs of more than one tile of a GPU. */
  severalTiles = 0;
  readonly executed = new Map<string, number>();
  readonly fonts = new Set<string>();
  /** Programs by the words of their BLENDs. */
  readonly modes = new Map<string, number>();
  /** Shapes by kind and mode, such as `image xor`. */
  readonly shapes = new Map<string, number>();

  note({ list, used }: Run, text: string): void {
    this.programs++;
    if (list.canvas.width > 32 || list.canvas.height > 32) this.severalTiles++;
    for (const name of Object.keys(used.opcodes)) count(this.executed, name);
    for (const font of Object.keys(used.fonts ?? {})) this.fonts.add(font);
    for (const mode of new Set(text.match(/(?<=^BLEND )\w+/gm))) count(this.modes, mode);
    for (const { kind, blend = 'over' } of decode(list)) count(this.shapes, `${kind} ${blend}`);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Holds so many programs that are not refused to `check`, which throws what is wrong: a smaller program is looked for then. */
export async function eachProgram(
  programs: number,
  check: (run: Run, text: string, each: Case, index: number) => void | Promise<void>,
): Promise<Tally> {
  const tally = new Tally();
  await fc.assert(
    fc.asyncProperty(drawings, async (each) => {
      const text = print(each);
      const found = runOf(each, text);
      if (found === undefined) tally.refused++;
      fc.pre(found !== undefined);
      tally.note(found, text);
      await check(found, text, each, tally.programs);
    }),
    { seed: PROGRAM_SEED, numRuns: programs },
  );
  return tally;
}
