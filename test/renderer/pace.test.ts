/** The pace, by a clock that moves by hand. */
import { expect, it } from 'vitest';
import { Pace } from '../../renderer/pace.ts';

function scene(stretchMs: number) {
  const at = { ms: 0, breaths: 0 };
  const pace = new Pace(
    stretchMs,
    () => at.ms,
    async () => {
      at.breaths++;
    },
  );
  /** How many breaths a piece of work of 1 ms waits for. */
  const work = async (): Promise<number> => {
    const before = at.breaths;
    while (pace.isOver) await pace.rest();
    at.ms++;
    return at.breaths - before;
  };
  return { at, work };
}

it('lets the others have their turn after each stretch, and not within one', async () => {
  const { work } = scene(3);
  const waits = [];
  for (let n = 0; n < 8; n++) waits.push(await work());
  expect(waits).toEqual([0, 0, 0, 1, 0, 0, 1, 0]);
});

it('has all who ask at once share a stretch, in the order in which they asked', async () => {
  const { at, work } = scene(3);
  const order: number[] = [];
  await Promise.all(Array.from({ length: 10 }, (_, n) => work().then(() => order.push(n))));
  // The first three at once, then three after each turn: nobody overtakes, and no turn is taken for each of them.
  expect(order).toEqual([...Array(10).keys()]);
  expect(at.breaths).toBe(3);
});
