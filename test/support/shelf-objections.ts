/**
 * What must hold once every script has been rendered, whatever happened on the way: one successful run
 * and one cartridge each, with the pixels of an undisturbed run, and nothing left over anywhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { sha256Hex } from '../../shared/bytes.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { type Cartridge, openCartridge } from '../../shared/cartridge/open.ts';
import { errorCode } from '../../shared/faults.ts';
import { expectedPixels } from './expected-pixels.ts';
import { nameless, namesOn } from './names-on.ts';

export interface Place {
  readonly socket: string;
  readonly database: string;
  readonly cartridges: string;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly code: string;
  readonly width: number;
  readonly height: number;
  readonly state: string | null;
  readonly successes: number;
  readonly refusals: number;
  readonly open: number;
  readonly run_count: number;
  readonly success_count: number;
  readonly runs: number;
}

/** Everything that is not as it must be. A script whose name begins with `refused` is to be refused, once. */
export async function shelfObjections({ socket, database: path, cartridges }: Place): Promise<string[]> {
  const found: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) found.push(what);
  };
  const database = new BetterSqlite3(path, { readonly: true });
  const scripts = database.prepare(SCRIPTS).all() as Row[];
  const registry = database
    .prepare(`SELECT file_name, checksum, script_id, run_id FROM cartridges`)
    .all() as { file_name: string; checksum: string; script_id: number; run_id: number }[];
  const ran = database
    .prepare(`SELECT id, script_id, cartridge_path FROM improvement_runs WHERE outcome = 'success'`)
    .all() as { id: number; script_id: number; cartridge_path: string }[];
  database.close();

  for (const script of scripts) {
    const { name } = script;
    const refused = name.startsWith('refused');
    expect(`${name} is done`, script.state === 'done' || script.state === 'refused');
    expect(`${name} has no open run`, script.open === 0);
    expect(`${name} has one success: ${script.successes}`, script.successes === (refused ? 0 : 1));
    expect(`${name} has the refusals it should: ${script.refusals}`, script.refusals === (refused ? 1 : 0));
    expect(`${name} counts its successes`, script.success_count === script.successes);
    expect(`${name} counts its runs`, script.run_count === script.runs);
  }
  for (const { id, script_id, cartridge_path } of ran) {
    const script = scripts.find((one) => one.id === script_id);
    const cartridge = open(join(cartridges, cartridge_path));
    expect(`${cartridge_path} is whole`, cartridge !== undefined);
    if (cartridge === undefined || script === undefined) continue;
    const checksum = sha256Hex(await expectedPixels(script.code, script));
    const { label, text } = cartridge;
    expect(`${cartridge_path} has the pixels of an undisturbed run`, text.checksum === checksum);
    expect(`${cartridge_path} is of its script`, label.script?.name === script.name);
    const listed = registry.filter((one) => one.file_name === cartridge_path);
    expect(`${cartridge_path} is in the registry`, listed.length === 1 && listed[0]?.run_id === id);
    expect(`${cartridge_path} is registered as it is`, listed[0]?.checksum === checksum);
  }
  expect('the registry lists nothing else', registry.length === ran.length);
  const shelf = names(cartridges);
  expect(`the shelf holds as many files as there are successes`, shelf.length === ran.length);
  if (shelf.length > 0) expect('no object is without a name', nameless(cartridges).length === 0);
  for (const name of shelf) {
    expect(
      `${name} is a run's`,
      ran.some(({ cartridge_path }) => cartridge_path === name),
    );
  }
  for (const room of ['tmp', 'inbox', 'outbox', 'poison']) {
    const left = names(join(socket, room));
    expect(`nothing is left in ${room}: ${left.join(', ')}`, left.length === 0);
  }
  const work = names(join(socket, 'work')).flatMap((renderer) => names(join(socket, 'work', renderer)));
  expect(`nothing is in hand: ${work.join(', ')}`, work.length === 0);
  const wet = names(socket).filter((name) => name.endsWith('.wet') || name === 'cmd.json');
  expect(`nothing is left in the socket: ${wet.join(', ')}`, wet.length === 0);
  return found;
}

const SCRIPTS = `
  SELECT id, name, code, width, height,
    (SELECT state FROM jobs WHERE script_id = script.id ORDER BY id DESC LIMIT 1) AS state, run_count, success_count,
    (SELECT count(*) FROM improvement_runs WHERE script_id = script.id) AS runs,
    (SELECT count(*) FROM improvement_runs WHERE script_id = script.id AND outcome = 'success') AS successes,
    (SELECT count(*) FROM improvement_runs WHERE script_id = script.id AND outcome = 'refused') AS refusals,
    (SELECT count(*) FROM improvement_runs WHERE script_id = script.id AND finished_at IS NULL) AS open
  FROM improvement_scripts AS script ORDER BY id`;

function open(path: string): Cartridge | undefined {
  try {
    const cartridge = openCartridge(readFileSync(path));
    return judgeFile(cartridge) === undefined ? cartridge : undefined;
  } catch {
    return undefined;
  }
}

function names(folder: string): string[] {
  try {
    return namesOn(folder).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
