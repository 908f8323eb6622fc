/** A renderer's announcement, `renderer/<renderer>.json`: one of those who serve a socket. */
import { z } from 'zod';
import { checksumSchema } from '../record-schemas.ts';

/** The health of a renderer; `degraded` while the CPU stands in for a GPU that ought to paint. */
export const healthSchema = z.enum(['ok', 'degraded']);

/** What is being done of a command: parsing, inputs and the run of its program; the picture; what makes an answer of that. */
export type Phase = 'running' | 'painting' | 'publishing';

const inHandSchema = z.looseObject({
  /** The command's id; null of a command in the slot that has none. */
  id: z.string().nullable(),
  /** When it was taken, ISO 8601 UTC. */
  since: z.string(),
  /** A Phase, or one of a later version. */
  phase: z.string(),
  /** Parts of the phase that are done, and all; absent where nothing is counted. */
  done: z.number().int().nonnegative().optional(),
  of: z.number().int().positive().optional(),
});

/** A command that a renderer works on. */
export type InHand = z.infer<typeof inHandSchema>;

const announcementSchema = z.looseObject({
  /** The renderer's name, unique for each start. */
  renderer: z.string(),
  pid: z.number().int(),
  /** Clock ticks since boot at which the process started; null where the system does not say. */
  start_time: z.number().nullable(),
  /** Identifies this boot of this machine; null where the system does not say. */
  boot_id: z.string().nullable(),
  /** Identifies the namespace in which `pid` has meaning; null where the system does not say. */
  pid_namespace: z.string().nullable(),
  version: z.string(),
  /** What the language means there, one digest over all of it; absent of older renderers. */
  semantics: checksumSchema.optional().catch(undefined),
  backend: z.string(),
  adapter: z.string(),
  /** Why it paints with this backend. */
  reason: z.string().default(''),
  health: healthSchema.default('ok'),
  /** Whether it serves the slot too: one of several does. */
  slot: z.boolean().default(true),
  started_at: z.string(),
  /** Counts up while the renderer lives. */
  heartbeat: z.number().int(),
  /** What it works on, the oldest first; absent of older renderers. */
  in_hand: z.array(inHandSchema).optional().catch(undefined),
});

export type Announcement = z.infer<typeof announcementSchema>;

/** Reads an announcement; undefined when the text is not one. */
export function decodeAnnouncement(text: string): Announcement | undefined {
  try {
    const parsed = announcementSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Which of the two doors a renderer serves, in words. */
export function whatIsServed(slot: boolean): string {
  return slot ? 'slot and spool' : 'spool';
}
