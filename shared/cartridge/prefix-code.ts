/** Prefix codes for deflate: how long each symbol's code is, and what its bits are. Pure functions. */
import { invariant } from '../faults.ts';

export interface PrefixCode {
  /** Bits of each symbol's code; 0 for one that never comes. */
  readonly lengths: Uint8Array;
  /** Each symbol's code as deflate's bits go: the first in the lowest place. */
  readonly codes: Uint16Array;
}

/**
 * The code that needs the fewest bits, as far as no symbol's may be longer than `longest`.
 *
 * @param counts how often each symbol comes; at least two of them above 0
 * @param longest bits, at most 15, and 2 ** longest at least the number of symbols
 */
export function shortestCode(counts: Uint32Array, longest: number): PrefixCode {
  // Count and symbol as one number: these are sorted ten times as fast as symbols are by a function.
  const keys = new Float64Array(counts.length);
  let used = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] !== 0) keys[used++] = counts[symbol]! * counts.length + symbol;
  }
  invariant(used > 1, 'a code tells at least two symbols apart');
  const sorted = keys.subarray(0, used).sort();
  let weights = sorted.map((key) => Math.floor(key / counts.length));
  let depths = depthsOf(weights);
  // The rarest symbol lies deepest. Halving evens the weights out and leaves them in order.
  while (depths[0]! > longest) {
    weights = weights.map((weight) => Math.floor(weight / 2) | 1);
    depths = depthsOf(weights);
  }
  const lengths = new Uint8Array(counts.length);
  for (let at = 0; at < used; at++) lengths[sorted[at]! % counts.length] = depths[at]!;
  return canonicalCode(lengths);
}

/** The code that RFC 1951 (3.2.2) makes of lengths: shorter ones first, then by symbol. */
export function canonicalCode(lengths: Uint8Array): PrefixCode {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    code <<= 1;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = reverse(code++, length);
    }
  }
  return { lengths, codes };
}

/** How deep each leaf lies in Huffman's tree. @param weights in rising order, at least two */
function depthsOf(weights: Float64Array): Uint8Array {
  const leaves = weights.length;
  const nodes = 2 * leaves - 1;
  const weight = new Float64Array(nodes);
  weight.set(weights);
  const parent = new Uint16Array(nodes);
  let leaf = 0;
  let inner = leaves;
  // Two queues, both in rising order: the leaves, and the inner nodes as they are made.
  for (let node = leaves; node < nodes; node++) {
    for (let child = 0; child < 2; child++) {
      const isLeaf = leaf < leaves && (inner >= node || (weight[leaf] ?? 0) <= (weight[inner] ?? 0));
      const lightest = isLeaf ? leaf++ : inner++;
      weight[node] = (weight[node] ?? 0) + (weight[lightest] ?? 0);
      parent[lightest] = node;
    }
  }
  const depth = new Uint8Array(nodes);
  for (let node = nodes - 2; node >= 0; node--) depth[node] = (depth[parent[node] ?? 0] ?? 0) + 1;
  return depth.subarray(0, leaves);
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >>> bit) & 1) << (length - 1 - bit);
  return reversed;
}
