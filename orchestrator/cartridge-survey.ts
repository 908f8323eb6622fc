/** Which cartridges a rule lets go, and which stay because somebody names them. */
import { checksumIn, scanInputs } from '../shared/inputs.ts';
import { CANDIDATES } from './config.ts';
import { isLetGo, type Measure, Ranks, type RunSurvey } from './retention.ts';

/** A file on the shelf, as the registry has it. */
export interface CartridgeFact {
  readonly id: number;
  readonly fileName: string;
  readonly scriptId: number | null;
  readonly checksum: string;
  readonly bytes: number;
  /** Unix epoch, ms; null where there is no time that can be read, and where a person put it there: it stays. */
  readonly endedMs: number | null;
  /** Checksums of its inputs; null where only its label says. */
  readonly inputs: readonly string[] | null;
}

/** A script that may name cartridges: its lang and its code. */
export interface Naming {
  readonly id: number;
  readonly lang: string;
  readonly code: string;
}

/** What scripts, and cartridges that stay, ask for. */
export class Needs {
  readonly checksums = new Set<string>();
  readonly fileNames = new Set<string>();

  add({ lang, code }: Pick<Naming, 'lang' | 'code'>): void {
    if (lang !== 'cartridge') {
      for (const { checksum } of scanInputs(code)) this.checksums.add(checksum);
      return;
    }
    const reference = code.trim();
    const checksum = checksumIn(reference);
    if (checksum !== undefined) this.checksums.add(checksum);
    // As runs print it, with its folder, or without.
    else this.fileNames.add(reference.slice(reference.lastIndexOf('/') + 1));
  }

  addInputs(checksums: readonly string[]): void {
    for (const checksum of checksums) this.checksums.add(checksum);
  }
}

/**
 * The cartridges, shown from the newest to the oldest, more than once: `begin` before each time. These stay: what a run that
 * stays whatever the rule says made or knew; and of what is named, the newest of each checksum, as many as are looked at
 * for an input. That a run which stays has known it is for others to see.
 */
export class CartridgeSurvey {
  readonly #measure: Measure;
  readonly #runs: Pick<RunSurvey, 'keepsFile'>;
  readonly #needs: Needs;
  readonly #ranks: Ranks<number | null>;
  #holders = new Ranks<string>(CANDIDATES);

  constructor(measure: Measure, runs: Pick<RunSurvey, 'keepsFile'>, needs: Needs) {
    this.#measure = measure;
    this.#runs = runs;
    this.#needs = needs;
    this.#ranks = new Ranks(measure.rule.count);
  }

  /** To be shown all once, before anything is asked. */
  see({ scriptId, id }: CartridgeFact): void {
    this.#ranks.see(scriptId, id);
  }

  begin(): void {
    this.#holders = new Ranks(CANDIDATES);
  }

  /** Whether it goes, as far as is known of what is needed; each is asked about once after `begin`, the newest first. */
  goes({ id, scriptId, fileName, checksum, endedMs }: CartridgeFact): boolean {
    if (this.#needs.checksums.has(checksum)) {
      this.#holders.see(checksum, id);
      if (!this.#holders.isBeyond(checksum, id)) return false;
    }
    if (this.#needs.fileNames.has(fileName) || this.#runs.keepsFile(fileName)) return false;
    return isLetGo(this.#measure, endedMs, this.#ranks.isBeyond(scriptId, id));
  }
}
