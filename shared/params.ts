/** Parameters: what a command or a row sets of a program's PARAMs, and what each of them stood for. */
import { LIMITS } from './limits.ts';
import { show } from './show.ts';

/** By lower-case name; signed 32-bit integers. */
export type Params = Readonly<Record<string, number>>;

/** Sets nothing: every PARAM keeps its default. */
export const NO_PARAMS: Params = {};

const NAME = new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${LIMITS.nameLength - 1}}$`);
const LOWEST = -(2 ** 31);
const HIGHEST = 2 ** 31 - 1;

export function hasParams(params: Params): boolean {
  return Object.keys(params).length > 0;
}

/** The value of one PARAM as people write it; undefined when it is not a whole number of 32 bits. */
export function readParamValue(value: unknown): number | undefined {
  return typeof value === 'number' && value === (value | 0) ? value | 0 : undefined;
}

/** `name` as params have it, lower-case; undefined when it is no name. */
export function readParamName(name: string): string | undefined {
  return NAME.test(name) ? name.toLowerCase() : undefined;
}

/**
 * The params that somebody wrote as a JSON object, names of any case; or what is wrong with them, in words.
 *
 * @param where what messages call the object
 */
export function readParams(value: unknown, where: string): Params | string {
  if (!isObject(value)) {
    return `Expected ${where} to be an object such as {"count":3}, found ${show(value)}`;
  }
  /** Name → as it was written. */
  const written = new Map<string, string>();
  const params: [string, number][] = [];
  for (const [name, found] of Object.entries(value)) {
    const folded = readParamName(name);
    if (folded === undefined) {
      const wanted = `names of 1 to ${LIMITS.nameLength} letters, digits and _, no digit in front`;
      return `Expected ${where} to have ${wanted}, found ${show(name)}`;
    }
    const twin = written.get(folded);
    if (twin !== undefined) {
      return `Expected ${where} to have each name once, whatever its case, found ${show(twin)} and ${show(name)}`;
    }
    const number = readParamValue(found);
    if (number === undefined) {
      return `Expected ${show(name)} of ${where} to be ${PARAM_VALUE}, found ${show(found)}`;
    }
    written.set(folded, name);
    params.push([folded, number]);
  }
  return Object.fromEntries(params);
}

/** What the value of a PARAM has to be, in words. */
export const PARAM_VALUE = `a whole number from ${LOWEST} to ${HIGHEST}`;

/** Whether they are params as gvpie writes them: lower-case names, each with a whole number of 32 bits. */
export function areParams(value: unknown): value is Params {
  if (!isObject(value)) return false;
  // A hostile file has half a million of them, and a list of pairs takes as much again.
  for (const name in value) if (!isOurs(name, value[name])) return false;
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOurs(name: string, value: unknown): boolean {
  return readParamName(name) === name && Object.is(readParamValue(value), value);
}
