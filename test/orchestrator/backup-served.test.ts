/** Backups that orchestrators which serve make by themselves, and what status tells of them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, Pair } from '../support/pair.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('orchestrators with a folder for backups', () => {
  it('make one backup of each slot together, and say so; status tells', async () => {
    const pair = new Pair();
    const folder = join(pair.folder, 'backups');
    const flags = ['--backup-dir', folder, '--backup-every', 'every 366d', '--backup-keep', '2'];
    const both = await Promise.all([pair.orchestrator(...flags), pair.orchestrator(...flags)]);
    const said = () => both.map((one) => one.output()).join('');
    await waitUntil('a backup', () => said().includes('backup:done'), 20_000);
    await new Promise((done) => setTimeout(done, 1_500));
    expect(said().match(/backup:done/g)).toHaveLength(1);
    expect(said()).not.toMatch(/backup:(failed|incomplete)/);
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
    expect(pair.query('SELECT outcome, attempts FROM backups')).toEqual([{ outcome: 'done', attempts: 1 }]);
    const status = async (...more: string[]): Promise<string> => {
      const child = cli('status', '--db', pair.database, '--socket', pair.socket, ...more);
      await child.ended;
      return child.output();
    };
    expect(await status('--backup-dir', folder)).toMatch(
      /^backup +\d{8}T\d{9}Z-[0-9a-f]{8}, 0 cartridges, done at 2/m,
    );
    expect(await status('--backup-dir', `${folder}-2`)).toMatch(/^backup +none yet/m);
    expect(await status()).not.toMatch(/^backup /m);
    for (const one of both) {
      one.process.kill('SIGTERM');
      expect(await one.ended).toEqual({ code: 0, signal: null });
    }
  });

  it.each([
    [['--backup-dir', 'CARTRIDGES/x'], 'apart from the cartridges'],
    [['--backup-dir', '/nowhere', '--backup-every', 'every sometimes'], 'in GVPIE_BACKUP_EVERY'],
  ])('refuse to start with %j', async (flags, words) => {
    const pair = new Pair();
    const one = pair.startOrchestrator(...flags.map((flag) => flag.replace('CARTRIDGES', pair.cartridges)));
    expect(await one.ended).toEqual({ code: 64, signal: null });
    expect(one.output()).toContain(words);
    // Whoever serves may have claimed a job by then.
    expect(one.output()).not.toContain('orchestrator:serving');
  });
});
