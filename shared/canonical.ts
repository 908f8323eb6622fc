/** Canonical JSON (RFC 8785): what `canonicalize` gives, in half the time. */
import canonicalize from 'canonicalize';
import { invariant } from './faults.ts';

/** Deeper records are left to `canonicalize`, which knows cycles. */
const DEPTH = 32;
/** Nothing that JSON would escape. */
const PLAIN = /^[ !#-[\]-~]*$/;
const SURROGATE = /\p{Surrogate}/u;

/**
 * The text of a record. `canonicalize` alone looks at each character of each text by itself, and sorts what is sorted.
 *
 * @throws {Error} as `canonicalize` does: for NaN, for infinities, for half of a surrogate pair, for cycles
 */
export function canonicalText(record: object): string {
  const text = textOf(record, 0) ?? canonicalize(record);
  invariant(text !== undefined, 'a record has a JSON form');
  return text;
}

/** Undefined where `canonicalize` is to say what it thinks of a value. */
function textOf(value: unknown, depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
      if (PLAIN.test(value)) return `"${value}"`;
      return SURROGATE.test(value) ? undefined : JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === DEPTH || 'toJSON' in value) return undefined;
      return Array.isArray(value) ? listText(value, depth + 1) : recordText(value as Fields, depth + 1);
    default:
      return undefined;
  }
}

function listText(values: readonly unknown[], depth: number): string | undefined {
  let text = '[';
  for (let at = 0; at < values.length; at++) {
    const item = values[at] === undefined ? 'null' : textOf(values[at], depth);
    if (item === undefined) return undefined;
    text += at === 0 ? item : `,${item}`;
  }
  return `${text}]`;
}

type Fields = Readonly<Record<string, unknown>>;

function recordText(record: Fields, depth: number): string | undefined {
  const keys = Object.keys(record);
  // By UTF-16 code units, as RFC 8785 has it and as JavaScript compares.
  if (!isSorted(keys)) keys.sort();
  let text = '{';
  for (const key of keys) {
    const value = record[key];
    if (value === undefined) continue;
    const [name, content] = [textOf(key, depth), textOf(value, depth)];
    if (name === undefined || content === undefined) return undefined;
    text += text.length === 1 ? `${name}:${content}` : `,${name}:${content}`;
  }
  return `${text}}`;
}

function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at++) if (keys[at - 1]! > keys[at]!) return false;
  return true;
}
