/** The strokes: what each statement that draws, or changes how, does to the sketch. */
import { LIMITS } from '../../shared/limits.ts';
import type { Opcode } from '../language/opcode.ts';
import { OPCODES } from '../language/opcodes.ts';
import { GROUND } from '../raster/layout.ts';
import { packRgba } from './integer.ts';
import { Refused } from './refused.ts';
import type { Sketch } from './sketch.ts';

/** The opcodes that are strokes. */
export type StrokeName = Extract<(typeof OPCODES)[number], { chapter: 'drawing' | 'state' }>['name'];

/**
 * @param v its operands' values in their order, each at least as large as the table of opcodes says: of a text, its
 *   number in `texts`; of a word, its number among those that may stand there
 * @param count how many there are; what lies beyond them in `v` means nothing
 * @throws {Refused} when the sketch refuses
 */
type Stroke = (sketch: Sketch, v: Int32Array, count: number, texts: readonly string[]) => void;

const SRC = wordNumber('BLEND', 0, 'SRC');

const STROKES: Readonly<Record<StrokeName, Stroke>> = {
  TXT: (sketch, v, _, texts) => sketch.text(v[0]!, v[1]!, texts[v[2]!]!),
  RECT: (sketch, v) => sketch.rect(v[0]!, v[1]!, v[2]!, v[3]!),
  PIX: (sketch, v) => sketch.rect(v[0]!, v[1]!, 1, 1),
  NUM: (sketch, v) => sketch.text(v[0]!, v[1]!, String(v[2]!)),
  CLEAR: (sketch, v, count) => sketch.clear(count === 0 ? GROUND : v[0]!),
  COLOR: (sketch, v, count) =>
    sketch.color(count === 1 ? v[0]! : packRgba(v[0]!, v[1]!, v[2]!, count === 4 ? v[3]! : 255)),
  BLEND: (sketch, v) => sketch.blend(v[0] === SRC),
  CLIP: (sketch, v, count) => (count === 0 ? sketch.unclip() : sketch.clip(v[0]!, v[1]!, v[2]!, v[3]!)),
  ORIGIN: (sketch, v) => sketch.origin(v[0]!, v[1]!),
  PUSH: (sketch) => sketch.push(),
  POP: (sketch) => sketch.pop(),
};

/** Values that one stroke is handed, at most: each operand of a line but a few weighs something. */
export const MOST_VALUES = LIMITS.lineOperators + 16;

/** What an operand may not be smaller than. */
interface Bound {
  readonly index: number;
  readonly name: string;
  readonly min: number;
}

interface Row {
  readonly act: Stroke;
  readonly bounds: readonly Bound[];
}

const NAMES = Object.keys(STROKES) as readonly StrokeName[];
const ROWS: readonly Row[] = NAMES.map((name) => ({ act: STROKES[name], bounds: boundsOf(name) }));

/** A stroke's number, for `strike`. */
export function strokeNumber(name: StrokeName): number {
  return NAMES.indexOf(name);
}

/**
 * Does stroke number `stroke`; parameters are those of a Stroke.
 *
 * @throws {Refused} when an operand is too small, or the sketch refuses
 */
export function strike(
  stroke: number,
  sketch: Sketch,
  v: Int32Array,
  count: number,
  texts: readonly string[],
): void {
  const { act, bounds } = ROWS[stroke]!;
  for (const bound of bounds) if (bound.index < count && v[bound.index]! < bound.min) refuse(bound, v);
  act(sketch, v, count, texts);
}

function refuse({ index, name, min }: Bound, v: Int32Array): never {
  const message = `Expected ${name} from ${min} to 2147483647, found ${v[index]}`;
  throw new Refused('PXL-E005', message, `max(n, ${min}) keeps it from going below`);
}

function boundsOf(name: StrokeName): Bound[] {
  const form = formsOf(name).reduce((longest, each) => (each.length > longest.length ? each : longest));
  return form.flatMap((slot, index) =>
    slot.min === undefined ? [] : [{ index, name: slot.name, min: slot.min }],
  );
}

/** The number of `word` among those that may be operand `index` of a stroke. */
export function wordNumber(name: StrokeName, index: number, word: string): number {
  const [found = -1] = formsOf(name)
    .map((form) => form[index]?.words?.indexOf(word) ?? -1)
    .filter((number) => number >= 0);
  return found;
}

function formsOf(name: StrokeName): Opcode['forms'] {
  return (OPCODES.find((opcode) => opcode.name === name) as Opcode).forms;
}
