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
