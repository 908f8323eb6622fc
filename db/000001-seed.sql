-- The seed's two tables. A database made by the seed's own schema has them already: it was adopted
-- (orchestrator/host/adopt.ts) and keeps its own, with every row.

CREATE TEMP TABLE before AS
SELECT EXISTS (
  SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'improvement_scripts' COLLATE NOCASE
) AS had_scripts;

-- lang has no CHECK: a CHECK would make an adopted row of another lang invalid. Triggers of the next
-- migration refuse a wrong lang where it is written, and leave old rows alone.
CREATE TABLE IF NOT EXISTS improvement_scripts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  lang TEXT NOT NULL,
  code TEXT NOT NULL,
  enabled INTEGER DEFAULT 1,
  created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  last_run_at TEXT,
  run_count INTEGER DEFAULT 0,
  success_count INTEGER DEFAULT 0
);

-- script_id becomes NULL when its script goes: a run is history, and its cartridge is still there.
CREATE TABLE IF NOT EXISTS improvement_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  script_id INTEGER REFERENCES improvement_scripts (id) ON DELETE SET NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  success INTEGER,
  stdout TEXT,
  stderr TEXT,
  duration_ms INTEGER,
  backend TEXT,
  cartridge_path TEXT
);

-- The first program, in a new database only: whoever deletes it has deleted it.
INSERT INTO improvement_scripts (name, lang, code)
SELECT 'hello_gpu', 'gvpie', 'TXT 10 10 Hello GPU' || char(10) || 'HALT'
FROM temp.before WHERE NOT had_scripts;

DROP TABLE temp.before;
