/** Judging: what a cartridge proves once its program has been rendered again. */
import { sha256Hex } from '../bytes.ts';
import type { Input } from '../inputs.ts';
import { NO_PARAMS, type Params } from '../params.ts';
import { type Used, usesDigest } from '../used.ts';
import type { CartridgeFault, CartridgeFaultCode } from './cartridge-fault.ts';
import { LANGUAGE, type Label } from './label.ts';
import type { Cartridge } from './open.ts';

/** What rendering the embedded program again gave. */
export interface Rerender {
  /** Raw RGBA8. */
  readonly pixels: Uint8Array;
  readonly used: Used;
  /** What each PARAM of the program stood for. */
  readonly params: Params;
  /** What its IMAGEs ask for, each once. */
  readonly inputs: readonly Input[];
}

/** One thing that differs between the label (before) and today (after); undefined where one of them does not have it. */
export interface Change {
  /** `opcodes`, `functions`, `glyphs`, `blend`, `canvas`, `language`, `params` or `inputs`. */
  readonly section: string;
  /** The opcode, code point, rule, PARAM, checksum or place of an input; the section's own name where it has no parts. */
  readonly name: string;
  readonly before: number | string | undefined;
  readonly after: number | string | undefined;
  /** Where the program uses it: the first places, from the top. Undefined where it does not, or nobody has looked. */
  readonly places?: readonly Place[];
  /** How many lines of the program use it. */
  readonly lines?: number;
}

/** Where something stands in a program. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** Of an opcode's or a function's name: code points from 1. A glyph, a font and a blend rule have the line alone. */
  readonly column?: number;
}

export type Verdict =
  | { readonly verdict: 'ok'; readonly checksum: string }
  | { readonly verdict: 'damaged'; readonly code: CartridgeFaultCode; readonly message: string }
  | { readonly verdict: 'program-checksum'; readonly expected: string; readonly found: string }
  | {
      readonly verdict: 'pixels-differ';
      /** Whether the file's own pixels or the ones rendered again are not the labelled ones. */
      readonly whose: 'file' | 'rerender';
      readonly expected: string;
      readonly found: string;
    }
  | {
      readonly verdict: 'semantics-changed';
      readonly changes: readonly Change[];
      /** Undefined where the program could not be rendered again. */
      readonly pixels_differ: boolean | undefined;
    }
  | {
      /** The same semantics gave the same pixels, but used other things, or had other params or inputs, than the label says. */
      readonly verdict: 'label-differs';
      readonly changes: readonly Change[];
    };

/** The verdict on a file that could not be opened. */
export function damaged(fault: CartridgeFault): Verdict {
  return { verdict: 'damaged', code: fault.code, message: fault.message };
}

/**
 * The verdict that the file alone settles, undefined when its program has to be rendered again:
 * program against its digest, pixels against the checksum, language against ours, in this order.
 */
export function judgeFile({ label, pixels }: Cartridge): Verdict | undefined {
  const program = sha256Hex(label.program);
  if (program !== label.program_sha256) {
    return { verdict: 'program-checksum', expected: label.program_sha256, found: program };
  }
  const checksum = sha256Hex(pixels);
  if (checksum !== label.checksum) {
    return { verdict: 'pixels-differ', whose: 'file', expected: label.checksum, found: checksum };
  }
  return judgeLanguage(label.language);
}

/** The verdict on a cartridge whose program has been rendered again: the first thing that fails decides. */
export function judge(cartridge: Cartridge, rerender: Rerender): Verdict {
  const early = judgeFile(cartridge);
  if (early !== undefined) return early;
  const { label } = cartridge;
  const checksum = sha256Hex(rerender.pixels);
  const pixelsDiffer = checksum !== label.checksum;
  const used =
    label.used === undefined || usesDigest(rerender.used) === label.uses
      ? []
      : compareUsed(label.used, rerender.used);
  // What only one of them used has no other meaning: another meaning has two versions to show for it.
  if (used.some(({ before, after }) => before !== undefined && after !== undefined)) {
    return { verdict: 'semantics-changed', changes: used, pixels_differ: pixelsDiffer };
  }
  if (pixelsDiffer) {
    return {
      verdict: 'pixels-differ',
      whose: 'rerender',
      expected: label.checksum,
      found: checksum,
    };
  }
  const changes = [
    ...used,
    ...compareSections({ params: label.params ?? NO_PARAMS }, { params: rerender.params }),
    ...compareInputs(label.inputs ?? [], rerender.inputs),
  ];
  return changes.length > 0
    ? { verdict: 'label-differs', changes }
    : { verdict: 'ok', checksum: label.checksum };
}

/** What of two lists differs by checksum; where nothing does, the first place at which they are in another order. */
function compareInputs(older: readonly Input[], newer: readonly Input[]): Change[] {
  const changes = compareSections({ inputs: sizesOf(older) }, { inputs: sizesOf(newer) });
  if (changes.length > 0) return changes;
  const at = older.findIndex(({ checksum }, place) => checksum !== newer[place]?.checksum);
  if (at < 0) return [];
  const [before, after] = [older[at]?.checksum, newer[at]?.checksum];
  return [{ section: 'inputs', name: `number ${at + 1}`, before, after }];
}

/** Checksum → size, or all its sizes where it stands there more than once. */
function sizesOf(inputs: readonly Input[]): Record<string, string> {
  const sizes = new Map<string, string[]>();
  for (const { checksum, width, height } of inputs) {
    const size = `${width}×${height}`;
    const known = sizes.get(checksum);
    if (known === undefined) sizes.set(checksum, [size]);
    else known.push(size);
  }
  return Object.fromEntries([...sizes].map(([checksum, all]) => [checksum, all.join(', ')]));
}

function judgeLanguage({ name, version }: Label['language']): Verdict | undefined {
  if (name === LANGUAGE.name && version === LANGUAGE.version) return undefined;
  const change = {
    section: 'language',
    name,
    before: version,
    after: name === LANGUAGE.name ? LANGUAGE.version : undefined,
  };
  return { verdict: 'semantics-changed', changes: [change], pixels_differ: undefined };
}

/** Every name whose meaning differs between two records, sections this code does not know included. */
export function compareUsed(older: Used, newer: Used): Change[] {
  return compareSections({ ...older }, { ...newer });
}

type Sections = Readonly<Record<string, number | string | Readonly<Record<string, number | string>>>>;

function compareSections(older: Sections, newer: Sections): Change[] {
  const before = flatten(older);
  const after = flatten(newer);
  const changes: Change[] = [];
  for (const [key, { section, name }] of new Map([...before, ...after])) {
    const was = before.get(key)?.meaning;
    const is = after.get(key)?.meaning;
    if (was !== is) changes.push({ section, name, before: was, after: is });
  }
  return changes;
}

interface Entry {
  readonly section: string;
  readonly name: string;
  readonly meaning: number | string;
}

/** The record's leaves, keyed by section and name; a JSON key cannot be confused by any name. */
function flatten(sections: Sections): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [section, value] of Object.entries(sections)) {
    const leaves = typeof value === 'object' ? Object.entries(value) : [[section, value] as const];
    for (const [name, meaning] of leaves) {
      entries.set(JSON.stringify([section, name]), { section, name, meaning });
    }
  }
  return entries;
}
