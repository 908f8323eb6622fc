/** Profiles: what V8 has sampled, added up by function. */

/** What V8's profiler leaves behind, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  /** The node in which each sample was taken, and µs since the sample before. */
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** A function, or what V8 names in brackets, and its own share of the time: what it calls counts for itself. */
export interface Share {
  readonly name: string;
  /** 0 to 1, of the time in which the process was not idle. */
  readonly share: number;
}

/** V8's words for a process that waits, for all of it, and for the profiler's own beginning and end. */
const NOBODYS: ReadonlySet<string> = new Set(['(idle)', '(root)', 'dispatch']);

/** The largest first. Empty when nothing was sampled. */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Share[] {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const spent = new Map<string, number>();
  let total = 0;
  for (const [index, node] of samples.entries()) {
    const name = names.get(node) ?? '(unknown)';
    const micros = Math.max(0, timeDeltas[index] ?? 0);
    if (NOBODYS.has(name)) continue;
    spent.set(name, (spent.get(name) ?? 0) + micros);
    total += micros;
  }
  if (total === 0) return [];
  return [...spent]
    .map(([name, micros]) => ({ name, share: micros / total }))
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

/** One line for people: the first of them, in percent. */
export function describeShares(shares: readonly Share[], most = 6): string {
  if (shares.length === 0) return 'nothing was sampled';
  return shares
    .slice(0, most)
    .map(({ name, share }) => `${Math.round(share * 100)} % ${name}`)
    .join(', ');
}

/** A function with its module: the last two parts of its path, which are no machine's own. */
function nameOf({ functionName, url }: { functionName: string; url: string }): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  return `${name} (${url.split('/').slice(-2).join('/')})`;
}
