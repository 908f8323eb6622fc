/** The report of a replay: each cartridge that is not as it was, as soon as it is its turn, and the summary at the end. */
import { once } from 'node:events';
import { type Circumstances, type Standing, type Summary, standingOf } from './replay-summary.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';
import { describe, type Finding } from './verify.ts';

/** What is said of one replay. */
export interface Report {
  /** @param path as messages call it */
  add(path: string, finding: Finding): Promise<void>;
  end(summary: Summary, circumstances: Circumstances): Promise<void>;
}

/** A report for people, or one JSON document, which is written as it comes. */
export function reportOf(isJson: boolean): Report {
  return isJson ? new JsonReport() : new TextReport();
}

class TextReport implements Report {
  async add(path: string, finding: Finding): Promise<void> {
    const standing = standingOf(finding);
    const [line = ''] = fieldLines([[path, describe(finding)]]);
    await write(`${this.#dress(standing)(standing.padEnd(7))} ${line}\n`);
  }

  async end(summary: Summary, circumstances: Circumstances): Promise<void> {
    const lines = fieldLines(summary.fields(circumstances), styleOf(process.stdout).dim);
    await write(`${lines.join('\n')}\n`);
  }

  #dress(standing: Standing): (text: string) => string {
    const { red, yellow } = styleOf(process.stdout);
    return standing === 'changed' ? yellow : red;
  }
}

class JsonReport implements Report {
  #count = 0;

  async add(path: string, finding: Finding): Promise<void> {
    const before = this.#count++ === 0 ? '{"findings":[\n' : ',\n';
    await write(before + JSON.stringify({ path, ...finding }));
  }

  async end(summary: Summary, circumstances: Circumstances): Promise<void> {
    const before = this.#count === 0 ? '{"findings":[' : '\n';
    await write(`${before}],"summary":${JSON.stringify(summary.record(circumstances))}}\n`);
  }
}

/** Waits for a reader that is slow, so that nothing piles up; one that is gone is not waited for. */
async function write(text: string): Promise<void> {
  const { stdout } = process;
  if (!stdout.write(text) && !stdout.destroyed) await once(stdout, 'drain').catch(() => {});
}
