/** `gvpie reload`: a cartridge becomes a script again, as it was; with an edit it becomes a child that names its parent. */
import { basename, extname } from 'node:path';
import { readParamsText } from '../orchestrator/decide.ts';
import { LineageTable } from '../orchestrator/host/lineage-table.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import type { ScriptDetail } from '../orchestrator/script.ts';
import { workKey } from '../orchestrator/work-key.ts';
import { visible } from '../renderer/language/caret.ts';
import { decodeUtf8 } from '../shared/bytes.ts';
import { canonicalText } from '../shared/canonical.ts';
import type { Canvas } from '../shared/canvas.ts';
import type { Label } from '../shared/cartridge/label.ts';
import { scanInputs } from '../shared/inputs.ts';
import { hasParams, NO_PARAMS, type Params } from '../shared/params.ts';
import type { Settings } from '../shared/settings.ts';
import { checkProgram, warnOverDefault } from './check.ts';
import { scriptNamed, withNewDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readCartridge, readProgram } from './input.ts';
import { paramWords } from './options.ts';
import { complain, complainAbout, say, sayJson, warnAbout } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import { stateOf } from './script-state.ts';
import { newerWords } from './verify.ts';
import { wholeCartridge } from './whole-cartridge.ts';

export interface ReloadOptions {
  readonly name?: string;
  /** A file with the program that takes the cartridge's place. */
  readonly edit?: string;
  /** Go over the cartridge's. */
  readonly param?: Params;
  readonly size?: Canvas;
  readonly json?: boolean;
}

/** What a script draws. */
interface Content {
  readonly program: string;
  readonly canvas: Canvas;
  readonly params: Params;
}

/** Scripts of one name, counted up, before another name is asked for. */
const MOST_NAMES = 1_000;

export async function reloadCartridge(
  path: string,
  options: ReloadOptions,
  settings: Settings,
): Promise<ExitCode> {
  if (options.name === '') throw wrongUsage('Expected a name, found the empty text');
  const { label, newer } = await wholeCartridge(path, readCartridge(path), 'reload', settings);
  if (newer !== undefined) complain(`${visible(path)}: ${newerWords(newer)}`);
  const held = contentOf(label);
  const { content, dropped } = await edited(held, options);
  const isChild = !isSame(content, held);
  const where = options.edit === undefined ? path : programName(options.edit);
  const result = checkProgram(Buffer.from(content.program), content.canvas, { params: content.params });
  if (!('price' in result)) {
    complainAbout(where, result);
    if (options.json) sayJson({ status: 'refused', errors: result });
    return EXIT.badInput;
  }
  warnAbout(where, result.warnings);
  warnOverDefault(where, result.price);
  if (hasParams(dropped)) {
    complain(`left out, as the edited program has no such PARAM: ${paramWords(dropped)}`);
  }
  const wished = options.name ?? (label.script?.name || basename(path, extname(path)));
  const { row, isThere } = await withNewDatabase(settings, (database) =>
    new ScriptCatalog(database).atomically(() =>
      put(database, wished, options.name !== undefined, {
        ...content,
        params: isChild ? content.params : asKnown(database, content),
        parent: label.checksum,
      }),
    ),
  );
  const { name } = row;
  if (options.json) {
    sayJson({
      ...{ status: 'ok', id: row.id, name, ...content.canvas, params: content.params },
      ...{ parent: label.checksum, edited: isChild, was_there: isThere, state: stateOf(row) },
    });
    return EXIT.ok;
  }
  const size = `${content.canvas.width}×${content.canvas.height}`;
  const kind = isChild ? `a child of ${label.checksum}` : 'what the cartridge was drawn by';
  say(
    isThere
      ? `${visible(name)} is there already: ${kind}, ${stateOf(row)}`
      : `${visible(name)} is added (pixel, ${size}) and ${stateOf(row)}: ${kind}`,
  );
  return EXIT.ok;
}

function contentOf({ program, canvas: { width, height }, params = NO_PARAMS }: Label): Content {
  return { program, canvas: { width, height }, params };
}

function isSame(one: Content, other: Content): boolean {
  return canonicalText({ ...one }) === canonicalText({ ...other });
}

/**
 * The content with the edits that are asked for. Of the cartridge's params an edited program keeps those that it
 * declares and that were not merely the defaults of the program that it replaces: its own defaults are meant then.
 */
async function edited(
  held: Content,
  { edit, param = NO_PARAMS, size }: ReloadOptions,
): Promise<{ content: Content; dropped: Params }> {
  const canvas = size ?? held.canvas;
  if (edit === undefined) {
    return { content: { ...held, canvas, params: { ...held.params, ...param } }, dropped: NO_PARAMS };
  }
  const program = decodeUtf8(await readProgram(edit));
  if (program === undefined) throw badInput(`Expected ${programName(edit)} to be UTF-8, found other bytes`);
  if (program === held.program) {
    return { content: { ...held, canvas, params: { ...held.params, ...param } }, dropped: NO_PARAMS };
  }
  const given = withoutDefaults(held);
  const declared = defaultsOf({ program, canvas });
  const isKept = ([name]: [string, number]): boolean =>
    declared === undefined || Object.hasOwn(declared, name);
  const entries = Object.entries(given);
  const params = { ...Object.fromEntries(entries.filter(isKept)), ...param };
  const dropped = Object.fromEntries(entries.filter((entry) => !isKept(entry)));
  return { content: { program, canvas, params }, dropped };
}

/** What the PARAMs of a program stand for when nobody says; undefined where it cannot be run like that. */
function defaultsOf({ program, canvas }: Omit<Content, 'params'>): Params | undefined {
  const result = checkProgram(Buffer.from(program), canvas, { params: NO_PARAMS });
  return 'price' in result ? result.params : undefined;
}

function withoutDefaults(content: Content): Params {
  const defaults = new Map(Object.entries(defaultsOf(content) ?? NO_PARAMS));
  return Object.fromEntries(
    Object.entries(content.params).filter(([name, value]) => defaults.get(name) !== value),
  );
}

/**
 * A label says what every PARAM stood for, and a row perhaps only what differs: where the registry knows the work by the
 * shorter form, and not by the longer one, that is the form in which it is known and need not be rendered again.
 */
function asKnown(database: Database, content: Content): Params {
  const table = new LineageTable(database);
  const inputs = scanInputs(content.program);
  const isKnown = (params: Params): boolean => {
    const key = workKey({ ...content, params }, inputs);
    return key !== undefined && table.isKnownWork(key);
  };
  if (!hasParams(content.params) || isKnown(content.params)) return content.params;
  const shorter = withoutDefaults(content);
  return isKnown(shorter) ? shorter : content.params;
}

/**
 * Adds a script, unless one of the name draws the same already.
 *
 * @param isGiven whether somebody said the name; otherwise one beside it is taken where it is another script's
 * @throws {Refusal} where the name is another script's
 */
function put(
  database: Database,
  wished: string,
  isGiven: boolean,
  content: Content & { readonly parent: string },
): { row: ScriptDetail; isThere: boolean } {
  const catalog = new ScriptCatalog(database);
  for (let count = 1; count <= (isGiven ? 1 : MOST_NAMES); count++) {
    const name = count === 1 ? wished : `${wished}-${count}`;
    const there = catalog.showScript(name);
    if (there !== undefined && draws(there, content)) return { row: there, isThere: true };
    if (there !== undefined) continue;
    const { program, canvas, params, parent } = content;
    catalog.addScript(name, {
      ...{ lang: 'pixel', code: program, ...canvas },
      params: hasParams(params) ? JSON.stringify(params) : null,
      parents: JSON.stringify([parent]),
    });
    return { row: scriptNamed(catalog, name), isThere: false };
  }
  throw badInput(
    `Expected a new name, found the script ${JSON.stringify(wished)}, which draws something else`,
    isGiven ? 'gvpie script set changes it' : '--name NAME says another one',
  );
}

/** Whether a script draws that. */
function draws(row: ScriptDetail, { program, canvas, params }: Content): boolean {
  const had = readParamsText(row.params ?? '');
  const isPixel = row.lang === 'pixel' || row.lang === 'gvpie';
  if (!isPixel || row.codeType !== 'text' || typeof had === 'string') return false;
  const { width, height } = row;
  if (width !== canvas.width || height !== canvas.height || decodeUtf8(row.code) !== program) return false;
  return canonicalText({ ...had }) === canonicalText({ ...params });
}
