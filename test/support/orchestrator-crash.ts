/** An orchestrator that dies after a chosen effect, and its successor, which has to put everything right. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { serveOrchestrator } from '../../orchestrator/host/serve.ts';
import { serveRenderer } from '../../renderer/host/serve.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { type DoorChoice, readSettings } from '../../shared/settings.ts';
import { startProgram } from './child.ts';
import { type Place, shelfObjections } from './shelf-objections.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

const AT_A_TIME = 3;

const SCRIPTS: readonly (readonly [name: string, lang: string, code: string])[] = [
  ['first', 'pixel', 'TXT 1 1 first'],
  ['refused-by-the-renderer', 'pixel', 'RECT ten'],
  ['second', 'gvpie', 'RECT 1 1 30 20'],
  ['refused-here', 'python', 'print(1)'],
];

export interface Life {
  readonly place: Place;
  /** The effects that the first orchestrator had, as "<number> <name>". */
  readonly effects: readonly string[];
  readonly killed: boolean;
}

/** One orchestrator that dies after an effect, 0 for never, and another one that finishes. */
export async function dieAfter(effect: number, door: DoorChoice): Promise<Life> {
  const folder = temporaryFolder();
  const place = {
    socket: join(folder, 'socket'),
    database: join(folder, 'daemon.db'),
    cartridges: join(folder, 'cartridges'),
  };
  const flags = { socketDir: place.socket, database: place.database, cartridges: place.cartridges, door };
  const database = openDatabase(place.database, { durability: 'fast' });
  database.exec('DELETE FROM improvement_scripts');
  const insert = database.prepare('INSERT INTO improvement_scripts (name, lang, code) VALUES (?, ?, ?)');
  for (const script of SCRIPTS) insert.run(...script);
  database.close();

  const renderer = await serveRenderer({ socketDir: place.socket, backend: 'cpu' }, silentJournal);
  const first = startProgram('crashing-orchestrator', [
    JSON.stringify({ ...flags, pollMs: '5' }),
    `${effect}`,
  ]);
  const { signal } = await first.ended;
  const { settings } = readSettings({ ...flags, pollMs: '5' }, {});
  const second = await serveOrchestrator(settings, silentJournal, { once: true, backend: 'auto' });
  await second.finished;
  // An answer to a question of the dead may still come; the slow scan clears it away.
  await waitUntil('an empty outbox', () => readdirSync(join(place.socket, 'outbox')).length === 0);
  await second.stop();
  await renderer.stop();
  const effects = first.output().replaceAll(`${folder}/`, '').trimEnd().split('\n');
  return { place, effects, killed: signal === 'SIGKILL' };
}

/** How many deaths there were, and what they left wrong. Answers that come together have fewer effects. */
export async function dieAfterEach(effects: readonly number[], door: DoorChoice) {
  const wrong: string[] = [];
  const left = [...effects];
  let deaths = 0;
  const work = async (): Promise<void> => {
    for (let effect = left.shift(); effect !== undefined; effect = left.shift()) {
      const { place, effects: had, killed } = await dieAfter(effect, door);
      if (killed) deaths++;
      else if (had.length >= effect) wrong.push(`after ${effect}: it did not die`);
      for (const one of await shelfObjections(place)) wrong.push(`after ${had.at(-1)}: expected that ${one}`);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return { deaths, wrong };
}
