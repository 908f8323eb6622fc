-- A run of ours is written before its job and its cartridge exist and names both, so that after a
-- crash an open run leads to whatever it left behind. A run without a spool id is the seed's.

ALTER TABLE improvement_runs ADD COLUMN revision INTEGER;
ALTER TABLE improvement_runs ADD COLUMN spool_id TEXT;
-- success, refused, failed or interrupted; NULL while the run is open, and in the seed's history.
ALTER TABLE improvement_runs ADD COLUMN outcome TEXT;

CREATE UNIQUE INDEX gvpie_runs_spool_id ON improvement_runs (spool_id);
CREATE INDEX gvpie_runs_script ON improvement_runs (script_id, id);
CREATE INDEX gvpie_runs_open ON improvement_runs (script_id)
WHERE finished_at IS NULL AND spool_id IS NOT NULL;

-- What is inserted is due, also by INSERT OR REPLACE, which deletes without the delete's triggers. With
-- the id of a script that has run, it must not bear a revision that a run of the old content may yet close.
CREATE TRIGGER gvpie_scripts_inserted AFTER INSERT ON improvement_scripts
WHEN NEW.rendered_revision IS NOT NULL
  OR EXISTS (SELECT 1 FROM improvement_runs WHERE script_id = NEW.id)
BEGIN
  UPDATE improvement_scripts
  SET revision = 1 + coalesce((SELECT max(revision) FROM improvement_runs WHERE script_id = NEW.id), 0),
    rendered_revision = NULL, attempts = 0, retry_at = NULL
  WHERE id = NEW.id;
END;
