import { describe, expect, it } from 'vitest';
import { Turns } from '../../renderer/turns.ts';

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('turns', () => {
  it('come in the order of asking, one at a time', async () => {
    const turns = new Turns();
    const [a, b, c] = [turns.claim(), turns.claim(), turns.claim()];
    const begun: string[] = [];
    for (const [name, turn] of Object.entries({ a, b, c })) void turn.begin().then(() => begun.push(name));
    await settle();
    expect(begun).toEqual(['a']);
    a.end();
    void a.begin().then(() => begun.push('a again'));
    await settle();
    expect(begun).toEqual(['a', 'b']);
    b.end();
    await settle();
    c.end();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c', 'a again']);
  });

  it('are kept by whoever begins again, and can be ended twice', async () => {
    const turns = new Turns();
    const [a, b] = [turns.claim(), turns.claim()];
    b.end();
    expect([a.mustWait, b.mustWait]).toEqual([false, false]);
    await a.begin();
    await a.begin();
    expect([a.mustWait, b.mustWait]).toEqual([false, true]);
    let begun = 0;
    void b.begin().then(() => begun++);
    await settle();
    expect(begun).toBe(0);
    a.end();
    a.end();
    await settle();
    expect(begun).toBe(1);
    // The turn is b's: ending a's once more must not end it.
    a.end();
    const again = a.begin().then(() => begun++);
    await settle();
    expect(begun).toBe(1);
    b.end();
    await again;
    expect(begun).toBe(2);
    a.end();
    expect([a.mustWait, b.mustWait]).toEqual([false, false]);
  });
});
