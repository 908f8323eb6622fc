/** docs/queue.md: its moves are those of the source, and its SQL does what it says. */
import type BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { MOVES } from '../../orchestrator/life.ts';
import { opened } from '../orchestrator/database.ts';
import { codeBlocks, readPage, tableRows } from './pages.ts';

const page = readPage('docs/queue.md');
const blocks = codeBlocks(page, 'sql');

/** What a block is to be refused with, if it says so in its first line. */
function refusal(block: string): string | undefined {
  return /^-- refused: (.*)$/m.exec(block)?.[1];
}

/** Runs a block; gives what it was refused with. */
function run(database: BetterSqlite3.Database, block: string): string | undefined {
  try {
    database.exec(block);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What a run of all blocks, one after the other, has against the page. */
function objections(all: readonly string[]): string[] {
  const database = opened();
  return all.flatMap((block) => {
    const expected = refusal(block);
    const found = run(database, block);
    if (expected === undefined) return found === undefined ? [] : [`${block}: ${found}`];
    return found?.includes(expected) ? [] : [`${block}: expected ${expected}, found ${found}`];
  });
}

describe('docs/queue.md', () => {
  it('lists every move of a job, and no other', () => {
    const rows = tableRows(page, ['from', 'to', 'when']);
    expect(rows).toEqual(MOVES.map(({ from, to, why }) => [from, to, why]));
  });

  it('has SQL that runs, and what it says is refused is refused so', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(objections(blocks)).toEqual([]);
  });

  it('would be objected to with SQL that does not run, or that is not refused', () => {
    expect(objections(['UPDATE jobs SET status = 1;'])[0]).toContain('no such column: status');
    expect(objections(['-- refused: Expected\nSELECT 1;'])[0]).toContain(
      'expected Expected, found undefined',
    );
  });

  it('has an example in SQL for each column that a person may write, and each view', () => {
    const rows = tableRows(page, ['table', 'column', 'what it says']);
    expect(rows.length).toBe(18);
    const written = blocks.filter((block) => refusal(block) === undefined).join('\n');
    for (const [table, column] of rows) {
      const pattern = new RegExp(`(UPDATE|INSERT INTO) ${table}\\b[^;]*\\b${column}\\b`);
      expect(pattern.test(written), `${table}.${column}`).toBe(true);
    }
    // One is nobody's to read, and one is of docs/keeping.md.
    const views = opened()
      .prepare<[], string>(
        `SELECT name FROM sqlite_schema WHERE type = 'view' AND name NOT IN ('v_new_job', 'backups')`,
      )
      .pluck()
      .all();
    for (const view of views) expect(written).toContain(`FROM ${view}`);
  });

  it('names every column of a script that says when and how its jobs are run', () => {
    const own =
      'id name lang code width height params parents created_at last_run_at run_count success_count revision';
    const planned = 'plan_at revised_at planned_to skipped_slots skipped_at_least';
    const columns = opened()
      .prepare<[], string>(`SELECT name FROM pragma_table_info('improvement_scripts')`)
      .pluck()
      .all()
      .filter((column) => !`${own} ${planned}`.split(' ').includes(column));
    const listed = tableRows(page, ['table', 'column', 'what it says'])
      .filter(([table]) => table === 'improvement_scripts')
      .map(([, column]) => column);
    expect(listed.sort()).toEqual(columns.sort());
  });

  it('does with its SQL what it says', () => {
    const database = opened();
    const one = (sql: string): unknown => database.prepare(sql).pluck().get();
    const upTo = (words: string): void => {
      const end = blocks.findIndex((block) => block.includes(words));
      for (const block of blocks.slice(0, end + 1)) run(database, block);
    };
    upTo(`'clock', 'pixel'`);
    expect(one(`SELECT waits FROM v_due WHERE name = 'report'`)).toBe('waits for sales');
    upTo('needs = NULL');
    expect(one(`SELECT waits FROM v_due WHERE name = 'report'`)).toBeNull();
    upTo(`'order-7'`);
    expect(one(`SELECT count(*) FROM improvement_scripts WHERE submit_key = 'order-7'`)).toBe(1);
    upTo('SET cancel = 1');
    expect(
      one(`SELECT state FROM jobs WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = 'sales')
      ORDER BY id DESC LIMIT 1`),
    ).toBe('cancelled');
  });
});
