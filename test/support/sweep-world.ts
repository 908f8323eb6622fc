/** Sweeps of a database in memory: the shelf is a set of names, the clock stands, and every effect is heard. */
import type BetterSqlite3 from 'better-sqlite3';
import { SweepTable } from '../../orchestrator/host/sweep-table.ts';
import { sweep } from '../../orchestrator/sweep.ts';
import type {
  SweepDoors,
  SweepOrder,
  SweepResult,
  SweepShelf,
  SweepStore,
} from '../../orchestrator/sweep-doors.ts';
import { type KeepRule, readKeepRule } from '../../shared/keep-rule.ts';

export const NOW_MS = Date.parse('2026-06-01T00:00:00.000Z');
export const HOUR_MS = 3_600_000;

/** A time before the sweep. */
export function ago(ms: number): string {
  return new Date(NOW_MS - ms).toISOString();
}

export function rule(text: string): KeepRule {
  const read = readKeepRule(text);
  if (read === undefined) throw new Error(`Expected a rule, found ${text}`);
  return read;
}

/** Rules as texts; what is left out keeps all. */
export type Rules = Partial<Record<'runs' | 'logs' | 'cartridges', string>>;

/** An order that is meant, whatever the fuse says, unless told otherwise. */
export function order(
  { runs = 'all', logs = 'all', cartridges = 'all' }: Rules,
  change: Partial<SweepOrder> = {},
): SweepOrder {
  const rules = { runs: rule(runs), logs: rule(logs), cartridges: rule(cartridges) };
  return { ...rules, isMeant: true, isForced: true, ...change };
}

export interface World {
  readonly sql: BetterSqlite3.Database;
  /** Names of the files on the shelf. */
  readonly files: Set<string>;
  /** Inputs that only labels tell, by file name. */
  readonly labels?: ReadonlyMap<string, readonly string[]>;
}

const WRITES = ['removeRuns', 'emptyLogs', 'removeJobs', 'giveUp', 'close', 'forget'] as const;

/** @param hear hears of each effect just after it, and may throw to stop the sweep there */
export function sweepDoors(
  { sql, files, labels = new Map() }: World,
  hear: (effect: string) => void = () => {},
  nowMs = NOW_MS,
): SweepDoors {
  const table = new SweepTable(sql);
  const store = new Proxy<SweepStore>(table, {
    get(_, name) {
      const act = table[name as keyof SweepStore] as (...parameters: unknown[]) => unknown;
      return (...parameters: unknown[]) => {
        const result = act.apply(table, parameters);
        if ((WRITES as readonly string[]).includes(String(name))) hear(`${String(name)} ${String(result)}`);
        return result;
      };
    },
  });
  const shelf: SweepShelf = {
    mustBeThere: () => {},
    inputsOf: (fileName) => labels.get(fileName) ?? [],
    remove(fileName) {
      if (files.delete(fileName)) hear(`remove ${fileName}`);
    },
    sync: async () => {},
  };
  const clock = { now: () => nowMs, monotonic: () => 0, iso: () => new Date(nowMs).toISOString() };
  return { store, shelf, clock, breathe: async () => {} };
}

export function sweepNow(world: World, rules: Rules, change: Partial<SweepOrder> = {}): Promise<SweepResult> {
  return sweep(sweepDoors(world), order(rules, change));
}

/** What holds of files and rows after whatever was done: one line for each thing that is wrong. */
export function dangling({ sql, files }: World): string[] {
  const column = (text: string): string[] => sql.prepare<[], string>(text).pluck().all();
  const kept = column('SELECT file_name FROM cartridges WHERE swept_at IS NULL');
  const registered = new Set(column('SELECT file_name FROM cartridges'));
  return [
    ...kept.filter((name) => !files.has(name)).map((name) => `${name} is on no shelf`),
    ...[...files].filter((name) => !registered.has(name)).map((name) => `${name} is in no registry`),
    ...column('SELECT file_name FROM cartridges WHERE file_gone = 1')
      .filter((name) => files.has(name))
      .map((name) => `${name} is said to be gone`),
    ...column(
      `SELECT 'run ' || id || ' has no job' FROM improvement_runs AS run
       WHERE job_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = run.job_id)`,
    ),
    ...column(
      `SELECT 'run ' || id || ' made a cartridge of which nobody knows' FROM improvement_runs AS run
       WHERE success = 1 AND NOT EXISTS (SELECT 1 FROM cartridges WHERE file_name = run.cartridge_path)`,
    ),
    ...column(
      `SELECT 'job ' || id || ' runs without a run' FROM jobs WHERE state = 'running'
         AND NOT EXISTS (SELECT 1 FROM improvement_runs WHERE job_id = jobs.id AND finished_at IS NULL)`,
    ),
  ];
}
