/** The sweeper as a daemon has it: it gives way to everything else, and is cut off when the daemon stops. */
import { systemClock } from '../../shared/host/clock.ts';
import { keepRulesOf } from '../../shared/keep-rule.ts';
import type { Journal } from '../../shared/world.ts';
import type { OrchestratorSettings } from '../config.ts';
import type { Schedule } from '../schedule.ts';
import type { SweepShelf } from '../sweep-doors.ts';
import { Sweeper } from '../sweeper.ts';
import type { Database } from './migrate.ts';
import { SweepRecord } from './sweep-record.ts';

/** How long a sweep rests after each page, ms: reading or writing one takes about as long. */
const REST_MS = 5;

/** A sweeper, and how it is stopped: what is under way is left to the next one. */
export function openSweeper(
  database: Database,
  shelf: SweepShelf,
  journal: Journal,
  settings: OrchestratorSettings,
  schedule: Schedule,
): { look(): void; stop(): Promise<void> } {
  let isStopping = false;
  const breathe = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (isStopping) throw new Error('Interrupted: the orchestrator was stopped');
  };
  const sweeps = new SweepRecord(database, shelf, systemClock, breathe);
  const sweeper = new Sweeper({ sweeps, clock: systemClock, journal }, keepRulesOf(settings), schedule);
  return {
    look: () => sweeper.look(),
    async stop() {
      isStopping = true;
      await sweeper.idle();
    },
  };
}
