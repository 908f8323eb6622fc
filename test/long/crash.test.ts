/** A crash after every numbered effect of a renderer, again and again, with every core busy: other interleavings. */
import { describe, expect, it } from 'vitest';
import { loadProcessors } from '../support/busy-loop.ts';
import { crashAfter, crashAfterEach, crashBesideAnother, effectsOfRecovery } from '../support/crash-after.ts';

describe('a renderer that crashes', () => {
  it.each([1, 2, 3])(
    'after any of its effects leaves nothing wrong while every core is busy, round %i',
    async () => {
      loadProcessors(2);
      const { effects } = await crashAfter(0);
      console.log(`${effects.length} effects, a crash after each`);
      const each = Array.from({ length: effects.length }, (_, n) => n + 1);
      expect(await crashAfterEach(each, 4)).toEqual([]);
    },
  );

  it('after any effect of its recovery is put right by another that lives', async () => {
    const effects = Array.from({ length: await effectsOfRecovery() }, (_, n) => n + 1);
    expect(await crashAfterEach(effects, 4, crashBesideAnother)).toEqual([]);
  });
});
