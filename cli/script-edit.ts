/** `gvpie script add` and `script set`: rows are written by a person, and only with a program that would run. */
import { resolve } from 'node:path';
import { readParamsText } from '../orchestrator/decide.ts';
import type { Lang } from '../orchestrator/script.ts';
import { decodeUtf8 } from '../shared/bytes.ts';
import { type Canvas, canvasComplaint, DEFAULT_CANVAS } from '../shared/canvas.ts';
import type { Complaint } from '../shared/faults.ts';
import { hasParams, NO_PARAMS, type Params } from '../shared/params.ts';
import type { Settings } from '../shared/settings.ts';
import { checkProgram } from './check.ts';
import { hasDatabase, scriptNamed, withCatalog, withNewCatalog } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readProgram } from './input.ts';
import { complainAbout, say, sayJson, warnAbout } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import { stateOf } from './script-state.ts';

export interface ContentOptions {
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
  const content = { lang, code, canvas: size, params };
  if (!accepted(programName(file ?? name), content, options)) return EXIT.badInput;
  const isNew = !hasDatabase(settings);
  const id = await withNewCatalog(settings, (catalog) => {
    if (catalog.showScript(name) !== undefined) {
      throw badInput(
        `Expected a new name, found the script ${JSON.stringify(name)}`,
        'gvpie script set changes it',
      );
    }
    return catalog.addScript(name, { lang, code, ...size, params: paramsText(params) });
  });
  if (options.json) sayJson({ status: 'ok', id, name, lang, ...size });
  else {
    if (isNew) say(`the new database is ${resolve(settings.database)}`);
    say(`${name} is added (${lang}, ${size.width}×${size.height}) and due`);
  }
  return EXIT.ok;
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
  if (code === undefined && lang === undefined && size === undefined && !withParams) {
    const hint = 'a FILE, --code, --lang, --size, --param or --no-params';
    throw wrongUsage('Expected something to change, found nothing', hint);
  }
  const before = await withCatalog(settings, (catalog) => scriptNamed(catalog, name));
  const canvas = size ?? { width: before.width as number, height: before.height as number };
  const had = options.params === false ? NO_PARAMS : readParamsText(before.params ?? '');
  if (typeof had === 'string' && withParams) throw badInput(had, '--no-params forgets them');
  const params = typeof had === 'string' ? had : { ...had, ...param };
  const after = { lang: lang ?? before.lang, code: code ?? decodeUtf8(before.code) ?? '', canvas, params };
  if (!accepted(programName(file ?? name), after, options)) return EXIT.badInput;
  const row = await withCatalog(settings, (catalog) => {
    const content = {
      ...(lang && { lang }),
      ...(code !== undefined && { code }),
      ...size,
      ...(withParams && typeof params !== 'string' && { params: paramsText(params) }),
    };
    catalog.setScript(name, content);
    return scriptNamed(catalog, name);
  });
  const changed = row.revision !== before.revision;
  if (options.json) sayJson({ status: 'ok', name, changed, revision: row.revision, state: stateOf(row) });
  else
    say(changed ? `${name} is changed (revision ${row.revision}): ${stateOf(row)}` : `${name} is as it was`);
  return EXIT.ok;
}

async function readCode(file: string | undefined, text: string | undefined): Promise<string | undefined> {
  if (file !== undefined && text !== undefined) throw wrongUsage('Expected a FILE or --code, found both');
  if (file === undefined) return text;
  const code = decodeUtf8(await readProgram(file));
  if (code === undefined) throw badInput(`Expected ${programName(file)} to be UTF-8, found other bytes`);
  return code;
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

function complaintsAbout(where: string, { lang, code, canvas, params }: Content): readonly Complaint[] {
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
  const result = checkProgram(Buffer.from(code), canvas, { params });
  if (!('price' in result)) return result;
  warnAbout(where, result.warnings);
  return [];
}
