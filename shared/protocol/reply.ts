/** Replies: what a renderer answers, as records and as text. docs/protocol.md is the contract. */
import { z } from 'zod';
import { type Complaint, HostFault, type PeerFault } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import { checksumSchema, paramsSchema, usedSchema } from '../record-schemas.ts';
import { healthSchema } from './announcement.ts';
import { isPlainReply } from './plain-reply.ts';

const complaintSchema = z.looseObject({
  code: z.string(),
  message: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  excerpt: z.string().optional(),
  hint: z.string().optional(),
  calls: z
    .array(z.looseObject({ line: z.number(), name: z.string() }))
    .readonly()
    .optional(),
  more_calls: z.number().int().optional(),
});

const warningSchema = z.looseObject({
  code: z.string(),
  message: z.string(),
  line: z.number().optional(),
  /** Absent where there is nothing to advise. */
  hint: z.string().optional(),
});

const common = {
  /** The command's id; absent when the command had none. */
  id: z.string().optional(),
  /** SHA-256 of the command file, so that the same question is known again. */
  command_sha256: z.string().optional(),
  renderer: z.string().optional(),
};

const okSchema = z.looseObject({
  ...common,
  status: z.literal('ok'),
  width: z.number().int(),
  height: z.number().int(),
  format: z.literal('RGBA'),
  bytes: z.number().int(),
  sha256: z.string(),
  backend: z.string(),
  adapter: z.string(),
  /** Compute dispatches of the GPU for this picture; absent when the CPU painted. */
  dispatches: z.number().int().optional(),
  /** Why that backend painted; absent in replies of older renderers. */
  reason: z.string().optional(),
  /** The renderer's version. */
  version: z.string().optional(),
  uses: z.string().optional(),
  used: usedSchema.optional(),
  /** What each PARAM of the program stood for; absent when it has none. */
  params: paramsSchema.optional(),
  /** Checksums of the canvases that the program's IMAGEs name; absent when it has none. */
  inputs: z.array(checksumSchema).optional(),
  steps: z.number().optional(),
  shapes: z.number().optional(),
  pixels_written: z.number().optional(),
  /** Operations of SHADEs; absent where none ran. */
  shade: z.number().optional(),
  timings_ms: z.record(z.string(), z.number()).optional(),
  warnings: z.array(warningSchema).default([]),
  ignored: z.array(z.string()).default([]),
});

const pongSchema = z.looseObject({
  ...common,
  status: z.literal('pong'),
  backend: z.string(),
  adapter: z.string(),
  /** Why it paints with this backend. */
  reason: z.string().optional(),
  health: healthSchema.optional(),
  version: z.string(),
});

const refusedSchema = z.looseObject({
  ...common,
  status: z.literal('refused'),
  error: complaintSchema,
  errors: z.array(complaintSchema).max(LIMITS.errors),
});

const errorSchema = z.looseObject({
  ...common,
  status: z.literal('error'),
  error: complaintSchema,
  retryable: z.boolean(),
});

const unknownSchema = z.looseObject({ ...common, status: z.literal('unknown') });

const replySchema = z.discriminatedUnion('status', [
  okSchema,
  pongSchema,
  refusedSchema,
  errorSchema,
  unknownSchema,
]);

export type OkReply = z.infer<typeof okSchema>;
export type RefusedReply = z.infer<typeof refusedSchema>;
export type ErrorReply = z.infer<typeof errorSchema>;
export type Reply = z.infer<typeof replySchema>;

/** Reads a reply; undefined when the text is not one. */
export function decodeReply(text: string): Reply | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // Of 60 µs that a small picture's reply took, the schema had 40.
    if (isPlainReply(value)) return value as OkReply;
    const parsed = replySchema.safeParse(value);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** A refusal of 1 to 20 complaints. */
export function refusedReply(complaints: readonly [Complaint, ...Complaint[]]): RefusedReply {
  return { status: 'refused', error: { ...complaints[0] }, errors: complaints.map((one) => ({ ...one })) };
}

/** A refusal of something that could not be read as a command. */
export function refusedByFault(fault: PeerFault): RefusedReply {
  const { code, message, hint } = fault;
  return refusedReply([hint === undefined ? { code, message } : { code, message, hint }]);
}

/** Of a command whose renderer ended with it in hand. */
export function interruptedReply(message: string, retryable: boolean): ErrorReply {
  return { status: 'error', retryable, error: { code: 'RUN-E001', message: `Interrupted: ${message}` } };
}

/** What the world failed; it may do better another time. */
export function failedByWorld(error: unknown): ErrorReply {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof HostFault ? error.hint : undefined;
  const told = hint === undefined ? { message } : { message, hint };
  return { status: 'error', retryable: true, error: { code: 'RUN-E002', ...told } };
}
