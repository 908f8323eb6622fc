import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { CartridgeFault } from '../../../shared/cartridge/cartridge-fault.ts';
import { compareUsed, damaged, judge, judgeFile, type Rerender } from '../../../shared/cartridge/judge.ts';
import type { Label } from '../../../shared/cartridge/label.ts';
import { type Cartridge, openCartridge } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import type { Input } from '../../../shared/inputs.ts';
import type { Params } from '../../../shared/params.ts';
import type { Used } from '../../../shared/used.ts';
import { pressing, USED } from './sample.ts';

const cartridge = openCartridge(press(pressing()));
const OTHER = Uint8Array.of(1, 2, 3, 4);
const again = (
  pixels = cartridge.pixels,
  used: Used = USED,
  params: Params = {},
  inputs: readonly Input[] = [],
): Rerender => ({ pixels, used, params, inputs });
const relabelled = (change: Partial<Label>): Cartridge => ({
  ...cartridge,
  label: { ...cartridge.label, ...change },
});
const flipped = { ...cartridge, pixels: cartridge.pixels.map((byte, i) => (i === 23 ? byte ^ 1 : byte)) };
const CHANGED: Used = { ...USED, opcodes: { ...USED.opcodes, TXT: 2 } };

describe('judge', () => {
  it('says ok when the same semantics give the same pixels', () => {
    expect(judge(cartridge, again())).toEqual({ verdict: 'ok', checksum: cartridge.label.checksum });
  });

  it('objects to one flipped bit of the program', () => {
    const found = relabelled({ program: 'TXT 0 0 Hh\nHALT' });
    expect(judge(found, again())).toEqual({
      verdict: 'program-checksum',
      expected: cartridge.label.program_sha256,
      found: sha256Hex('TXT 0 0 Hh\nHALT'),
    });
  });

  it('objects to one flipped bit of the file’s own pixels', () => {
    expect(judge(flipped, again())).toMatchObject({ verdict: 'pixels-differ', whose: 'file' });
  });

  it('objects when rendering again gives other pixels', () => {
    expect(judge(cartridge, again(OTHER))).toEqual({
      verdict: 'pixels-differ',
      whose: 'rerender',
      expected: cartridge.label.checksum,
      found: sha256Hex(OTHER),
    });
  });

  it('names what changed when semantics did, and whether the pixels would differ', () => {
    const changes = [{ section: 'opcodes', name: 'TXT', before: 1, after: 2 }];
    expect(judge(cartridge, again(undefined, CHANGED))).toEqual({
      verdict: 'semantics-changed',
      changes,
      pixels_differ: false,
    });
    expect(judge(cartridge, again(OTHER, CHANGED))).toEqual({
      verdict: 'semantics-changed',
      changes,
      pixels_differ: true,
    });
  });

  const LONGER: Used = { ...USED, opcodes: { ...USED.opcodes, RECT: 1 } };

  it('blames the pixels, not the semantics, when the run only used something more or less', () => {
    expect(judge(cartridge, again(OTHER, LONGER))).toMatchObject({
      verdict: 'pixels-differ',
      whose: 'rerender',
    });
  });

  it('objects to a label that says another thing than the run did, though the pixels are right', () => {
    expect(judge(cartridge, again(undefined, LONGER))).toEqual({
      verdict: 'label-differs',
      changes: [{ section: 'opcodes', name: 'RECT', before: undefined, after: 1 }],
    });
    const change = (before: number | undefined, after: number | undefined) => {
      return { verdict: 'label-differs', changes: [{ section: 'params', name: 'n', before, after }] };
    };
    expect(judge(cartridge, again(undefined, USED, { n: 3 }))).toEqual(change(undefined, 3));
    const labelled = relabelled({ params: { n: 4 } });
    expect(judge(labelled, again(undefined, USED, { n: 3 }))).toEqual(change(4, 3));
    expect(judge(labelled, again())).toEqual(change(4, undefined));
    expect(judge(labelled, again(undefined, USED, { n: 4 })).verdict).toBe('ok');
  });

  type Named = NonNullable<Label['inputs']>[number];
  const SIZE = { width: 2, height: 3 };

  it('objects to a label that names other inputs than the program does, each once and in its order', () => {
    const [a, b] = ['a', 'b'].map((digit) => ({ ...SIZE, checksum: digit.repeat(64) })) as [Named, Named];
    const verdict = (labelled: Named[] | undefined, program: Input[]) =>
      judge(labelled ? relabelled({ inputs: labelled }) : cartridge, again(undefined, USED, {}, program));
    const change = (name: string, before: string | undefined, after: string | undefined) => {
      return { verdict: 'label-differs', changes: [{ section: 'inputs', name, before, after }] };
    };
    expect(verdict([a, b], [a, b]).verdict).toBe('ok');
    expect(verdict([{ ...a, note: 'ours' } as Named, b], [a, b]).verdict).toBe('ok');
    expect(verdict([b, a], [a, b])).toEqual(change('number 1', b.checksum, a.checksum));
    expect(verdict([a, a], [a])).toEqual(change(a.checksum, '2×3, 2×3', '2×3'));
    expect(verdict([{ ...a, width: 9 }, a], [a])).toEqual(change(a.checksum, '9×3, 2×3', '2×3'));
    expect(verdict(undefined, [a])).toEqual(change(a.checksum, undefined, '2×3'));
    expect(verdict([a, b], [a])).toEqual(change(b.checksum, '2×3', undefined));
    expect(verdict([a], [{ ...a, width: 3, height: 2 }])).toEqual(change(a.checksum, '2×3', '3×2'));
  });

  it('does not ask for a rendering in a language version it does not speak', () => {
    const verdict = {
      verdict: 'semantics-changed',
      changes: [{ section: 'language', name: 'PXL-ε', before: 2, after: 1 }],
      pixels_differ: undefined,
    };
    expect(judgeFile(relabelled({ language: { name: 'PXL-ε', version: 2 } }))).toEqual(verdict);
    expect(judgeFile(relabelled({ language: { name: 'LOGO', version: 1 } }))).toMatchObject({
      changes: [{ section: 'language', name: 'LOGO', before: 1, after: undefined }],
    });
    expect(judgeFile(cartridge)).toBeUndefined();
  });

  it('reports the first thing that fails, in the order of docs/cartridge.md', () => {
    const wrongProgram = { ...flipped, label: relabelled({ program: 'HALT' }).label };
    expect(judge(wrongProgram, again(OTHER, CHANGED)).verdict).toBe('program-checksum');
    expect(judge(flipped, again(OTHER, CHANGED)).verdict).toBe('pixels-differ');
    expect(judge(cartridge, again(OTHER, CHANGED)).verdict).toBe('semantics-changed');
    expect(judge(cartridge, again(OTHER)).verdict).toBe('pixels-differ');
    expect(judge(cartridge, again(OTHER, LONGER)).verdict).toBe('pixels-differ');
    expect(judge(cartridge, again(undefined, LONGER)).verdict).toBe('label-differs');
  });

  it('passes a damaged file’s fault on', () => {
    const fault = new CartridgeFault('CART-E003', 'Expected CRC …, found …');
    expect(damaged(fault)).toEqual({ verdict: 'damaged', code: 'CART-E003', message: fault.message });
  });
});

describe('compareUsed', () => {
  it('finds nothing between equal records, whatever the order of their keys', () => {
    expect(compareUsed(USED, { ...USED, opcodes: { TXT: 1, HALT: 1 } })).toEqual([]);
  });

  it('finds a change in every section, and what only one side touched', () => {
    const after: Used = {
      canvas: 2,
      blend: { 'src-over': 2 },
      opcodes: { HALT: 1, RECT: 1 },
      glyphs: { ...USED.glyphs, '0048': '111f13' },
      ...{ palettes: { seed: 1 } },
    };
    expect(compareUsed(USED, after)).toEqual([
      { section: 'canvas', name: 'canvas', before: 1, after: 2 },
      { section: 'blend', name: 'src-over', before: 1, after: 2 },
      { section: 'opcodes', name: 'TXT', before: 1, after: undefined },
      { section: 'glyphs', name: '0048', before: '111f11', after: '111f13' },
      { section: 'opcodes', name: 'RECT', before: undefined, after: 1 },
      { section: 'palettes', name: 'seed', before: undefined, after: 1 },
    ]);
  });
});
