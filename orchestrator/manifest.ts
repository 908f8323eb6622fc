/** A backup's manifest: what it holds, file by file with checksums, as canonical JSON that carries its own checksum. */
import { dirname } from 'node:path/posix';
import * as z from 'zod';
import { decodeUtf8, sha256Hex } from '../shared/bytes.ts';
import { canonicalText } from '../shared/canonical.ts';
import { LIMITS } from '../shared/limits.ts';
import { checksumSchema } from '../shared/record-schemas.ts';
import { show } from '../shared/show.ts';

/** What this code writes, and the newest that it reads. */
export const MANIFEST_FORMAT = 1;

/** A cartridge of a backup. */
export interface ManifestEntry {
  /** Where it lies on the shelf, with `/` between folders. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of the file, 64 lower-case hex digits; also the name of its object. */
  readonly sha256: string;
}

export interface ManifestContent {
  readonly format: typeof MANIFEST_FORMAT;
  /** The version of gvpie that made it. */
  readonly gvpie: string;
  /** The database's `PRAGMA user_version`. */
  readonly migration: number;
  /** What the language meant when the newest of its cartridges was drawn; null where none says. */
  readonly semantics: string | null;
  /** ISO 8601 UTC. */
  readonly created_at: string;
  /** Which database it is of, 32 lower-case hex digits; not there for one of before migration 6. */
  readonly identity?: string | undefined;
  readonly database: { readonly bytes: number; readonly sha256: string };
  /** By path, each once. */
  readonly cartridges: readonly ManifestEntry[];
  /** Paths that the database names and that could be had from nowhere, in order. */
  readonly missing: readonly string[];
  readonly counts: ManifestCounts;
}

/** What there was when it was made. */
export interface ManifestCounts {
  readonly scripts: number;
  readonly jobs: number;
  readonly runs: number;
  /** Files on the shelf that the database names nowhere; they are not in the backup. */
  readonly foreign: number;
}

/** Longest path on a shelf, bytes of UTF-8, and longest name between its slashes. */
const PATH_BYTES = 1_024;
const NAME_BYTES = 255;

/**
 * Why a path cannot be one on a shelf; undefined when it can. It leads nowhere but down, and says nothing that a terminal
 * would obey.
 */
export function pathComplaint(path: string): string | undefined {
  if (path === '' || Buffer.byteLength(path) > PATH_BYTES) return `1 to ${PATH_BYTES} bytes`;
  if (/[\p{Cc}\p{Surrogate}\\]/u.test(path)) return 'no control characters and no backslashes';
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..')
      return 'names with / between them, none of them . or ..';
    if (Buffer.byteLength(name) > NAME_BYTES) return `names of at most ${NAME_BYTES} bytes`;
  }
  return undefined;
}

const count = z.int().min(0);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'expected a time as ISO 8601 UTC');
const path = z.string().superRefine((text, context) => {
  const expected = pathComplaint(text);
  if (expected !== undefined) context.addIssue(`expected a path of ${expected}`);
});

const contentSchema: z.ZodType<ManifestContent> = z.strictObject({
  format: z.literal(MANIFEST_FORMAT),
  gvpie: z.string().max(100),
  migration: count,
  semantics: z.string().max(1_000).nullable(),
  created_at: time,
  identity: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits')
    .optional(),
  database: z.strictObject({ bytes: count, sha256: checksumSchema }),
  cartridges: z.array(
    z.strictObject({ path, bytes: count.max(LIMITS.cartridgeBytes), sha256: checksumSchema }),
  ),
  missing: z.array(path),
  counts: z.strictObject({ scripts: count, jobs: count, runs: count, foreign: count }),
});

/** The bytes of `manifest.json`. */
export function encodeManifest(content: ManifestContent): Uint8Array {
  return Buffer.from(`${canonicalText({ ...content, checksum: sha256Hex(canonicalText(content)) })}\n`);
}

/**
 * Reads the bytes of a `manifest.json`. Whatever is not what `encodeManifest` writes is refused, so that no byte of it can
 * have changed.
 *
 * @returns its content, or what is wrong with it
 */
export function decodeManifest(bytes: Uint8Array): ManifestContent | string {
  const text = decodeUtf8(bytes);
  if (text === undefined) return 'Expected a manifest in UTF-8, found other bytes';
  const record = parse(text);
  if (record === undefined) return 'Expected a manifest in JSON, found otherwise';
  const { checksum, ...content } = record;
  if (typeof content.format === 'number' && content.format > MANIFEST_FORMAT) {
    return `Expected a backup of format ${MANIFEST_FORMAT}, found format ${show(content.format)}: a newer gvpie wrote it`;
  }
  const read = contentSchema.safeParse(content);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `Expected a valid manifest, found at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`;
  }
  const found = sha256Hex(canonicalText(read.data));
  if (checksum !== found) {
    return `Expected a manifest of checksum ${show(checksum)}, found content of checksum ${found}`;
  }
  // As it was written, to the byte: another blank would be another file.
  if (!Buffer.from(encodeManifest(read.data)).equals(bytes))
    return 'Expected a manifest in canonical JSON, found another form';
  return orderComplaint(read.data) ?? read.data;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What comes twice, or lies inside a file, could not be laid out. */
function orderComplaint({ cartridges, missing }: ManifestContent): string | undefined {
  const paths = cartridges.map((entry) => entry.path);
  for (const list of [paths, missing]) {
    for (let at = 1; at < list.length; at++) {
      if ((list[at - 1] as string) >= (list[at] as string)) {
        return `Expected paths in order, each once, found ${show(list[at])}`;
      }
    }
  }
  const files = new Set(paths);
  for (const one of paths) {
    for (let folder = dirname(one); folder !== '.'; folder = dirname(folder)) {
      if (files.has(folder)) return `Expected ${show(folder)} to be a file or a folder, found both`;
    }
  }
  return undefined;
}
