/** The sentence: program text and a canvas become pixels, by way of parse, run and paint. */
import type { Canvas } from '../shared/canvas.ts';
import type { Params } from '../shared/params.ts';
import type { Used } from '../shared/used.ts';
import { parse } from './language/parser.ts';
import { decodeSource } from './language/source.ts';
import { type RunOptions, run } from './machine/machine.ts';
import type { Price } from './machine/price.ts';
import type { Warning } from './machine/warnings.ts';
import type { Painted, Painter } from './raster/painter.ts';

export interface Rendering extends Painted {
  readonly canvas: Canvas;
  readonly price: Price;
  readonly used: Used;
  readonly warnings: readonly Warning[];
  /** What each PARAM of the program stood for; empty when it has none. */
  readonly params: Params;
  readonly timings: { readonly parse: number; readonly run: number; readonly paint: number };
}

/**
 * Renders a program. The pixels are a function of `code`, `canvas` and what the run used; the
 * painter and the time change nothing.
 *
 * @param code UTF-8 bytes of PXL-ε
 * @param monotonic reads a clock in milliseconds, for the timings only
 * @param options the program's params, and how much the run may cost
 * @throws {AuthorFault} when the program is refused
 * @throws {unknown} what the painter throws
 */
export async function render(
  code: Uint8Array,
  canvas: Canvas,
  painter: Painter,
  monotonic: () => number,
  options: RunOptions = {},
): Promise<Rendering> {
  const start = monotonic();
  const program = parse(decodeSource(code));
  const parsed = monotonic();
  const { list, price, used, warnings, params } = run(program, canvas, options);
  const ran = monotonic();
  const picture = await painter.paint(list);
  const painted = monotonic();
  return {
    ...picture,
    canvas,
    price,
    used,
    warnings,
    params,
    timings: { parse: parsed - start, run: ran - parsed, paint: painted - ran },
  };
}
