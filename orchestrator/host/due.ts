/** What makes a job due, as conditions on its row: said here and in the index gvpie_jobs_due; v_due says it to people. */

/** Queued, and neither held nor waiting for a later attempt; scripts that it needs may have yet to succeed. */
export function awake(job: string): string {
  return `${job}.state = 'queued' AND ${job}.held = 0 AND ${job}.retry_at IS NULL`;
}

/** To be taken when it is its turn, as far as bounds and pauses let it; without all of it SQLite does not use the index. */
export function due(job: string): string {
  return `${awake(job)} AND ${job}.blocked = 0`;
}
