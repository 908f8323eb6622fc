/**
 * The records a cartridge carries: its label (the program and all that rendering it again needs) and its
 * run (what varies from one pressing to the next). Fields this code does not know are kept.
 */
import type * as z from 'zod';
import { sha256Hex } from '../bytes.ts';
import type { Canvas } from '../canvas.ts';
import { invariant } from '../faults.ts';
import type { Input } from '../inputs.ts';
import { LIMITS } from '../limits.ts';
import { hasParams, NO_PARAMS, type Params } from '../params.ts';
import { type Used, usesDigest } from '../used.ts';
import type { labelSchema, runSchema } from './label-schema.ts';

/** The label format this code writes, and the newest it knows. */
export const LABEL_FORMAT = 1;
/** The only language so far. */
export const LANGUAGE = { name: 'PXL-ε', version: 1 } as const;
/**
 * Longest record, bytes of JSON. A byte of source takes at most ten: six when the program escapes it
 * (`\u0001`), nine when every code point is another glyph in `used`. A PARAM takes no more in `params` than its
 * line in the program, and an IMAGE in `inputs` less than twice its line. 1 MiB is for the rest.
 */
export const RECORD_BYTES = 10 * LIMITS.sourceBytes + 1_048_576;

export type Label = z.infer<typeof labelSchema>;

export type RunRecord = z.infer<typeof runSchema>;

interface LabelParts {
  readonly program: string;
  readonly canvas: Canvas;
  readonly params?: Params | undefined;
  readonly inputs?: readonly Input[] | undefined;
  readonly used?: Used | undefined;
  /** The cartridges that it was made from, in the order in which they are named; at most 16. */
  readonly parents?: readonly { readonly checksum: string }[] | undefined;
  /** SHA-256 of the raw RGBA8 pixels, hex. */
  readonly checksum: string;
  readonly script?: Label['script'];
  readonly price?: Label['price'];
}

/** A label of the present format, its digests computed; its keys are in canonical order, which makes its text quick to write. */
export function labelOf(parts: LabelParts): Label {
  const {
    program,
    canvas,
    params = NO_PARAMS,
    inputs = [],
    parents = [],
    used,
    checksum,
    script,
    price,
  } = parts;
  invariant(parents.length <= LIMITS.parents, 'a label names no more parents than are read');
  return {
    canvas: { height: canvas.height, width: canvas.width },
    cartridge_type: 'pixel',
    checksum,
    format: LABEL_FORMAT,
    ...(inputs.length > 0 ? { inputs: inputs.map(bare) } : {}),
    language: { ...LANGUAGE },
    ...(hasParams(params) ? { params } : {}),
    ...(parents.length > 0 ? { parents: parents.map(({ checksum }) => ({ checksum })) } : {}),
    ...(price === undefined ? {} : { price }),
    program,
    program_sha256: sha256Hex(program),
    ...(script === undefined ? {} : { script }),
    ...(used === undefined ? {} : { used, uses: usesDigest(used) }),
  };
}

/** An input without what an IMAGE says beside it. */
function bare({ checksum, width, height }: Input): NonNullable<Label['inputs']>[number] {
  return { checksum, height, width };
}
