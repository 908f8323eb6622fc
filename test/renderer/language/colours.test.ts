/** Colours: every CSS name held against a list of its own, and hex digits against bytes. */
import { describe, expect, it } from 'vitest';
import { COLOUR_NAMES, colourNamed, colourOfDigits } from '../../../renderer/language/colours.ts';
import { sha256Hex } from '../../../shared/bytes.ts';

/** The column "Decimal" of the named colours in CSS Color Module Level 4, in the order of its numbers. */
const DECIMALS = `
  0 0 0 black, 0 0 128 navy, 0 0 139 darkblue, 0 0 205 mediumblue, 0 0 255 blue, 0 100 0 darkgreen,
  0 128 0 green, 0 128 128 teal, 0 139 139 darkcyan, 0 191 255 deepskyblue, 0 206 209 darkturquoise,
  0 250 154 mediumspringgreen, 0 255 0 lime, 0 255 127 springgreen, 0 255 255 aqua, 0 255 255 cyan,
  25 25 112 midnightblue, 30 144 255 dodgerblue, 32 178 170 lightseagreen, 34 139 34 forestgreen,
  46 139 87 seagreen, 47 79 79 darkslategray, 47 79 79 darkslategrey, 50 205 50 limegreen,
  60 179 113 mediumseagreen, 64 224 208 turquoise, 65 105 225 royalblue, 70 130 180 steelblue,
  72 61 139 darkslateblue, 72 209 204 mediumturquoise, 75 0 130 indigo, 85 107 47 darkolivegreen,
  95 158 160 cadetblue, 100 149 237 cornflowerblue, 102 51 153 rebeccapurple, 102 205 170 mediumaquamarine,
  105 105 105 dimgray, 105 105 105 dimgrey, 106 90 205 slateblue, 107 142 35 olivedrab,
  112 128 144 slategray, 112 128 144 slategrey, 119 136 153 lightslategray, 119 136 153 lightslategrey,
  123 104 238 mediumslateblue, 124 252 0 lawngreen, 127 255 0 chartreuse, 127 255 212 aquamarine,
  128 0 0 maroon, 128 0 128 purple, 128 128 0 olive, 128 128 128 gray, 128 128 128 grey,
  135 206 235 skyblue, 135 206 250 lightskyblue, 138 43 226 blueviolet, 139 0 0 darkred,
  139 0 139 darkmagenta, 139 69 19 saddlebrown, 143 188 143 darkseagreen, 144 238 144 lightgreen,
  147 112 219 mediumpurple, 148 0 211 darkviolet, 152 251 152 palegreen, 153 50 204 darkorchid,
  154 205 50 yellowgreen, 160 82 45 sienna, 165 42 42 brown, 169 169 169 darkgray, 169 169 169 darkgrey,
  173 216 230 lightblue, 173 255 47 greenyellow, 175 238 238 paleturquoise, 176 196 222 lightsteelblue,
  176 224 230 powderblue, 178 34 34 firebrick, 184 134 11 darkgoldenrod, 186 85 211 mediumorchid,
  188 143 143 rosybrown, 189 183 107 darkkhaki, 192 192 192 silver, 199 21 133 mediumvioletred,
  205 92 92 indianred, 205 133 63 peru, 210 105 30 chocolate, 210 180 140 tan, 211 211 211 lightgray,
  211 211 211 lightgrey, 216 191 216 thistle, 218 112 214 orchid, 218 165 32 goldenrod,
  219 112 147 palevioletred, 220 20 60 crimson, 220 220 220 gainsboro, 221 160 221 plum,
  222 184 135 burlywood, 224 255 255 lightcyan, 230 230 250 lavender, 233 150 122 darksalmon,
  238 130 238 violet, 238 232 170 palegoldenrod, 240 128 128 lightcoral, 240 230 140 khaki,
  240 248 255 aliceblue, 240 255 240 honeydew, 240 255 255 azure, 244 164 96 sandybrown, 245 222 179 wheat,
  245 245 220 beige, 245 245 245 whitesmoke, 245 255 250 mintcream, 248 248 255 ghostwhite,
  250 128 114 salmon, 250 235 215 antiquewhite, 250 240 230 linen, 250 250 210 lightgoldenrodyellow,
  253 245 230 oldlace, 255 0 0 red, 255 0 255 fuchsia, 255 0 255 magenta, 255 20 147 deeppink,
  255 69 0 orangered, 255 99 71 tomato, 255 105 180 hotpink, 255 127 80 coral, 255 140 0 darkorange,
  255 160 122 lightsalmon, 255 165 0 orange, 255 182 193 lightpink, 255 192 203 pink, 255 215 0 gold,
  255 218 185 peachpuff, 255 222 173 navajowhite, 255 228 181 moccasin, 255 228 196 bisque,
  255 228 225 mistyrose, 255 235 205 blanchedalmond, 255 239 213 papayawhip, 255 240 245 lavenderblush,
  255 245 238 seashell, 255 248 220 cornsilk, 255 250 205 lemonchiffon, 255 250 240 floralwhite,
  255 250 250 snow, 255 255 0 yellow, 255 255 224 lightyellow, 255 255 240 ivory, 255 255 255 white
`;

const NAMED = DECIMALS.split(',').map((entry) => {
  const [r, g, b, name] = entry.trim().split(' ') as [string, string, string, string];
  return { name, bytes: [Number(r), Number(g), Number(b), 255] };
});

const packed = (bytes: readonly number[]) => Buffer.from(bytes).readInt32LE();

describe('the named colours', () => {
  it('are the 148 of CSS, each with its value', () => {
    expect(NAMED).toHaveLength(148);
    expect([...COLOUR_NAMES].sort()).toEqual(NAMED.map(({ name }) => name).sort());
    for (const { name, bytes } of NAMED) expect([name, colourNamed(name)]).toEqual([name, packed(bytes)]);
  });

  it('are pinned, as lines of a name and six digits in alphabetical order', () => {
    const digest = 'baad8b89552dca67fbcf1d879f35e1f5b97b82e5f1203e96f2f3866a18a544ee';
    const lines = COLOUR_NAMES.map((name) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(colourNamed(name) ?? 0);
      return `${name} ${bytes.toString('hex', 0, 3)}\n`;
    });
    expect(lines.slice(0, 2)).toEqual(['aliceblue f0f8ff\n', 'antiquewhite faebd7\n']);
    expect([...lines].sort()).toEqual(lines);
    expect(sha256Hex(lines.join(''))).toBe(digest);
    expect(sha256Hex(lines.join('').replace('faebd7', 'faebd6'))).not.toBe(digest);
  });

  it('pack R into the low byte, and are signed', () => {
    expect(colourNamed('red')).toBe(0xff0000ff - 2 ** 32);
    expect(colourNamed('white')).toBe(-1);
    expect(colourNamed('black')).toBe(-0x1000000);
    expect(colourNamed('rebeccapurple')).toBe(0xff993366 - 2 ** 32);
  });

  it('know gray in both spellings, wherever it occurs', () => {
    const grays = COLOUR_NAMES.filter((name) => name.includes('gray'));
    expect(grays).toHaveLength(7);
    for (const gray of grays) expect(colourNamed(gray.replace('gray', 'grey'))).toBe(colourNamed(gray));
  });

  it.each([
    'constructor',
    'toString',
    '__proto__',
    'hasOwnProperty',
    'valueOf',
    'transparent',
    'currentcolor',
    'Red',
    'RED',
    'red ',
    'reds',
    '',
    '#ff0000',
  ])('have no "%s"', (name) => {
    expect(colourNamed(name)).toBeUndefined();
  });
});

describe('hex digits', () => {
  it.each([
    ['123', [0x11, 0x22, 0x33, 255]],
    ['1234', [0x11, 0x22, 0x33, 0x44]],
    ['010203', [1, 2, 3, 255]],
    ['01020304', [1, 2, 3, 4]],
    ['fff', [255, 255, 255, 255]],
    ['ffff', [255, 255, 255, 255]],
    ['0000', [0, 0, 0, 0]],
    ['00000000', [0, 0, 0, 0]],
    ['0000007f', [0, 0, 0, 0x7f]],
    ['00000080', [0, 0, 0, 0x80]],
    ['ff8000', [255, 128, 0, 255]],
    ['AbCdEf', [0xab, 0xcd, 0xef, 255]],
    ['F80A', [0xff, 0x88, 0, 0xaa]],
  ])('%s are %j', (digits, bytes) => {
    expect(colourOfDigits(digits)).toBe(packed(bytes));
  });

  it('give each channel each value', () => {
    for (let value = 0; value < 256; value++) {
      const two = value.toString(16).padStart(2, '0');
      for (let channel = 0; channel < 4; channel++) {
        const bytes = [1, 2, 3, 4].map((other, at) => (at === channel ? value : other));
        const digits = ['01', '02', '03', '04'].map((other, at) => (at === channel ? two : other)).join('');
        expect([digits, colourOfDigits(digits)]).toEqual([digits, packed(bytes)]);
      }
    }
  });

  it('say of each name what its digits say', () => {
    for (const { name, bytes } of NAMED)
      expect(colourNamed(name)).toBe(colourOfDigits(Buffer.from(bytes).toString('hex', 0, 3)));
  });

  it.each([
    '',
    '1',
    '12',
    '12345',
    '1234567',
    '123456789',
    '12g',
    'xyz123',
    '#123',
    ' 123',
    '123\n',
    '-12',
    '+123',
    '0x12',
    '1.23',
    '１２３',
  ])('are not %j', (digits) => {
    expect(colourOfDigits(digits)).toBeUndefined();
  });
});
