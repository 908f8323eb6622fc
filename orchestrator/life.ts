/**
 * The life of a job: every move between its states. The trigger gvpie_jobs_moved refuses any other, whoever
 * writes; test/orchestrator/life.test.ts holds the two together.
 *
 * A job is due for a *slot*, and a script has no two jobs of one: `r3` is its third revision, an ISO 8601 UTC time a
 * slot of its schedule, and with a matrix either is followed by a blank and the point, `r3 {"n":1}`.
 */
import { JOB_ENDS, type JobState } from './script.ts';

export interface Move {
  readonly from: JobState;
  readonly to: JobState;
  /** Who makes it, and when. */
  readonly why: string;
}

export const MOVES: readonly Move[] = [
  {
    from: 'queued',
    to: 'running',
    why: 'an orchestrator claims it: a run is opened in the same transaction',
  },
  { from: 'queued', to: 'refused', why: 'its schedule or its matrix cannot be read' },
  { from: 'queued', to: 'cancelled', why: 'somebody writes 1 into cancel' },
  { from: 'queued', to: 'skipped', why: 'a later revision or slot takes its place' },
  { from: 'running', to: 'done', why: 'its cartridge is on the shelf, or its picture was known' },
  { from: 'running', to: 'refused', why: 'the author is to blame: it is not tried again' },
  { from: 'running', to: 'rejected', why: 'the picture is not what the script expects' },
  {
    from: 'running',
    to: 'queued',
    why: 'the world is to blame, or a crash or a stop cut it off, and attempts are left',
  },
  { from: 'running', to: 'dead', why: 'the world is to blame, and no attempt is left' },
  { from: 'running', to: 'cancelled', why: 'somebody wrote 1 into cancel before its answer was there' },
  { from: 'running', to: 'skipped', why: 'it was cut off, and its script has another revision by now' },
  ...JOB_ENDS.map((from): Move => ({ from, to: 'queued', why: 'somebody asks for it once more' })),
];

/** Whether a job may move so. */
export function isMove(from: JobState, to: JobState): boolean {
  return MOVES.some((move) => move.from === from && move.to === to);
}

/** Whether a job is over, unless somebody asks for it once more. */
export function hasEnded(state: JobState): boolean {
  return (JOB_ENDS as readonly JobState[]).includes(state);
}
