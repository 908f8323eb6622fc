/** Rows of large canvases, with both daemons as the processes that users start. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { Pair } from '../support/pair.ts';
import { waitUntil } from '../support/wait-until.ts';

const SIDE = 3_000;

function insert(pair: Pair, name: string, side = SIDE): void {
  pair.execute(
    'INSERT INTO improvement_scripts (name, lang, code, width, height) VALUES (?, ?, ?, ?, ?)',
    ...[name, 'pixel', `TXT 9 9 ${name}\nCOLOR red\nDISC 100 100 50`, side, side],
  );
}

describe('a row of a large canvas', () => {
  it('becomes a cartridge like any other, among small ones, and its thread is never lost', async () => {
    const pair = new Pair();
    const [, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    for (const name of ['a', 'b']) insert(pair, name);
    for (let n = 0; n < 20; n++) insert(pair, `s${n}`, 32);
    await pair.idle(20_000);
    expect(pair.runs().every(({ outcome }) => outcome === 'success')).toBe(true);
    for (const name of ['a', 'b']) {
      const { canvas, pixels, label } = pair.cartridge(await pair.run(name));
      expect([canvas.width, sha256Hex(pixels)]).toEqual([SIDE, label.checksum]);
    }
    expect(orchestrator.output()).not.toContain('press:thread-lost');
    orchestrator.process.kill('SIGTERM');
    expect(await orchestrator.ended).toEqual({ code: 0, signal: null });
  });

  it('is lost by no signal while it is pressed: finished, or taken back and rendered again', async () => {
    const pair = new Pair();
    const [, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    await pair.run('hello_gpu');
    for (const name of ['a', 'b', 'c']) insert(pair, name);
    const answered = (): boolean =>
      pair.runs('a').some(({ spool_id }) => existsSync(join(pair.socket, 'outbox', `${spool_id}.json`)));
    await waitUntil('the first answer', answered, 20_000, 1);
    orchestrator.process.kill('SIGTERM');
    expect(await orchestrator.ended).toEqual({ code: 0, signal: null });
    expect(pair.runs().filter(({ outcome }) => outcome === null)).toEqual([]);
    await pair.orchestrator();
    await pair.idle(20_000);
    const successes = pair.runs().filter(({ outcome }) => outcome === 'success');
    expect(successes.map(({ name }) => name).sort()).toEqual(['a', 'b', 'c', 'hello_gpu']);
    expect(pair.shelf()).toEqual(successes.map(({ cartridge_path }) => cartridge_path).sort());
  });
});
