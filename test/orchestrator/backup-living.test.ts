/** Backups of an engine at work: each becomes an engine that does the rest, every job once and with the same pixels. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskBulk } from '../../orchestrator/host/bulk.ts';
import { restoreBackup } from '../../orchestrator/host/restore.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { backUp } from '../support/kept-engine.ts';
import { Pair } from '../support/pair.ts';
import { shelfObjections } from '../support/shelf-objections.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

const SCRIPTS = 150;

describe('an engine that was backed up while its jobs ran', () => {
  it('does them to the end wherever it is restored, each once', { timeout: 90_000 }, async () => {
    const pair = new Pair();
    const backups = join(pair.folder, 'backups');
    const daemons = await Promise.all([pair.renderer(), pair.orchestrator(), pair.orchestrator()]);
    // Few at once, so that there is time for backups.
    pair.execute("UPDATE controls SET concurrency = 2 WHERE scope = 'pixel'");
    pair.execute(
      `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${SCRIPTS})
       INSERT INTO improvement_scripts (name, lang, code)
       SELECT 's' || n, 'pixel', 'TXT 1 1 ' || n || char(10) || 'RECT ' || n || ' 20 9 9' FROM numbers`,
    );
    const done = () => pair.runs().filter(({ outcome }) => outcome === 'success').length;
    const reports = [];
    for (const least of [1, 40, 80]) {
      await waitUntil('some of them to be done', () => done() >= least, 30_000);
      reports.push(await backUp(pair, backups));
    }
    await pair.idle(30_000);
    // Theirs are among the leases that the backups hold.
    for (const daemon of daemons) {
      daemon.process.kill('SIGKILL');
      await daemon.ended;
    }
    expect(reports.flatMap(({ troubles }) => troubles)).toEqual([]);
    expect(reports.map(({ content }) => content.missing)).toEqual([[], [], []]);
    const sizes = reports.map(({ content }) => content.cartridges.length);
    expect(sizes[0]).toBeLessThan(SCRIPTS);
    const left: number[] = [];
    for (const { name } of [reports[0], reports[1]].filter((report) => report !== undefined)) {
      const other = new Pair(temporaryFolder());
      await restoreBackup(
        { files: diskFiles, bulk: diskBulk },
        { folder: backups, name, database: other.database, cartridges: other.cartridges },
      );
      left.push(other.query("SELECT 1 FROM jobs WHERE state IN ('queued', 'running')").length);
      const restored = await Promise.all([other.renderer(), other.orchestrator()]);
      await other.idle(30_000);
      expect(await shelfObjections(other)).toEqual([]);
      for (const daemon of restored) daemon.process.kill('SIGTERM');
      for (const daemon of restored) await daemon.ended;
    }
    console.log(`cartridges ${sizes.join(', ')}; jobs left at the first two: ${left.join(', ')}`);
    expect(left[0]).toBeGreaterThan(0);
  });
});
