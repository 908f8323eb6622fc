/** Tells when nobody serves for a while, and when somebody does again. */
import { ABSENT_WARNING_MS } from './config.ts';
import type { OrchestratorDoors } from './doors.ts';

export class PresenceReport {
  readonly #doors: Pick<OrchestratorDoors, 'keeper' | 'journal'>;
  #absenceReported = false;

  constructor(doors: Pick<OrchestratorDoors, 'keeper' | 'journal'>) {
    this.#doors = doors;
  }

  /** @param now on the monotonic clock */
  look(now: number): void {
    const { keeper, journal } = this.#doors;
    const absent = keeper.absentMs(now) > ABSENT_WARNING_MS;
    if (absent === this.#absenceReported || (!absent && keeper.open === undefined)) return;
    this.#absenceReported = absent;
    if (absent) journal.warn('renderer:absent', { hint: 'nobody serves the socket: start a renderer' });
    else journal.info('renderer:found', { door: keeper.open });
  }
}
