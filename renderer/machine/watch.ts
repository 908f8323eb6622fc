/** Watching a run: what somebody who looks on is told before each step. */
import type { Shape } from '../display/list.ts';
import type { Callee, MachineCode } from './instructions.ts';
import type { Sketch } from './sketch.ts';

/** The run, at one moment. What its functions give is read then and there, and does not change later. */
export interface Moment {
  /** Steps before this one, as in the price; likewise shapes and pixels. */
  readonly steps: number;
  readonly shapes: number;
  readonly pixels: number;
  /** Shapes that have reached the display list. */
  readonly listed: number;
  /** The line that is next, from 1. */
  readonly line: number;
  /** DEFs that are open, the innermost last. */
  readonly calls: readonly string[];
  /** The variables outside all DEFs, and the PARAMs. */
  globals(): Map<string, number>;
  /** The variables of the innermost DEF; empty outside all of them. */
  locals(): Map<string, number>;
  /** The shapes of the list from number `from` on. */
  drawn(from: number): Shape[];
}

export type Watch = (moment: Moment) => void;

/**
 * @param open DEFs that are open, the innermost last; the cells of its variables begin at `frame`
 * @param memory as it is, which the run goes on to change
 */
export function momentOf(
  steps: number,
  line: number,
  open: readonly Callee[],
  frame: number,
  memory: Int32Array,
  { variables }: MachineCode,
  sketch: Sketch,
): Moment {
  const valueAt = (cell: number) => memory[cell] as number;
  const own = open.at(-1)?.variables ?? [];
  return {
    steps,
    shapes: sketch.shapes,
    pixels: sketch.pixels,
    listed: sketch.listed,
    line,
    calls: open.map(({ name }) => name),
    globals: () => new Map(Array.from(variables, ([name, cell]) => [name, valueAt(cell)])),
    locals: () => new Map(own.map((name, index) => [name, valueAt(frame + index)])),
    drawn: (from) => sketch.drawn(from),
  };
}
