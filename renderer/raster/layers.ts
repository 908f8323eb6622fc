/** Layers: how the tiles of a binned list are cut into dispatches of a GPU. */
import type { Bins } from './bin.ts';

export interface Layer {
  readonly firstTile: number;
  readonly tiles: number;
  /** Entries of each tile that come before those of this layer, and how many of them it has at most. */
  readonly skip: number;
  readonly take: number;
}

export interface LayerLimits {
  /** Most tiles of a layer. */
  readonly workgroups: number;
  /** Most pixels times entries of one. */
  readonly dispatchWork: number;
}

/**
 * Cuts the tiles `firstTile ≤ t < endTile` into layers, one dispatch each: as many tiles as the work of
 * their entries allows, and a tile whose own list is longer than that by and by.
 */
export function layers(
  { offsets, tileSize }: Bins,
  firstTile: number,
  endTile: number,
  limits: LayerLimits,
): Layer[] {
  const longest = Math.max(1, Math.floor(limits.dispatchWork / tileSize ** 2));
  const found: Layer[] = [];
  for (let first = firstTile; first < endTile; ) {
    let end = first;
    let entries = 0;
    let most = 0;
    while (end < endTile && end - first < limits.workgroups) {
      const own = offsets[end + 1]! - offsets[end]!;
      // A tile without entries costs its ground.
      if (end > first && entries + Math.max(1, own) > longest) break;
      entries += Math.max(1, own);
      most = Math.max(most, own);
      end++;
    }
    for (let skip = 0; skip === 0 || skip < most; skip += longest) {
      found.push({ firstTile: first, tiles: end - first, skip, take: longest });
    }
    first = end;
  }
  return found;
}

/** The same of what is painted on what is there already: the tiles before the first that has entries are left out, and those after the last. */
export function layersOnTop(bins: Bins, firstTile: number, endTile: number, limits: LayerLimits): Layer[] {
  const { offsets } = bins;
  let [first, end] = [firstTile, endTile];
  while (first < end && offsets[first + 1] === offsets[firstTile]) first++;
  while (first < end && offsets[end - 1] === offsets[endTile]) end--;
  return layers(bins, first, end, limits);
}
