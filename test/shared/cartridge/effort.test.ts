/** What reading a file takes, counted: each byte that is touched, and not one beyond what the file is worth. */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Effort, MAX_DEFLATE_RATIO } from '../../../shared/cartridge/effort.ts';
import { RECORD_BYTES } from '../../../shared/cartridge/label.ts';
import { openCartridge, readLabel } from '../../../shared/cartridge/open.ts';
import { openPngImage } from '../../../shared/cartridge/png-image.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { chunk } from '../../support/png-forms.ts';
import { altered, faultOf, labelled, parts, pressing } from './sample.ts';

const CANVAS = { width: 40, height: 30 };

/** What a reader spends on a file, of what it may. */
function spentOn(file: Uint8Array, read: (bytes: Uint8Array, effort: Effort) => unknown): Effort {
  const effort = new Effort(file.length);
  read(file, effort);
  return effort;
}

describe('an effort', () => {
  it('is three times the bytes of a file and of what it declares, and not one more', () => {
    const effort = new Effort(10);
    expect(effort.bound).toBe(30);
    effort.spend(30);
    effort.declare(2);
    effort.spend(6);
    expect([effort.spent, effort.bound]).toEqual([36, 36]);
    const { code, message } = faultOf(() => effort.spend(1));
    expect([code, message]).toEqual([
      'CART-E018',
      'Expected to read a file of 10 bytes, which declares 2, by touching at most 36, found 37',
    ]);
  });

  it('declares of a stream what it can become, and no more than its reader takes', () => {
    const effort = new Effort(0);
    expect(effort.declareInflated(2, 2 * MAX_DEFLATE_RATIO + 1)).toBe(2 * MAX_DEFLATE_RATIO);
    expect(effort.declareInflated(2, 2 * MAX_DEFLATE_RATIO - 1)).toBe(2 * MAX_DEFLATE_RATIO - 1);
    expect(effort.bound).toBe(3 * (4 * MAX_DEFLATE_RATIO - 1));
  });
});

describe('reading a file', () => {
  const file = press(pressing(CANVAS));
  const pixelBytes = 4 * CANVAS.width * CANVAS.height;

  it('spends every byte that is touched: CRCs, texts, what is inflated, and pixels', () => {
    const label = spentOn(file, readLabel);
    // All of the file for its CRCs, and texts once more.
    expect(label.spent).toBeGreaterThan(file.length + pressing(CANVAS).label.program.length);
    expect(label.spent).toBeLessThan(3 * file.length);
    const all = spentOn(file, openCartridge);
    expect(all.spent - label.spent).toBeGreaterThan(2 * pixelBytes);
    expect(all.bound).toBe(3 * (file.length + pixelBytes));
    const unopened = spentOn(file, openPngImage);
    expect(unopened.spent).toBe(file.length);
    const image = spentOn(file, (bytes, effort) => openPngImage(bytes, effort).pixels());
    expect(image.spent).toBe(all.spent - label.spent + file.length);
    expect(all.spent).toBeLessThanOrEqual(all.bound);
  });

  it('spends what putting IDATs together takes, only where there are several', () => {
    const { IDAT } = parts();
    const data = IDAT.subarray(8, -4);
    const two = Buffer.concat([chunk('IDAT', data.subarray(0, 5)), chunk('IDAT', data.subarray(5))]);
    const [one, several] = [altered({}), altered({ IDAT: two })].map(
      (bytes) => spentOn(bytes, openCartridge).spent,
    );
    expect(several! - one!).toBe(12 + data.length);
  });

  it('declares a text that was compressed, and nothing for one that was not', () => {
    const text = Buffer.from(JSON.stringify(pressing().label));
    const stored = deflateSync(text);
    const gvpie = chunk('iTXt', Buffer.concat([Buffer.from('gvpie\0\x01\0\0\0'), stored]));
    const [bytes, plain] = [altered({ gvpie }), altered({})];
    const most = Math.min(RECORD_BYTES, stored.length * MAX_DEFLATE_RATIO);
    expect(spentOn(bytes, readLabel).bound).toBe(3 * (bytes.length + 24 + most));
    expect(spentOn(plain, readLabel).bound).toBe(3 * (plain.length + 24));
  });

  it('ends where what was declared is used up: nobody gets past it', () => {
    for (const read of [openCartridge, readLabel, openPngImage]) {
      expect(faultOf(() => read(file, new Effort(0))).code).toBe('CART-E018');
      expect(() => read(file, new Effort(file.length))).not.toThrow();
    }
  });
});

describe('what a cartridge may have', () => {
  const { label, run } = pressing();
  /** With so many values: one, and one more for each comma and bracket. */
  const filled = (record: object, values: number): object => {
    const others = 1 + (JSON.stringify({ ...record, more: [] }).match(/[,{[]/g) ?? []).length;
    return { ...record, more: Array.from({ length: values - others + 1 }, () => 1) };
  };
  const withRun = (record: object): Uint8Array =>
    altered({ gvpie_run: chunk('iTXt', Buffer.from(`gvpie_run\0\0\0\0\0${JSON.stringify(record)}`)) });

  it.each([
    ['label', LIMITS.labelValues, (values: number) => labelled({ ...filled(label, values) })],
    ['run', LIMITS.runValues, (values: number) => withRun(filled(run, values))],
  ] as const)('of values in its %s is %i, and one more is refused', (name, limit, file) => {
    expect(() => readLabel(file(limit))).not.toThrow();
    const { code, message } = faultOf(() => readLabel(file(limit + 1)));
    expect([code, message]).toEqual([
      'CART-E013',
      `Expected ${name} to have at most ${limit} values, found ${limit + 1}`,
    ]);
  });

  it('of bytes in a short text is 1,024, and one more is refused', () => {
    const text = (bytes: number): Uint8Array =>
      chunk('tEXt', Buffer.from(`created_at\0${'x'.repeat(bytes)}`));
    expect(faultOf(() => readLabel(altered({ created_at: text(1_024) }))).code).toBe('CART-E014');
    const { code, message } = faultOf(() => readLabel(altered({ created_at: text(1_025) })));
    expect([code, message]).toEqual(['CART-E013', expect.stringContaining('at most 1024 bytes')]);
  });

  it('of what it says in a message is 200 characters, whatever it calls its fields', () => {
    const used = { ...pressing().label.used, glyphs: { ['x'.repeat(100_000)]: '1f' } };
    expect(faultOf(() => readLabel(labelled({ used }))).message.length).toBeLessThan(300);
  });
});
