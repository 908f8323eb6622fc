/** Which fields of two labels differ, by their names, with what each of them has there. */
import { canonicalText } from '../shared/canonical.ts';
import type { Label } from '../shared/cartridge/label.ts';

export interface FieldChange {
  /** Names from the outside in, with dots; places in lists are counted from 0. A name that has a dot itself is quoted. */
  readonly field: string;
  /** JSON; null where the label has no such field. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface FieldChanges {
  readonly count: number;
  /** The first of them. */
  readonly changes: readonly FieldChange[];
}

/** Digests, and what they are of: where that differs, they have to. */
const DIGESTS: Readonly<Record<string, keyof Label>> = { program_sha256: 'program', uses: 'used' };
/** Characters of one name: a label may have one of megabytes, around half a million fields that repeat it. */
const NAME_LENGTH = 128;

/**
 * All that differs but the programs, in the order of names; digests of what differs anyway are left out, and so is the
 * checksum where `pixelsDiffer`.
 *
 * @param most changes that are listed; the others are counted
 */
export function diffLabels(before: Label, after: Label, pixelsDiffer: boolean, most: number): FieldChanges {
  const changes: FieldChange[] = [];
  let count = 0;
  const found = (names: readonly string[], was: Leaf, is: Leaf): void => {
    count++;
    if (changes.length < most)
      changes.push({ field: fieldOf(names), before: textOf(was), after: textOf(is) });
  };
  for (const name of namesOf(before, after)) {
    if (name === 'program' || (name === 'checksum' && pixelsDiffer)) continue;
    const of = Object.hasOwn(DIGESTS, name) ? DIGESTS[name] : undefined;
    if (of !== undefined && canonicalText([before[of]]) !== canonicalText([after[of]])) continue;
    compare(at(before, name), at(after, name), [name], found);
  }
  return { count, changes };
}

/** What is neither a list nor an object, or is empty; undefined where there is nothing. */
type Leaf = unknown;
type Branch = Readonly<Record<string, unknown>>;

/** A record that was read nests no deeper than 32. */
function compare(
  before: unknown,
  after: unknown,
  names: readonly string[],
  found: (names: readonly string[], before: Leaf, after: Leaf) => void,
): void {
  const [one, other] = [branchOf(before), branchOf(after)];
  const isOther = Array.isArray(before) !== Array.isArray(after);
  if (one !== undefined && (after === undefined || (other !== undefined && !isOther))) {
    for (const name of namesOf(one, other ?? {}))
      compare(at(one, name), at(other, name), [...names, name], found);
  } else if (other !== undefined && before === undefined) {
    for (const name of namesOf({}, other)) compare(undefined, at(other, name), [...names, name], found);
  } else if (one !== undefined || other !== undefined) {
    compare(before, undefined, names, found);
    compare(undefined, after, names, found);
  } else if (textOf(before) !== textOf(after)) found(names, before, after);
}

/** A list or an object that has something in it. */
function branchOf(value: unknown): Branch | undefined {
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  return isBranch ? (value as Branch) : undefined;
}

/** A field may be called as what every object has, such as `toString`. */
function at(of: Branch | undefined, name: string): unknown {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
}

function namesOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function fieldOf(names: readonly string[]): string {
  return names
    .map((name) => (name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH)}…` : name))
    .map((name) => (/[."]/.test(name) ? JSON.stringify(name) : name))
    .join('.');
}

function textOf(leaf: Leaf): string | null {
  return leaf === undefined ? null : canonicalText([leaf]).slice(1, -1);
}
