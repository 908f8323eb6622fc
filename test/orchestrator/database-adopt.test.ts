import { describe, expect, it } from 'vitest';
import { adoptTable } from '../../orchestrator/host/adopt.ts';

const OURS = `CREATE TABLE ours (
  lang TEXT NOT NULL,
  created_at TEXT DEFAULT ('now'),
  script_id INTEGER REFERENCES scripts (id) ON DELETE SET NULL
)`;
const adopt = (columns: string) => adoptTable(columns, OURS, ['lang', 'created_at', 'script_id']);

describe('adopting a table by its text', () => {
  it('changes nothing where nothing is retaken', () => {
    const theirs =
      'CREATE TABLE "t (x" (id INTEGER, -- a, (b\n `c,d` TEXT DEFAULT \'),(\', CHECK(id > 0)) STRICT';
    expect(adopt(theirs)).toBe(theirs);
  });

  it('declares a retaken column as ours, its comments kept', () => {
    expect(
      adopt("CREATE TABLE t (a TEXT, -- the\n /* lang, */ LANG text CHECK(lang IN ('a','b')), b TEXT)"),
    ).toBe('CREATE TABLE t (a TEXT, -- the\n /* lang, */ lang TEXT NOT NULL, b TEXT)');
  });

  it.each(['"lang"', '`lang`', '[lang]', 'Lang'])('knows the column by the name %s', (name) => {
    expect(adopt(`CREATE TABLE t (${name} VARCHAR(9))`)).toBe('CREATE TABLE t (lang TEXT NOT NULL)');
  });

  it.each([
    "CHECK (lang IN ('pixel'))",
    "CONSTRAINT known_lang CHECK (lang = 'pixel' OR \"lang\" = 'gvpie')",
    'FOREIGN KEY (script_id) REFERENCES scripts (lang)',
    'constraint f foreign key ("script_id") references t (code) on delete cascade',
  ])('drops the constraint %s, which speaks of retaken columns only', (constraint) => {
    expect(adopt(`CREATE TABLE t (code TEXT, script_id INT, lang TEXT, ${constraint})`)).toBe(
      'CREATE TABLE t (code TEXT, script_id INTEGER REFERENCES scripts (id) ON DELETE SET NULL, lang TEXT NOT NULL)',
    );
  });

  it.each([
    "CHECK (lang <> 'python' OR length(code) > 3)",
    "CHECK (code <> 'lang')",
    'CHECK (1)',
    'UNIQUE (lang)',
    'PRIMARY KEY (lang)',
    'FOREIGN KEY (code) REFERENCES t (lang)',
    '"check" TEXT',
  ])('keeps %s, which somebody else may rely on', (constraint) => {
    expect(adopt(`CREATE TABLE t (code TEXT, lang TEXT NOT NULL, ${constraint})`)).toBe(
      `CREATE TABLE t (code TEXT, lang TEXT NOT NULL, ${constraint})`,
    );
  });
});
