/** What a script may expect of its picture, and which pictures are as expected. */
import { describe, expect, it } from 'vitest';
import { describeRejection, type Expectation, judgePicture, readExpect } from '../../orchestrator/expect.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { decodeReply } from '../../shared/protocol/reply.ts';
import { seeded } from '../../shared/seeded.ts';

const BLACK = [0, 0, 0, 255];
const GOLD = [255, 215, 0, 255];

/** Pixels of these colours, one after the other. */
const pixelsOf = (...colors: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(colors.flat());
const blacks = (count: number) => Array.from({ length: count }, () => BLACK);

const judged = (expectation: object, pixels: Uint8Array) => {
  const read = readExpect(JSON.stringify(expectation));
  if ('code' in read) throw new Error(read.message);
  return judgePicture(read, pixels, sha256Hex(pixels));
};

/** The evidence against a picture, which has to be rejected. */
function rejected(expectation: object, pixels: Uint8Array) {
  const evidence = judged(expectation, pixels);
  if (evidence === undefined) throw new Error('expected evidence');
  return evidence;
}

describe('what a script expects', () => {
  it('is read from JSON, each part by itself or all together, and nothing from nothing', () => {
    const checksum = 'a1'.repeat(32);
    const all = { checksum, ink: [0, 0.25], blank: false, colors: ['#FFD700', '#00ff0080'] };
    const read = { ...all, colors: ['#ffd700ff', '#00ff0080'] };
    expect(readExpect(JSON.stringify(all))).toEqual(read);
    for (const key of Object.keys(all) as (keyof typeof all)[]) {
      expect(readExpect(JSON.stringify({ [key]: all[key] })), key).toEqual({ [key]: read[key] });
    }
    expect([readExpect(''), readExpect('{}')]).toEqual([{}, {}]);
    for (const ink of [
      [0, 0],
      [1, 1],
      [0.5, 0.5],
    ])
      expect(readExpect(JSON.stringify({ ink }))).toEqual({ ink });
    const most = Array.from({ length: 256 }, () => '#000000');
    expect(readExpect(JSON.stringify({ colors: most }))).not.toHaveProperty('code');
    expect(readExpect(JSON.stringify({ colors: [...most, '#000000'] }))).toMatchObject({ code: 'ROW-E011' });
  });

  it.each<[string, string]>([
    ['{', 'Expected expect in JSON, found "{"'],
    ['[]', 'Expected expect to be an object, found an array'],
    ['null', 'Expected expect to be an object, found null'],
    ['{"inks":[0,1]}', 'Expected expect to name checksum, ink, blank and colors alone, found "inks"'],
    ['{"__proto__":1}', 'Expected expect to name checksum, ink, blank and colors alone, found "__proto__"'],
    [`{"checksum":"${'a'.repeat(63)}"}`, `Expected checksum of expect to be 64 lower-case hex digits`],
    [`{"checksum":"${'A'.repeat(64)}"}`, `Expected checksum of expect to be 64 lower-case hex digits`],
    ['{"checksum":null}', 'Expected checksum of expect to be 64 lower-case hex digits, found null'],
    ['{"ink":0.5}', 'Expected ink of expect to be [low, high] with 0 ≤ low ≤ high ≤ 1, found 0.5'],
    ['{"ink":[0]}', 'with 0 ≤ low ≤ high ≤ 1, found "[0]"'],
    ['{"ink":[0,1,1]}', 'found "[0,1,1]"'],
    ['{"ink":[0.6,0.5]}', 'found "[0.6,0.5]"'],
    ['{"ink":[-0.1,0.5]}', 'found "[-0.1,0.5]"'],
    ['{"ink":[0,1.1]}', 'found "[0,1.1]"'],
    ['{"ink":["0",1]}', 'Expected ink of expect'],
    ['{"blank":0}', 'Expected blank of expect to be true or false, found 0'],
    [
      '{"colors":"#ffffff"}',
      'Expected colors of expect to be an array of at most 256 colours, found "#ffffff"',
    ],
    ['{"colors":["#fff"]}', 'Expected colors of expect to be #rrggbb or #rrggbbaa, found "#fff"'],
    ['{"colors":["#ffffff","gold"]}', 'found "gold"'],
    ['{"colors":["#fffffff"]}', 'found "#fffffff"'],
    ['{"colors":[7]}', 'found 7'],
  ])('is refused where it is %s', (text, message) => {
    const complaint = readExpect(text);
    expect(complaint).toMatchObject({ code: 'ROW-E011', hint: expect.stringContaining('{"ink":') });
    expect((complaint as { message: string }).message).toContain(message);
  });
});

describe('a picture', () => {
  it('has the checksum that is expected, or is rejected with what was found', () => {
    const pixels = pixelsOf(BLACK, GOLD);
    const other = sha256Hex('other');
    expect(judged({ checksum: sha256Hex(pixels) }, pixels)).toBeUndefined();
    expect(rejected({ checksum: other }, pixels)).toEqual({
      message: `Expected pixels with the checksum ${other}, found ${sha256Hex(pixels)}`,
      unmet: [expect.stringContaining(other)],
      checksum: sha256Hex(pixels),
      ink: 0.5,
      blank: false,
      colors: { found: [], missing: [] },
    });
  });

  it('has its share of ink from the least to the greatest, both included', () => {
    const pixels = pixelsOf(...blacks(7), GOLD, GOLD, [0, 0, 0, 254]);
    for (const ink of [
      [0.3, 0.3],
      [0, 0.3],
      [0.3, 1],
    ])
      expect(judged({ ink }, pixels), `${ink}`).toBeUndefined();
    expect(rejected({ ink: [0, 0.299] }, pixels).message).toBe('Expected ink from 0 to 0.299, found 0.3');
    expect(rejected({ ink: [0.301, 1] }, pixels)).toMatchObject({ ink: 0.3 });
    expect(rejected({ ink: [0.01, 1] }, pixelsOf(...blacks(5)))).toMatchObject({ ink: 0, blank: true });
    expect(judged({ ink: [1, 1] }, pixelsOf(GOLD, GOLD))).toBeUndefined();
  });

  it('is blank where all its pixels have one colour, whichever', () => {
    const one = pixelsOf(GOLD, GOLD, GOLD);
    for (const odd of [0, 1, 2]) {
      const two = one.slice();
      two[4 * odd + 2] = 1;
      expect(judged({ blank: false }, two), `${odd}`).toBeUndefined();
      expect(rejected({ blank: true }, two).message).toBe(
        'Expected one colour all over, found more than one colour',
      );
    }
    expect(judged({ blank: true }, one)).toBeUndefined();
    expect(rejected({ blank: false }, one)).toMatchObject({
      message: 'Expected more than one colour, found one colour all over',
      blank: true,
      ink: 1,
    });
    expect(judged({ blank: true }, pixelsOf([1, 2, 3, 4]))).toBeUndefined();
    // The first pixel's colour is one, whatever its word.
    for (const first of [BLACK, [0, 0, 0, 0], [255, 255, 255, 255]]) {
      expect(judged({ blank: true }, pixelsOf(first, first)), `${first}`).toBeUndefined();
    }
  });

  it('has each colour that is expected somewhere, opaque unless alpha is named', () => {
    const pixels = pixelsOf(BLACK, [1, 2, 3, 255], [1, 2, 3, 4], GOLD);
    const there = ['#000000', '#010203', '#01020304', '#FFD700'];
    expect(judged({ colors: there }, pixels)).toBeUndefined();
    for (const missing of ['#030201', '#010204', '#01020305', '#ffd6ff', '#00000000']) {
      expect(rejected({ colors: [...there, missing] }, pixels).colors).toEqual({
        found: ['#000000', '#010203', '#01020304', '#ffd700'],
        missing: [missing],
      });
    }
    const many = ['#010101', '#020202', '#030303', '#040404', '#050505', '#000000'];
    expect(rejected({ colors: many }, pixels).message).toBe(
      'Expected 6 colours, found all but #010101, #020202, #030303 and 2 more',
    );
  });

  it('is judged as by counting pixel after pixel, whatever they are', () => {
    const next = seeded(20_261_122);
    const random = (below: number): number => Math.floor(next() * below);
    const palette = Array.from({ length: 40 }, () => [
      random(256),
      random(256),
      random(256),
      250 + random(6),
    ]);
    for (let round = 0; round < 40; round++) {
      const count = 1 + random(60);
      const colors = Array.from({ length: count }, () => palette[random(1 + random(40))] ?? BLACK);
      // At an odd place in memory too.
      const pixels = new Uint8Array(4 * count + 1).subarray(1);
      pixels.set(pixelsOf(...colors));
      const hex = (color: readonly number[]): string => `#${Buffer.from(color).toString('hex')}`;
      const present = new Set(colors.map(hex));
      const wanted = palette.map(hex);
      const { ink, blank, colors: told } = rejected({ checksum: '0'.repeat(64), colors: wanted }, pixels);
      expect([ink, blank]).toEqual([
        colors.filter((color) => hex(color) !== '#000000ff').length / count,
        present.size === 1,
      ]);
      expect(told.found.length).toBe(wanted.filter((color) => present.has(color)).length);
      expect(told.found.length + told.missing.length).toBe(wanted.length);
    }
  });

  it('is rejected with all that is not as expected, as a refusal that everybody can read', () => {
    const expectation: Expectation = {
      ink: [0.5, 1],
      blank: false,
      colors: ['#ffd700ff'],
      checksum: '0'.repeat(64),
    };
    const evidence = rejected(expectation, pixelsOf(...blacks(4)));
    const text = describeRejection(evidence);
    expect(JSON.parse(text)).toMatchObject({
      status: 'refused',
      error: { code: 'RUN-E010', message: evidence.message },
      evidence: { ink: 0, blank: true, colors: { found: [], missing: ['#ffd700'] } },
    });
    const reply = decodeReply(text);
    expect(reply?.status === 'refused' && reply.errors.map(({ message }) => message)).toEqual(evidence.unmet);
    expect(evidence.unmet).toHaveLength(4);
    expect(Object.keys(JSON.parse(text).evidence)).toEqual(['checksum', 'ink', 'blank', 'colors']);
  });
});
