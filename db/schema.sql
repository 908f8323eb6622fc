-- The schema that all migrations together leave behind, compared by test/orchestrator.

CREATE TABLE cartridges (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file_name TEXT NOT NULL UNIQUE,
  script_id INTEGER REFERENCES improvement_scripts (id) ON DELETE SET NULL,
  run_id INTEGER REFERENCES improvement_runs (id) ON DELETE SET NULL,
  checksum TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE improvement_runs (
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
, revision INTEGER, spool_id TEXT, outcome TEXT);

CREATE TABLE improvement_scripts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  lang TEXT NOT NULL,
  code TEXT NOT NULL,
  enabled INTEGER DEFAULT 1,
  created_at TEXT DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  last_run_at TEXT,
  run_count INTEGER DEFAULT 0,
  success_count INTEGER DEFAULT 0
, width INTEGER NOT NULL DEFAULT 128, height INTEGER NOT NULL DEFAULT 64, revision INTEGER NOT NULL DEFAULT 1, rendered_revision INTEGER, attempts INTEGER NOT NULL DEFAULT 0, retry_at TEXT, params TEXT);

CREATE INDEX gvpie_cartridges_checksum ON cartridges (checksum);

CREATE INDEX gvpie_cartridges_run ON cartridges (run_id);

CREATE INDEX gvpie_cartridges_script ON cartridges (script_id);

CREATE INDEX gvpie_runs_open ON improvement_runs (script_id)
WHERE finished_at IS NULL AND spool_id IS NOT NULL;

CREATE INDEX gvpie_runs_script ON improvement_runs (script_id, id);

CREATE UNIQUE INDEX gvpie_runs_spool_id ON improvement_runs (spool_id);

CREATE INDEX gvpie_scripts_due ON improvement_scripts (last_run_at, id)
WHERE enabled = 1 AND rendered_revision IS NULL;

CREATE TRIGGER gvpie_runs_deleted BEFORE DELETE ON improvement_runs
BEGIN
  UPDATE cartridges SET run_id = NULL WHERE run_id = OLD.id;
END;

CREATE TRIGGER gvpie_scripts_deleted BEFORE DELETE ON improvement_scripts
BEGIN
  UPDATE improvement_runs SET script_id = NULL WHERE script_id = OLD.id;
  UPDATE cartridges SET script_id = NULL WHERE script_id = OLD.id;
END;

CREATE TRIGGER gvpie_scripts_id_inserted AFTER INSERT ON improvement_scripts
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 9007199254740991
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 9007199254740991');
END;

CREATE TRIGGER gvpie_scripts_id_updated AFTER UPDATE OF id ON improvement_scripts
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 9007199254740991
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 9007199254740991');
END;

CREATE TRIGGER gvpie_scripts_inserted AFTER INSERT ON improvement_scripts
WHEN NEW.rendered_revision IS NOT NULL
  OR EXISTS (SELECT 1 FROM improvement_runs WHERE script_id = NEW.id)
BEGIN
  UPDATE improvement_scripts
  SET revision = 1 + coalesce((SELECT max(revision) FROM improvement_runs WHERE script_id = NEW.id), 0),
    rendered_revision = NULL, attempts = 0, retry_at = NULL
  WHERE id = NEW.id;
END;

CREATE TRIGGER gvpie_scripts_lang_inserted BEFORE INSERT ON improvement_scripts
WHEN NEW.lang NOT IN ('pixel', 'gvpie', 'cartridge', 'python')
BEGIN
  SELECT RAISE(ABORT, 'Expected lang to be pixel, gvpie, cartridge or python');
END;

CREATE TRIGGER gvpie_scripts_lang_updated BEFORE UPDATE OF lang ON improvement_scripts
WHEN NEW.lang IS NOT OLD.lang AND NEW.lang NOT IN ('pixel', 'gvpie', 'cartridge', 'python')
BEGIN
  SELECT RAISE(ABORT, 'Expected lang to be pixel, gvpie, cartridge or python');
END;

CREATE TRIGGER gvpie_scripts_revised AFTER UPDATE OF lang, code, width, height, params ON improvement_scripts
WHEN OLD.lang IS NOT NEW.lang COLLATE BINARY
  OR OLD.code IS NOT NEW.code COLLATE BINARY
  OR OLD.width IS NOT NEW.width COLLATE BINARY
  OR OLD.height IS NOT NEW.height COLLATE BINARY
  OR OLD.params IS NOT NEW.params COLLATE BINARY
BEGIN
  UPDATE improvement_scripts
  SET revision = OLD.revision + 1, rendered_revision = NULL, attempts = 0, retry_at = NULL
  WHERE id = NEW.id;
END;
