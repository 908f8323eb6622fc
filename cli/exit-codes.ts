/** The exit codes of every command: one table, printed by `gvpie --help`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  badInput: 2,
  semanticsChanged: 3,
  programChecksum: 4,
  signature: 5,
  usage: 64,
  internal: 70,
  unavailable: 75,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  failed:
    'a script failed, pixels or the label differ, a job had ended before, the fuse stopped a sweep, or a backup or the store is not whole',
  badInput: 'a bad program or a damaged file, or what was named is not there',
  semanticsChanged: 'the cartridge uses semantics that have changed',
  programChecksum: 'the program does not match its checksum',
  signature: 'a signature is broken, missing, or by a revoked key',
  usage: 'wrong usage',
  internal: 'a fault of gvpie, or of the machine it runs on',
  unavailable: 'the other side is not there, the queue is full, or another program holds the database',
};
