/** One line of the journal for one answered command. */
import type { Reply } from '../shared/protocol/reply.ts';
import type { Journal } from '../shared/world.ts';

/** @param ms from taking the command to its reply being there */
export function logAnswer(
  journal: Journal,
  door: 'slot' | 'spool',
  id: string | undefined,
  reply: Reply,
  ms: number,
): void {
  const fields = { id, door, status: reply.status, duration_ms: roundMs(ms) };
  if (reply.status === 'ok') {
    const size = `${reply.width}×${reply.height}`;
    journal.debug('job:answered', { ...fields, size, backend: reply.backend, reason: reply.reason });
  } else if (reply.status === 'refused') {
    journal.info('job:refused', { ...fields, message: reply.error.message });
  } else if (reply.status === 'error') {
    journal.warn('job:failed', { ...fields, message: reply.error.message });
  } else journal.debug('job:answered', fields);
}

/** Milliseconds of each stage, rounded for a reply. */
export function roundTimings(timings: Readonly<Record<string, number>>): Record<string, number> {
  const rounded: Record<string, number> = {};
  for (const stage in timings) rounded[stage] = roundMs(timings[stage]!);
  return rounded;
}

/** Milliseconds to two places, which is what a person and a reply need. */
function roundMs(ms: number): number {
  return Math.round(ms * 100) / 100;
}
