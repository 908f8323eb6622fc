-- The registry of cartridges on the shelf: which run made which file, and how to find one by its pixels.

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

CREATE INDEX gvpie_cartridges_checksum ON cartridges (checksum);
CREATE INDEX gvpie_cartridges_script ON cartridges (script_id);
CREATE INDEX gvpie_cartridges_run ON cartridges (run_id);

-- Most SQLite clients leave foreign keys off, so that their DELETE would leave ids that point nowhere.
CREATE TRIGGER gvpie_scripts_deleted BEFORE DELETE ON improvement_scripts
BEGIN
  UPDATE improvement_runs SET script_id = NULL WHERE script_id = OLD.id;
  UPDATE cartridges SET script_id = NULL WHERE script_id = OLD.id;
END;

CREATE TRIGGER gvpie_runs_deleted BEFORE DELETE ON improvement_runs
BEGIN
  UPDATE cartridges SET run_id = NULL WHERE run_id = OLD.id;
END;
