/** docs/queue.md says which fields --json prints; this runs each command and compares. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readPage, tableRows } from '../docs/pages.ts';
import { QueuePlace, REFUSED } from './queue-place.ts';

const page = readPage('docs/queue.md');
const documented = tableRows(page, ['command', 'fields']).map(([command = '', fields = '']) => {
  return [command.replaceAll('`', ''), fields.match(/\w+/g) ?? []] as const;
});

let place: QueuePlace;
beforeEach(() => {
  place = new QueuePlace();
  place.scripts('a', 'b');
  place.sql(`UPDATE improvement_scripts SET batch = 'x'`);
  place.begin(1);
  place.end(1, 'refused', REFUSED);
});
afterEach(() => place.clear());

/** What each command is about here. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  'gvpie queue': [],
  'gvpie history': ['1'],
  'gvpie pause': ['pixel'],
  'gvpie limit': ['pixel', '3'],
  'gvpie cancel': ['2'],
  'gvpie requeue': ['1'],
  'gvpie batch': ['x'],
  'gvpie stats': [],
  'gvpie top': [],
};

it('every command of the queue has its fields on the page', () => {
  expect(documented.map(([command]) => command)).toEqual(Object.keys(WORDS));
});

it.each(documented)('%s prints these fields', async (command, fields) => {
  const document = await place.json(command.replace('gvpie ', ''), ...(WORDS[command] ?? []));
  const object = Array.isArray(document) ? document[0] : document;
  expect(Object.keys(object).sort()).toEqual([...fields].sort());
});

it('the fields of runs, windows and figures are on the page', async () => {
  const { runs } = (await place.json('history', '1'))[0];
  const { window, langs } = await place.json('stats');
  const names = [runs[0], window, langs[0], langs[0].windows, langs[0].windows.day, langs[0].wait_ms].flatMap(
    Object.keys,
  );
  expect(names.length).toBeGreaterThan(30);
  for (const name of names.filter((name) => name !== 'lang')) expect(page).toContain(`\`${name}\``);
});

it('the fields of what gvpie top lists are on the page', async () => {
  place.begin(2);
  place.sql(`INSERT INTO improvement_scripts (name, lang, code, schedule) VALUES ('c', 'pixel', 'HALT', 'every 1h'), ('d', 'pixel', 'HALT', NULL);
    UPDATE improvement_scripts SET plan_at = '2999-01-01T00:00:00.000Z' WHERE name = 'c';
    INSERT INTO cartridges (file_name, script_id, checksum, width, height, bytes, created_at) VALUES ('x.png', 1, '', 3, 2, 9, '')`);
  place.serve();
  const { running, queued, rates, failures, schedules, cartridges, orchestrators } = await place.json('top');
  const names = [
    running,
    queued,
    Object.values(rates),
    failures,
    schedules,
    cartridges,
    orchestrators,
  ].flatMap(([one]) => Object.keys(one));
  expect(names.length).toBeGreaterThan(25);
  for (const name of names) expect(page).toContain(`\`${name}\``);
});
