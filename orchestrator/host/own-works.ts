/** The own work that a daemon's settings ask for: sweeps, where a rule is not `all`, and backups, where there is a folder. */
import { resolve } from 'node:path';
import { FaultLog } from '../../shared/fault-log.ts';
import { systemClock } from '../../shared/host/clock.ts';
import { keepRulesOf, keepsAll } from '../../shared/keep-rule.ts';
import { SettingFault } from '../../shared/settings.ts';
import type { Journal } from '../../shared/world.ts';
import type { OrchestratorSettings } from '../config.ts';
import { KeepingRefusal } from '../keeping-refusal.ts';
import { type Labour, OwnWork } from '../own-work.ts';
import { type Schedule, scheduleOfSetting } from '../schedule.ts';
import type { SweepOrder, SweepResult, SweepShelf } from '../sweep-doors.ts';
import { SweepWork } from '../sweep-work.ts';
import { requireApart } from './apart.ts';
import { BackupWork } from './backup-work.ts';
import type { Database } from './migrate.ts';
import { OwnWorkTable, type WorkKind } from './own-work-table.ts';
import type { OwnerTable } from './owner-table.ts';
import { SweepRecord } from './sweep-record.ts';

/** How long a sweep rests after each page, ms: reading or writing one takes about as long. */
const REST_MS = 5;

/** When each is due. */
type Schedules = Readonly<Record<'gcEvery' | 'backupEvery', Schedule>>;

/** @throws {SettingFault} when a schedule will not do, be there anything to do by it or not */
export function ownSchedules({ gcEvery, backupEvery }: OrchestratorSettings): Schedules {
  return {
    gcEvery: scheduleOfSetting('gcEvery', gcEvery),
    backupEvery: scheduleOfSetting('backupEvery', backupEvery),
  };
}

/** @throws {SettingFault} when the folder of backups will not do */
export function ownWorks(
  settings: OrchestratorSettings,
  schedules: Schedules,
  doors: {
    readonly database: Database;
    readonly owners: OwnerTable;
    readonly shelf: SweepShelf;
    readonly journal: Journal;
  },
): OwnWork[] {
  const { database, owners, shelf, journal } = doors;
  const clock = systemClock;
  const faults = new FaultLog(journal, clock);
  const work = (of: WorkKind, labour: Labour, schedule: Schedule): OwnWork => {
    const book = new OwnWorkTable(database, of, owners.id, (owner) => owners.isGone(owner));
    return new OwnWork({ book, labour, clock, journal, faults }, schedule);
  };
  const works: OwnWork[] = [];
  const rules = keepRulesOf(settings);
  if (![rules.runs, rules.logs, rules.cartridges].every(keepsAll)) {
    const labour = new SweepWork(rules, journal, (order, isCutOff) =>
      sweepGently(database, shelf, order, isCutOff),
    );
    works.push(work({ kind: 'sweep', place: '' }, labour, schedules.gcEvery));
  }
  const { backupDir, backupKeep: keep, database: file, cartridges } = settings;
  if (backupDir !== null) {
    requireFolderApart(backupDir, cartridges);
    const folder = resolve(backupDir);
    const place = { database: resolve(file), cartridges: resolve(cartridges), folder, keep };
    const labour = new BackupWork(place, clock, journal);
    works.push(work({ kind: 'backup', place: folder }, labour, schedules.backupEvery));
  }
  return works;
}

/** It gives way to everything else. */
function sweepGently(
  database: Database,
  shelf: SweepShelf,
  order: SweepOrder,
  isCutOff: () => boolean,
): Promise<SweepResult> {
  const breathe = async (): Promise<void> => {
    await new Promise((resume) => setTimeout(resume, REST_MS));
    if (isCutOff()) throw new Error('Interrupted: the orchestrator was stopped');
  };
  return new SweepRecord(database, shelf, systemClock, breathe).sweep(order);
}

function requireFolderApart(backupDir: string, cartridges: string): void {
  try {
    requireApart(backupDir, cartridges);
  } catch (error) {
    if (error instanceof KeepingRefusal) throw new SettingFault(error.message);
    throw error;
  }
}
