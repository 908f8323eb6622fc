/**
 * A backup or a restore that kills itself: `node crashing-keeper.js PLACE CRASH_AFTER`, where PLACE is JSON. Prints each of
 * its effects, and dies by SIGKILL just after the one of that number; 0 is never.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { makeBackup } from '../../orchestrator/host/backup.ts';
import { type Bulk, diskBulk } from '../../orchestrator/host/bulk.ts';
import { restoreBackup } from '../../orchestrator/host/restore.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { countingFiles } from './counting-files.ts';

const { what, ...place } = JSON.parse(process.argv[2] ?? '{}');
const crashAfter = Number(process.argv[3]);
let count = 0;
const hear = (name: string): void => {
  writeSync(1, `${++count} ${name}\n`);
  if (count === crashAfter) process.kill(process.pid, 'SIGKILL');
};
const bulk: Bulk = {
  tally: (path) => diskBulk.tally(path),
  async copy(from, to) {
    const whole = readFileSync(from);
    writeFileSync(to, whole.subarray(0, whole.length >> 1), { flag: 'wx' });
    hear(`half of copy ${to}`);
    unlinkSync(to);
    const tally = await diskBulk.copy(from, to);
    hear(`copy ${to}`);
    return tally;
  },
};
const doors = { files: countingFiles(diskFiles, (_, name) => hear(name)), bulk };
if (what === 'backup') {
  const newId = () => randomBytes(4).toString('hex');
  const steps = (of: string): void => (of === 'database' ? hear('a part of the snapshot') : undefined);
  await makeBackup({ ...doors, clock: systemClock, newId, hear: steps }, place);
} else {
  await restoreBackup(doors, place);
}
