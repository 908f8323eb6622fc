/** Strangers: whose the table is asked about, and how often. */
import { expect, it } from 'vitest';
import { Strangers } from '../../orchestrator/strangers.ts';

const MOST = 131_072;

it('an id that is nobody’s here is asked about once, and one of ours each time', () => {
  const asked: string[] = [];
  const strangers = new Strangers((id) => {
    asked.push(id);
    return id === 'ours' ? 'success' : undefined;
  });
  for (let n = 0; n < 3; n++) {
    expect([strangers.outcome('theirs'), strangers.outcome('ours')]).toEqual([undefined, 'success']);
  }
  expect(asked).toEqual(['theirs', 'ours', 'ours', 'ours']);
});

it('no more than 131,072 of them are remembered', () => {
  let asked = 0;
  const strangers = new Strangers(() => {
    asked++;
    return undefined;
  });
  const ask = (id: string) => strangers.outcome(id);
  for (let n = 0; n < MOST; n++) ask(`${n}`);
  expect([ask('0'), asked]).toEqual([undefined, MOST]);
  expect([ask('another'), ask('0'), asked]).toEqual([undefined, undefined, MOST + 2]);
});
