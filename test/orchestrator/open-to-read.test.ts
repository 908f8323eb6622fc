/** A database that is opened for a look: by its bytes or in its place, by its own name, and with nothing left behind. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attempt } from '../../orchestrator/host/database-fault.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { openToRead } from '../../orchestrator/host/open-to-read.ts';
import { temporaryFolder } from './database.ts';

/** A database that nobody has open. */
function written(): string {
  const path = join(temporaryFolder(), 'daemon.db');
  openDatabase(path, { durability: 'fast' }).close();
  return path;
}

describe('a database that nobody has open', () => {
  it.each([
    ['into memory as long as there is room', 0, true],
    ['in its place where it is longer', -1, false],
  ])('is read %s', (_, room, isMemory) => {
    const path = written();
    const before = readFileSync(path);
    const database = openToRead(path, statSync(path).size + room);
    if (database === undefined) throw new Error('none');
    expect([database.memory, database.name]).toEqual([isMemory, path]);
    expect(database.prepare('SELECT count(*) FROM improvement_scripts').pluck().get()).toBe(1);
    const write = () => attempt('write', database.name, () => database.exec('DELETE FROM jobs'));
    expect(write).toThrow(`Cannot write the database ${path}: attempt to write a readonly database`);
    database.close();
    expect(readdirSync(join(path, '..'))).toEqual(['daemon.db']);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
