/**
 * The records a cartridge carries: its label (the program and all that rendering it again needs) and its
 * run (what varies from one pressing to the next). Fields this code does not know are kept.
 */
import * as z from 'zod';
import { sha256Hex } from '../bytes.ts';
import { type Canvas, canvasComplaint } from '../canvas.ts';
import { checksumSchema, type Input, inputsSchema } from '../inputs.ts';
import { LIMITS } from '../limits.ts';
import { hasParams, NO_PARAMS, type Params, paramsSchema } from '../params.ts';
import { type Used, usedSchema, usesDigest } from '../used.ts';
import { CartridgeFault } from './cartridge-fault.ts';

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
/** Deepest nesting of a record, so that no reader of it needs a deep stack. */
const RECORD_DEPTH = 32;

const count = z.int().min(0);

const canvasSchema = z.looseObject({ width: z.number(), height: z.number() }).check((context) => {
  const { width, height } = context.value;
  const complaint = canvasComplaint(width, height);
  if (complaint !== undefined) {
    context.issues.push({ code: 'custom', message: complaint, input: context.value });
  }
});

const programSchema = z
  .string()
  // A lone surrogate has no UTF-8 form, so no digest could cover it.
  .refine((program) => !/\p{Surrogate}/u.test(program), 'expected Unicode text without lone surrogates')
  .refine((program) => Buffer.byteLength(program) <= LIMITS.sourceBytes, {
    error: `expected at most ${LIMITS.sourceBytes} bytes of UTF-8`,
  });

export const labelSchema = z.looseObject({
  format: z.int().min(1),
  cartridge_type: z.literal('pixel'),
  /** The source exactly as it was given, BOM and line ends included. */
  program: programSchema,
  program_sha256: checksumSchema,
  canvas: canvasSchema,
  /** What each PARAM of the program stood for; absent when it has none. */
  params: paramsSchema.exactOptional(),
  /** The canvases that the program's IMAGEs name, each once; absent when it has none. */
  inputs: inputsSchema.exactOptional(),
  language: z.looseObject({ name: z.string(), version: z.int().min(1) }),
  /** Digest of `used`. Both are absent when a renderer painted that does not say what it used. */
  uses: checksumSchema.exactOptional(),
  used: usedSchema.exactOptional(),
  /** SHA-256 of the raw RGBA8 pixels, row-major. */
  checksum: checksumSchema,
  /** The row it came from, where it came from one. */
  script: z.looseObject({ name: z.string(), revision: z.int().min(1) }).exactOptional(),
  /** `shade` is absent where no SHADE ran. */
  price: z
    .looseObject({
      ...{ steps: count, shapes: count, pixels_written: count, bytes: count },
      shade: count.exactOptional(),
    })
    .exactOptional(),
});

export type Label = z.infer<typeof labelSchema>;

export const runSchema = z.looseObject({
  /** The job's id, the same in the database, both daemons' logs and the reply. */
  id: z.string().exactOptional(),
  backend: z.string(),
  adapter: z.string(),
  /** Version of the renderer. */
  renderer: z.string(),
  /** Milliseconds per stage. */
  timings_ms: z.record(z.string(), z.number()).exactOptional(),
});

export type RunRecord = z.infer<typeof runSchema>;

/** ISO 8601 in UTC, ending in Z, with or without fractions of a second. */
export const createdAtSchema = z.iso.datetime();

interface LabelParts {
  readonly program: string;
  readonly canvas: Canvas;
  readonly params?: Params | undefined;
  readonly inputs?: readonly Input[] | undefined;
  readonly used?: Used | undefined;
  /** SHA-256 of the raw RGBA8 pixels, hex. */
  readonly checksum: string;
  readonly script?: Label['script'];
  readonly price?: Label['price'];
}

/** A label of the present format, its digests computed. */
export function labelOf(parts: LabelParts): Label {
  const { program, canvas, params = NO_PARAMS, inputs = [], used, checksum, script, price } = parts;
  return {
    format: LABEL_FORMAT,
    cartridge_type: 'pixel',
    program,
    program_sha256: sha256Hex(program),
    canvas: { width: canvas.width, height: canvas.height },
    ...(hasParams(params) ? { params } : {}),
    ...(inputs.length > 0 ? { inputs: inputs.map(bare) } : {}),
    language: { ...LANGUAGE },
    ...(used === undefined ? {} : { uses: usesDigest(used), used }),
    checksum,
    ...(script === undefined ? {} : { script }),
    ...(price === undefined ? {} : { price }),
  };
}

/** An input without what an IMAGE says beside it. */
function bare({ checksum, width, height }: Input): NonNullable<Label['inputs']>[number] {
  return { checksum, width, height };
}

/**
 * A record from its JSON text.
 *
 * @param name what messages call it
 * @throws {CartridgeFault} E013 when it is not JSON, E014 when it does not follow `schema`,
 *   E019 when it does not and says that it is of a newer format
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string, name: string): T {
  const value = parseJson(text, name);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = [name, ...(issue?.path ?? [])].join('.');
  const format = z.object({ format: z.int().min(LABEL_FORMAT + 1) }).safeParse(value);
  if (format.success) {
    throw new CartridgeFault(
      'CART-E019',
      `Expected a label of format ${LABEL_FORMAT}, found format ${format.data.format}, which differs in ${where}`,
    );
  }
  throw new CartridgeFault('CART-E014', `Expected a valid ${where}, found: ${issue?.message}`);
}

function parseJson(text: string, name: string): unknown {
  const depth = nesting(text);
  if (depth > RECORD_DEPTH) {
    throw new CartridgeFault(
      'CART-E013',
      `Expected ${name} to nest at most ${RECORD_DEPTH} deep, found ${depth}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CartridgeFault(
      'CART-E013',
      `Expected ${name} to be JSON, found otherwise: ${reason.slice(0, 200)}`,
    );
  }
}

/** The deepest bracket outside strings; for a text that is not JSON, any number. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === '\\') i++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (character === '}' || character === ']')) depth--;
  }
  return deepest;
}
