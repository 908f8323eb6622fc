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

/** Looks on at one run: `watch` is its Watch. */
export class Trace {
  readonly #from: number;
  readonly #count: number;
  readonly steps: TraceStep[] = [];
  /** Lines executed so far, kept or not. */
  executed = 0;
  #running: { readonly line: number; readonly calls: readonly string[]; readonly listed: number } | undefined;
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
    this.#settle(moment);
    this.executed++;
    if (this.executed === this.#from) {
      for (let depth = 0; depth <= moment.depth; depth++) this.#changes(moment, depth);
    }
    const { line, listed } = moment;
    this.#running = this.#isKept() ? { line, listed, calls: moment.calls() } : undefined;
  };

  /**
   * After the run, or its refusal: the last line changed nothing that is known.
   *
   * @param steps of the whole run; undefined when it was refused
   */
  finish(steps: number | undefined): readonly TraceStep[] {
    if (this.#running !== undefined) this.#keep(steps, this.#running, {}, []);
    this.#running = undefined;
    return this.steps;
  }

  #isKept(): boolean {
    return this.executed >= this.#from && this.executed < this.#from + this.#count;
  }

  #settle(now: Moment): void {
    const before = this.#running;
    if (before === undefined) return;
    const changed = { ...this.#changes(now, 0), ...(now.depth === 0 ? {} : this.#changes(now, now.depth)) };
    this.#keep(now.steps, before, changed, now.drawn(before.listed));
  }

  /** The variables at a depth that hold something else than when they were last looked at: all of a new call. */
  #changes(now: Moment, depth: number): Record<string, number> {
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
    return Object.fromEntries(changed);
  }

  #keep(
    step: number | undefined,
    { line, calls }: Pick<TraceStep, 'line' | 'calls'>,
    changed: TraceStep['changed'],
    shapes: readonly Shape[],
  ): void {
    this.steps.push({ step, line, calls, changed, shapes });
  }
}
