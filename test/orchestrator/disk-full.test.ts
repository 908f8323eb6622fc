import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pair } from '../support/pair.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { fill, noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

const reason = noSmallDisk();
if (reason !== undefined) console.warn(`SKIPPED, a full disk is not tested: ${reason}`);

describe.skipIf(reason !== undefined)('a full disk', () => {
  it('for cartridges makes no lie and loses nothing: all are there once space returns', async () => {
    const folder = temporaryFolder();
    smallDisk(join(folder, 'cartridges'), 256);
    const pair = new Pair(folder);
    const [, orchestrator] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    await pair.run('hello_gpu');
    const release = fill(pair.cartridges);
    for (let n = 0; n < 20; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    for (let n = 0; n < 20; n++) {
      const run = await pair.run(`s${n}`);
      expect(run).toMatchObject({ outcome: 'failed', success: 0, cartridge_path: null });
      expect(JSON.parse(run.stderr ?? '').error).toMatchObject({
        code: 'RUN-E005',
        message: expect.stringContaining('ENOSPC'),
      });
    }
    expect(pair.shelf()).toHaveLength(2);
    release();
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(orchestrator.end()).toBeUndefined();
  });

  it('for the database makes no lie and loses nothing: all are there once space returns', async () => {
    const folder = temporaryFolder();
    // Room for SQLite's log, which grows to 4 MiB before it is written back.
    smallDisk(join(folder, 'disk'), 8_192);
    const pair = new Pair(folder, join(folder, 'disk', 'daemon.db'));
    const orchestrator = await pair.orchestrator('--door', 'spool');
    for (let n = 0; n < 20; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    const release = fill(join(folder, 'disk'));
    await pair.renderer();
    await waitUntil('the word of it', () => orchestrator.output().includes('disk is full'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(orchestrator.output().match(/daemon:fault/g)?.length).toBeLessThan(4);
    release();
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
    expect(orchestrator.end()).toBeUndefined();
  });

  it('for the socket fails what cannot be offered or answered, and heals', async () => {
    const folder = temporaryFolder();
    smallDisk(join(folder, 'socket'), 512);
    const pair = new Pair(folder);
    await Promise.all([pair.renderer(), pair.orchestrator('--timeout-ms', '1000')]);
    await pair.run('hello_gpu');
    const release = fill(pair.socket);
    for (let n = 0; n < 5; n++) pair.insert(`s${n}`, `TXT 1 1 ${n}`);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(pair.runs().filter((run) => run.outcome === 'success')).toHaveLength(1);
    release();
    await pair.idle(20_000);
    expect(await shelfObjections(pair)).toEqual([]);
  });
});
