/** `gvpie runs`: the history of runs, newest first. */
import type { RunRow } from '../orchestrator/script.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withCatalog } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { say, sayJson, sayTable, snakeCase } from './print.ts';
import { cartridgeWords, errorsOf, keptWords, outcomeOf } from './run-row.ts';
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
            outcome === 'success' ? style.green(padded) : outcome === 'open' ? padded : style.red(padded),
        },
        { title: 'MS', align: 'right' },
        { title: 'BACKEND' },
        { title: 'CARTRIDGE OR ERROR' },
      ],
      rows.map((row) => [
        String(row.id),
        row.scriptName ?? (row.scriptId === null ? '(removed)' : `#${row.scriptId}`),
        row.startedAt,
        outcomeOf(row),
        String(row.durationMs ?? ''),
        row.backend ?? '',
        lastCell(row),
      ]),
    );
  }
  return EXIT.ok;
}

function lastCell(row: RunRow): string {
  const [error] = errorsOf(row);
  if (error === undefined) return cartridgeWords(row);
  const { code, message, line, column } = error;
  const place = [line, column].filter((part) => part !== undefined).join(':');
  return [place, code === '' ? message : `${code}: ${message}`].join(' ').trimStart() + keptWords(row);
}
