/**
 * The sweep: what the rules of retention let go is counted, held to the fuse, and removed, a little at a time, so that
 * nobody waits for the database. Whatever it is killed after, the next one finishes: of a cartridge the registry says first
 * that it is given up, then its file goes, then the registry says so; rows go one transaction after the other, runs before
 * their jobs.
 */
import { keepsAll } from '../shared/keep-rule.ts';
import { type CartridgeFact, CartridgeSurvey, Needs } from './cartridge-survey.ts';
import { blown, Counting, type SweptKind, type Tallies } from './fuse.ts';
import { type JobFact, JobSurvey, type RunFact, RunSurvey } from './retention.ts';
import type {
  GivenUp,
  LabelInputs,
  SurveyMark,
  SweepDoors,
  SweepOrder,
  SweepResult,
  SweepStore,
} from './sweep-doors.ts';

/** Rows that are written in one transaction: 1 to 3 ms of a processor, 13 at the worst of a thousand, beside the sync. */
const BATCH = 100;

/** Carries out an order. @throws {HostFault} when database or shelf cannot be used; what is done by then is done */
export async function sweep(doors: SweepDoors, order: SweepOrder): Promise<SweepResult> {
  return new Sweep(doors, order).run();
}

class Sweep {
  readonly #doors: SweepDoors;
  readonly #order: SweepOrder;
  readonly #jobs: JobSurvey;
  readonly #runs: RunSurvey;
  readonly #needs = new Needs();
  readonly #cartridges: CartridgeSurvey;
  readonly #at: string;
  readonly #gone = { runs: 0, jobs: 0, logs: 0, cartridges: 0 };
  /** Cartridges whose labels were asked, as their rows do not say. */
  readonly #asked = new Set<number>();
  #mark: SurveyMark = { job: 0, planned: new Map() };
  #left = 0;
  #leftWhy: string | null = null;
  #longestMs = 0;

  constructor(doors: SweepDoors, order: SweepOrder) {
    this.#doors = doors;
    this.#order = order;
    const nowMs = doors.clock.now();
    this.#at = doors.clock.iso();
    this.#jobs = new JobSurvey({ rule: order.runs, nowMs });
    this.#runs = new RunSurvey(this.#jobs, { rule: order.runs, nowMs }, { rule: order.logs, nowMs });
    this.#cartridges = new CartridgeSurvey({ rule: order.cartridges, nowMs }, this.#runs, this.#needs);
  }

  async run(): Promise<SweepResult> {
    const { store, shelf } = this.#doors;
    const { isMeant, isForced } = this.#order;
    const takesFiles = !keepsAll(this.#order.cartridges);
    // What one has left that was cut off is decided already.
    if (isMeant) await this.#removeFiles();
    await this.#walk(store.jobs, (page) => {
      for (const job of page) this.#jobs.see(job);
    });
    await this.#walk(store.runs, (page) => {
      for (const run of page) this.#runs.see(run);
    });
    if (takesFiles) await this.#surveyCartridges();
    const tallies = await this.#tally(takesFiles);
    const stopped = blown(tallies);
    const status = !isMeant ? 'counted' : stopped.length > 0 && !isForced ? 'fuse' : 'swept';
    if (status === 'swept') {
      await this.#removeRows();
      if (takesFiles) {
        shelf.mustBeThere();
        await this.#giveUp();
      }
      await this.#removeFiles();
      while (this.#act(() => store.forget()) > 0) await this.#doors.breathe();
      while (this.#act(() => store.shrink())) await this.#doors.breathe();
    }
    return {
      ...{ status, tallies, blown: stopped, gone: this.#gone, left: this.#left, leftWhy: this.#leftWhy },
      longestMs: Math.ceil(this.#longestMs),
    };
  }

  /** What is named by what is named: cartridges that stay ask for their inputs, until nobody asks for more. */
  async #surveyCartridges(): Promise<void> {
    const { store } = this.#doors;
    this.#mark = store.mark();
    for (let page = store.namings(Number.NEGATIVE_INFINITY); page.length > 0; ) {
      for (const naming of page) this.#needs.add(naming);
      page = store.namings(page.at(-1)?.id ?? 0);
      await this.#doors.breathe();
    }
    await this.#walk(store.cartridges, (page) => {
      for (const one of page) this.#cartridges.see(one);
    });
    for (let grows = true; grows; ) {
      const before = this.#needs.checksums.size;
      this.#cartridges.begin();
      await this.#walk(store.cartridges, (page) => this.#askForInputs(page));
      grows = this.#needs.checksums.size > before;
    }
  }

  async #askForInputs(page: readonly CartridgeFact[]): Promise<void> {
    const { store, shelf, breathe } = this.#doors;
    const found: LabelInputs[] = [];
    for (const one of page) {
      const { id, checksum, fileName } = one;
      const goes = this.#cartridges.goes(one) && this.#isMeant(one);
      if (one.inputs?.length === 0 || this.#asked.has(id) || (goes && !this.#isKnown(one))) continue;
      if (one.inputs !== null) {
        this.#needs.addInputs(one.inputs);
        continue;
      }
      this.#asked.add(id);
      const inputs = shelf.inputsOf(fileName);
      await breathe();
      if (inputs === undefined) continue;
      this.#needs.addInputs(inputs);
      found.push({ id, checksum, inputs });
    }
    if (this.#order.isMeant) await this.#inBatches(undefined, found, (some) => store.noteInputs(some));
  }

  async #tally(takesFiles: boolean): Promise<Tallies> {
    const { store } = this.#doors;
    const tallies = {
      ...{ runs: new Counting(), jobs: new Counting(), logs: new Counting(), cartridges: new Counting() },
    };
    await this.#walk(store.runs, (page) => {
      for (const run of page.filter((one) => this.#isMeant(one))) {
        const goes = this.#runGoes(run);
        tallies.runs.count(run.textBytes, goes, run.endedMs);
        if (run.textBytes > 0) {
          tallies.logs.count(run.textBytes, !goes && this.#runs.logGoes(run), run.endedMs);
        }
      }
    });
    await this.#walk(store.jobs, (page) => {
      const mine = page.filter((one) => this.#isMeant(one));
      const going = new Set(this.#jobsThatGo(mine).map(({ id }) => id));
      for (const { id, endedMs } of mine) tallies.jobs.count(0, going.has(id), endedMs);
    });
    await this.#walkCartridges((page) => {
      for (const one of page) {
        const goes = takesFiles && this.#cartridgeGoes(one);
        if (this.#isMeant(one)) tallies.cartridges.count(one.bytes, goes, one.endedMs);
      }
    });
    return tallies;
  }

  async #removeRows(): Promise<void> {
    const { store } = this.#doors;
    const note = `swept ${this.#at}`;
    if (!keepsAll(this.#order.runs) || !keepsAll(this.#order.logs)) {
      await this.#walk(store.runs, async (page) => {
        const mine = page.filter((one) => this.#isMeant(one));
        const going = mine.filter((run) => this.#runGoes(run));
        const emptied = mine.filter((run) => !this.#runGoes(run) && this.#runs.logGoes(run));
        await this.#inBatches('runs', going, (some) => store.removeRuns(some));
        await this.#inBatches('logs', emptied, (some) => store.emptyLogs(some, note));
      });
    }
    if (keepsAll(this.#order.runs)) return;
    await this.#walk(store.jobs, async (page) => {
      const going = this.#jobsThatGo(page.filter((one) => this.#isMeant(one)));
      const witnessOf = (scriptId: number) => this.#jobs.witness(scriptId);
      await this.#inBatches('jobs', going, (some) => store.removeJobs(some, witnessOf));
    });
  }

  async #giveUp(): Promise<void> {
    await this.#walkCartridges(async (page) => {
      const going = page.filter((one) => this.#cartridgeGoes(one));
      await this.#inBatches(undefined, going, (some) => {
        return this.#doors.store.giveUp(some, this.#at, this.#mark);
      });
    });
  }

  /** Those that were given up. */
  async #removeFiles(): Promise<void> {
    const { store, shelf } = this.#doors;
    for (let page = store.givenUp(0); page.length > 0; page = store.givenUp(page.at(-1)?.id ?? 0)) {
      shelf.mustBeThere();
      const removed = page.filter((one) => this.#remove(one));
      await shelf.sync();
      await this.#inBatches('cartridges', removed, (some) => store.close(some.map(({ id }) => id)));
    }
  }

  #remove({ fileName, sha256 }: GivenUp): boolean {
    try {
      this.#doors.shelf.remove(fileName, sha256);
      return true;
    } catch (error) {
      this.#left++;
      this.#leftWhy ??= (error as Error).message;
      return false;
    }
  }

  /** A job goes when all of its runs do. */
  #jobsThatGo(jobs: readonly JobFact[]): JobFact[] {
    const going = jobs.filter((job) => this.#jobs.goes(job));
    if (going.length === 0) return going;
    const runs = this.#doors.store.runsOf(going.map(({ id }) => id));
    const held = new Set(runs.filter((run) => !this.#runGoes(run)).map(({ jobId }) => jobId));
    return going.filter(({ id }) => !held.has(id));
  }

  #runGoes(run: RunFact): boolean {
    return this.#isMeant(run) && this.#runs.goes(run);
  }

  /** To be asked once of each, the newest first. */
  #cartridgeGoes(one: CartridgeFact): boolean {
    return this.#cartridges.goes(one) && this.#isMeant(one) && !this.#isKnown(one);
  }

  /** Whether a run stays that knew its picture. */
  #isKnown({ fileName }: CartridgeFact): boolean {
    const { store } = this.#doors;
    let page = store.knownRuns(fileName, Number.MAX_SAFE_INTEGER);
    while (page.length > 0) {
      if (page.some((run) => !this.#runGoes(run))) return true;
      page = store.knownRuns(fileName, page.at(-1)?.id ?? 0);
    }
    return false;
  }

  #isMeant({ scriptId }: { readonly scriptId: number | null }): boolean {
    const { scripts } = this.#order;
    return scripts === undefined || (scriptId !== null && scripts.has(scriptId));
  }

  async #walkCartridges(each: (page: CartridgeFact[]) => void | Promise<void>): Promise<void> {
    this.#cartridges.begin();
    await this.#walk(this.#doors.store.cartridges, each);
  }

  async #walk<Row extends { readonly id: number }>(
    read: (this: SweepStore, before: number) => Row[],
    each: (page: Row[]) => void | Promise<void>,
  ): Promise<void> {
    const { store, breathe } = this.#doors;
    let page = read.call(store, Number.MAX_SAFE_INTEGER);
    while (page.length > 0) {
      await each(page);
      await breathe();
      page = read.call(store, page.at(-1)?.id ?? 0);
    }
  }

  /** @param kind what they count as; undefined: as nothing yet */
  async #inBatches<Row>(
    kind: SweptKind | undefined,
    rows: readonly Row[],
    work: (some: readonly Row[]) => number,
  ): Promise<void> {
    for (let start = 0; start < rows.length; start += BATCH) {
      const changed = this.#act(() => work(rows.slice(start, start + BATCH)));
      if (kind !== undefined) this.#gone[kind] += changed;
      await this.#doors.breathe();
    }
  }

  /** One transaction. */
  #act<Result>(work: () => Result): Result {
    const begunMs = this.#doors.clock.monotonic();
    const result = work();
    this.#longestMs = Math.max(this.#longestMs, this.#doors.clock.monotonic() - begunMs);
    return result;
  }
}
