/**
 * A sweep that kills itself: `node crashing-sweep.js DATABASE CARTRIDGES CRASH_AFTER`. Prints each of its transactions and
 * each file that it removes, and dies by SIGKILL just after the one of that number; 0 is never.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { shelfWithObjects } from '../../orchestrator/host/shelf.ts';
import { sweep } from '../../orchestrator/sweep.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { countingFiles } from './counting-files.ts';
import { order, sweepDoors } from './sweep-world.ts';

const [database = '', cartridges = '', crashAfter] = process.argv.slice(2);
let count = 0;
const hear = (name: string): void => {
  writeSync(1, `${++count} ${name}\n`);
  if (count === Number(crashAfter)) process.kill(process.pid, 'SIGKILL');
};
const sql = openDatabase(database, { durability: 'fast' });
const files = countingFiles(diskFiles, (_, name) => hear(name));
const doors = sweepDoors({ sql, files: new Set() }, hear);
const shelf = shelfWithObjects(files, cartridges, 'durable');
await sweep({ ...doors, shelf }, order({ runs: '100h', logs: '1', cartridges: '100h' }));
sql.close();
