/**
 * A change of the store that kills itself: `node crashing-store.js WHAT FOLDER CRASH_AFTER`, where WHAT is repair, rebuild or
 * gc. Prints each of its effects and transactions, and dies by SIGKILL just after the one of that number; 0 is never.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { StoreTable } from '../../orchestrator/host/store-table.ts';
import { StoreWalk } from '../../orchestrator/host/store-walk.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { countingFiles } from './counting-files.ts';
import { storeIn } from './kept-store.ts';
import { type Change, changeStore } from './store-change.ts';

const [what, folder = '', crashAfter] = process.argv.slice(2);
let count = 0;
const hear = (name: string): void => {
  writeSync(1, `${++count} ${name}\n`);
  if (count === Number(crashAfter)) process.kill(process.pid, 'SIGKILL');
};

class CountingTable extends StoreTable {
  override alone<Result>(work: () => Result): Result {
    const result = super.alone(work);
    hear('transaction');
    return result;
  }
}

const store = storeIn(folder);
const database = openDatabase(store.database, { durability: 'fast' });
const files = countingFiles(diskFiles, (_, name) => hear(name));
const walk = new StoreWalk(files, store.cartridges, new CountingTable(database));
await changeStore(walk, what as Change);
walk.close();
database.close();
