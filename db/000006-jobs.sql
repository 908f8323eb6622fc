-- The queue. A job is one thing to be rendered: a script at a revision, or one of its slots in time, or one point of
-- its matrix. `slot` says which, and no script has two jobs of one slot. orchestrator/life.ts explains states and moves.

-- Revision and retries move from scripts to jobs.
DROP TRIGGER gvpie_scripts_revised;
DROP TRIGGER gvpie_scripts_inserted;
DROP TRIGGER gvpie_scripts_deleted;
DROP INDEX gvpie_scripts_due;

-- How many later jobs of priority 0 a job may overtake, in hundreds: from -100 to 100.
ALTER TABLE improvement_scripts ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
-- NULL is once for each revision; otherwise `every 10s`, `cron 0 9 * * 1-5` or `at 2026-12-24T18:00:00Z`.
ALTER TABLE improvement_scripts ADD COLUMN schedule TEXT;
-- An IANA name; NULL is UTC.
ALTER TABLE improvement_scripts ADD COLUMN time_zone TEXT;
-- What becomes of slots that were missed: skip, one (the latest) or all.
ALTER TABLE improvement_scripts ADD COLUMN catch_up TEXT NOT NULL DEFAULT 'one';
-- Faults of the world after which a job is dead.
ALTER TABLE improvement_scripts ADD COLUMN max_attempts INTEGER NOT NULL DEFAULT 50;
-- Jobs of this script at once; NULL is 1, and for a matrix as many as there is room for.
ALTER TABLE improvement_scripts ADD COLUMN concurrency INTEGER;
-- A JSON array of names of scripts that have to succeed first.
ALTER TABLE improvement_scripts ADD COLUMN needs TEXT;
-- A JSON object of PARAMs and arrays of values: a job for each combination.
ALTER TABLE improvement_scripts ADD COLUMN matrix TEXT;
-- A name that scripts share which belong together.
ALTER TABLE improvement_scripts ADD COLUMN batch TEXT;
-- A JSON object that says what a picture has to be like; otherwise its run is rejected.
ALTER TABLE improvement_scripts ADD COLUMN expect TEXT;
-- Unique: who submits twice under one key has submitted once.
ALTER TABLE improvement_scripts ADD COLUMN submit_key TEXT;
-- 1: rendered again even when the picture is known.
ALTER TABLE improvement_scripts ADD COLUMN force INTEGER NOT NULL DEFAULT 0;
-- What its pictures are made from: a JSON array of the checksums of cartridges, at most 16, which their labels name.
ALTER TABLE improvement_scripts ADD COLUMN parents TEXT;
-- When an orchestrator looks at its schedule or matrix again; NULL is never, and an empty text now. Its slots since
-- revised_at are dealt with up to planned_to; so many of them were passed over.
ALTER TABLE improvement_scripts ADD COLUMN plan_at TEXT;
ALTER TABLE improvement_scripts ADD COLUMN revised_at TEXT;
ALTER TABLE improvement_scripts ADD COLUMN planned_to TEXT;
ALTER TABLE improvement_scripts ADD COLUMN skipped_slots INTEGER NOT NULL DEFAULT 0;
-- 1: there were more of them, as a cron's are not all counted.
ALTER TABLE improvement_scripts ADD COLUMN skipped_at_least INTEGER NOT NULL DEFAULT 0 CHECK (skipped_at_least IN (0, 1));

CREATE UNIQUE INDEX gvpie_scripts_submit_key ON improvement_scripts (submit_key) WHERE submit_key IS NOT NULL;
CREATE INDEX gvpie_scripts_batch ON improvement_scripts (batch) WHERE batch IS NOT NULL;
CREATE INDEX gvpie_scripts_plan ON improvement_scripts (plan_at) WHERE plan_at IS NOT NULL;

-- What orchestrators do by themselves: of each slot of GVPIE_GC_EVERY one sweep, and of GVPIE_BACKUP_EVERY one backup,
-- whoever makes it.
CREATE TABLE own_work (
  kind TEXT NOT NULL CHECK (kind IN ('backup', 'sweep')),
  -- The folder where backups lie; empty of sweeps.
  place TEXT NOT NULL,
  -- Of a person's sweep, its time.
  slot TEXT NOT NULL,
  -- The orchestrator that makes it, or made it.
  owner TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  -- NULL while it is made; failed; of a backup done or incomplete (some cartridges are not in it); of a sweep swept or fuse.
  outcome TEXT,
  -- What it came to, or why it failed: a JSON object.
  result TEXT,
  PRIMARY KEY (kind, place, slot)
) WITHOUT ROWID;

-- `bytes`: what was written of cartridges that no earlier one had, and of the database. `message`: why it failed, or what is
-- not in it.
CREATE VIEW backups AS
SELECT place AS folder, slot, owner, attempts, started_at, finished_at, outcome, json_extract(result, '$.name') AS name,
  json_extract(result, '$.cartridges') AS cartridges, json_extract(result, '$.bytes') AS bytes,
  json_extract(result, '$.message') AS message
FROM own_work WHERE kind = 'backup';

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- NULL once the script was deleted.
  script_id INTEGER REFERENCES improvement_scripts (id) ON DELETE SET NULL,
  slot TEXT NOT NULL,
  revision INTEGER NOT NULL,
  -- SQLite builds a table of a list in IN of more than two, for each row anew: where every job comes by, there is none.
  lang TEXT NOT NULL CONSTRAINT "lang IN (pixel, gvpie, cartridge, python, other)"
    CHECK (lang = 'pixel' OR lang = 'gvpie' OR lang = 'cartridge' OR lang = 'python' OR lang = 'other'),
  -- A point of the matrix: a JSON object that goes over the script's params; NULL for none.
  params TEXT,
  -- Lower is taken first: the number of jobs there were before, less a hundred for each priority.
  rank INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued'
    CONSTRAINT "state IN (queued, running, done, refused, rejected, dead, cancelled, skipped)"
    CHECK (state = 'queued' OR state = 'running' OR state = 'done' OR state = 'refused' OR state = 'rejected'
      OR state = 'dead' OR state = 'cancelled' OR state = 'skipped'),
  -- 1 while its script is not enabled.
  held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
  -- 1 while a script that it needs has not succeeded.
  blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)),
  -- Write 1 to cancel it, queued or running.
  cancel INTEGER NOT NULL DEFAULT 0 CHECK (cancel IN (0, 1)),
  -- 1: rendered again even when the picture is known.
  forced INTEGER NOT NULL DEFAULT 0 CHECK (forced IN (0, 1)),
  -- Faults of the world in a row, and the time before which none is provoked again.
  attempts INTEGER NOT NULL DEFAULT 0,
  retry_at TEXT,
  due_at TEXT NOT NULL,
  ended_at TEXT,
  UNIQUE (script_id, slot)
);

-- With the script, so that jobs of one without room are passed over without a look at them.
CREATE INDEX gvpie_jobs_due ON jobs (lang, rank, id, script_id)
WHERE state = 'queued' AND held = 0 AND blocked = 0 AND retry_at IS NULL;
-- SQLite uses them for a state that stands there as it does here, and for no IN.
CREATE INDEX gvpie_jobs_queued ON jobs (script_id, blocked) WHERE state = 'queued';
CREATE INDEX gvpie_jobs_running ON jobs (script_id, lang) WHERE state = 'running';
CREATE INDEX gvpie_jobs_retry ON jobs (retry_at) WHERE state = 'queued' AND retry_at IS NOT NULL;
-- Whether a script has succeeded is asked whenever a job ends that another one needs: neither takes a look at each job of it.
CREATE INDEX gvpie_jobs_done ON jobs (script_id, revision) WHERE state = 'done';
CREATE INDEX gvpie_jobs_amiss ON jobs (script_id, revision)
WHERE state <> 'queued' AND state <> 'running' AND state <> 'done';
CREATE INDEX gvpie_jobs_dead ON jobs (ended_at) WHERE state = 'dead';

ALTER TABLE improvement_runs ADD COLUMN job_id INTEGER;
CREATE INDEX gvpie_runs_job ON improvement_runs (job_id) WHERE job_id IS NOT NULL;
-- The orchestrator that began it: only that one ends it, or who finds that one dead.
ALTER TABLE improvement_runs ADD COLUMN owner TEXT;
-- 1: the picture was known, and nothing was rendered.
ALTER TABLE improvement_runs ADD COLUMN known INTEGER NOT NULL DEFAULT 0 CHECK (known IN (0, 1));

-- Equal work is rendered once: a key of program, canvas, params and inputs, and what the language meant to the renderer.
ALTER TABLE cartridges ADD COLUMN work TEXT;
ALTER TABLE cartridges ADD COLUMN semantics TEXT;

-- Lineage: the checksums of the cartridges that it was made from, as its label names them: a JSON array; NULL for none.
ALTER TABLE cartridges ADD COLUMN parents TEXT;

-- `cartridges.parents` a row each, kept by triggers.
CREATE TABLE cartridge_parents (
  parent TEXT NOT NULL,
  cartridge_id INTEGER NOT NULL,
  PRIMARY KEY (parent, cartridge_id)
) WITHOUT ROWID;

CREATE INDEX gvpie_parents_cartridge ON cartridge_parents (cartridge_id);

CREATE TRIGGER gvpie_cartridges_parents_inserted AFTER INSERT ON cartridges WHEN NEW.parents IS NOT NULL
BEGIN
  INSERT OR IGNORE INTO cartridge_parents SELECT value, NEW.id
  FROM json_each(CASE WHEN json_valid(NEW.parents) THEN NEW.parents ELSE '[]' END) WHERE type = 'text';
END;

CREATE TRIGGER gvpie_cartridges_parents_updated AFTER UPDATE OF parents ON cartridges
WHEN OLD.parents IS NOT NEW.parents
BEGIN
  DELETE FROM cartridge_parents WHERE cartridge_id = NEW.id;
  INSERT OR IGNORE INTO cartridge_parents SELECT value, NEW.id
  FROM json_each(CASE WHEN json_valid(NEW.parents) THEN NEW.parents ELSE '[]' END) WHERE type = 'text';
END;

CREATE TRIGGER gvpie_cartridges_parents_deleted AFTER DELETE ON cartridges WHEN OLD.parents IS NOT NULL
BEGIN
  DELETE FROM cartridge_parents WHERE cartridge_id = OLD.id;
END;

-- Pictures by others that programs may draw: PNGs without a label, known by their pixels. Retention leaves them alone.
CREATE TABLE inputs (
  file_name TEXT PRIMARY KEY,
  checksum TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  imported_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX gvpie_inputs_checksum ON inputs (checksum);

CREATE INDEX gvpie_cartridges_work ON cartridges (work) WHERE work IS NOT NULL;

-- Retention: what is known of what was removed; orchestrator/sweep.ts explains it.
-- The checksums of a cartridge's inputs, a JSON array; NULL where only its label says.
ALTER TABLE cartridges ADD COLUMN inputs TEXT;
-- When it was given up: from then on nobody is handed it. 1 once its file is gone.
ALTER TABLE cartridges ADD COLUMN swept_at TEXT;
ALTER TABLE cartridges ADD COLUMN file_gone INTEGER NOT NULL DEFAULT 0;
-- When a person put it there, by import or publish: it stays. NULL of what was rendered from rows.
ALTER TABLE cartridges ADD COLUMN taken_in_at TEXT;
-- SHA-256 of the file, hex: the name of its object on the shelf. NULL where nobody has read it since. It has no index: that
-- would be a page of the log for each row, and who looks for a file by it reads the whole registry anyway.
ALTER TABLE cartridges ADD COLUMN file_sha256 TEXT;
-- 1 where its file had an object when it was put there or found: another cartridge may have the same.
ALTER TABLE cartridges ADD COLUMN shares_file INTEGER NOT NULL DEFAULT 0;
CREATE INDEX gvpie_cartridges_sharing ON cartridges (file_sha256) WHERE shares_file = 1;

CREATE INDEX gvpie_cartridges_swept ON cartridges (file_gone, id) WHERE swept_at IS NOT NULL;
CREATE INDEX gvpie_cartridges_forgotten ON cartridges (id) WHERE file_gone = 1 AND run_id IS NULL;
-- Whether one of them has changed is asked while cartridges are given up: not at the price of reading past their programs.
CREATE INDEX gvpie_scripts_planned ON improvement_scripts (revision, revised_at)
WHERE schedule IS NOT NULL OR matrix IS NOT NULL;
CREATE INDEX gvpie_runs_known ON improvement_runs (cartridge_path, id) WHERE known = 1;

-- Slots in time whose jobs were removed, as spans of their names: they are not run again when a clock is set back.
CREATE TABLE swept_slots (
  script_id INTEGER NOT NULL,
  first TEXT NOT NULL,
  last TEXT NOT NULL
);

CREATE INDEX gvpie_swept_slots ON swept_slots (script_id, last);

-- One row: by what backups know this database from another. Its copies have it too.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  value TEXT NOT NULL
);

INSERT INTO identity VALUES (1, lower(hex(randomblob(16))));

-- Who may own runs. An orchestrator counts its heartbeat up while it has any.
CREATE TABLE orchestrators (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  start_time INTEGER,
  boot_id TEXT,
  pid_namespace TEXT,
  version TEXT NOT NULL,
  started_at TEXT NOT NULL,
  heartbeat INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- What is in a person's hands: `engine` is all, the others are langs. concurrency NULL is no bound.
CREATE TABLE controls (
  scope TEXT PRIMARY KEY,
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  concurrency INTEGER CHECK (concurrency >= 1),
  max_queued INTEGER CHECK (max_queued >= 1)
) WITHOUT ROWID;

INSERT INTO controls (scope, max_queued) VALUES
  ('engine', 1000000), ('pixel', NULL), ('gvpie', NULL), ('cartridge', NULL), ('python', NULL), ('other', NULL);

-- `needs` a row each, kept by triggers.
CREATE TABLE script_needs (
  script_id INTEGER NOT NULL,
  needed TEXT NOT NULL,
  PRIMARY KEY (script_id, needed)
) WITHOUT ROWID;

CREATE INDEX gvpie_needs_needed ON script_needs (needed);

-- Met: the script of that name has succeeded at its present revision; of a matrix, at every point.
CREATE VIEW v_needs AS
SELECT need.script_id, need.needed, EXISTS (
  SELECT 1 FROM improvement_scripts AS script
  WHERE script.name = need.needed
    AND EXISTS (
      SELECT 1 FROM jobs WHERE script_id = script.id AND revision = script.revision AND state = 'done'
    )
    AND (script.matrix IS NULL OR script.schedule IS NOT NULL OR NOT (
      EXISTS (SELECT 1 FROM jobs WHERE script_id = script.id AND revision = script.revision AND state = 'queued')
      OR EXISTS (SELECT 1 FROM jobs WHERE script_id = script.id AND revision = script.revision AND state = 'running')
      OR EXISTS (
        SELECT 1 FROM jobs
        WHERE script_id = script.id AND revision = script.revision
          AND state <> 'queued' AND state <> 'running' AND state <> 'done'
      )
    ))
) AS met
FROM script_needs AS need;

-- What a new job of a script looks like, as things stand.
CREATE VIEW v_new_job AS
SELECT script.id AS script_id, script.revision,
  CASE script.lang WHEN 'pixel' THEN 'pixel' WHEN 'gvpie' THEN 'gvpie' WHEN 'cartridge' THEN 'cartridge'
    WHEN 'python' THEN 'python' ELSE 'other' END AS lang,
  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'jobs'), 0) + 1
    - 100 * max(-100, min(100, CAST(script.priority AS INTEGER))) AS rank,
  script.enabled IS NOT 1 AS held,
  EXISTS (SELECT 1 FROM v_needs WHERE script_id = script.id AND NOT met) AS blocked,
  strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS now
FROM improvement_scripts AS script;

-- Scripts that are there already: those that were due are queued, the others have ended as their last run did.
INSERT INTO jobs (script_id, slot, revision, lang, rank, state, held, attempts, retry_at, due_at, ended_at)
SELECT script.id, 'r' || script.revision, script.revision, fresh.lang,
  row_number() OVER (ORDER BY script.last_run_at, script.id),
  CASE
    WHEN EXISTS (SELECT 1 FROM improvement_runs WHERE script_id = script.id AND spool_id IS NOT NULL
      AND finished_at IS NULL AND revision = script.revision) THEN 'running'
    WHEN script.rendered_revision IS NULL THEN 'queued'
    WHEN 'refused' = (SELECT outcome FROM improvement_runs WHERE script_id = script.id ORDER BY id DESC LIMIT 1)
      THEN 'refused'
    ELSE 'done'
  END,
  fresh.held, script.attempts, CASE WHEN script.rendered_revision IS NULL THEN script.retry_at END, fresh.now,
  CASE WHEN script.rendered_revision IS NOT NULL THEN coalesce(script.last_run_at, fresh.now) END
FROM improvement_scripts AS script JOIN v_new_job AS fresh ON fresh.script_id = script.id;

UPDATE improvement_runs SET job_id = (
  SELECT id FROM jobs WHERE script_id = improvement_runs.script_id AND revision = improvement_runs.revision
) WHERE spool_id IS NOT NULL;

ALTER TABLE improvement_scripts DROP COLUMN rendered_revision;
ALTER TABLE improvement_scripts DROP COLUMN attempts;
ALTER TABLE improvement_scripts DROP COLUMN retry_at;

CREATE TRIGGER gvpie_scripts_inserted AFTER INSERT ON improvement_scripts
BEGIN
  SELECT CASE WHEN NEW.needs IS NULL THEN NULL
    WHEN NOT json_valid(NEW.needs) THEN RAISE(ABORT, 'Expected needs to be a JSON array of names of scripts')
    WHEN json_type(NEW.needs) <> 'array' OR EXISTS (SELECT 1 FROM json_each(NEW.needs) WHERE type <> 'text')
    THEN RAISE(ABORT, 'Expected needs to be a JSON array of names of scripts') END;
  -- INSERT OR REPLACE deletes without the delete's triggers.
  DELETE FROM script_needs WHERE script_id = NEW.id;
  DELETE FROM swept_slots WHERE script_id = NEW.id;
  INSERT INTO script_needs SELECT DISTINCT NEW.id, value FROM json_each(NEW.needs) WHERE NEW.needs IS NOT NULL;
  UPDATE script_needs SET needed = needed WHERE script_id = NEW.id;
  -- With the id of a script that was there, it must not bear a revision that a run of the old one may yet close.
  UPDATE improvement_scripts SET revision = 1 + max(
    coalesce((SELECT max(revision) FROM improvement_runs WHERE script_id = NEW.id), 0),
    coalesce((SELECT max(revision) FROM jobs WHERE script_id = NEW.id), 0)
  ) WHERE id = NEW.id AND (
    EXISTS (SELECT 1 FROM improvement_runs WHERE script_id = NEW.id) OR EXISTS (SELECT 1 FROM jobs WHERE script_id = NEW.id)
  );
  UPDATE improvement_scripts
  SET plan_at = '', revised_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), planned_to = NULL, skipped_slots = 0,
    skipped_at_least = 0
  WHERE id = NEW.id AND (schedule IS NOT NULL OR matrix IS NOT NULL);
  INSERT INTO jobs (script_id, slot, revision, lang, rank, held, blocked, due_at)
  SELECT script_id, 'r' || revision, revision, lang, rank, held, blocked, now FROM v_new_job AS fresh
  WHERE script_id = NEW.id AND NEW.schedule IS NULL AND NEW.matrix IS NULL
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE script_id = NEW.id AND revision = fresh.revision);
  -- What INSERT OR REPLACE leaves of a script: with foreign keys, its jobs are nobody's; and who needs it waits again.
  DELETE FROM jobs WHERE state = 'queued' AND script_id IS NULL;
  UPDATE jobs SET blocked = 1
  WHERE state = 'queued' AND script_id IN (SELECT script_id FROM script_needs WHERE needed = NEW.name);
END;

-- COLLATE BINARY: an adopted column may be declared NOCASE, and "a" is not "A" to a program.
CREATE TRIGGER gvpie_scripts_revised
AFTER UPDATE OF lang, code, width, height, params, schedule, time_zone, matrix, expect ON improvement_scripts
WHEN OLD.lang IS NOT NEW.lang COLLATE BINARY
  OR OLD.code IS NOT NEW.code COLLATE BINARY
  OR OLD.width IS NOT NEW.width COLLATE BINARY
  OR OLD.height IS NOT NEW.height COLLATE BINARY
  OR OLD.params IS NOT NEW.params COLLATE BINARY
  OR OLD.schedule IS NOT NEW.schedule COLLATE BINARY
  OR OLD.time_zone IS NOT NEW.time_zone COLLATE BINARY
  OR OLD.matrix IS NOT NEW.matrix COLLATE BINARY
  OR OLD.expect IS NOT NEW.expect COLLATE BINARY
BEGIN
  UPDATE improvement_scripts SET revision = OLD.revision + 1 WHERE id = NEW.id;
END;

-- What waits of the old revision gives its place to the new one. What runs goes on.
CREATE TRIGGER gvpie_scripts_moved_on AFTER UPDATE OF revision ON improvement_scripts
WHEN OLD.revision IS NOT NEW.revision
BEGIN
  UPDATE jobs SET state = 'skipped', ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  WHERE script_id = NEW.id AND state = 'queued';
  UPDATE improvement_scripts
  SET plan_at = CASE WHEN schedule IS NOT NULL OR matrix IS NOT NULL THEN '' END,
    revised_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), planned_to = NULL
  WHERE id = NEW.id AND (schedule IS NOT NULL OR matrix IS NOT NULL OR plan_at IS NOT NULL);
  INSERT INTO jobs (script_id, slot, revision, lang, rank, held, blocked, due_at)
  SELECT script_id, 'r' || revision, revision, lang, rank, held, blocked, now FROM v_new_job
  WHERE script_id = NEW.id AND NEW.schedule IS NULL AND NEW.matrix IS NULL;
  UPDATE jobs
  SET blocked = EXISTS (SELECT 1 FROM v_needs WHERE script_id = jobs.script_id AND NOT met)
  WHERE state = 'queued' AND script_id IN (SELECT script_id FROM script_needs WHERE needed = NEW.name);
END;

-- A job does not stay under way without a run: it is as if that had been cut off.
DROP TRIGGER gvpie_runs_deleted;
CREATE TRIGGER gvpie_runs_deleted BEFORE DELETE ON improvement_runs
BEGIN
  UPDATE cartridges SET run_id = NULL WHERE run_id = OLD.id;
  UPDATE jobs SET state = 'skipped', ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  WHERE id = OLD.job_id AND state = 'running' AND OLD.finished_at IS NULL AND cancel = 0 AND NOT EXISTS (
    SELECT 1 FROM improvement_scripts WHERE id = jobs.script_id AND revision = jobs.revision
  );
  UPDATE jobs SET state = 'cancelled', cancel = 0, ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  WHERE id = OLD.job_id AND state = 'running' AND OLD.finished_at IS NULL AND cancel = 1;
  UPDATE jobs SET state = 'queued',
    (held, blocked) = (SELECT held, blocked FROM v_new_job WHERE script_id = jobs.script_id)
  WHERE id = OLD.job_id AND state = 'running' AND OLD.finished_at IS NULL;
END;

CREATE TRIGGER gvpie_scripts_enabled AFTER UPDATE OF enabled ON improvement_scripts
WHEN OLD.enabled IS NOT NEW.enabled
BEGIN
  UPDATE jobs SET held = NEW.enabled IS NOT 1 WHERE script_id = NEW.id AND state = 'queued';
END;

CREATE TRIGGER gvpie_scripts_ranked AFTER UPDATE OF priority ON improvement_scripts
WHEN OLD.priority IS NOT NEW.priority
BEGIN
  UPDATE jobs SET rank = rank
    + 100 * max(-100, min(100, CAST(OLD.priority AS INTEGER)))
    - 100 * max(-100, min(100, CAST(NEW.priority AS INTEGER)))
  -- Triggers have no promised order: what the same statement queues for a later revision may be here already, with this rank.
  WHERE script_id = NEW.id AND state = 'queued' AND revision = NEW.revision;
END;

-- A wrong one was refused with its plan.
CREATE TRIGGER gvpie_scripts_caught_up AFTER UPDATE OF catch_up ON improvement_scripts
WHEN OLD.catch_up IS NOT NEW.catch_up AND NEW.schedule IS NOT NULL
BEGIN
  UPDATE improvement_scripts SET plan_at = '' WHERE id = NEW.id;
END;

-- Most SQLite clients leave foreign keys off, so that their DELETE would leave ids that point nowhere.
CREATE TRIGGER gvpie_scripts_deleted BEFORE DELETE ON improvement_scripts
BEGIN
  UPDATE improvement_runs SET script_id = NULL WHERE script_id = OLD.id;
  UPDATE cartridges SET script_id = NULL WHERE script_id = OLD.id;
  DELETE FROM jobs WHERE script_id = OLD.id AND state = 'queued';
  UPDATE jobs SET script_id = NULL WHERE script_id = OLD.id;
  DELETE FROM script_needs WHERE script_id = OLD.id;
  DELETE FROM swept_slots WHERE script_id = OLD.id;
END;

CREATE TRIGGER gvpie_scripts_gone AFTER DELETE ON improvement_scripts
WHEN EXISTS (SELECT 1 FROM script_needs WHERE needed = OLD.name)
BEGIN
  UPDATE jobs SET blocked = 1
  WHERE state = 'queued' AND script_id IN (SELECT script_id FROM script_needs WHERE needed = OLD.name);
END;

CREATE TRIGGER gvpie_scripts_needs_updated AFTER UPDATE OF needs ON improvement_scripts
WHEN OLD.needs IS NOT NEW.needs
BEGIN
  SELECT CASE WHEN NEW.needs IS NULL THEN NULL
    WHEN NOT json_valid(NEW.needs) THEN RAISE(ABORT, 'Expected needs to be a JSON array of names of scripts')
    WHEN json_type(NEW.needs) <> 'array' OR EXISTS (SELECT 1 FROM json_each(NEW.needs) WHERE type <> 'text')
    THEN RAISE(ABORT, 'Expected needs to be a JSON array of names of scripts') END;
  DELETE FROM script_needs WHERE script_id = NEW.id;
  INSERT INTO script_needs SELECT DISTINCT NEW.id, value FROM json_each(NEW.needs);
  UPDATE script_needs SET needed = needed WHERE script_id = NEW.id;
  UPDATE jobs SET blocked = EXISTS (SELECT 1 FROM v_needs WHERE script_id = NEW.id AND NOT met)
  WHERE script_id = NEW.id AND state = 'queued';
END;

-- Who needs the old name waits for it, who needs the new one has it.
CREATE TRIGGER gvpie_scripts_renamed AFTER UPDATE OF name ON improvement_scripts
WHEN OLD.name IS NOT NEW.name
  AND EXISTS (SELECT 1 FROM script_needs WHERE needed IN (OLD.name, NEW.name))
BEGIN
  UPDATE script_needs SET needed = needed WHERE needed = NEW.name;
  UPDATE jobs SET blocked = EXISTS (SELECT 1 FROM v_needs WHERE script_id = jobs.script_id AND NOT met)
  WHERE state = 'queued' AND script_id IN (SELECT script_id FROM script_needs WHERE needed IN (OLD.name, NEW.name));
END;

-- RAISE takes no text that is put together before SQLite 3.47, which not every client has; what json_extract cannot
-- use as a path stands in its message. It looks where a need is updated, be it to what it was: an insert would fall to an
-- OR IGNORE of the statement that set it off, which counts for all that triggers write, but an update without a conflict
-- is never passed over.
CREATE TRIGGER gvpie_needs_cycle AFTER UPDATE OF needed ON script_needs
WHEN NEW.script_id IN (
  WITH RECURSIVE needed (id) AS (
    SELECT id FROM improvement_scripts WHERE name = NEW.needed
    UNION
    SELECT script.id FROM needed JOIN script_needs AS need ON need.script_id = needed.id
    JOIN improvement_scripts AS script ON script.name = need.needed
  )
  SELECT id FROM needed
)
BEGIN
  -- Of those that lead back, depth first: there is no dead end, so the first way found is long enough.
  WITH RECURSIVE back (id) AS (
    SELECT NEW.script_id
    UNION
    SELECT need.script_id FROM back JOIN improvement_scripts AS script ON script.id = back.id
    JOIN script_needs AS need ON need.needed = script.name
  ),
  way (id, depth, path) AS (
    SELECT script.id, 1, own.name || ' → ' || script.name
    FROM improvement_scripts AS script, improvement_scripts AS own
    WHERE script.name = NEW.needed AND own.id = NEW.script_id
    UNION ALL
    SELECT script.id, depth + 1, path || ' → ' || script.name
    FROM way JOIN script_needs AS need ON need.script_id = way.id
    JOIN improvement_scripts AS script ON script.name = need.needed
    WHERE way.id <> NEW.script_id AND script.id IN (SELECT id FROM back)
    ORDER BY 2 DESC
  )
  SELECT json_extract('{}', 'Expected needs without a cycle, found ' || path) FROM way WHERE id = NEW.script_id LIMIT 1;
END;

-- The moves of orchestrator/life.ts, and no others, whoever writes.
CREATE TRIGGER gvpie_jobs_moved BEFORE UPDATE OF state ON jobs
WHEN OLD.state <> NEW.state AND NOT CASE OLD.state
  WHEN 'queued' THEN
    NEW.state = 'running' OR NEW.state = 'refused' OR NEW.state = 'cancelled' OR NEW.state = 'skipped'
  WHEN 'running' THEN
    NEW.state = 'done' OR NEW.state = 'queued' OR NEW.state = 'refused' OR NEW.state = 'rejected' OR NEW.state = 'dead'
    OR NEW.state = 'cancelled' OR NEW.state = 'skipped'
  ELSE NEW.state = 'queued' END
BEGIN
  SELECT RAISE(ABORT, 'Expected a move of a job that there is: queued → running → done, refused, rejected, dead, cancelled or skipped, each of these → queued');
END;

CREATE TRIGGER gvpie_jobs_dead BEFORE UPDATE OF state ON jobs
WHEN NEW.state = 'dead' AND NEW.attempts < (SELECT max_attempts FROM improvement_scripts WHERE id = NEW.script_id)
BEGIN
  SELECT RAISE(ABORT, 'Expected a dead job to have no attempts left');
END;

-- Once more: what a person asks for begins anew, at the end of the queue.
CREATE TRIGGER gvpie_jobs_requeued AFTER UPDATE OF state ON jobs
WHEN NEW.state = 'queued' AND OLD.state NOT IN ('queued', 'running')
BEGIN
  SELECT CASE WHEN NOT EXISTS (
    SELECT 1 FROM improvement_scripts WHERE id = NEW.script_id AND revision = NEW.revision
  ) THEN RAISE(ABORT, 'Expected a job of its script''s present revision')
  -- It stands for a plan that was refused, not for a picture.
  WHEN NEW.slot = 'r' || NEW.revision AND EXISTS (
    SELECT 1 FROM improvement_scripts WHERE id = NEW.script_id AND (schedule IS NOT NULL OR matrix IS NOT NULL)
  ) THEN RAISE(ABORT, 'Expected the schedule or the matrix to be mended, which has it planned anew') END;
  UPDATE jobs SET attempts = 0, retry_at = NULL, cancel = 0, ended_at = NULL,
    (rank, held, blocked, due_at) = (SELECT rank, held, blocked, now FROM v_new_job WHERE script_id = NEW.script_id)
  WHERE id = NEW.id;
END;

CREATE TRIGGER gvpie_jobs_cancelled AFTER UPDATE OF cancel ON jobs
WHEN NEW.cancel = 1 AND NEW.state <> 'running'
BEGIN
  UPDATE jobs SET state = 'cancelled', forced = 0, ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
  WHERE id = NEW.id AND state = 'queued';
  UPDATE jobs SET cancel = 0 WHERE id = NEW.id AND state <> 'cancelled';
END;

-- Whoever needs it may begin now, or has to wait again.
CREATE TRIGGER gvpie_jobs_needed AFTER UPDATE OF state ON jobs
WHEN (NEW.state = 'done') <> (OLD.state = 'done') AND EXISTS (
  SELECT 1 FROM improvement_scripts AS script JOIN script_needs AS need ON need.needed = script.name
  WHERE script.id = NEW.script_id
)
BEGIN
  -- Once for each script, however many of its jobs wait.
  UPDATE jobs SET blocked = waiting.blocked
  FROM (
    SELECT script_id, max(NOT met) AS blocked FROM v_needs WHERE script_id IN (
      SELECT need.script_id FROM improvement_scripts AS script JOIN script_needs AS need ON need.needed = script.name
      WHERE script.id = NEW.script_id
    ) GROUP BY script_id
  ) AS waiting
  WHERE jobs.script_id = waiting.script_id AND jobs.state = 'queued' AND jobs.blocked = 1 - waiting.blocked;
END;

-- Ids beyond 2^53 - 1 are not exact in every client, ours included, and AUTOINCREMENT goes on from the largest there ever
-- was. So a row may be given an id up to half of that; beyond, ids only follow each other. Older rows are numbered anew.
CREATE TEMP TABLE renumbered AS
SELECT id AS old, row_number() OVER (ORDER BY id)
  + max(0, (SELECT coalesce(max(id), 0) FROM improvement_runs WHERE id <= 4503599627370496)) AS new
FROM improvement_runs WHERE id NOT BETWEEN -9007199254740991 AND 4503599627370496;
UPDATE cartridges SET run_id = (SELECT new FROM temp.renumbered WHERE old = run_id)
WHERE run_id IN (SELECT old FROM temp.renumbered);
UPDATE improvement_runs SET id = (SELECT new FROM temp.renumbered WHERE old = id)
WHERE id IN (SELECT old FROM temp.renumbered);
DROP TABLE temp.renumbered;

CREATE TEMP TABLE renumbered AS
SELECT id AS old, row_number() OVER (ORDER BY id)
  + max(0, (SELECT coalesce(max(id), 0) FROM cartridges WHERE id <= 4503599627370496)) AS new
FROM cartridges WHERE id NOT BETWEEN -9007199254740991 AND 4503599627370496;
UPDATE cartridges SET id = (SELECT new FROM temp.renumbered WHERE old = id)
WHERE id IN (SELECT old FROM temp.renumbered);
DROP TABLE temp.renumbered;

UPDATE sqlite_sequence SET seq = CASE name COLLATE NOCASE
  WHEN 'cartridges' THEN (SELECT coalesce(max(id), 0) FROM cartridges)
  ELSE (SELECT coalesce(max(id), 0) FROM improvement_runs) END
WHERE seq > 4503599627370496 AND name COLLATE NOCASE IN ('improvement_runs', 'cartridges');

CREATE TRIGGER gvpie_runs_id_inserted AFTER INSERT ON improvement_runs
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 4503599627370496 AND (
  NEW.id NOT BETWEEN 0 AND 9007199254740991 OR NEW.id > 1000000 + coalesce((
    SELECT seq FROM sqlite_sequence WHERE name = 'improvement_runs' COLLATE NOCASE
  ), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 4503599627370496');
END;

-- SQLite takes a column by the name that the statement has for it.
CREATE TRIGGER gvpie_runs_id_updated AFTER UPDATE OF id, rowid, oid, _rowid_ ON improvement_runs
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 4503599627370496 AND (
  NEW.id NOT BETWEEN 0 AND 9007199254740991 OR NEW.id > 1000000 + coalesce((
    SELECT seq FROM sqlite_sequence WHERE name = 'improvement_runs' COLLATE NOCASE
  ), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 4503599627370496');
END;

CREATE TRIGGER gvpie_jobs_id_inserted AFTER INSERT ON jobs
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 4503599627370496 AND (
  NEW.id NOT BETWEEN 0 AND 9007199254740991 OR NEW.id > 1000000 + coalesce((
    SELECT seq FROM sqlite_sequence WHERE name = 'jobs' COLLATE NOCASE
  ), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 4503599627370496');
END;

CREATE TRIGGER gvpie_jobs_id_updated AFTER UPDATE OF id, rowid, oid, _rowid_ ON jobs
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 4503599627370496 AND (
  NEW.id NOT BETWEEN 0 AND 9007199254740991 OR NEW.id > 1000000 + coalesce((
    SELECT seq FROM sqlite_sequence WHERE name = 'jobs' COLLATE NOCASE
  ), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 4503599627370496');
END;

CREATE TRIGGER gvpie_cartridges_id_inserted AFTER INSERT ON cartridges
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 4503599627370496 AND (
  NEW.id NOT BETWEEN 0 AND 9007199254740991 OR NEW.id > 1000000 + coalesce((
    SELECT seq FROM sqlite_sequence WHERE name = 'cartridges' COLLATE NOCASE
  ), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 4503599627370496');
END;

CREATE TRIGGER gvpie_cartridges_id_updated AFTER UPDATE OF id, rowid, oid, _rowid_ ON cartridges
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 4503599627370496 AND (
  NEW.id NOT BETWEEN 0 AND 9007199254740991 OR NEW.id > 1000000 + coalesce((
    SELECT seq FROM sqlite_sequence WHERE name = 'cartridges' COLLATE NOCASE
  ), 0)
)
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 4503599627370496');
END;

-- What retention counts, compares and removes by. Of rows from before, those that are not like that stay.
CREATE TRIGGER gvpie_cartridges_facts_inserted AFTER INSERT ON cartridges
BEGIN
  SELECT CASE
    WHEN typeof(NEW.file_name) <> 'text' OR typeof(NEW.checksum) <> 'text'
    THEN RAISE(ABORT, 'Expected file_name and checksum to be texts')
    WHEN typeof(NEW.bytes) <> 'integer' OR NEW.bytes NOT BETWEEN 0 AND 9007199254740991
    THEN RAISE(ABORT, 'Expected bytes to be a whole number from 0 to 9007199254740991')
    WHEN NEW.inputs IS NULL THEN NULL
    WHEN typeof(NEW.inputs) <> 'text' OR NOT json_valid(NEW.inputs)
    THEN RAISE(ABORT, 'Expected inputs to be a JSON array of checksums')
    WHEN json_type(NEW.inputs) <> 'array' OR EXISTS (SELECT 1 FROM json_each(NEW.inputs) WHERE type <> 'text')
    THEN RAISE(ABORT, 'Expected inputs to be a JSON array of checksums') END;
END;

CREATE TRIGGER gvpie_cartridges_facts_updated AFTER UPDATE OF file_name, checksum, bytes, inputs ON cartridges
BEGIN
  SELECT CASE
    WHEN typeof(NEW.file_name) <> 'text' OR typeof(NEW.checksum) <> 'text'
    THEN RAISE(ABORT, 'Expected file_name and checksum to be texts')
    WHEN typeof(NEW.bytes) <> 'integer' OR NEW.bytes NOT BETWEEN 0 AND 9007199254740991
    THEN RAISE(ABORT, 'Expected bytes to be a whole number from 0 to 9007199254740991')
    WHEN NEW.inputs IS NULL THEN NULL
    WHEN typeof(NEW.inputs) <> 'text' OR NOT json_valid(NEW.inputs)
    THEN RAISE(ABORT, 'Expected inputs to be a JSON array of checksums')
    WHEN json_type(NEW.inputs) <> 'array' OR EXISTS (SELECT 1 FROM json_each(NEW.inputs) WHERE type <> 'text')
    THEN RAISE(ABORT, 'Expected inputs to be a JSON array of checksums') END;
END;

DROP TRIGGER gvpie_scripts_id_updated;
CREATE TRIGGER gvpie_scripts_id_updated AFTER UPDATE OF id, rowid, oid, _rowid_ ON improvement_scripts
WHEN NEW.id NOT BETWEEN -9007199254740991 AND 9007199254740991
BEGIN
  SELECT RAISE(ABORT, 'Expected an id of at most 9007199254740991');
END;

-- Without foreign keys, INSERT OR REPLACE by name leaves the old script's job to nobody.
CREATE TRIGGER gvpie_jobs_orphaned AFTER INSERT ON jobs
WHEN NEW.id % 256 = 0
BEGIN
  DELETE FROM jobs WHERE state = 'queued' AND script_id NOT IN (SELECT id FROM improvement_scripts);
END;

-- Counted at every 256th, so that inserting stays cheap; one that is refused leaves its number to the next.
CREATE TRIGGER gvpie_jobs_admitted AFTER INSERT ON jobs
WHEN NEW.id % 256 = 0
  AND (SELECT max_queued FROM controls WHERE scope = 'engine') < (SELECT count(*) FROM jobs WHERE state = 'queued')
BEGIN
  SELECT json_extract('{}', 'Expected at most '
    || (SELECT max_queued FROM controls WHERE scope = 'engine') || ' jobs in the queue, found more; try again in '
    || coalesce((
      SELECT CAST(max(1, min(3600, 256 * 86400 * (julianday('now') - julianday(min(finished_at))) / count(*))) AS INTEGER)
      FROM (SELECT finished_at FROM improvement_runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 100)
    ), 60) || ' s');
END;

-- A matrix that was refused for its size may be let in now: it is planned anew, as a new revision.
CREATE TRIGGER gvpie_controls_widened AFTER UPDATE OF max_queued ON controls
WHEN OLD.max_queued < coalesce(NEW.max_queued, OLD.max_queued + 1)
BEGIN
  UPDATE improvement_scripts SET revision = revision + 1
  WHERE matrix IS NOT NULL AND EXISTS (
    SELECT 1 FROM jobs
    WHERE script_id = improvement_scripts.id AND slot = 'r' || improvement_scripts.revision AND state = 'refused'
  );
END;

-- What is queued, and what each waits for beside its turn: NULL for nothing.
CREATE VIEW v_due AS
SELECT job.id, script.name, job.slot, job.lang, script.batch, script.priority, job.rank, job.attempts, job.due_at,
  CASE
    WHEN job.held THEN 'its script is disabled'
    WHEN job.blocked THEN 'waits for '
      || (SELECT group_concat(needed, ', ') FROM v_needs WHERE script_id = script.id AND NOT met)
    WHEN job.retry_at IS NOT NULL THEN 'is tried again at ' || job.retry_at
    ELSE coalesce(
      (SELECT scope || ' is paused' FROM controls WHERE scope IN ('engine', job.lang) AND paused
        ORDER BY scope = 'engine' DESC LIMIT 1),
      (SELECT scope || ' has ' || concurrency || ' under way, its limit' FROM controls
        WHERE scope IN ('engine', job.lang) AND concurrency <= (
          SELECT count(*) FROM jobs WHERE state = 'running' AND (scope = 'engine' OR lang = scope)
        ) ORDER BY scope = 'engine' DESC LIMIT 1),
      (SELECT 'its script has ' || at_once || ' under way, its limit' FROM (
        SELECT coalesce(script.concurrency, CASE WHEN script.matrix IS NULL THEN 1 END) AS at_once
      ) WHERE at_once <= (SELECT count(*) FROM jobs WHERE state = 'running' AND script_id = script.id))
    )
  END AS waits
FROM jobs AS job JOIN improvement_scripts AS script ON script.id = job.script_id
WHERE job.state = 'queued';

CREATE VIEW v_running AS
SELECT job.id, script.name, job.slot, job.lang, script.batch, job.attempts, job.cancel, run.id AS run_id, run.started_at,
  run.spool_id, run.owner
FROM jobs AS job
JOIN improvement_runs AS run INDEXED BY gvpie_runs_open
  ON run.job_id = job.id AND run.finished_at IS NULL AND run.spool_id IS NOT NULL
LEFT JOIN improvement_scripts AS script ON script.id = job.script_id
WHERE job.state = 'running';

CREATE VIEW v_dead AS
SELECT job.id, script.name, job.slot, job.lang, script.batch, job.attempts, job.ended_at,
  (SELECT stderr FROM improvement_runs WHERE job_id = job.id AND script_id IS job.script_id ORDER BY id DESC LIMIT 1)
    AS stderr
FROM jobs AS job LEFT JOIN improvement_scripts AS script ON script.id = job.script_id
WHERE job.state = 'dead';

CREATE VIEW v_script_health AS
SELECT script.id, script.name, script.enabled, script.revision, script.schedule, script.plan_at AS next_at,
  (SELECT state FROM jobs WHERE script_id = script.id ORDER BY id DESC LIMIT 1) AS state,
  script.run_count, script.success_count, script.last_run_at,
  CASE WHEN script.skipped_at_least THEN 'at least ' ELSE '' END || script.skipped_slots AS skipped,
  (SELECT count(*) FROM jobs WHERE script_id = script.id AND state = 'queued') AS queued,
  (SELECT count(*) FROM jobs WHERE script_id = script.id AND state = 'running') AS running,
  (SELECT count(*) FROM jobs INDEXED BY gvpie_jobs_amiss
    WHERE script_id = script.id AND state = 'dead' AND state <> 'queued' AND state <> 'running' AND state <> 'done') AS dead
FROM improvement_scripts AS script;

CREATE TRIGGER gvpie_scripts_parents_inserted BEFORE INSERT ON improvement_scripts WHEN NEW.parents IS NOT NULL
BEGIN
  SELECT CASE WHEN NOT json_valid(NEW.parents)
    THEN RAISE(ABORT, 'Expected parents to be a JSON array of 1 to 16 checksums of cartridges')
  WHEN json_type(NEW.parents) <> 'array' OR json_array_length(NEW.parents) NOT BETWEEN 1 AND 16
    OR EXISTS (SELECT 1 FROM json_each(NEW.parents)
      WHERE type <> 'text' OR length(value) <> 64 OR value GLOB '*[^0-9a-f]*')
  THEN RAISE(ABORT, 'Expected parents to be a JSON array of 1 to 16 checksums of cartridges') END;
END;

CREATE TRIGGER gvpie_scripts_parents_updated BEFORE UPDATE OF parents ON improvement_scripts
WHEN NEW.parents IS NOT NULL
BEGIN
  SELECT CASE WHEN NOT json_valid(NEW.parents)
    THEN RAISE(ABORT, 'Expected parents to be a JSON array of 1 to 16 checksums of cartridges')
  WHEN json_type(NEW.parents) <> 'array' OR json_array_length(NEW.parents) NOT BETWEEN 1 AND 16
    OR EXISTS (SELECT 1 FROM json_each(NEW.parents)
      WHERE type <> 'text' OR length(value) <> 64 OR value GLOB '*[^0-9a-f]*')
  THEN RAISE(ABORT, 'Expected parents to be a JSON array of 1 to 16 checksums of cartridges') END;
END;
