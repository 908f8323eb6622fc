/** The replies that come most: `ok`, with known fields alone. Looked at by hand, which takes a tenth of the schema's time. */

const HEX = /^[0-9a-f]+$/;
const CODE_POINT = /^[0-9A-F]{4,6}$/;
const FONT_GLYPH = /^[a-z0-9]+ [0-9A-F]{4,6}$/;

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
// 1e999 is JSON, and no number of the schema's.
const isNumber: Check = Number.isFinite;
const isWhole: Check = Number.isSafeInteger;
const isVersion: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const isBitmap: Check = (value) => typeof value === 'string' && HEX.test(value);
const isEmptyList: Check = (value) => Array.isArray(value) && value.length === 0;

/** What each field must be. Fields that are rare are missing here: their replies are the schema's to judge. */
const FIELDS: ReadonlyMap<string, Check> = new Map([
  ['id', isText],
  ['command_sha256', isText],
  ['renderer', isText],
  ['status', (value) => value === 'ok'],
  ['width', isWhole],
  ['height', isWhole],
  ['format', (value) => value === 'RGBA'],
  ['bytes', isWhole],
  ['sha256', isText],
  ['backend', isText],
  ['adapter', isText],
  ['dispatches', isWhole],
  ['reason', isText],
  ['version', isText],
  ['uses', isText],
  ['used', isUsed],
  ['steps', isNumber],
  ['shapes', isNumber],
  ['pixels_written', isNumber],
  ['shade', isNumber],
  ['timings_ms', (value) => isRecord(value, isText, isNumber)],
  ['warnings', isEmptyList],
  ['ignored', isEmptyList],
]);
const NEEDED = ['status', 'width', 'height', 'format', 'bytes', 'sha256', 'backend', 'adapter'] as const;
/** They have defaults, which are the schema's to fill in. */
const DEFAULTED = ['warnings', 'ignored'] as const;

const SECTIONS: ReadonlyMap<string, Check> = new Map([
  ['canvas', isVersion],
  ['blend', isVersions],
  ['opcodes', isVersions],
  ['functions', isVersions],
  ['glyphs', (value) => isRecord(value, (key) => CODE_POINT.test(key as string), isBitmap)],
  ['fonts', isVersions],
  ['font_glyphs', (value) => isRecord(value, (key) => FONT_GLYPH.test(key as string), isBitmap)],
]);
const SECTIONS_NEEDED = ['canvas', 'blend', 'opcodes', 'glyphs'] as const;

/** Whether a parsed JSON text is a reply that the schema would give back as it is. False says nothing. */
export function isPlainReply(value: unknown): value is object {
  return hasFields(value, FIELDS, NEEDED) && DEFAULTED.every((field) => Object.hasOwn(value, field));
}

function isUsed(value: unknown): boolean {
  return hasFields(value, SECTIONS, SECTIONS_NEEDED);
}

function isVersions(value: unknown): boolean {
  return isRecord(value, isText, isVersion);
}

function hasFields(
  value: unknown,
  fields: ReadonlyMap<string, Check>,
  needed: readonly string[],
): value is object {
  if (!isObject(value)) return false;
  for (const key in value) {
    const check = fields.get(key);
    if (check === undefined || !check(value[key])) return false;
  }
  return needed.every((field) => Object.hasOwn(value, field));
}

function isRecord(value: unknown, key: Check, of: Check): boolean {
  if (!isObject(value)) return false;
  for (const name in value) {
    // What the schema makes of this one is its own affair.
    if (name === '__proto__' || !key(name) || !of(value[name])) return false;
  }
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
