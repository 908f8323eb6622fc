/** What of a PNG stands in the wrong place, or has a length that its form does not allow, and is refused for it. */
import { describe, expect, it } from 'vitest';
import { openPngImage } from '../../../shared/cartridge/png-image.ts';
import { chunk, writeForm } from '../../support/png-forms.ts';
import { faultOf } from './sample.ts';

const SQUARE = { width: 32, height: 32 };

describe('an input', () => {
  const form = { ...SQUARE, type: 3, depth: 8, clear: true, idatBytes: 64 } as const;
  const { bytes } = writeForm(form, 1);
  const places = new Map<string, readonly [number, number]>();
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!places.has(type)) places.set(type, [at, at + 12 + bytes.readUInt32BE(at)]);
  }
  const of = (type: string): Buffer => bytes.subarray(...places.get(type)!);
  const without = (...types: readonly string[]): Buffer =>
    types.reduce((rest, type) => Buffer.concat(splitAt(rest, of(type))), bytes);
  const splitAt = (all: Buffer, part: Buffer): Buffer[] => {
    const at = all.indexOf(part);
    return [all.subarray(0, at), all.subarray(at + part.length)];
  };
  const ahead = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
    const at = places.get(type)![0];
    return Buffer.concat([bytes.subarray(0, at), ...parts, bytes.subarray(at)]);
  };

  it('opens as it is: the control of the cases below', () => {
    expect(openPngImage(bytes).pixels()).toHaveLength(4_096);
    expect(openPngImage(ahead('IDAT', chunk('teSt', Buffer.alloc(5)))).pixels()).toHaveLength(4_096);
  });

  it.each([
    [
      'chunks between its IDATs',
      Buffer.concat([ahead('IEND', chunk('tIME', Buffer.alloc(7)), of('IDAT'), of('IEND'))]).subarray(0, -12),
      'CART-E005',
    ],
    [
      'a palette after its tRNS',
      Buffer.concat([
        bytes.subarray(0, places.get('PLTE')![0]),
        of('tRNS'),
        of('PLTE'),
        bytes.subarray(places.get('IDAT')![0]),
      ]),
      'CART-E005',
    ],
    ['two tRNS', ahead('IDAT', of('tRNS')), 'CART-E005'],
    ['no palette', without('PLTE', 'tRNS'), 'CART-E010'],
    [
      'a palette after its pixels',
      Buffer.concat([without('PLTE', 'tRNS').subarray(0, -12), of('PLTE'), of('IEND')]),
      'CART-E005',
    ],
    [
      'more alphas than colours',
      Buffer.concat([
        without('tRNS').subarray(0, places.get('tRNS')![0]),
        chunk('tRNS', Buffer.alloc(257)),
        bytes.subarray(places.get('IDAT')![0]),
      ]),
      'CART-E010',
    ],
    ['a critical chunk that nobody knows', ahead('IDAT', chunk('JPEG', Buffer.alloc(5))), 'CART-E005'],
  ])('is refused with %s', (_, file, code) => {
    expect(faultOf(() => openPngImage(file).pixels()).code).toBe(code);
  });

  it('is refused with a tRNS of another length than its form has, or a palette beside grey', () => {
    for (const [type, data, code] of [
      [0, chunk('tRNS', Buffer.alloc(3)), 'CART-E010'],
      [2, chunk('tRNS', Buffer.alloc(2)), 'CART-E010'],
      [0, chunk('PLTE', Buffer.alloc(3)), 'CART-E005'],
      [4, chunk('PLTE', Buffer.alloc(3)), 'CART-E005'],
      [2, chunk('PLTE', Buffer.alloc(4)), 'CART-E005'],
    ] as const) {
      const file = writeForm({ ...SQUARE, type, depth: 8, late: [data] }, 1).bytes;
      expect(faultOf(() => openPngImage(file)).code).toBe(code);
    }
    // Where pixels have alphas of their own it means nothing.
    const { bytes: both, rgba } = writeForm(
      { ...SQUARE, type: 6, depth: 8, late: [chunk('tRNS', Buffer.alloc(6))] },
      1,
    );
    expect(Buffer.compare(openPngImage(both).pixels(), rgba)).toBe(0);
  });
});
