/** Params: what a program's PARAMs stand for in one run. */
import { AuthorFault } from '../../shared/faults.ts';
import type { Params } from '../../shared/params.ts';
import type { Param, Program } from '../language/ast.ts';
import { few, quoted } from '../language/caret.ts';
import { nearest } from '../language/spelling.ts';

/**
 * A value for each PARAM of the program: the one that is given, or else its default.
 *
 * @throws {AuthorFault} PXL-E033 when one is given that is not there, or outside its range
 */
export function settleParams({ names }: Program, given: Params): Params {
  const known = new Set(names.params.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (known.has(name)) continue;
    const near = nearest(name, [...known]);
    const has = known.size === 0 ? 'the program has no PARAM' : `the program has ${few([...known], ', ')}`;
    const message = `Expected params of the program, found ${quoted(name)}, which it does not have`;
    throw refusal(message, near === undefined ? has : `did you mean ${near}?`);
  }
  // Not by assignment: a PARAM may be called __proto__.
  return Object.fromEntries(names.params.map((param) => [param.name, settle(param, given)]));
}

function settle({ name, line, fallback, min, max }: Param, given: Params): number {
  if (!Object.hasOwn(given, name)) return fallback;
  const value = given[name] as number;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw refusal(`Expected ${name} from ${min} to ${max}, found ${value}`, `line ${line} declares it`, line);
}

function refusal(message: string, hint: string, line?: number): AuthorFault {
  return new AuthorFault([{ code: 'PXL-E033', message, hint, ...(line === undefined ? {} : { line }) }]);
}
