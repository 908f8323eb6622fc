/** `gvpie runs`: the history of runs, newest first. */
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withCatalog } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { whyEnded } from './job-words.ts';
import { say, sayJson, sayTable, snakeCase } from './print.ts';
import { outcomeWords } from './run-row.ts';
import { styleOf } from './style.ts';

export async function listRuns(
  name: string | undefined,
  options: { readonly limit: number; readonly json?: boolean },
  settings: Settings,
): Promise<ExitCode> {
  const rows = await withCatalog(settings, (catalog) => {
    if (name !== undefined) scriptNamed(catalog, name);
    return catalog.runs(name ?? null, options.limit);
  });
  if (options.json) sayJson(rows.map(snakeCase));
  else if (rows.length === 0) say('no runs yet');
  else {
    const style = styleOf(process.stdout);
    sayTable(
      [
        { title: 'ID', align: 'right' },
        { title: 'SCRIPT' },
        { title: 'STARTED' },
        {
          title: 'OUTCOME',
          dress: (padded, outcome) =>
            /^success\b/.test(outcome)
              ? style.green(padded)
              : outcome === 'open'
                ? padded
                : style.red(padded),
        },
        { title: 'MS', align: 'right' },
        { title: 'BACKEND' },
        { title: 'CARTRIDGE OR ERROR' },
      ],
      rows.map((row) => [
        String(row.id),
        row.scriptName ?? (row.scriptId === null ? '(removed)' : `#${row.scriptId}`),
        row.startedAt,
        outcomeWords(row),
        String(row.durationMs ?? ''),
        row.backend ?? '',
        whyEnded(row),
      ]),
    );
  }
  return EXIT.ok;
}
