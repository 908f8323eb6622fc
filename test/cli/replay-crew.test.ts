import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReplayCrew } from '../../cli/replay-crew.ts';
import { pressProgram } from '../support/cartridge-corpus.ts';
import { Workplace } from './gvpie.ts';

/** A thread that a test plays: it hears what it is told, and says what the test has it say. */
class FakeWorker extends EventEmitter {
  readonly told: unknown[] = [];
  isOver = false;

  postMessage(message: unknown): void {
    this.told.push(message);
  }

  async terminate(): Promise<number> {
    this.isOver = true;
    return 0;
  }
}

class Hires {
  readonly workers: FakeWorker[] = [];
  readonly lostBy: string[] = [];
  isOpen = true;

  hire(): Worker | undefined {
    const worker = new FakeWorker();
    this.workers.push(worker);
    return worker as unknown as Worker;
  }

  lost(why: string): void {
    this.lostBy.push(why);
    this.isOpen = false;
  }

  served(): void {}
}

const OK = { outcome: { finding: { verdict: 'ok', checksum: '' }, ms: 1 } };
let place: Workplace;

beforeAll(async () => {
  place = new Workplace();
  place.write('good.png', (await pressProgram('RECT 0 0 2 2', { width: 8, height: 8 })).bytes);
});
afterAll(() => place.clear());

function crewOf(most: number, hires = new Hires()) {
  const crew = new ReplayCrew({
    hiring: hires,
    most,
    filesOf: (inputs) => inputs.map((one) => one.checksum),
  });
  const judge = () => crew.judge({ path: place.at('good.png'), named: [] });
  return { crew, hires, judge };
}

describe('the crew of a replay', () => {
  it('hires no more threads than it may, and none that nothing waits for', async () => {
    const { hires, judge } = crewOf(2);
    const first = judge();
    expect(hires.workers).toHaveLength(1);
    const rest = [judge(), judge()];
    expect(hires.workers).toHaveLength(2);
    hires.workers[0]?.emit('message', OK);
    await first;
    expect(hires.workers[0]?.told).toHaveLength(2);
    for (const worker of hires.workers) worker.emit('message', OK);
    expect(await Promise.all(rest)).toEqual([OK.outcome, OK.outcome]);
  });

  it('says which files hold an input to the thread that asks', () => {
    const { hires, judge } = crewOf(2);
    void judge();
    hires.workers[0]?.emit('message', { inputs: [{ checksum: 'a', width: 1, height: 1 }] });
    expect(hires.workers[0]?.told[1]).toEqual({ files: ['a'] });
  });

  it('judges here what a thread ended over, and what it would have been given', async () => {
    const { hires, judge } = crewOf(1);
    const both = [judge(), judge()];
    hires.workers[0]?.emit('error', new Error('out of memory'));
    hires.workers[0]?.emit('exit', 1);
    for (const outcome of await Promise.all(both)) expect(outcome?.finding?.verdict).toBe('ok');
    expect(hires.lostBy).toEqual(['out of memory']);
    expect(hires.workers).toHaveLength(1);
  });

  it('judges all here where no thread is to be had', async () => {
    const { hires, judge } = crewOf(4);
    hires.isOpen = false;
    const outcomes = await Promise.all([judge(), judge(), judge()]);
    expect(outcomes.map((outcome) => outcome?.finding?.verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(hires.workers).toEqual([]);
  });

  it('passes on what a thread could not do', async () => {
    const { hires, judge } = crewOf(1);
    const judged = judge();
    hires.workers[0]?.emit('message', { fault: 'Expected the unexpected' });
    await expect(judged).rejects.toThrow('Expected the unexpected');
  });

  it('ends its threads when it is closed, and leaves the rest unjudged', async () => {
    const { crew, hires, judge } = crewOf(1);
    const both = [judge(), judge()];
    await crew.close();
    expect(await Promise.all([...both, judge()])).toEqual([undefined, undefined, undefined]);
    expect(hires.workers.map(({ isOver }) => isOver)).toEqual([true]);
    expect(hires.lostBy).toEqual([]);
  });
});
