/** Params: what a program's PARAMs stand for in one run. */
import { AuthorFault } from '../../shared/faults.ts';
import type { Params } from '../../shared/params.ts';
import type { Program } from '../language/ast.ts';
import { quoted } from '../language/caret.ts';
import { nearest } from '../language/spelling.ts';

/**
 * A value for each PARAM of the program: the one that is given, or else its default.
 *
 * @throws {AuthorFault} PXL-E033 when one is given that is not there, or outside its range
 */
export function settleParams({ names }: Program, given: Params): Params {
  const known = names.params.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const has = known.length === 0 ? 'the program has no PARAM' : `the program has ${known.join(', ')}`;
    const message = `Expected params of the program, found ${quoted(name)}, which it does not have`;
    throw refusal(message, near === undefined ? has : `did you mean ${near}?`);
  }
  const settled: Record<string, number> = {};
  for (const { name, line, fallback, min, max } of names.params) {
    const value = Object.hasOwn(given, name) ? (given[name] as number) : fallback;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw refusal(
        `Expected ${name} from ${min} to ${max}, found ${value}`,
        `line ${line} declares it`,
        line,
      );
    }
    settled[name] = value;
  }
  return settled;
}

function refusal(message: string, hint: string, line?: number): AuthorFault {
  return new AuthorFault([{ code: 'PXL-E033', message, hint, ...(line === undefined ? {} : { line }) }]);
}
