/** What changes a store, as a test asks for it: to the end, and however much that is. */
import { rebuildStore } from '../../orchestrator/host/store-rebuild.ts';
import { StoreRepair } from '../../orchestrator/host/store-repair.ts';
import { sweepStore } from '../../orchestrator/host/store-sweep.ts';
import type { StoreWalk } from '../../orchestrator/host/store-walk.ts';
import { QUIET } from './kept-store.ts';

export const CHANGES = ['repair', 'rebuild', 'gc'] as const;
export type Change = (typeof CHANGES)[number];

const breathe = async (): Promise<void> => {};

export async function changeStore(walk: StoreWalk, what: Change): Promise<void> {
  if (what === 'rebuild') {
    await rebuildStore(walk, { isForced: true, fuse: () => false }, QUIET, breathe);
  } else if (what === 'gc') {
    await sweepStore(walk, { isMeant: true, isForced: true, nowMs: Date.now() }, breathe);
  } else {
    const repair = new StoreRepair(walk);
    for (const finding of walk.cartridges()) if (finding !== undefined) await repair.repair(finding);
  }
}
