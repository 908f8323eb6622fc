/** Which fields of two labels differ, by their names, with what each of them has there. */
import { canonicalText } from '../shared/canonical.ts';
import type { Label } from '../shared/cartridge/label.ts';

export interface FieldChange {
  /** Names from the outside in, with dots; places in lists are counted from 0. */
  readonly field: string;
  /** JSON; null where the label has no such field. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Digests, and what they are of: where that differs, they have to. */
const DIGESTS: Readonly<Record<string, string>> = { program_sha256: 'program', uses: 'used' };

/**
 * All that differs but the programs, in the order of names; digests of what differs anyway are left out, and so is the
 * checksum where `pixelsDiffer`.
 */
export function diffLabels(before: Label, after: Label, pixelsDiffer: boolean): FieldChange[] {
  const [one, other] = [leavesOf(before), leavesOf(after)];
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  const fields = names.filter((field) => one.get(field) !== other.get(field));
  const outer = new Set(fields.map((field) => field.split('.')[0] as string));
  return fields
    .filter((field) => field !== 'program' && !(field === 'checksum' && pixelsDiffer))
    .filter((field) => !(Object.hasOwn(DIGESTS, field) && outer.has(DIGESTS[field] as string)))
    .map((field) => ({ field, before: one.get(field) ?? null, after: other.get(field) ?? null }));
}

/** What is neither a list nor an object, and those that are empty, as JSON by their names. */
function leavesOf(label: Label): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const walk = (value: unknown, name: string): void => {
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    // A record that was read nests no deeper than 32.
    for (const [key, inner] of entries) walk(inner, name === '' ? key : `${name}.${key}`);
    if (entries.length === 0) leaves.set(name, canonicalText([value]).slice(1, -1));
  };
  walk(label, '');
  return leaves;
}
