/** The batch of synced writes: how much has room in it, and when a fault is heard. */
import { describe, expect, it } from 'vitest';
import { SyncedBatch } from '../../orchestrator/host/synced-batch.ts';

describe('a batch of synced writes', () => {
  it('has room for 32 of them, and for 16 MiB, and once they have ended for as many again', async () => {
    const batch = new SyncedBatch();
    for (let n = 0; n < 32; n++) {
      expect(batch.hasRoom(1)).toBe(true);
      batch.add(Promise.resolve(), 1);
    }
    expect(batch.hasRoom(0)).toBe(false);
    await batch.settle();
    batch.add(Promise.resolve(), 2 ** 24 - 1);
    expect([batch.hasRoom(1), batch.hasRoom(2)]).toEqual([true, false]);
    await batch.settle();
    expect([batch.hasRoom(2 ** 24), batch.hasRoom(2 ** 24 + 1)]).toEqual([true, false]);
  });

  it('tells of a fault once all have come to their ends, and of none twice', async () => {
    const batch = new SyncedBatch();
    const ended: string[] = [];
    batch.add(Promise.reject(new Error('full')), 1);
    batch.add(
      new Promise<void>((done) => setTimeout(done, 5)).then(() => void ended.push('late')),
      1,
    );
    await expect(batch.settle()).rejects.toThrow('full');
    expect(ended).toEqual(['late']);
    await batch.settle();
  });
});
