/** Which cartridges were given up and may have their files still, and the object that goes with each. */

/** Whether a cartridge that stays has the same file, maybe as its object alone. */
const SHARED = `EXISTS (
    SELECT 1 FROM cartridges AS other
    WHERE other.shares_file = 1 AND other.file_sha256 = cartridge.file_sha256 AND other.swept_at IS NULL
  ) OR cartridge.shares_file = 1 AND EXISTS (
    SELECT 1 FROM cartridges AS other WHERE other.checksum = cartridge.checksum
      AND other.file_sha256 = cartridge.file_sha256 AND other.swept_at IS NULL
  )`;

/** As `GivenUp` of sweep-doors.ts; to be ended by more conditions. */
export const GIVEN_UP = `
  SELECT id, file_name AS fileName, CASE WHEN NOT (${SHARED}) THEN CAST(file_sha256 AS TEXT) END AS sha256
  FROM cartridges AS cartridge WHERE swept_at IS NOT NULL AND file_gone = 0 AND typeof(file_name) = 'text'`;
