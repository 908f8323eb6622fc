/** The summary of a replay: how many cartridges had which verdict, whose pixels would differ, and what took longest. */
import { rateWords } from './pace.ts';
import { count } from './print.ts';
import { spanWords } from './time-words.ts';
import type { Finding } from './verify.ts';

/** The slowest ones that are named. */
const SLOWEST = 3;

/** How a cartridge stands today. */
export type Standing = 'ok' | 'differs' | 'changed' | 'not ok';

/**
 * `differs`: its program gives other pixels today. `changed`: the same pixels by semantics that have changed. `not ok`:
 * something else is wrong, such as a damaged file, which says nothing about today.
 */
export function standingOf(finding: Finding): Standing {
  if (finding.verdict === 'ok') return 'ok';
  if (finding.verdict === 'pixels-differ' && finding.whose === 'rerender') return 'differs';
  if (finding.verdict !== 'semantics-changed' || finding.pixels_differ === undefined) return 'not ok';
  return finding.pixels_differ ? 'differs' : 'changed';
}

export class Summary {
  readonly #verdicts = new Map<Finding['verdict'], number>();
  readonly #standings = new Map<Standing, number>();
  readonly #slowest: { readonly path: string; readonly ms: number }[] = [];
  #judged = 0;

  add(path: string, finding: Finding, ms: number): void {
    const standing = standingOf(finding);
    this.#judged++;
    this.#verdicts.set(finding.verdict, (this.#verdicts.get(finding.verdict) ?? 0) + 1);
    this.#standings.set(standing, (this.#standings.get(standing) ?? 0) + 1);
    if (this.#slowest.length === SLOWEST && ms <= (this.#slowest.at(-1)?.ms ?? 0)) return;
    this.#slowest.push({ path, ms });
    this.#slowest.sort((one, other) => other.ms - one.ms);
    this.#slowest.length = Math.min(this.#slowest.length, SLOWEST);
  }

  get verdicts(): Finding['verdict'][] {
    return [...this.#verdicts.keys()];
  }

  #count(standing: Standing): number {
    return this.#standings.get(standing) ?? 0;
  }

  /** For people: what was found first, and in the last two fields what it took, which alone varies from time to time. */
  fields({ total, isInterrupted, jobs, ms }: Circumstances): [string, string][] {
    const verdicts = [...this.#verdicts].filter(([verdict]) => verdict !== 'ok').sort();
    return [
      [
        'cartridges',
        isInterrupted ? `${this.#judged} of ${total}, then it was interrupted` : `${this.#judged}`,
      ],
      ['ok', `${this.#count('ok')}`],
      ...verdicts.map(([verdict, count]): [string, string] => [verdict, `${count}`]),
      ['would differ', `${this.#count('differs')}: their programs give other pixels today`],
      ['only changed', `${this.#count('changed')}: their pixels are the same by semantics that have changed`],
      ...(this.#slowest.length === 0
        ? []
        : [
            [
              'slowest',
              this.#slowest.map(({ path, ms: taken }) => `${path} ${spanWords(taken)}`).join(', '),
            ] as [string, string],
          ]),
      ['took', `${spanWords(ms)}, ${rateWords(this.#judged, ms)} with ${count(jobs, 'job')}`],
    ];
  }

  record({ total, isInterrupted, jobs, ms }: Circumstances): Record<string, unknown> {
    return {
      cartridges: this.#judged,
      total,
      interrupted: isInterrupted,
      verdicts: Object.fromEntries([...this.#verdicts].sort()),
      would_differ: this.#count('differs'),
      only_changed: this.#count('changed'),
      jobs,
      took_ms: Math.round(ms),
      slowest: this.#slowest.map(({ path, ms: taken }) => ({ path, ms: Math.round(taken) })),
    };
  }
}

/** What a summary says beside what was found. */
export interface Circumstances {
  /** Cartridges that there were to judge. */
  readonly total: number;
  readonly isInterrupted: boolean;
  readonly jobs: number;
  readonly ms: number;
}
