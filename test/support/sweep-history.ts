/** Random histories: scripts with revisions, schedules, matrices and needs, and what has become of their jobs. */
import { JOB_ENDS, type JobState } from '../../orchestrator/script.ts';
import { seeded } from '../../shared/seeded.ts';
import { memoryDatabase } from './memory-database.ts';
import { ago, HOUR_MS, type World } from './sweep-world.ts';

const SCRIPTS = 5;
const CHECKSUMS = 8;

const checksum = (n: number): string => n.toString(16).repeat(64).slice(0, 64);

export function history(seed: number): World {
  const next = seeded(seed);
  const upTo = (n: number): number => Math.floor(next() * n);
  const chance = (percent: number): boolean => upTo(100) < percent;
  const sql = memoryDatabase();
  const files = new Set<string>();
  const labels = new Map<string, readonly string[]>();
  for (let id = 1; id <= SCRIPTS; id++) {
    const isScheduled = chance(50);
    const naming = chance(20) ? `IMAGE a 4 4 ${checksum(upTo(CHECKSUMS))}` : 'RECT 0 0 1 1';
    sql
      .prepare(
        `INSERT INTO improvement_scripts (id, name, lang, code, schedule, matrix, needs, enabled)
         VALUES (?, ?, 'pixel', ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, `s${id}`, naming, isScheduled ? 'every 1h' : null, chance(30) ? '{"n":[1,2]}' : null],
        ...[id > 1 && chance(60) ? `["s${1 + upTo(id - 1)}"]` : null, chance(80) ? 1 : 0],
      );
    for (let n = upTo(3); n > 0; n--) {
      sql.prepare(`UPDATE improvement_scripts SET width = width + 1 WHERE id = ?`).run(id);
    }
  }
  // Those that triggers made stand for themselves.
  const scripts = sql
    .prepare<[], { id: number; revision: number; schedule: string | null; matrix: string | null }>(
      'SELECT id, revision, schedule, matrix FROM improvement_scripts',
    )
    .all();
  const made: string[] = [];
  let age = 400 + upTo(400);
  for (let n = 0; n < 60; n++) {
    age = Math.max(0, age - upTo(20));
    const script = scripts[upTo(scripts.length)] as (typeof scripts)[number];
    const revision = chance(70) ? script.revision : 1 + upTo(script.revision);
    const point = script.matrix === null ? null : `{"n":${1 + upTo(2)}}`;
    const time = ago(chance(3) ? -HOUR_MS * upTo(50) : age * HOUR_MS);
    // Without a schedule there is a slot in time only in a cycle, which leaves matrices out.
    const isOwn = script.schedule === null && (script.matrix !== null || chance(40));
    const base = isOwn ? `r${revision}` : time;
    const state: JobState = chance(60) ? 'done' : (JOB_ENDS[upTo(JOB_ENDS.length)] ?? 'done');
    const endedMs = age * HOUR_MS + (chance(10) ? -upTo(2) * 500_000 : 0);
    const job = sql
      .prepare(
        `INSERT OR IGNORE INTO jobs (script_id, slot, revision, lang, params, rank, state, due_at, ended_at)
         VALUES (?, ?, ?, 'pixel', ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[script.id, point === null ? base : `${base} ${point}`, revision, point, n],
        ...[chance(6) ? 'queued' : state, ago(endedMs), ago(endedMs)],
      );
    if (job.changes === 0) continue;
    for (let runs = upTo(4); runs > 0; runs--) {
      const success = state === 'done' && (runs === 1 || chance(30)) ? 1 : 0;
      const isKnown = success === 1 && made.length > 0 && chance(30);
      const fileName = isKnown ? (made[upTo(made.length)] as string) : `c${seed}-${made.length}.png`;
      const run = sql
        .prepare(
          `INSERT INTO improvement_runs
             (script_id, job_id, started_at, finished_at, success, outcome, stdout, stderr, revision, spool_id, cartridge_path, known)
           VALUES (?, ?, ?, ?, ?, ?, 'out', ?, ?, ?, ?, ?)`,
        )
        .run(
          ...[script.id, job.lastInsertRowid, ago(endedMs), ago(endedMs), success],
          ...[success === 1 ? 'success' : 'failed', success === 1 ? null : 'why', revision],
          ...[`${seed}-${n}-${runs}`, success === 1 ? fileName : null, isKnown ? 1 : 0],
        );
      if (success === 0 || isKnown) continue;
      made.push(fileName);
      files.add(fileName);
      const inputs = chance(25) ? [checksum(upTo(CHECKSUMS))] : [];
      const isToldByLabel = chance(20);
      if (isToldByLabel) labels.set(fileName, inputs);
      sql
        .prepare(
          `INSERT INTO cartridges (file_name, script_id, run_id, checksum, width, height, bytes, created_at, inputs)
           VALUES (?, ?, ?, ?, 4, 4, ?, ?, ?)`,
        )
        .run(
          ...[fileName, script.id, run.lastInsertRowid, checksum(upTo(CHECKSUMS)), 100 + upTo(900)],
          ...[ago(endedMs), isToldByLabel ? null : JSON.stringify(inputs)],
        );
    }
  }
  if (chance(30)) sql.exec(`DELETE FROM improvement_scripts WHERE id = ${1 + upTo(SCRIPTS)}`);
  if (made.length > 0 && chance(40)) {
    const named = chance(50) ? `cartridges/${made[upTo(made.length)]}` : checksum(upTo(CHECKSUMS));
    sql
      .prepare(`INSERT INTO improvement_scripts (name, lang, code) VALUES ('again', 'cartridge', ?)`)
      .run(named);
  }
  return { sql, files, labels };
}
