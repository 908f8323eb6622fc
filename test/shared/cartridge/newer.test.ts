/** What is to come: labels and chunks of a newer format, and labels that name their parents, which older ones do not. */
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { labelOf } from '../../../shared/cartridge/label.ts';
import { readNewer } from '../../../shared/cartridge/newer.ts';
import { openCartridge, readLabel } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { writeInternationalText, writeText } from '../../../shared/cartridge/text-chunk.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { faultOf, labelled, parts, png, pressing } from './sample.ts';

const { label } = pressing();

describe('a cartridge of format 2', () => {
  it('opens where all that format 1 knows is there, whatever else is, and is said to be newer', () => {
    const { IHDR, IDAT, IEND, ...texts } = parts();
    const more = {
      ...label,
      format: 2,
      palette: { name: 'dusk' },
      canvas: { ...label.canvas, depth: 2 },
      language: { name: 'PXL-ε', version: 2, dialect: 'wide' },
    };
    const file = png([
      IHDR,
      ...Object.values({ ...texts, gvpie: writeInternationalText('gvpie', canonicalize(more) ?? '') }),
      writeText('gvpie_licence', 'MIT'),
      writeInternationalText('gvpie_history', '[]'),
      writeChunk('gvPx', Buffer.of(1, 2, 3)),
      IDAT,
      IEND,
    ]);
    const read = openCartridge(file);
    expect(read).toMatchObject({ newer: 2, label: more, canvas: label.canvas });
    expect(readLabel(labelled({ palette: { name: 'dusk' } })).newer).toBeUndefined();
  });

  it('is refused where a field of format 1 has become another, and by a critical chunk as ever', () => {
    const other = labelled({ format: 2, program: { lines: ['HALT'] } });
    expect(faultOf(() => openCartridge(other)).code).toBe('CART-E019');
    expect(faultOf(() => openCartridge(labelled({ program: { lines: ['HALT'] } }))).code).toBe('CART-E014');
    const chunks = readChunks(labelled({ format: 2 })).map(({ type, data }) => writeChunk(type, data));
    chunks.splice(1, 0, writeChunk('GVPX', Buffer.of(1)));
    expect(faultOf(() => openCartridge(png(chunks))).code).toBe('CART-E005');
  });

  it('is then read field by field, what is missing or otherwise named', () => {
    const file = labelled({
      format: 3,
      program: { lines: ['HALT'] },
      used: 'all',
      checksum: undefined,
      mood: 1,
    });
    const { program: _, used: __, checksum: ___, ...known } = label;
    expect(readNewer(file)).toEqual({
      format: 3,
      canvas: label.canvas,
      label: { ...known, format: 3 },
      unread: ['program', 'used', 'checksum'],
    });
    expect(readNewer(labelled({ format: 2 }))).toMatchObject({
      unread: [],
      label: { program: label.program },
    });
    expect(faultOf(() => readNewer(labelled({}))).code).toBe('CART-E014');
    expect(faultOf(() => readNewer(png([parts().IHDR, parts().IDAT, parts().IEND]))).code).toBe('CART-E011');
  });
});

describe('parents', () => {
  const digest = (n: number): string => sha256Hex(String(n));
  const parentsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ checksum: digest(n) }));
  const given = { program: label.program, canvas: label.canvas, checksum: label.checksum };

  it('stand on the label in the order in which they are named, and are read again', () => {
    const child = labelOf({ ...given, parents: [{ checksum: digest(2) }, { checksum: digest(1) }] });
    expect(canonicalize(child)).toContain(
      `"parents":[{"checksum":"${digest(2)}"},{"checksum":"${digest(1)}"}],"program":`,
    );
    expect(Object.keys(child)).toEqual(Object.keys(child).sort());
    expect(readLabel(press({ ...pressing(), label: child })).label).toEqual(child);
  });

  it('change no byte of a label that has none', () => {
    expect(labelOf({ ...given, parents: [] })).toEqual(labelOf(given));
    expect(labelOf(given)).not.toHaveProperty('parents');
    expect(sha256Hex(canonicalize(label) ?? '')).toBe(
      'b2738b1ff1a85d41869be6459a224be662713c0c6c1e0e48fad3990cf4fa6e9b',
    );
  });

  it('are 1 to 16, each with a checksum, and may say more', () => {
    const reads = (parents: unknown): void => expect(() => readLabel(labelled({ parents }))).not.toThrow();
    reads(parentsOf(1));
    reads(parentsOf(LIMITS.parents));
    reads([{ checksum: digest(1), file: 'first.png' }]);
    for (const parents of [
      [],
      parentsOf(LIMITS.parents + 1),
      [{}],
      [digest(1)],
      [{ checksum: 'ab' }],
      {},
      null,
    ])
      expect(faultOf(() => readLabel(labelled({ parents }))).code).toBe('CART-E014');
    expect(() => labelOf({ ...given, parents: parentsOf(LIMITS.parents) })).not.toThrow();
    expect(() => labelOf({ ...given, parents: parentsOf(LIMITS.parents + 1) })).toThrow('invariant');
  });
});
