/**
 * Memory: equal work is rendered once. What was rendered is found again on the shelf, and what is being rendered is
 * waited for by its equals: they stay queued until it ends, and then find it there.
 */
import { join } from 'node:path/posix';
import type { Input } from '../shared/inputs.ts';
import { TURN_BYTES } from './config.ts';
import type { Work } from './decide.ts';
import type { OrchestratorDoors } from './doors.ts';
import { describeRejection, type Evidence, type Expectation, judgePicture } from './expect.ts';
import type { Ledger, Result } from './ledger.ts';
import type { KnownPicture, Outcome } from './script.ts';
import { workKey } from './work-key.ts';

/** A picture that need not be rendered, and what is wrong with it, if it is not as it has to be. */
export interface Recollection {
  readonly picture: KnownPicture;
  readonly evidence: Evidence | undefined;
  /** How many bytes of pixels were looked at. */
  readonly pixelBytes: number;
}

/** How a run ends whose picture was known. @param folder the folder of cartridges, as people write it */
export function knownEnding(
  { picture: { fileName, checksum }, evidence }: Recollection,
  folder: string,
): { readonly outcome: Outcome; readonly result: Result } {
  const stdout = JSON.stringify({ cartridge: join(folder, fileName), checksum, known: true, warnings: [] });
  const result = { known: fileName, stdout };
  if (evidence === undefined) return { outcome: 'success', result };
  return { outcome: 'rejected', result: { ...result, stderr: describeRejection(evidence) } };
}

/** Jobs that wait for their equals, at most; those behind them wait for these. */
const WAITING = 1_024;

export class Memory {
  readonly #doors: Pick<OrchestratorDoors, 'table' | 'shelf' | 'keeper'>;
  readonly #ledger: Ledger;
  /** Keys of jobs that wait for their equals. */
  readonly #waiting = new Map<number, string>();
  readonly #unclaimed = new Set<string>();

  constructor(doors: Pick<OrchestratorDoors, 'table' | 'shelf' | 'keeper'>, ledger: Ledger) {
    this.#doors = doors;
    this.#ledger = ledger;
  }

  /** What equal work has too; undefined where nobody says, or not all say alike, what the language means. */
  keyOf(work: Work, inputs: readonly Input[]): string | undefined {
    return this.#doors.keeper.semantics === undefined ? undefined : workKey(work, inputs);
  }

  /**
   * Pictures of this work, as the language is now, whose files are on the shelf as they were put there, the newest first.
   *
   * @throws {HostFault} when database or shelf cannot be looked at
   */
  *#find(key: string): Generator<KnownPicture> {
    const { table, shelf, keeper } = this.#doors;
    const { semantics } = keeper;
    if (semantics === undefined) return;
    for (const picture of table.known(key, semantics)) {
      if (shelf.has(picture.fileName, picture.bytes)) yield picture;
    }
  }

  /**
   * The newest picture of this work that is there. Where it has to be like something, its pixels are looked at, if they
   * are few enough to be looked at now; otherwise nothing is known.
   *
   * @param pixelBytes of its canvas
   * @throws {HostFault} when database or shelf cannot be looked at
   */
  recall(key: string, pixelBytes: number, expectation: Expectation | undefined): Recollection | undefined {
    if (expectation !== undefined && pixelBytes > TURN_BYTES) return undefined;
    for (const picture of this.#find(key)) {
      if (expectation === undefined) return { picture, evidence: undefined, pixelBytes: 0 };
      const { cartridge } = this.#doors.shelf.whole(picture.fileName) ?? {};
      if (cartridge === undefined) continue;
      const evidence = judgePicture(expectation, cartridge.pixels, cartridge.text.checksum);
      return { picture, evidence, pixelBytes };
    }
    return undefined;
  }

  /** Whether equal work has been claimed, or is about to be. @param chosen keys of what is to be claimed next */
  isToCome(key: string, chosen: ReadonlySet<string>): boolean {
    return this.#ledger.isUnderWay(key) || (chosen.has(key) && !this.#unclaimed.has(key));
  }

  /** What could not be claimed may never be: its equals do not wait for it again. */
  notClaimed(key: string | undefined): void {
    if (this.#unclaimed.size >= WAITING) this.#unclaimed.clear();
    if (key !== undefined) this.#unclaimed.add(key);
  }

  /** Leaves a job in the queue until its equal has ended. */
  putOff(jobId: number, key: string): void {
    if (this.#waiting.size < WAITING) this.#waiting.set(jobId, key);
  }

  /** Whether a job was put off and its equal has not ended. */
  isWaiting(jobId: number): boolean {
    const key = this.#waiting.get(jobId);
    return key !== undefined && this.#ledger.isUnderWay(key);
  }

  /** Ids of the jobs that still wait for their equals. */
  waiting(): number[] {
    for (const jobId of this.#waiting.keys()) if (!this.isWaiting(jobId)) this.#waiting.delete(jobId);
    return [...this.#waiting.keys()];
  }
}
