/** Watching a run: what somebody who looks on is told before each line, and when a line goes on after a DEF in it. */
import type { Shape } from '../display/list.ts';
import type { CallStack } from './call-stack.ts';
import type { MachineCode } from './instructions.ts';
import type { Sketch } from './sketch.ts';

/** The run, at one moment. What its functions give is read then and there, and does not change later. */
export interface Moment {
  /** Whether the line goes on, a DEF in it having returned; otherwise it begins. */
  readonly resumed: boolean;
  /** Steps so far, as in the price; likewise shapes and pixels. */
  readonly steps: number;
  readonly shapes: number;
  readonly pixels: number;
  /** Operations of SHADEs so far; undefined while none has run. */
  readonly shaded: number | undefined;
  /** Shapes that have reached the display list. */
  readonly listed: number;
  /** The line that is next, from 1. */
  readonly line: number;
  /** How many DEFs are open. */
  readonly depth: number;
  /** Their names, the innermost last. */
  calls(): string[];
  /** Where the innermost of them were called, `most` of them at most, and their names; the innermost first. */
  chain(most: number): { line: number; name: string }[];
  /** Which of the calls of this run opened the DEF at a depth, from 1; 0 outside all of them, which is depth 0. */
  call(depth: number): number;
  /** The variables of the DEF at a depth; at 0 those outside all DEFs, and the PARAMs. */
  names(depth: number): readonly string[];
  /** What they hold, in the same order. */
  values(depth: number): Int32Array;
  /** The shapes of the list from number `from` on. */
  drawn(from: number): Shape[];
}

export type Watch = (moment: Moment) => void;

/**
 * @param frame of the innermost call
 * @param memory as it is, which the run goes on to change; likewise the stack and the sketch
 */
export function momentOf(
  resumed: boolean,
  steps: number,
  line: number,
  frame: number,
  memory: Int32Array,
  code: MachineCode,
  stack: CallStack,
  sketch: Sketch,
): Moment {
  const names = (depth: number) => (depth === 0 ? code.variables : stack.callee(code, depth).variables);
  return {
    resumed,
    steps,
    shapes: sketch.shapes,
    pixels: sketch.surface.pixels,
    shaded: sketch.shaded,
    listed: sketch.surface.listed,
    line,
    depth: stack.depth,
    chain: (most) => stack.chain(code, most),
    calls: () => stack.open(code).map(({ name }) => name),
    call: (depth) => (depth === 0 ? 0 : stack.call(depth)),
    names,
    values: (depth) => {
      const first = depth === 0 ? 0 : stack.frameAt(depth, frame);
      return memory.slice(first, first + names(depth).length);
    },
    drawn: (from) => sketch.surface.drawn(from),
  };
}
