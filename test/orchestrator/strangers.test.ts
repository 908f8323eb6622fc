/** Strangers: whose the table is asked about, and how often. */
import { expect, it } from 'vitest';
import { Strangers } from '../../orchestrator/strangers.ts';

const MOST = 131_072;

it('an id that is nobody’s here is asked about once, and one of ours each time', () => {
  const asked: string[] = [];
  const strangers = new Strangers((id) => {
    asked.push(id);
    return id === 'ours';
  });
  for (let n = 0; n < 3; n++) expect([strangers.has('theirs'), strangers.has('ours')]).toEqual([true, false]);
  expect(asked).toEqual(['theirs', 'ours', 'ours', 'ours']);
});

it('no more than 131,072 of them are remembered', () => {
  let asked = 0;
  const strangers = new Strangers(() => {
    asked++;
    return false;
  });
  for (let n = 0; n < MOST; n++) strangers.has(`${n}`);
  expect([strangers.has('0'), asked]).toEqual([true, MOST]);
  expect([strangers.has('another'), strangers.has('0'), asked]).toEqual([true, true, MOST + 2]);
});
