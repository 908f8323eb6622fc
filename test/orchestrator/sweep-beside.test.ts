/** Sweeps of cartridges beside an orchestrator that renders, knows pictures and draws one from another. */
import { describe, expect, it } from 'vitest';
import { sweep } from '../../orchestrator/sweep.ts';
import { seeded } from '../../shared/seeded.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';
import { okReply } from '../support/fake-world.ts';
import { order, type Rules, sweepDoors } from '../support/sweep-world.ts';

const HOUR_MS = 3_600_000;

function world(): FakeOrchestrator {
  return new FakeOrchestrator().serve('meaning');
}

async function render(at: FakeOrchestrator): Promise<void> {
  for (let n = 0; n < 6; n++) {
    await at.step(250);
    at.renderAll();
  }
  await at.step(250);
}

/** Sweeps as if a day had passed. */
async function sweepOf(at: FakeOrchestrator, rules: Rules) {
  const files = new Set(at.cartridges.keys());
  const doors = sweepDoors({ sql: at.sql, files }, () => {}, at.wallMs + 24 * HOUR_MS);
  const result = await sweep(doors, order(rules));
  for (const name of at.cartridges.keys()) if (!files.has(name)) at.cartridges.delete(name);
  return result;
}

const shelf = (at: FakeOrchestrator): string[] =>
  [...at.cartridges.keys()].map((name) => name.split('_')[0] ?? '').sort();
describe('a cartridge that is swept', () => {
  it('is not known any more: equal work is rendered again', async () => {
    const at = world();
    at.insert('first', 'RECT 0 0 1 1');
    at.daemon.start();
    await render(at);
    at.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 2 2'`);
    await render(at);
    expect((await sweepOf(at, { cartridges: '1' })).gone.cartridges).toBe(1);
    at.insert('second', 'RECT 0 0 1 1');
    at.insert('third', 'RECT 0 0 2 2');
    await render(at);
    const known = at.sql.prepare('SELECT known FROM improvement_runs ORDER BY id').pluck().all();
    expect(known).toEqual([0, 0, 0, 1]);
    expect(shelf(at)).toEqual(['first', 'second']);
  });

  it('while a run knows it is rendered after all, and the run is told of as cut off', async () => {
    const at = world();
    at.insert('first', 'RECT 0 0 1 1');
    at.daemon.start();
    await render(at);
    at.insert('second', 'RECT 0 0 1 1');
    // Between its claim and its end.
    at.faults.set('close', new Error('held up'));
    await at.step(250);
    at.write(`UPDATE cartridges SET swept_at = '2026-01-02T00:00:00.000Z', file_gone = 1`);
    at.cartridges.clear();
    at.faults.delete('close');
    await render(at);
    const runs = at.sql
      .prepare(`SELECT outcome, known, stderr FROM improvement_runs WHERE id > 1 ORDER BY id`)
      .all();
    expect(runs).toMatchObject([
      { outcome: 'interrupted', known: 0, stderr: expect.stringContaining('was swept') },
      { outcome: 'success', known: 0 },
    ]);
    expect(shelf(at)).toEqual(['second']);
    expect(at.sql.prepare('SELECT state, attempts FROM jobs WHERE id = 2').get()).toEqual({
      state: 'done',
      attempts: 0,
    });
  });

  it('is none that another one was drawn with, or that is drawn from', async () => {
    const at = world();
    at.insert('base', 'RECT 0 0 1 1');
    at.daemon.start();
    await render(at);
    const checksum = at.sql.prepare<[], string>('SELECT checksum FROM cartridges').pluck().get() ?? '';
    at.insert('user', `IMAGE a 128 64 ${checksum}\nBLIT a 0 0`);
    await at.step(250);
    at.take();
    const [[id = '', command = ''] = []] = at.taken;
    at.taken.clear();
    const pixels = new Uint8Array(128 * 64 * 4);
    at.outbox.set(id, { reply: { ...okReply(command, pixels, false), inputs: [checksum] }, pixels });
    await render(at);
    at.write(`UPDATE improvement_scripts SET code = 'RECT 0 0 3 3' WHERE name = 'base'`);
    await render(at);
    const rows = at.sql.prepare('SELECT inputs FROM cartridges ORDER BY id').pluck().all();
    expect(rows).toEqual(['[]', JSON.stringify([checksum]), '[]']);
    // The script names it, and once that names nothing, the cartridge that it has made.
    await sweepOf(at, { cartridges: '1' });
    expect(shelf(at)).toEqual(['base', 'base', 'user']);
    at.write(`UPDATE improvement_scripts SET code = 'HALT', enabled = 0 WHERE name = 'user'`);
    await sweepOf(at, { cartridges: '1' });
    expect(shelf(at)).toEqual(['base', 'base', 'user']);
    at.write(`DELETE FROM improvement_scripts WHERE name = 'user'`);
    await sweepOf(at, { cartridges: '1s' });
    expect(shelf(at)).toEqual(['base']);
  });
});

describe('an orchestrator that was held up', () => {
  it('leaves a cartridge alone whose run was ended by another one, and swept since', async () => {
    const at = world();
    at.insert('first', 'RECT 0 0 1 1');
    at.daemon.start();
    await at.step(250);
    at.renderAll();
    at.faults.set('close', new Error('held up'));
    await at.step(250);
    const [name = ''] = at.cartridges.keys();
    expect(name).not.toBe('');
    // Another one has ended it, as its cartridge is whole; and then it was swept.
    at.write(
      `UPDATE improvement_runs SET finished_at = '2026-01-01T00:00:01.000Z', outcome = 'success', success = 1`,
    );
    at.write(`UPDATE jobs SET state = 'done'`);
    at.write(
      `INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at) VALUES (?, 'c', 1, 1, 1, '')`,
      name,
    );
    at.write('DELETE FROM improvement_runs');
    at.faults.delete('close');
    await render(at);
    expect([...at.cartridges.keys()]).toEqual([name]);
  });

  it('clears away the file of a run that somebody has deleted', async () => {
    const at = world();
    at.insert('first', 'RECT 0 0 1 1');
    at.daemon.start();
    await at.step(250);
    at.renderAll();
    at.faults.set('close', new Error('held up'));
    await at.step(250);
    expect(at.cartridges.size).toBe(1);
    at.write(`UPDATE jobs SET state = 'done'`);
    at.write('DELETE FROM improvement_runs');
    at.faults.delete('close');
    await render(at);
    expect(at.cartridges.size).toBe(0);
  });
});

describe('whatever is rendered between sweeps', () => {
  it.each([1, 2, 3])(
    'every picture that is kept is there, and every newest one is kept: seed %i',
    async (seed) => {
      const next = seeded(seed);
      const upTo = (n: number): number => Math.floor(next() * n);
      const at = world();
      at.daemon.start();
      for (const name of ['a', 'b', 'c']) at.insert(name, `RECT 0 0 ${1 + upTo(3)} 1`);
      let gone = 0;
      for (let turn = 0; turn < 30; turn++) {
        const name = 'abc'[upTo(3)];
        at.write('UPDATE improvement_scripts SET code = ? WHERE name = ?', `RECT 0 0 ${1 + upTo(6)} 1`, name);
        await render(at);
        at.pass(HOUR_MS);
        if (upTo(3) === 0) {
          const rules: Rules[] = [{ cartridges: '1' }, { runs: '2', cartridges: '1s' }, { runs: '1' }];
          gone += (await sweepOf(at, rules[upTo(3)] as Rules)).gone.cartridges;
        }
        const missing = at.sql
          .prepare<[], string>('SELECT file_name FROM cartridges WHERE swept_at IS NULL')
          .pluck()
          .all()
          .filter((file) => !at.cartridges.has(file));
        const newest = at.sql
          .prepare<[], string>(
            `SELECT cartridge_path FROM improvement_runs AS run WHERE success = 1 AND id = (
             SELECT max(id) FROM improvement_runs WHERE success = 1 AND script_id = run.script_id)`,
          )
          .pluck()
          .all();
        expect([missing, newest.filter((file) => !at.cartridges.has(file))]).toEqual([[], []]);
      }
      expect(gone).toBeGreaterThan(1);
    },
  );
});
