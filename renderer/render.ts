/** The sentence: program text and a canvas become pixels, by way of parse, run and paint. */
import type { Canvas } from '../shared/canvas.ts';
import type { Input } from '../shared/inputs.ts';
import type { Params } from '../shared/params.ts';
import type { Used } from '../shared/used.ts';
import { type FindImages, inputsMissing, inputsOf } from './inputs.ts';
import { parse } from './language/parser.ts';
import { decodeSource } from './language/source.ts';
import { type RunOptions, run } from './machine/machine.ts';
import type { Price } from './machine/price.ts';
import type { Warning } from './machine/warnings.ts';
import type { Progress } from './progress.ts';
import type { Painted, Painter } from './raster/painter.ts';

export interface Rendering extends Painted {
  readonly canvas: Canvas;
  readonly price: Price;
  readonly used: Used;
  readonly warnings: readonly Warning[];
  /** What each PARAM of the program stood for; empty when it has none. */
  readonly params: Params;
  /** The canvases that its IMAGEs name, each once; empty when it has none. */
  readonly inputs: readonly Input[];
  /** Milliseconds; `inputs` where the program has IMAGEs. */
  readonly timings: Readonly<Record<'parse' | 'run' | 'paint', number>> & { readonly inputs?: number };
}

/** What a rendering is given besides program, canvas and painter. */
export interface RenderOptions extends Pick<RunOptions, 'params' | 'allowance'> {
  /** Is asked once, before the run, where the program has IMAGEs. */
  readonly findImages?: FindImages;
  /** Hears when painting begins, and how far it is. */
  readonly progress?: Progress | undefined;
}

const findNone: FindImages = (images) => {
  throw inputsMissing(images, () => 'this program can be drawn only where its inputs are given');
};

/**
 * Renders a program. The pixels are a function of `code`, `canvas` and what the run used; the
 * painter and the time change nothing.
 *
 * @param code UTF-8 bytes of PXL-ε
 * @param monotonic reads a clock in milliseconds, for the timings only
 * @param options the program's params, how much the run may cost, and who finds the canvases of its IMAGEs
 * @throws {AuthorFault} when the program is refused, or nobody says where the canvas of an IMAGE lies
 * @throws {InputFault} when it does not lie there
 * @throws {unknown} what the painter throws
 */
export async function render(
  code: Uint8Array,
  canvas: Canvas,
  painter: Painter,
  monotonic: () => number,
  { findImages = findNone, progress, ...options }: RenderOptions = {},
): Promise<Rendering> {
  const start = monotonic();
  const program = parse(decodeSource(code));
  const parsed = monotonic();
  const { images } = program;
  const found = images.length > 0 ? { images: await findImages(images) } : {};
  const ready = images.length > 0 ? monotonic() : parsed;
  const { list, price, used, warnings, params } = run(program, canvas, { ...options, ...found });
  const ran = monotonic();
  progress?.paint();
  const picture = await painter.paint(list, progress);
  const painted = monotonic();
  return {
    ...picture,
    canvas,
    price,
    used,
    warnings,
    params,
    inputs: inputsOf(images),
    timings: {
      parse: parsed - start,
      ...(images.length > 0 ? { inputs: ready - parsed } : {}),
      run: ran - ready,
      paint: painted - ran,
    },
  };
}
