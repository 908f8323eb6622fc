/** The strokes: what each statement that draws, or changes how, does to the sketch. */
import { LIMITS } from '../../shared/limits.ts';
import { type BlendName, type BlendNumber, blendNumber } from '../display/blends.ts';
import { type FontName, fontNamed } from '../fonts/font.ts';
import { INT_MAX, INT_MIN } from '../language/number.ts';
import type { Opcode } from '../language/opcode.ts';
import { OPCODES } from '../language/opcodes.ts';
import { GROUND } from '../raster/layout.ts';
import type { Alignment } from './drawing-state.ts';
import { packRgba } from './integer.ts';
import { Refused } from './refused.ts';
import { SHAPE_STROKES } from './shape-strokes.ts';
import type { Sketch } from './sketch.ts';

/** The opcodes that are strokes. */
export type StrokeName = Extract<(typeof OPCODES)[number], { chapter: 'drawing' | 'state' }>['name'];

/**
 * @param v its operands' values in their order, each in the range that the table of opcodes gives it: of a text, its
 *   number in `texts`; of a word, its number among those that may stand there; of a picture, its number in the program.
 *   Behind those of a SHADE stand the number of its shade and what that is given
 * @param count how many there are; what lies beyond them in `v` means nothing
 * @throws {Refused} when the sketch refuses
 */
type Stroke = (sketch: Sketch, v: Int32Array, count: number, texts: readonly string[]) => void;

const SRC = wordNumber('BLEND', 0, 'SRC');
/** By the numbers of BLEND's words, the mode that shapes are listed with: SRC is OVER, opaque. */
const MODES: readonly BlendNumber[] = wordsOf('BLEND', 0).map((word) =>
  blendNumber((word === 'SRC' ? 'over' : word.toLowerCase()) as BlendName),
);
const FONTS = wordsOf('FONT', 0).map((word) => fontNamed(word.toLowerCase() as FontName));
const ALIGNMENTS = wordsOf('ALIGN', 0) as readonly Alignment[];
const EVENODD = wordNumber('FILLRULE', 0, 'EVENODD');
const ACROSS = wordNumber('GRAD', 6, 'ACROSS');

const STROKES: Readonly<Record<StrokeName, Stroke>> = {
  TXT: (sketch, v, _, texts) => sketch.text(v[0]!, v[1]!, texts[v[2]!]!),
  RECT: (sketch, v) => sketch.rect(v[0]!, v[1]!, v[2]!, v[3]!),
  BOX: (sketch, v) => sketch.box(v[0]!, v[1]!, v[2]!, v[3]!),
  GRAD: (sketch, v, count) =>
    sketch.gradient(v[0]!, v[1]!, v[2]!, v[3]!, v[4]!, v[5]!, count > 6 && v[6] === ACROSS),
  PIX: (sketch, v) => sketch.rect(v[0]!, v[1]!, 1, 1),
  TEXTBOX: (sketch, v, _, texts) => sketch.textBox(v[0]!, v[1]!, v[2]!, v[3]!, texts[v[4]!]!),
  NUM: (sketch, v) => sketch.text(v[0]!, v[1]!, String(v[2]!)),
  BLIT: (sketch, v, count) =>
    sketch.blit(v[0]!, v[1]!, v[2]!, count > 3 ? v[3]! : 1, count > 4 ? v[4]! : 0, count > 5 ? v[5]! : 0),
  SHADE: (sketch, v, count) => sketch.shade(v[4]!, v[0]!, v[1]!, v[2]!, v[3]!, v.slice(5, count)),
  CLEAR: (sketch, v, count) => sketch.clear(count === 0 ? GROUND : v[0]!),
  COLOR: (sketch, v, count) => {
    const packed = count === 1 ? v[0]! : packRgba(v[0]!, v[1]!, v[2]!, count === 4 ? v[3]! : 255);
    sketch.state.color = packed >>> 0;
  },
  BLEND: ({ state }, v) => {
    state.blend = MODES[v[0]!]!;
    state.replaces = v[0] === SRC;
  },
  PEN: ({ state }, v) => {
    state.pen = v[0]!;
  },
  FILLRULE: ({ state }, v) => {
    state.winding = v[0] === EVENODD ? 'evenodd' : 'nonzero';
  },
  FONT: ({ state }, v) => {
    state.font = FONTS[v[0]!]!;
  },
  SIZE: ({ state }, v) => {
    state.size = v[0]!;
  },
  ALIGN: ({ state }, v) => {
    state.alignment = ALIGNMENTS[v[0]!]!;
  },
  CLIP: (sketch, v, count) => (count === 0 ? sketch.unclip() : sketch.clip(v[0]!, v[1]!, v[2]!, v[3]!)),
  ORIGIN: (sketch, v) => sketch.origin(v[0]!, v[1]!),
  PUSH: (sketch) => sketch.push(),
  POP: (sketch) => sketch.pop(),
  ...SHAPE_STROKES,
};

/** Values that one stroke is handed, at most: each operand of a line but a few weighs something. */
export const MOST_VALUES = LIMITS.lineOperators + 16;

/** What an operand may be. */
interface Bound {
  readonly index: number;
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

interface Row {
  readonly act: Stroke;
  readonly bounds: readonly Bound[];
}

const NAMES = Object.keys(STROKES) as readonly StrokeName[];
const NUMBERS = Object.fromEntries(NAMES.map((name, number) => [name, number])) as Record<StrokeName, number>;
const ROWS: readonly Row[] = NAMES.map((name) => ({ act: STROKES[name], bounds: boundsOf(name) }));

/** A stroke's number, for `strike`. */
export function strokeNumber(name: StrokeName): number {
  return NUMBERS[name];
}

/**
 * Does stroke number `stroke`; parameters are those of a Stroke.
 *
 * @throws {Refused} when an operand is out of its range, or the sketch refuses
 */
export function strike(
  stroke: number,
  sketch: Sketch,
  v: Int32Array,
  count: number,
  texts: readonly string[],
): void {
  const { act, bounds } = ROWS[stroke]!;
  for (let index = 0; index < bounds.length; index++) {
    const bound = bounds[index] as Bound;
    const value = v[bound.index]!;
    if (bound.index < count && (value < bound.min || value > bound.max)) refuse(bound, value);
  }
  act(sketch, v, count, texts);
}

function refuse({ name, min, max }: Bound, found: number): never {
  const hint =
    found < min ? `max(n, ${min}) keeps it from going below` : `min(n, ${max}) keeps it from going above`;
  throw new Refused('PXL-E005', `Expected ${name} from ${min} to ${max}, found ${found}`, hint);
}

function boundsOf(name: StrokeName): Bound[] {
  const form = formsOf(name).reduce((longest, each) => (each.length > longest.length ? each : longest));
  return form.flatMap(({ name: called, min = INT_MIN, max = INT_MAX }, index) =>
    min === INT_MIN && max === INT_MAX ? [] : [{ index, name: called, min, max }],
  );
}

/** The words that may be operand `index` of a stroke. */
function wordsOf(name: StrokeName, index: number): readonly string[] {
  return formsOf(name).flatMap((form) => form[index]?.words ?? []);
}

/** The number of `word` among those that may be operand `index` of a stroke. */
export function wordNumber(name: StrokeName, index: number, word: string): number {
  return wordsOf(name, index).indexOf(word);
}

function formsOf(name: StrokeName): Opcode['forms'] {
  return (OPCODES.find((opcode) => opcode.name === name) as Opcode).forms;
}
