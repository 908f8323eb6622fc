/** Watching a run: what somebody who looks on is told before each step. */

/** The run, at one moment. */
export interface Moment {
  /** Steps before this one, as in the price; likewise the others. */
  readonly steps: number;
  readonly shapes: number;
  readonly pixels: number;
  /** Shapes that have reached the display list. */
  readonly listed: number;
  /** The line that is next. */
  readonly line: number;
  /** DEFs that are open, the innermost last. */
  readonly calls: readonly string[];
  /** The variables that the line can see, a DEF's own first. */
  variables(): Map<string, number>;
}

export type Watch = (moment: Moment) => void;
