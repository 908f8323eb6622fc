/** `gvpie script add` and `script set`: rows are written by a person, and only with a program that would run. */
import { resolve } from 'node:path';
import { readParamsText } from '../orchestrator/decide.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { QueueCatalog } from '../orchestrator/host/queue-catalog.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { PlanRow } from '../orchestrator/queue.ts';
import type { Lang, ScriptDetail } from '../orchestrator/script.ts';
import { decodeUtf8 } from '../shared/bytes.ts';
import { type Canvas, canvasComplaint, DEFAULT_CANVAS } from '../shared/canvas.ts';
import type { Complaint } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { hasParams, NO_PARAMS, type Params } from '../shared/params.ts';
import type { Settings } from '../shared/settings.ts';
import { checkProgram, warnOverDefault } from './check.ts';
import { hasDatabase, QueueFull, scriptNamed, withDatabase, withNewDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readProgram } from './input.ts';
import type { PlanOptions } from './plan-options.ts';
import { complainAbout, say, sayJson, warnAbout } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import {
  complaintAboutPast,
  complaintAboutRoom,
  complaintsAboutPlan,
  firstPoint,
  NEW_PLAN,
  nextSlot,
  type Plan,
  planOf,
} from './script-plan.ts';
import { stateOf } from './script-state.ts';
import { type NewContent, requireFreeKey, requireSame } from './submit-key.ts';

export interface ContentOptions extends PlanOptions {
  readonly lang?: Lang;
  readonly code?: string;
  readonly size?: Canvas;
  /** Go over the ones that a script has. */
  readonly param?: Params;
  /** False: the ones that a script has are forgotten. */
  readonly params?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

export async function addScript(
  name: string,
  file: string | undefined,
  options: ContentOptions,
  settings: Settings,
): Promise<ExitCode> {
  if (name === '') throw wrongUsage('Expected a name, found the empty text');
  const code = await readCode(file, options.code);
  if (code === undefined) {
    throw wrongUsage(
      'Expected a program, found none',
      'name a FILE, or - for standard input, or give --code TEXT',
    );
  }
  const { lang = 'pixel', size = DEFAULT_CANVAS, param: params = NO_PARAMS } = options;
  const plan = { ...NEW_PLAN, ...planOf(options) };
  if (!accepted(programName(file ?? name), { lang, code, canvas: size, params, plan }, options)) {
    return EXIT.badInput;
  }
  const isNew = !hasDatabase(settings);
  const content = { lang, code, ...size, params: paramsText(params), ...plan };
  const added = await withNewDatabase(settings, (database) =>
    new ScriptCatalog(database).atomically(() => insert(database, name, content)),
  ).catch((error: unknown) => {
    if (options.json && error instanceof QueueFull) {
      sayJson({ status: 'refused', error: { message: error.message }, retry_after_s: error.retryAfterS });
    }
    throw error;
  });
  if (!added.isThere) warnOfPast(name, added.plan);
  const next = nextSlot(added.plan, systemClock.now());
  if (options.json) {
    sayJson({
      ...{ status: 'ok', id: added.id, name, lang, ...size },
      ...(plan.schedule !== null && { next_slot: next ?? null }),
      ...(added.plan.waits !== null && { waits: added.plan.waits }),
      ...(plan.submitKey !== null && { was_there: added.isThere, state: added.state }),
    });
    return EXIT.ok;
  }
  if (added.isThere) {
    say(`${name} is there already, submitted as ${plan.submitKey}: ${added.state}`);
    return EXIT.ok;
  }
  if (isNew) say(`the new database is ${resolve(settings.database)}`);
  say(`${name} is added (${lang}, ${size.width}×${size.height})${dueWords(added.plan, next)}`);
  return EXIT.ok;
}

/** Adds a script, unless it is there already under the key that its content has. */
function insert(database: Database, name: string, content: NewContent) {
  const catalog = new ScriptCatalog(database);
  const { submitKey } = content;
  const there = submitKey === null ? undefined : catalog.submittedAs(submitKey);
  if (there !== undefined) {
    requireSame(scriptNamed(catalog, there), planRow(database, there), name, content);
  } else if (catalog.showScript(name) === undefined) {
    requireRoom(database, content);
    catalog.addScript(name, content);
  } else {
    const found = `found the script ${JSON.stringify(name)}`;
    throw badInput(`Expected a new name, ${found}`, 'gvpie script set changes it');
  }
  const row = scriptNamed(catalog, name);
  return { id: row.id, state: stateOf(row), plan: planRow(database, name), isThere: there !== undefined };
}

/** When a new script has its turn. */
function dueWords(plan: PlanRow, next: string | undefined): string {
  const { schedule, waits } = plan;
  const needs = waits?.startsWith('waits for ') ? `; ${waits}` : '';
  if (schedule !== null) {
    const isPast = complaintAboutPast(plan, systemClock.now()) !== undefined;
    const when = next === undefined ? '' : ` at ${next}`;
    return isPast ? ', and its time is over: it is not rendered' : ` and is due${when}${needs}`;
  }
  if (needs !== '') return needs;
  return waits === null ? ' and due' : ` and due: ${waits}`;
}

function warnOfPast(name: string, plan: PlanRow): void {
  const past = complaintAboutPast(plan, systemClock.now());
  if (past !== undefined) warnAbout(name, [past]);
}

export async function setScript(
  name: string,
  file: string | undefined,
  options: ContentOptions,
  settings: Settings,
): Promise<ExitCode> {
  const code = await readCode(file, options.code);
  const { lang, size, param } = options;
  const withParams = param !== undefined || options.params === false;
  const plan = planOf(options);
  const hasPlan = Object.keys(plan).length > 0;
  if (code === undefined && lang === undefined && size === undefined && !withParams && !hasPlan) {
    const hint =
      'a FILE, --code, --lang, --size, --param, --no-params, --every, --priority, or another option';
    throw wrongUsage('Expected something to change, found nothing', hint);
  }
  const before = await withDatabase(settings, (database) => look(database, name));
  const { row: had } = before;
  const canvas = size ?? { width: had.width as number, height: had.height as number };
  const hadParams = options.params === false ? NO_PARAMS : readParamsText(had.params ?? '');
  if (typeof hadParams === 'string' && withParams) throw badInput(hadParams, '--no-params forgets them');
  const params = typeof hadParams === 'string' ? hadParams : { ...hadParams, ...param };
  const after = {
    ...{ lang: lang ?? had.lang, code: code ?? decodeUtf8(had.code) ?? '', canvas, params },
    plan: { ...before.plan, ...plan },
  };
  if (!accepted(programName(file ?? name), after, options)) return EXIT.badInput;
  const { row, plan: now } = await withDatabase(settings, (database) => {
    const catalog = new ScriptCatalog(database);
    requireRoom(database, plan);
    if (plan.submitKey !== undefined) requireFreeKey(catalog, plan.submitKey, name);
    catalog.setScript(name, {
      ...(lang && { lang }),
      ...(code !== undefined && { code }),
      ...size,
      ...(withParams && typeof params !== 'string' && { params: paramsText(params) }),
      ...plan,
    });
    return look(database, name);
  });
  if (plan.schedule != null || plan.timeZone !== undefined) warnOfPast(name, now);
  const isPlanned =
    JSON.stringify({ ...now, waits: null }) !== JSON.stringify({ ...before.plan, waits: null });
  const changed = row.revision !== had.revision || isPlanned;
  if (options.json) sayJson({ status: 'ok', name, changed, revision: row.revision, state: stateOf(row) });
  else
    say(changed ? `${name} is changed (revision ${row.revision}): ${stateOf(row)}` : `${name} is as it was`);
  return EXIT.ok;
}

/** @throws {Refusal} when there is no such script */
function look(database: Database, name: string): { row: ScriptDetail; plan: PlanRow } {
  return { row: scriptNamed(new ScriptCatalog(database), name), plan: planRow(database, name) };
}

function planRow(database: Database, name: string): PlanRow {
  return new QueueCatalog(database).plans(name)[0] as PlanRow;
}

async function readCode(file: string | undefined, text: string | undefined): Promise<string | undefined> {
  if (file !== undefined && text !== undefined) throw wrongUsage('Expected a FILE or --code, found both');
  if (file === undefined) return text;
  const code = decodeUtf8(await readProgram(file));
  if (code === undefined) throw badInput(`Expected ${programName(file)} to be UTF-8, found other bytes`);
  return code;
}

/** @throws {Refusal} when the queue cannot hold all points of a matrix */
function requireRoom(database: Database, { matrix }: Pick<Plan, 'matrix'>): void {
  const complaint = complaintAboutRoom(matrix, new QueueCatalog(database).maxQueued());
  if (complaint !== undefined) throw badInput(`${complaint.code}: ${complaint.message}`, complaint.hint);
}

/** As a row has them: NULL where there are none. */
function paramsText(params: Params): string | null {
  return hasParams(params) ? JSON.stringify(params) : null;
}

interface Content {
  readonly lang: string;
  readonly code: string;
  readonly canvas: Canvas;
  /** Or what is wrong with the ones that the row has. */
  readonly params: Params | string;
  readonly plan: Pick<Required<Plan>, 'schedule' | 'timeZone' | 'matrix' | 'expect'>;
}

/** Whether a program would run, with the reasons if not; `--force` lets it pass all the same. */
function accepted(where: string, content: Content, { force, json }: ContentOptions): boolean {
  const complaints = complaintsAbout(where, content);
  if (complaints.length === 0) return true;
  complainAbout(where, complaints);
  if (force) return true;
  if (json) sayJson({ status: 'refused', errors: complaints });
  return false;
}

function complaintsAbout(where: string, content: Content): readonly Complaint[] {
  return [...complaintsAboutProgram(where, content), ...complaintsAboutPlan(content.plan)];
}

function complaintsAboutProgram(
  where: string,
  { lang, code, canvas, params, plan }: Content,
): readonly Complaint[] {
  if (lang === 'python') {
    const message = 'Expected a lang that this version runs, found python';
    return [{ code: 'ROW-E001', message, hint: '--force keeps it all the same; it is refused when it runs' }];
  }
  if (typeof params === 'string') {
    return [{ code: 'ROW-E007', message: params, hint: '--no-params forgets them' }];
  }
  if (lang === 'cartridge') return [];
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) return [{ code: 'ROW-E005', message: complaint, hint: 'set --size' }];
  const result = checkProgram(Buffer.from(code), canvas, {
    params: { ...params, ...firstPoint(plan.matrix) },
  });
  if (!('price' in result)) return result;
  warnAbout(where, result.warnings);
  warnOverDefault(where, result.price);
  return [];
}
