/** Rows to pictures by the peer: a service and a queue, each in a process of its own, as ours are. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { PNG } from 'pngjs';
import { comparePictures } from '../../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../../renderer/raster/cpu-painter.ts';
import { encodeProgram } from '../../renderer/timing/pictures.ts';
import type { Durability } from '../../shared/settings.ts';
import { type Child, startChild } from '../child.ts';
import { rowProgram, rowScene } from '../pictures/row.ts';
import type { Contestant } from '../rows.ts';
import { JOBS } from './skia-queue.ts';

/** @param folder where the database and the pictures lie */
export async function startSkiaRows(folder: string, durability: Durability): Promise<Contestant> {
  const [path, pictures] = [join(folder, 'queue.db'), join(folder, 'pictures')];
  const service = await startChild('skia', {});
  const part = { database: path, pictures, port: Number(service.ready), durability };
  const children: Child[] = [service, await startChild('queue', part)];
  const database = new Database(path, { timeout: 5_000 });
  database.exec(JOBS);
  const insert = database.prepare('INSERT INTO jobs (name, scene) VALUES (?, ?)');
  return {
    children,
    async rate(round, rows) {
      const names = Array.from({ length: rows }, (_, row) => `${round}-${row}`);
      database.exec('BEGIN IMMEDIATE');
      for (const [row, name] of names.entries()) insert.run(name, JSON.stringify(rowScene(round, row)));
      const start = performance.now();
      database.exec('COMMIT');
      await allDone(database);
      const rate = (rows / (performance.now() - start)) * 1_000;
      verify(database, pictures, round, rows);
      return rate;
    },
    async stop() {
      database.close();
      for (const child of children.toReversed()) await child.stop();
    },
  };
}

async function allDone(database: Database.Database): Promise<void> {
  const open = database.prepare<[], number>(`SELECT count(*) FROM jobs WHERE state <> 'done'`).pluck();
  while ((open.get() ?? 0) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Every job has ended once, and has its file; every 40th file is opened and compared with our picture of the row. */
function verify(database: Database.Database, pictures: string, round: string, rows: number): void {
  const found = database
    .prepare<[string], { name: string; file: string }>(
      `SELECT name, file FROM jobs WHERE name GLOB ? AND state = 'done' AND ended = 1`,
    )
    .all(`${round}-*`);
  const files = new Set(readdirSync(pictures));
  const present = found.filter(({ file }) => files.has(file));
  if (present.length !== rows) throw new Error(`Expected ${rows} pictures, found ${present.length}`);
  for (let row = 0; row < rows; row += 40) {
    const { canvas } = rowScene(round, row);
    const expected = paintOnCpu(encodeProgram(Buffer.from(rowProgram(round, row)), canvas));
    const { data } = PNG.sync.read(readFileSync(join(pictures, `${round}-${row}.png`)));
    const difference = comparePictures(expected, data, canvas);
    if (difference !== undefined) throw new Error(`${round}-${row}.png: ${difference}`);
  }
}
