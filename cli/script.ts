/** `gvpie script list`, `show`, `enable`, `disable` and `remove`: the rows that the orchestrator renders. */
import { readParamsText } from '../orchestrator/decide.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { PlanRow } from '../orchestrator/queue.ts';
import type { ScriptDetail, ScriptRow } from '../orchestrator/script.ts';
import { decodeUtf8 } from '../shared/bytes.ts';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withCatalog, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { sayProgram, sayProgramBelow } from './inspect.ts';
import { paramWords } from './options.ts';
import { complaintLines, say, sayJson, sayTable, snakeCase } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import { errorsOf } from './run-row.ts';
import { nextSlot, planFields, planJson } from './script-plan.ts';
import { stateOf } from './script-state.ts';
import { styleOf } from './style.ts';
import { type Column, fieldLines } from './table.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** Columns of the list that are there where any script has something to show in them. */
const PLAN_COLUMNS: readonly { column: Column; cell(plan: PlanRow, nowMs: number): string }[] = [
  {
    column: { title: 'PRIORITY', align: 'right' },
    cell: ({ priority }) => (priority === 0 ? '' : String(priority)),
  },
  { column: { title: 'SCHEDULE' }, cell: ({ schedule }) => schedule ?? '' },
  {
    column: { title: 'NEXT SLOT' },
    cell: (plan, nowMs) => (plan.schedule === null ? '' : (nextSlot(plan, nowMs) ?? 'none')),
  },
  { column: { title: 'BATCH' }, cell: ({ batch }) => batch ?? '' },
];

export async function listScripts(options: JsonOption, settings: Settings): Promise<ExitCode> {
  const { rows, plans } = await withDatabase(settings, (database) => ({
    rows: new ScriptCatalog(database).listScripts(),
    plans: new Map(new QueueCatalog(database).plans().map((plan) => [plan.scriptName, plan])),
  }));
  const nowMs = systemClock.now();
  const json = (row: ScriptRow, plan: PlanRow | undefined) => ({
    ...{ ...jsonOf(row), state: stateOf(row) },
    ...(plan && planJson(plan, nowMs)),
  });
  if (options.json) sayJson(rows.map((row) => json(row, plans.get(row.name))));
  else if (rows.length === 0) say('no scripts yet');
  else {
    const style = styleOf(process.stdout);
    const dressState = (padded: string, state: string): string =>
      state === 'rendered'
        ? style.green(padded)
        : state === 'refused'
          ? style.red(padded)
          : style.yellow(padded);
    const more = PLAN_COLUMNS.filter(({ cell }) =>
      [...plans.values()].some((plan) => cell(plan, nowMs) !== ''),
    );
    sayTable(
      [
        { title: 'NAME', dress: style.bold },
        { title: 'LANG' },
        { title: 'CANVAS', align: 'right' },
        { title: 'BYTES', align: 'right' },
        { title: 'STATE', dress: dressState },
        ...more.map(({ column }) => column),
        { title: 'OK', align: 'right' },
        { title: 'RUNS', align: 'right' },
        { title: 'LAST RUN' },
      ],
      rows.map((row) => [
        row.name,
        row.lang,
        `${row.width}×${row.height}`,
        String(row.codeBytes),
        stateOf(row),
        ...more.map(({ cell }) => {
          const plan = plans.get(row.name);
          return plan === undefined ? '' : cell(plan, nowMs);
        }),
        String(row.successCount),
        String(row.runCount),
        row.lastRunAt ?? 'never',
      ]),
    );
  }
  return EXIT.ok;
}

export async function showScript(
  name: string,
  options: JsonOption & { readonly program?: boolean },
  settings: Settings,
): Promise<ExitCode> {
  if (options.program && options.json) throw wrongUsage('Expected --program or --json, found both');
  const { row, ofRevision, errors, plan } = await withDatabase(settings, (database) => {
    const catalog = new ScriptCatalog(database);
    const latest = catalog.latestRun(name);
    const row = scriptNamed(catalog, name);
    const ofRevision = latest?.revision ?? row.revision;
    const plan = new QueueCatalog(database).plans(name)[0];
    return { row, ofRevision, errors: latest === undefined ? [] : errorsOf(latest), plan };
  });
  const nowMs = systemClock.now();
  const text = decodeUtf8(row.code);
  if (options.json) {
    const code =
      text === undefined ? { code_base64: Buffer.from(row.code).toString('base64') } : { code: text };
    const { code: _bytes, ...fields } = row;
    const planned = plan && planJson(plan, nowMs);
    sayJson({ ...jsonOf(fields), state: stateOf(row), ...planned, ...code, last_errors: errors });
    return EXIT.ok;
  }
  if (text === undefined)
    throw badInput(`Expected the code of ${name} in UTF-8, found other bytes`, '--json shows them');
  if (options.program) sayProgram(text);
  else {
    for (const line of fieldLines(fieldsOf(row, plan, nowMs), styleOf(process.stdout).dim)) say(line);
    say();
    sayProgramBelow(text);
    if (errors.length === 0) return EXIT.ok;
    say();
    const which = ofRevision === row.revision ? '' : `, of revision ${ofRevision},`;
    say(`the last run${which} ended with:`);
    for (const line of complaintLines(name, errors, styleOf(process.stdout))) say(line);
  }
  return EXIT.ok;
}

export async function switchScript(
  name: string,
  on: boolean,
  options: JsonOption,
  settings: Settings,
): Promise<ExitCode> {
  const row = await withCatalog(settings, (catalog) => {
    scriptNamed(catalog, name);
    if (on) catalog.enable(name);
    else catalog.disable(name);
    return scriptNamed(catalog, name);
  });
  if (options.json) sayJson({ status: 'ok', name, enabled: row.enabled, state: stateOf(row) });
  else say(on ? `${name} is enabled: ${stateOf(row)}` : `${name} is disabled`);
  return EXIT.ok;
}

export async function removeScript(name: string, options: JsonOption, settings: Settings): Promise<ExitCode> {
  await withCatalog(settings, (catalog) => {
    scriptNamed(catalog, name);
    catalog.removeScript(name);
  });
  if (options.json) sayJson({ status: 'ok', name, removed: true });
  else say(`${name} is removed; its runs and cartridges stay`);
  return EXIT.ok;
}

/** Params as the object that they are, empty where there are none; text that is no such object as it is. */
function jsonOf(row: ScriptRow): Record<string, unknown> {
  const { params } = row;
  const read = readParamsText(params ?? '');
  return { ...snakeCase(row), params: typeof read === 'string' ? params : read, parents: parentsOf(row) };
}

/** Checksums of the cartridges that its pictures are made from. */
function parentsOf({ parents }: ScriptRow): string[] {
  return parents === null ? [] : (JSON.parse(parents) as string[]);
}

function fieldsOf(row: ScriptDetail, plan: PlanRow | undefined, nowMs: number): [string, string][] {
  const read = readParamsText(row.params ?? '');
  const params = typeof read === 'string' ? row.params : paramWords(read);
  const retry = row.retryAt === null ? '' : `, next attempt at ${row.retryAt}`;
  const waits = retry !== '' || !row.enabled || !plan?.waits ? '' : `: ${plan.waits}`;
  return [
    ['name', row.name],
    ['lang', row.lang],
    ['canvas', `${row.width}×${row.height}`],
    ...(params ? [['params', params] as [string, string]] : []),
    ...parentsOf(row).map((parent): [string, string] => ['made from', parent]),
    ['state', `${stateOf(row)}${retry}${waits}`],
    ...(plan === undefined ? [] : planFields(plan, nowMs)),
    ['revision', `${row.revision}`],
    ['runs', `${row.runCount}, ${row.successCount} of them successful`],
    ['created', row.createdAt ?? ''],
    ['last run', row.lastRunAt ?? 'never'],
  ];
}
