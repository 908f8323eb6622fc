-- What makes a script due: its content has a revision, and the revision that was last rendered or
-- refused is kept beside it. NULL means due. Triggers keep both, so any SQLite client's UPDATE is seen.

ALTER TABLE improvement_scripts ADD COLUMN width INTEGER NOT NULL DEFAULT 128;
ALTER TABLE improvement_scripts ADD COLUMN height INTEGER NOT NULL DEFAULT 64;
ALTER TABLE improvement_scripts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE improvement_scripts ADD COLUMN rendered_revision INTEGER;
-- Faults of the world in a row, and the time (ISO 8601 UTC) before which none is provoked again.
ALTER TABLE improvement_scripts ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE improvement_scripts ADD COLUMN retry_at TEXT;

-- In the order in which scripts are taken: NULL (never run) sorts first.
-- enabled NULL is off: only 1 is on, as in the seed's own query.
CREATE INDEX gvpie_scripts_due ON improvement_scripts (last_run_at, id)
WHERE enabled = 1 AND rendered_revision IS NULL;

-- COLLATE BINARY: an adopted column may be declared NOCASE, and "a" is not "A" to a program.
CREATE TRIGGER gvpie_scripts_revised AFTER UPDATE OF lang, code, width, height ON improvement_scripts
WHEN OLD.lang IS NOT NEW.lang COLLATE BINARY
  OR OLD.code IS NOT NEW.code COLLATE BINARY
  OR OLD.width IS NOT NEW.width COLLATE BINARY
  OR OLD.height IS NOT NEW.height COLLATE BINARY
BEGIN
  UPDATE improvement_scripts
  SET revision = OLD.revision + 1, rendered_revision = NULL, attempts = 0, retry_at = NULL
  WHERE id = NEW.id;
END;

-- Ids beyond 2^53 - 1 are not exact in every client, ours included: two scripts could be taken for one.
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
