/** The blend modes that a shape may have: numbers, names, versions, and what each makes of two channels. */
import { BLEND_OVER } from './encoding.ts';

interface BlendMode {
  /** As the encoding has it. */
  readonly number: number;
  readonly name: string;
  /** As the record of what a picture used names it. */
  readonly rule: string;
  /** Rises when the same source and destination give another result; part of what a picture depends on. */
  readonly version: number;
  /**
   * B, of a source channel s and a destination channel d from 0 to 255. With the source's alpha a the channel becomes
   * div255(B · a + d · (255 − a)), div255(v) being v / 255 to the nearest whole number; the canvas stays opaque.
   */
  readonly formula: string;
}

/** Each stands at its number. raster/mixing.ts has the same formulas as painters compute them. */
export const BLENDS = [
  { number: BLEND_OVER, name: 'over', rule: 'src-over', version: 1, formula: 's' },
  { number: 1, name: 'add', rule: 'add', version: 1, formula: 'min(255, s + d)' },
  { number: 2, name: 'multiply', rule: 'multiply', version: 1, formula: 'div255(s · d)' },
  { number: 3, name: 'screen', rule: 'screen', version: 1, formula: 's + d − div255(s · d)' },
  { number: 4, name: 'xor', rule: 'xor', version: 1, formula: 's xor d, bit by bit' },
] as const satisfies readonly BlendMode[];

export type BlendName = (typeof BLENDS)[number]['name'];
export type BlendNumber = (typeof BLENDS)[number]['number'];

const NUMBERS: ReadonlyMap<BlendName, BlendNumber> = new Map(
  BLENDS.map(({ name, number }) => [name, number]),
);

export function blendNumber(name: BlendName): BlendNumber {
  return NUMBERS.get(name) as BlendNumber;
}

/** The rules of some modes, each with its version: what the record of a picture says about them. */
export function blendVersions(names: Iterable<BlendName>): Record<string, number> {
  const wanted = new Set(names);
  const used = BLENDS.filter(({ name }) => wanted.has(name));
  return Object.fromEntries(used.map(({ rule, version }) => [rule, version]));
}
