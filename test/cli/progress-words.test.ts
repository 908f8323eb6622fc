/** Progress in words, and where status and queue say it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldById } from '../../cli/held.ts';
import { heldLines, percentOf, progressWords } from '../../cli/progress-words.ts';
import { ownIdentity } from '../../shared/host/process-identity.ts';
import { ago, held, NOW_MS, renderer } from '../support/top-model.ts';
import { QueuePlace } from './queue-place.ts';

describe('progress in words', () => {
  it('is in whole percents, rounded down, and never more than all', () => {
    expect(percentOf({ done: 0, of: 3 })).toBe(0);
    expect(percentOf({ done: 2, of: 3 })).toBe(66);
    expect(percentOf({ done: 299, of: 300 })).toBe(99);
    expect(percentOf({ done: 3, of: 3 })).toBe(100);
    expect(percentOf({ done: 4, of: 3 })).toBe(100);
    expect(percentOf({ done: 4 })).toBeUndefined();
    expect(progressWords({ phase: 'painting', done: 1, of: 3 })).toBe('painting 33 %');
    expect(progressWords({ phase: 'running' })).toBe('running');
  });

  it('has a line for each command in hand, and one for those beyond', () => {
    const many = [held('a\x1b[2J', 1, 2), held(null, 0, 1, 90), { id: 'c', since: ago(0), phase: '\n' }];
    expect(heldLines(many, NOW_MS, 3)).toEqual([
      'a␛[2J: painting 50 %, in hand for 12 s',
      'the command in the slot: painting 0 %, in hand for 90 s',
      'c: ␊, in hand for 0 ms',
    ]);
    expect(heldLines(many, NOW_MS, 2).at(-1)).toBe('… and 1 more in hand');
    expect(heldLines([], NOW_MS, 2)).toEqual([]);
  });

  it('is found by the command, in whoever’s hands it is', () => {
    const one = renderer(1, { in_hand: [held('a', 1, 2), held(null, 1, 2)] });
    const { in_hand: _, ...older } = renderer(2);
    const found = heldById([one, older, renderer(3, { in_hand: [held('b', 1, 4)] })]);
    expect([...found].map(([id, { renderer: who, of }]) => [id, who, of])).toEqual([
      ['a', one.renderer, 2],
      ['b', 'r3-0a1b2c3d', 4],
    ]);
  });
});

describe('what is in hand', () => {
  let place: QueuePlace;
  beforeEach(() => {
    place = new QueuePlace();
    place.scripts('a', 'b');
  });
  afterEach(() => place.clear());

  it('is told by gvpie status, line by line, and by gvpie queue of its jobs', async () => {
    place.begin(1);
    place.begin(2);
    const [spoolId] = place.column('SELECT spool_id FROM improvement_runs WHERE job_id = 1') as [string];
    const in_hand = [held(spoolId, 1, 3), held(null, 1, 2)];
    const announced = { ...renderer(1, { in_hand }), ...ownIdentity() };
    mkdirSync(join(place.at('socket'), 'renderer'), { recursive: true });
    const file = join(place.at('socket'), 'renderer', `${announced.renderer}.json`);
    writeFileSync(file, JSON.stringify(announced));
    const { stdout } = await place.say('status');
    expect(stdout).toContain(`\n              ${spoolId}: painting 33 %, in hand for `);
    expect(stdout).toContain('\n              the command in the slot: painting 50 %, in hand for ');
    expect((await place.json('status')).renderers[0].in_hand).toEqual(in_hand);
    const queue = (await place.say('queue')).stdout;
    expect(queue).toMatch(/^ 1 .* at o1, painting 33 %$/m);
    expect(queue).toMatch(/^ 2 .* at o1$/m);
    // The control: who has nothing in hand has no line.
    writeFileSync(file, JSON.stringify({ ...announced, in_hand: [] }));
    expect((await place.say('status')).stdout).not.toContain('in hand');
    expect((await place.say('queue')).stdout).not.toContain('painting');
  });
});
