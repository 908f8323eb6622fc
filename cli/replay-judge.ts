/** What `gvpie replay` does with one cartridge: reads it, renders its program again and judges, and takes the time. */
import { type FindImages, InputsMissing, inputsOf } from '../renderer/inputs.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { readLabel } from '../shared/cartridge/open.ts';
import { HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Input } from '../shared/inputs.ts';
import { ImageFiles } from './image-files.ts';
import { readCartridge } from './input.ts';
import { Refusal } from './refusal.ts';
import { type Finding, verifyBytes } from './verify.ts';

/** A cartridge to judge. */
export interface Assignment {
  /** Absolute. */
  readonly path: string;
  /** The files of `--input`; the same for all that one judge is given. */
  readonly named: readonly string[];
  /** Those of before are passed over, where they say when they were pressed: ISO 8601 in UTC. */
  readonly since?: string | undefined;
}

/** What became of it. */
export interface Outcome {
  /** Undefined where it was passed over. */
  readonly finding: Finding | undefined;
  readonly ms: number;
}

/** Says which files hold canvases; paths, none where it knows of none. */
export type AskFiles = (inputs: readonly Input[]) => Promise<readonly string[]>;

export class Judge {
  readonly #imageFiles: ImageFiles;
  readonly #ask: AskFiles;

  /** @param named as `namedInputs` gives them */
  constructor(named: readonly string[], ask: AskFiles) {
    this.#imageFiles = new ImageFiles(named);
    this.#ask = ask;
  }

  async judge({ path, since }: Assignment): Promise<Outcome> {
    const begun = systemClock.monotonic();
    const finding = await this.#find(path, since);
    return { finding, ms: systemClock.monotonic() - begun };
  }

  async #find(path: string, since: string | undefined): Promise<Finding | undefined> {
    let bytes: Uint8Array;
    try {
      bytes = readCartridge(path);
    } catch (error) {
      // A disk that fails at one file may give the others.
      if (error instanceof Refusal || error instanceof HostFault) {
        return { verdict: 'unreadable', message: error.message };
      }
      throw error;
    }
    if (since !== undefined && isBefore(bytes, since)) return undefined;
    return verifyBytes(bytes, this.#findImages(path));
  }

  /** Where the registry knows them, and otherwise where `gvpie verify` looks. */
  #findImages(path: string): FindImages {
    return async (images) => {
      const files = await this.#ask(inputsOf(images));
      try {
        if (files.length > 0) return new ImageFiles(files).find(images);
      } catch (error) {
        if (!(error instanceof InputsMissing)) throw error;
      }
      return this.#imageFiles.find(images, path);
    };
  }
}

/** One that is damaged, or does not say when it was pressed, is not passed over. */
function isBefore(bytes: Uint8Array, since: string): boolean {
  try {
    const createdAt = readLabel(bytes).text.created_at;
    return createdAt !== undefined && Date.parse(createdAt) < Date.parse(since);
  } catch (error) {
    if (error instanceof CartridgeFault) return false;
    throw error;
  }
}
