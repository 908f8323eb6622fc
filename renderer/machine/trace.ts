/** The trace: what each step of a run changed and drew. */
import type { Shape } from '../display/list.ts';
import type { Moment } from './watch.ts';

export interface TraceStep {
  /** Steps of the price up to and with this one; undefined where the run was refused here. */
  readonly step: number | undefined;
  /** Counts from 1. */
  readonly line: number;
  /** DEFs that are open, the innermost last. */
  readonly calls: readonly string[];
  /** Variables that have another value after it, or are new: the arguments of a CALL. */
  readonly changed: Readonly<Record<string, number>>;
  /** What reached the display list. */
  readonly shapes: readonly Shape[];
}

/** What the variables of one call held, when they were last looked at. */
interface Scope {
  /** As Moment.call. */
  readonly call: number;
  readonly values: Int32Array;
}

/** A line that was executed, as far as is known. */
interface Row {
  step: number | undefined;
  readonly line: number;
  readonly calls: readonly string[];
  readonly changed: Map<string, number>;
  readonly shapes: Shape[];
}

/** Looks on at one run: `watch` is its Watch. What a line does after a DEF in it has returned is still that line's. */
export class Trace {
  readonly #from: number;
  readonly #count: number;
  readonly #rows: Row[] = [];
  /** Lines executed so far, kept or not. */
  executed = 0;
  /** The line that runs, if it is kept. */
  #running: Row | undefined;
  /** Of each depth of calls, the line that called the next, if it is kept. */
  readonly #calling: (Row | undefined)[] = [];
  /** Shapes listed when the line began or went on. */
  #listed = 0;
  /** By depth of calls. */
  readonly #scopes: Scope[] = [];

  /**
   * @param from the first line executed that is kept, from 1
   * @param count how many are kept
   */
  constructor(from: number, count: number) {
    this.#from = from;
    this.#count = count;
  }

  readonly watch = (moment: Moment): void => {
    if (this.#running !== undefined) this.#settle(this.#running, moment);
    const next = moment.resumed ? this.#calling[moment.depth] : this.#begin(moment);
    if (this.#running === undefined && next !== undefined) {
      // What changed meanwhile was nobody's who is kept.
      for (let depth = 0; depth <= moment.depth; depth++) this.#changes(moment, depth);
    }
    this.#running = next;
    this.#calling[moment.depth] = next;
    this.#listed = moment.listed;
  };

  /**
   * After the run, or its refusal: what the last line changed is not known.
   *
   * @param steps of the whole run; undefined when it was refused
   */
  finish(steps: number | undefined): readonly TraceStep[] {
    if (this.#running !== undefined) this.#running.step = steps;
    this.#running = undefined;
    return this.#rows.map((row) => ({ ...row, changed: Object.fromEntries(row.changed) }));
  }

  #begin({ line, calls }: Moment): Row | undefined {
    this.executed++;
    if (this.executed < this.#from || this.executed >= this.#from + this.#count) return undefined;
    const row: Row = { step: undefined, line, calls: calls(), changed: new Map(), shapes: [] };
    this.#rows.push(row);
    return row;
  }

  #settle(row: Row, now: Moment): void {
    row.step ??= now.steps;
    for (const depth of new Set([0, now.depth])) {
      for (const [name, value] of this.#changes(now, depth)) row.changed.set(name, value);
    }
    row.shapes.push(...now.drawn(this.#listed));
  }

  /** The variables at a depth that hold something else than when they were last looked at: all of a new call. */
  #changes(now: Moment, depth: number): [name: string, value: number][] {
    const call = now.call(depth);
    const values = now.values(depth);
    const known = this.#scopes[depth];
    this.#scopes[depth] = { call, values };
    const before = known?.call === call ? known.values : undefined;
    const changed: [name: string, value: number][] = [];
    const names = now.names(depth);
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (before?.[index] !== value) changed.push([names[index] as string, value]);
    }
    return changed;
  }
}
