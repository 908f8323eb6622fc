/** Every code that a renderer and an orchestrator give of commands, files, runs and rows: what comes of it, and what it stands for. Codes are never reused. */

/** In replies. */
export const RENDERER_FAULTS = {
  'CMD-E001': ['refused, quarantined', 'the command is not UTF-8'],
  'CMD-E002': ['refused, quarantined', 'the command is not JSON'],
  'CMD-E003': ['refused, quarantined', 'the command is not a JSON object'],
  'CMD-E004': ['refused', '`op` is none of the three'],
  'CMD-E005': [
    'refused',
    'a field has the wrong type or value, `params`, `limits` and `inputs` included, or `code` holds half of a surrogate pair',
  ],
  'CMD-E006': ['refused', 'the canvas is over the limits; nothing was allocated'],
  'CMD-E007': ['refused', "`id` is not the file's name"],
  'CMD-E008': ['refused, or quarantined', 'the id was used before with another command'],
  'CMD-E009': ['refused', '`deadline_ms` had passed'],
  'CMD-E012': ['refused', '`read_canvas` in the spool'],
  'CMD-E013': ['refused', 'the program has an IMAGE for which `inputs` names no file; `line` says where'],
  'FILE-E001': ['refused, quarantined', 'not a regular file: a symlink, a folder, a FIFO, a device'],
  'FILE-E002': ['refused, quarantined', 'the file is larger than a command may be'],
  'FILE-E003': ['refused, quarantined', 'its owner does not let the renderer read it'],
  'RUN-E001': [
    'error',
    'interrupted: the renderer ended with the command in hand, or, of a run, the orchestrator with the run open',
  ],
  'RUN-E002': [
    'error',
    "the renderer or its painter failed, or its pixels did not fit in the space that the socket's disk has left; `retryable` says whether it may succeed later",
  ],
  'RUN-E003': [
    'error',
    'a GPU was asked for and there is none that paints: the message says why; `retryable` where it may come back',
  ],
  'RUN-E008': [
    'error',
    'the file of an input is not there, cannot be read, or holds other pixels than its IMAGE names; retryable',
  ],
} as const;

/** In `improvement_runs.stderr` alone. */
export const ORCHESTRATOR_FAULTS = {
  'ROW-E001': ['refused', '`lang` is not one that this version runs'],
  'ROW-E002': ['refused', '`code` is not TEXT'],
  'ROW-E003': ['refused', '`code` is not UTF-8'],
  'ROW-E004': [
    'refused',
    '`code` is over the limit, or the whole command is, the paths of its inputs included',
  ],
  'ROW-E005': ['refused', 'the canvas is over the limits'],
  'ROW-E006': ['refused', 'the cartridge that `code` names cannot be had'],
  'ROW-E007': ['refused', '`params` is not a JSON object of names and whole numbers'],
  'ROW-E008': [
    'refused',
    "the registry has no cartridge of an IMAGE's size and checksum whose file is there; `line` says which IMAGE",
  ],
  'ROW-E009': [
    'refused',
    'the schedule or its time zone cannot be read, or never comes; [schedules.md](schedules.md) has the forms',
  ],
  'ROW-E010': [
    'refused',
    'the matrix is not a JSON object of PARAMs and arrays of whole numbers, or has too many points',
  ],
  'ROW-E011': [
    'refused',
    '`expect` cannot be read, or names anything but `checksum`, `ink`, `blank` and `colors`',
  ],
  'RUN-E004': [
    'error',
    'an answer that cannot be believed: wrong length, wrong digest, other params or inputs than were asked for, not a reply',
  ],
  'RUN-E005': [
    'error',
    'the world failed here: the socket or the folder of cartridges cannot be written, or is not there',
  ],
  'RUN-E006': [
    'error',
    'no answer within `GVPIE_TIMEOUT_MS`, or ten times that while a renderer whose heartbeat moves has the job in hand',
  ],
  'RUN-E007': ['error', 'an answer of which no cartridge can be pressed'],
  'RUN-E009': ['error', 'cancelled: somebody wrote 1 into `jobs.cancel` before the answer was there'],
  'RUN-E010': [
    'refused',
    'the picture is not what the script expects; `evidence` says what was found ([judgement.md](judgement.md))',
  ],
} as const;
