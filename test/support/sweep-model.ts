/** What a sweep has to leave, said a second time: every row is compared with every other, and nothing is remembered. */
import { CANDIDATES } from '../../orchestrator/config.ts';
import type { KeepRule } from '../../shared/keep-rule.ts';
import { NOW_MS, type Rules, rule, type World } from './sweep-world.ts';

interface Job {
  readonly id: number;
  readonly script_id: number | null;
  readonly slot: string;
  readonly params: string | null;
  readonly state: string;
  readonly revision: number;
  readonly present: number | null;
  readonly ended_at: string;
}

interface Run {
  readonly id: number;
  readonly script_id: number | null;
  readonly job_id: number;
  readonly success: number;
  readonly known: number;
  readonly cartridge_path: string | null;
  readonly finished_at: string;
}

interface Cartridge {
  readonly id: number;
  readonly script_id: number | null;
  readonly file_name: string;
  readonly checksum: string;
  readonly created_at: string;
  readonly inputs: string | null;
}

export interface Left {
  readonly jobs: number[];
  readonly runs: number[];
  readonly logs: number[];
  readonly files: string[];
}

/** Ids of what is left, and of the runs whose texts are. */
export function whatStays({ sql, labels }: World, rules: Rules): Left {
  const jobs = sql
    .prepare<[], Job>(
      'SELECT jobs.*, (SELECT revision FROM improvement_scripts WHERE id = script_id) AS present FROM jobs ORDER BY id',
    )
    .all();
  const runs = sql.prepare<[], Run>('SELECT * FROM improvement_runs ORDER BY id').all();
  const cartridges = sql.prepare<[], Cartridge>('SELECT * FROM cartridges').all();

  const isFirst = <Row extends { id: number }>(row: Row, all: readonly Row[], like: (one: Row) => boolean) =>
    like(row) && !all.some((one) => one.id > row.id && like(one));
  const byRule = <Row extends { id: number; script_id: number | null }>(
    row: Row,
    all: readonly Row[],
    { ageMs, count }: KeepRule,
    ended: string,
  ): boolean => {
    const age = NOW_MS - Date.parse(ended);
    const newer = all.filter((one) => one.script_id === row.script_id && one.id > row.id).length;
    return age >= 600_000 && ((ageMs !== null && age > ageMs) || (count !== null && newer >= count));
  };

  const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running';
  const isNeeded = (job: Job): boolean => {
    if (job.script_id === null) return false;
    const mine = (one: Job): boolean => one.script_id === job.script_id;
    const present = (one: Job): boolean => mine(one) && one.revision === one.present;
    const done = (one: Job): boolean => one.state === 'done';
    return (
      isFirst(job, jobs, mine) ||
      isFirst(job, jobs, present) ||
      isFirst(job, jobs, (one) => mine(one) && done(one)) ||
      isFirst(job, jobs, (one) => present(one) && done(one)) ||
      (job.params !== null &&
        isFirst(job, jobs, (one) => present(one) && done(one) && one.params === job.params)) ||
      job.slot.split(' ')[0] === `r${job.present}` ||
      (/^\d/.test(job.slot) && Date.parse(job.slot.split(' ')[0] ?? '') > NOW_MS)
    );
  };
  const isFirstOfAny = (run: Run): boolean => {
    const job = jobs.find(({ id }) => id === run.job_id);
    const circles = [
      ...(run.script_id === null ? [] : [(one: Run) => one.script_id === run.script_id]),
      ...(job !== undefined && isNeeded(job) ? [(one: Run) => one.job_id === run.job_id] : []),
    ];
    return circles.some(
      (mine) => isFirst(run, runs, mine) || isFirst(run, runs, (one) => mine(one) && one.success === 1),
    );
  };
  const isHeld = (run: Run): boolean =>
    isFirstOfAny(run) || jobs.some((job) => job.id === run.job_id && isOpen(job));
  const [ofRuns, ofLogs, ofFiles] = [rules.runs, rules.logs, rules.cartridges].map((text) =>
    rule(text ?? 'all'),
  ) as [KeepRule, KeepRule, KeepRule];
  const staying = runs.filter((run) => isHeld(run) || !byRule(run, runs, ofRuns, run.finished_at));
  const leftJobs = jobs.filter(
    (job) =>
      isOpen(job) ||
      isNeeded(job) ||
      !byRule(job, jobs, ofRuns, job.ended_at) ||
      staying.some(({ job_id }) => job_id === job.id),
  );

  const scripts = sql
    .prepare<[], { lang: string; code: string }>('SELECT lang, code FROM improvement_scripts')
    .all();
  const isNamed = ({ file_name }: Cartridge): boolean =>
    scripts.some(({ lang, code }) => lang === 'cartridge' && code.endsWith(file_name)) ||
    staying.some(({ known, cartridge_path }) => known === 1 && cartridge_path === file_name) ||
    runs.some((run) => run.cartridge_path === file_name && isFirstOfAny(run));
  const inputsOf = ({ inputs, file_name }: Cartridge): readonly string[] =>
    inputs === null ? (labels?.get(file_name) ?? []) : JSON.parse(inputs);
  let left: Cartridge[] = [];
  for (;;) {
    const asked = new Set([
      ...scripts.flatMap(({ code }) => code.match(/[0-9a-f]{64}/g) ?? []),
      ...left.flatMap(inputsOf),
    ]);
    const now = cartridges.filter(
      (one) =>
        !byRule(one, cartridges, ofFiles, one.created_at) ||
        isNamed(one) ||
        (asked.has(one.checksum) &&
          cartridges.filter(({ id, checksum }) => checksum === one.checksum && id > one.id).length <
            CANDIDATES),
    );
    if (now.length === left.length) break;
    left = now;
  }
  return {
    jobs: leftJobs.map(({ id }) => id),
    runs: staying.map(({ id }) => id),
    logs: staying
      .filter((run) => isHeld(run) || !byRule(run, runs, ofLogs, run.finished_at))
      .map(({ id }) => id),
    files: left.map(({ file_name }) => file_name).sort(),
  };
}
