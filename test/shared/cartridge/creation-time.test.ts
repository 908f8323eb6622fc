/** When a cartridge was pressed: what is such a time, and what only looks like one; zod's own reading is the oracle. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isCreationTime } from '../../../shared/cartridge/creation-time.ts';

const oracle = z.iso.datetime();

const TIMES = [
  '2026-07-14T09:30:00.000Z',
  '2026-07-14T09:30:00Z',
  '2026-07-14T23:59:59.123456789Z',
  '0000-02-29T00:00:00Z',
  '2000-02-29T00:00:00Z',
  '2024-02-29T00:00:00Z',
  '9999-12-31T23:59:59Z',
];
const OTHERS = [
  '',
  '2026-07-14',
  '2026-07-14T09:30:00',
  '2026-07-14T09:30:00+00:00',
  '2026-07-14t09:30:00z',
  '2026-07-14 09:30:00Z',
  '2026-07-14T09:30Z',
  '2026-07-14T24:00:00Z',
  '2026-07-14T09:60:00Z',
  '2026-07-14T09:30:60Z',
  '2026-07-14T09:30:00.Z',
  '2026-07-14T09:30:00Z\n',
  '1900-02-29T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '+002026-07-14T09:30:00Z',
  '12026-07-14T09:30:00Z',
];

describe('a creation time', () => {
  it.each(TIMES)('is %j', (text) => {
    expect([isCreationTime(text), oracle.safeParse(text).success]).toEqual([true, true]);
  });

  it.each(OTHERS)('is not %j', (text) => {
    expect([isCreationTime(text), oracle.safeParse(text).success]).toEqual([false, false]);
  });

  it('has a day of the calendar, in leap years and in others', () => {
    const found: string[] = [];
    for (const year of ['1900', '1999', '2000', '2024', '2100'])
      for (let month = 0; month <= 13; month++)
        for (let day = 0; day <= 32; day++) {
          const two = (number: number) => String(number).padStart(2, '0');
          const text = `${year}-${two(month)}-${two(day)}T12:00:00Z`;
          if (isCreationTime(text) !== oracle.safeParse(text).success) found.push(text);
        }
    expect(found).toEqual([]);
  });
});
