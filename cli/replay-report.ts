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
  /** Whether nobody reads it any more: the pipe was closed. */
  readonly isUnread: boolean;
}

/** A report for people, or one JSON document, which is written as it comes. */
export function reportOf(isJson: boolean): Report {
  return isJson ? new JsonReport() : new TextReport();
}

/** Standard output, which waits for a reader that is slow, so that nothing piles up; one that is gone is not waited for. */
export class Outlet {
  isUnread = false;

  constructor() {
    process.stdout.once('error', () => {
      this.isUnread = true;
    });
  }

  async write(text: string): Promise<void> {
    if (this.isUnread || process.stdout.write(text)) return;
    await once(process.stdout, 'drain').catch(() => {});
  }
}

class TextReport extends Outlet implements Report {
  async add(path: string, finding: Finding): Promise<void> {
    const standing = standingOf(finding);
    const [line = ''] = fieldLines([[path, describe(finding)]]);
    await this.write(`${this.#dress(standing)(standing.padEnd(7))} ${line}\n`);
  }

  async end(summary: Summary, circumstances: Circumstances): Promise<void> {
    const lines = fieldLines(summary.fields(circumstances), styleOf(process.stdout).dim);
    await this.write(`${lines.join('\n')}\n`);
  }

  #dress(standing: Standing): (text: string) => string {
    const { red, yellow } = styleOf(process.stdout);
    return standing === 'changed' ? yellow : red;
  }
}

class JsonReport extends Outlet implements Report {
  #count = 0;

  async add(path: string, finding: Finding): Promise<void> {
    const before = this.#count++ === 0 ? '{"findings":[\n' : ',\n';
    await this.write(before + JSON.stringify({ path, ...finding }));
  }

  async end(summary: Summary, circumstances: Circumstances): Promise<void> {
    const before = this.#count === 0 ? '{"findings":[' : '\n';
    await this.write(`${before}],"summary":${JSON.stringify(summary.record(circumstances))}}\n`);
  }
}
