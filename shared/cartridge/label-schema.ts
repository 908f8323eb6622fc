/** What a label and a run have to be where they are read from a file. Fields this code does not know are kept. */
import * as z from 'zod';
import { canvasComplaint } from '../canvas.ts';
import { LIMITS } from '../limits.ts';
import { checksumSchema, inputsSchema, paramsSchema, timingsSchema, usedSchema } from '../record-schemas.ts';

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
  /** The cartridges that it was made from, by the checksums of their pixels; absent when it was made from none. */
  parents: z
    .array(z.looseObject({ checksum: checksumSchema }))
    .min(1)
    .max(LIMITS.parents)
    .exactOptional(),
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

export const runSchema = z.looseObject({
  /** The job's id, the same in the database, both daemons' logs and the reply. */
  id: z.string().exactOptional(),
  backend: z.string(),
  adapter: z.string(),
  /** Version of the renderer. */
  renderer: z.string(),
  /** Milliseconds per stage. */
  timings_ms: timingsSchema.exactOptional(),
});
