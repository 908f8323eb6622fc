/** Sweeping the store: objects that neither a name nor the registry has, and halves of cartridges, under the fuse of retention. */
import { join } from 'node:path';
import { blows, Counting, type Tally } from '../fuse.ts';
import type { StoreFinding, StoreWalk } from './store-walk.ts';

export interface StoreSweep {
  readonly status: 'counted' | 'swept' | 'fuse';
  readonly objects: Tally;
  readonly leftovers: Tally;
  readonly gone: { readonly objects: number; readonly leftovers: number };
}

export interface StoreSweepOrder {
  readonly isMeant: boolean;
  readonly isForced: boolean;
  /** Unix epoch, ms. */
  readonly nowMs: number;
}

/** What is younger may be on its way. */
export const QUIET_MS = 600_000;

/** @throws {HostFault} when shelf or database cannot be used; what is done by then is done */
export async function sweepStore(
  walk: StoreWalk,
  { isMeant, isForced, nowMs }: StoreSweepOrder,
  breathe: () => Promise<void>,
): Promise<StoreSweep> {
  let steps = 0;
  const pause = async (): Promise<void> => {
    if (++steps % 500 === 0) await breathe();
  };
  for (const _ of walk.glance()) await pause();
  const objects = new Counting();
  const leftovers = new Counting();
  const goes = (finding: StoreFinding | undefined, problem: 'orphan' | 'leftover'): boolean => {
    if (finding?.problem !== problem || finding.fact?.kind !== 'file') return false;
    return nowMs - finding.fact.modifiedMs >= QUIET_MS;
  };
  for (const finding of walk.besides()) {
    if (goes(finding, 'leftover'))
      leftovers.count(finding?.bytes ?? 0, true, finding?.fact?.modifiedMs ?? null);
    await pause();
  }
  for (const { bytes, finding } of walk.amongObjects()) {
    if (finding?.problem !== 'stray') {
      objects.count(bytes, goes(finding, 'orphan'), finding?.fact?.modifiedMs ?? null);
    }
    await pause();
  }
  const isBlown = blows(objects) && !isForced;
  const gone = { objects: 0, leftovers: 0 };
  if (!isMeant || isBlown) return { status: isMeant ? 'fuse' : 'counted', objects, leftovers, gone };
  const remove = (finding: StoreFinding | undefined, mostLinks: number): number => {
    const path = join(walk.folder, finding?.path ?? '');
    // Somebody may have given it a name since it was looked at.
    const fact = walk.files.fact(path);
    const isSame = fact !== undefined && fact.identity === finding?.fact?.identity && fact.links <= mostLinks;
    return isSame && walk.files.remove(path) ? 1 : 0;
  };
  for (const finding of walk.besides()) {
    // Its object has the same content under another name.
    if (goes(finding, 'leftover')) gone.leftovers += remove(finding, Number.MAX_SAFE_INTEGER);
    await pause();
  }
  for (const { finding } of walk.amongObjects()) {
    if (goes(finding, 'orphan')) gone.objects += remove(finding, 1);
    await pause();
  }
  return { status: 'swept', objects, leftovers, gone };
}
