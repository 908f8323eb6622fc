-- Values for the PARAMs of a script's program: NULL, or a JSON object of names and whole numbers, such
-- as {"count":3}. Whatever else stands there is refused when the script is due, with the reason in its run.

ALTER TABLE improvement_scripts ADD COLUMN params TEXT;

DROP TRIGGER gvpie_scripts_revised;

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
