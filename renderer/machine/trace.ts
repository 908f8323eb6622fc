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

type Names = ReadonlyMap<string, number>;

/** Looks on at one run: `watch` is its Watch. */
export class Trace {
  readonly #from: number;
  readonly #count: number;
  readonly steps: TraceStep[] = [];
  /** Lines executed so far, kept or not. */
  executed = 0;
  #running: Moment | undefined;
  #globals: Names = new Map();
  /** By depth of calls. */
  #locals: Names[] = [];

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
      this.#globals = moment.globals();
      this.#locals[moment.calls.length] = moment.locals();
    }
    this.#running = moment;
  };

  /**
   * After the run, or its refusal: the last line changed nothing that is known.
   *
   * @param steps of the whole run; undefined when it was refused
   */
  finish(steps: number | undefined): readonly TraceStep[] {
    if (this.#running !== undefined && this.#isKept()) this.#keep(steps, this.#running, {}, []);
    this.#running = undefined;
    return this.steps;
  }

  #isKept(): boolean {
    return this.executed >= this.#from && this.executed < this.#from + this.#count;
  }

  #settle(now: Moment): void {
    const before = this.#running;
    if (before === undefined || !this.#isKept()) return;
    const globals = now.globals();
    const locals = now.locals();
    const depth = now.calls.length;
    // A CALL begins with nothing known; whoever returns finds what it left.
    const known =
      depth > before.calls.length ? new Map<string, number>() : (this.#locals[depth] ?? new Map());
    const changed = { ...differences(this.#globals, globals), ...differences(known, locals) };
    this.#globals = globals;
    this.#locals = [...this.#locals.slice(0, depth), locals];
    this.#keep(now.steps, before, changed, now.drawn(before.listed));
  }

  #keep(
    step: number | undefined,
    { line, calls }: Moment,
    changed: TraceStep['changed'],
    shapes: readonly Shape[],
  ): void {
    this.steps.push({ step, line, calls, changed, shapes });
  }
}

function differences(before: Names, after: Names): Record<string, number> {
  return Object.fromEntries([...after].filter(([name, value]) => before.get(name) !== value));
}
