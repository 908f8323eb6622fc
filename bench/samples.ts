/** Samples: what they say about the usual case and about the bad one. */

export interface Figures {
  readonly p50: number;
  /** The quartiles: half of the samples lie between them. */
  readonly p25: number;
  readonly p75: number;
  /** The best sample: what is left where a busy machine disturbed the fewest. */
  readonly best: number;
  /** The value that 99 % of the samples are no worse than; undefined where the worst of them would say little. */
  readonly p99: number | undefined;
  readonly samples: number;
}

/** Fewest samples of which the 99th percentile is told. */
const FEWEST_FOR_P99 = 20;

/** Figures of times, where more is worse. */
export function figuresOfTimes(samples: readonly number[]): Figures {
  return { ...middleOf(samples), best: quantile(samples, 0), p99: tail(samples, 0.99) };
}

/** Figures of rates, where less is worse. */
export function figuresOfRates(samples: readonly number[]): Figures {
  return { ...middleOf(samples), best: quantile(samples, 1), p99: tail(samples, 0.01) };
}

/** A figure that was not sampled, such as one that was computed from others. */
export function figureOf(value: number, samples = 1): Figures {
  return { p50: value, p25: value, p75: value, best: value, p99: undefined, samples };
}

function middleOf(samples: readonly number[]): Omit<Figures, 'p99' | 'best'> {
  const at = (share: number) => quantile(samples, share);
  return { p50: at(0.5), p25: at(0.25), p75: at(0.75), samples: samples.length };
}

function tail(samples: readonly number[], share: number): number | undefined {
  return samples.length < FEWEST_FOR_P99 ? undefined : quantile(samples, share);
}

/** The nearest-rank quantile: always one of the samples, except that an even count's median is the mean of two. */
function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (share === 0.5 && Number.isInteger(middle))
    return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
