import { readFileSync } from 'node:fs';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  CARTRIDGE_FAULTS,
  CartridgeFault,
  type CartridgeFaultCode,
} from '../../../shared/cartridge/cartridge-fault.ts';
import { readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { RECORD_BYTES } from '../../../shared/cartridge/label.ts';
import { openCartridge, readLabel } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { writeInternationalText, writeText } from '../../../shared/cartridge/text-chunk.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { usesDigest } from '../../../shared/used.ts';
import { altered, faultOf, header, labelled, parts, png, pressing, ramp, rows, USED } from './sample.ts';

const codeOf = (bytes: Uint8Array): CartridgeFaultCode => faultOf(() => openCartridge(bytes)).code;
const opens = (bytes: Uint8Array): void => expect(() => openCartridge(bytes)).not.toThrow();
const international = (flag: number, method: number, tail: Uint8Array): Uint8Array =>
  writeChunk('iTXt', Buffer.concat([Buffer.from('gvpie\0'), Buffer.of(flag, method, 0, 0), tail]));
/** Whether a file is refused with a CartridgeFault; any other error is passed on. */
const refuses = (bytes: Uint8Array): boolean => {
  try {
    openCartridge(bytes);
    return false;
  } catch (error) {
    if (error instanceof CartridgeFault) return true;
    throw error;
  }
};
const labelJson = JSON.stringify(pressing().label);

describe('a damaged file', () => {
  const whole = press(pressing());

  it('is noticed for every other value of every single byte', () => {
    opens(whole);
    const copy = Uint8Array.from(whole);
    const missed: string[] = [];
    for (const [at, byte] of whole.entries()) {
      for (let flip = 1; flip < 256; flip++) {
        copy[at] = byte ^ flip;
        if (!refuses(copy)) missed.push(`byte ${at} ^ ${flip}`);
      }
      copy[at] = byte;
    }
    expect(missed).toEqual([]);
    expect(refuses(copy)).toBe(false);
  });

  it('is noticed when cut at every length', () => {
    for (let length = 0; length < whole.length; length++) {
      const { code } = faultOf(() => openCartridge(whole.subarray(0, length)));
      expect(code).toMatch(length < 8 ? /E001/ : /E002|E017/);
    }
  });

  it('names the chunk and the offset of a wrong CRC', () => {
    const copy = Uint8Array.from(whole);
    const target = readChunks(whole).find((chunk) => chunk.type === 'IDAT');
    const at = target?.offset ?? Number.NaN;
    copy[at + 9] = (copy[at + 9] ?? 0) ^ 0x10;
    expect(faultOf(() => openCartridge(copy)).message).toMatch(
      new RegExp(`^Expected CRC 0x[0-9a-f]{8} of IDAT at offset ${at}, found 0x`),
    );
  });
});

describe('a hostile file', () => {
  it('the control case opens, chunk by chunk as the cases below', () => opens(altered({})));

  it('is refused when it is not a PNG', () => {
    expect(codeOf(new Uint8Array(0))).toBe('CART-E001');
    expect(codeOf(Buffer.from('GIF89a\x01\0\x01\0'))).toBe('CART-E001');
  });

  it('is refused when a chunk claims 4 GiB, or more than PNG allows', () => {
    for (const [claim, code] of [
      [0xffff_ffff, 'CART-E004'],
      [0x8000_0000, 'CART-E004'],
      [0x7fff_ffff, 'CART-E002'],
    ] as const) {
      const IDAT = Buffer.from(parts().IDAT);
      IDAT.writeUInt32BE(claim);
      expect(codeOf(altered({ IDAT }))).toBe(code);
    }
  });

  it('is refused when chunks do not belong where they stand', () => {
    const { IHDR, IDAT, IEND, ...texts } = parts();
    const rest = Object.values(texts);
    const half = (from: number, to?: number): Uint8Array =>
      writeChunk('IDAT', IDAT.subarray(8, -4).subarray(from, to));
    opens(png([IHDR, ...rest, half(0, 5), half(5), IEND]));
    opens(png([IHDR, IDAT, ...rest, IEND]));
    opens(png([IHDR, writeChunk('gAMA', Buffer.of(0, 0, 0xb1, 0x8f)), ...rest, IDAT, IEND]));
    expect(codeOf(png([IHDR, half(0, 5), ...rest, half(5), IEND]))).toBe('CART-E005');
    expect(codeOf(png([...rest, IHDR, IDAT, IEND]))).toBe('CART-E005');
    expect(codeOf(png([IHDR, IHDR, ...rest, IDAT, IEND]))).toBe('CART-E005');
    expect(codeOf(png([IHDR, ...rest, writeChunk('PLTE', new Uint8Array(3)), IDAT, IEND]))).toBe('CART-E005');
    expect(codeOf(png([IHDR, ...rest, writeChunk('1DAT', new Uint8Array(3)), IDAT, IEND]))).toBe('CART-E005');
    expect(codeOf(altered({ IEND: writeChunk('IEND', new Uint8Array(1)) }))).toBe('CART-E005');
    expect(codeOf(png([IEND]))).toBe('CART-E005');
  });

  it('is refused when its header is not 8-bit RGBA without interlacing', () => {
    for (const form of [
      [8, 2, 0, 0, 0],
      [16, 6, 0, 0, 0],
      [8, 6, 1, 0, 0],
      [8, 6, 0, 1, 0],
      [8, 6, 0, 0, 1],
      [8, 6, 0, 0],
    ]) {
      expect(codeOf(altered({ IHDR: header(3, 2, form) }))).toBe('CART-E006');
    }
  });

  it('is refused when its canvas is empty or over the limits', () => {
    const side = LIMITS.canvasSide;
    for (const [width, height] of [
      [0, 2],
      [3, 0],
      [side + 1, 1],
      [1, side + 1],
      [side, side],
      [0xffff_ffff, 1],
    ] as const) {
      expect(codeOf(altered({ IHDR: header(width, height) }))).toBe('CART-E007');
    }
  });

  it('is refused when it holds one byte of pixels too few or too many', () => {
    const all = rows(ramp({ width: 3, height: 2 }), { width: 3, height: 2 });
    const holding = (data: Uint8Array): Uint8Array =>
      altered({ IDAT: writeChunk('IDAT', deflateSync(data)) });
    opens(holding(all));
    expect(codeOf(holding(all.subarray(1)))).toBe('CART-E008');
    expect(codeOf(holding(Buffer.concat([all, Buffer.of(0)])))).toBe('CART-E009');
    expect(codeOf(altered({ IDAT: undefined }))).toBe('CART-E008');
    expect(codeOf(altered({ IDAT: writeChunk('IDAT', deflateSync(all).subarray(0, -5)) }))).toBe('CART-E008');
  });

  it('is refused when its pixels are not deflate, or not filtered as PNG filters', () => {
    const all = rows(ramp({ width: 3, height: 2 }), { width: 3, height: 2 });
    expect(codeOf(altered({ IDAT: writeChunk('IDAT', Buffer.alloc(40, 0x55)) }))).toBe('CART-E010');
    all[13] = 5;
    expect(codeOf(altered({ IDAT: writeChunk('IDAT', deflateSync(all)) }))).toBe('CART-E010');
    all[13] = 4;
    opens(altered({ IDAT: writeChunk('IDAT', deflateSync(all)) }));
  });

  it('is refused when one of its texts is missing, but may lack the run', () => {
    for (const name of ['cartridge_type', 'checksum', 'created_at', 'gvpie'] as const) {
      expect(faultOf(() => openCartridge(altered({ [name]: undefined })))).toMatchObject({
        code: 'CART-E011',
        message: expect.stringContaining(`"${name}"`),
      });
    }
    expect(openCartridge(altered({ gvpie_run: undefined })).run).toBeUndefined();
  });

  it('is refused when one of its texts stands twice or in another kind of chunk; other texts are ignored', () => {
    const given = parts();
    for (const name of ['cartridge_type', 'checksum', 'created_at', 'gvpie', 'gvpie_run'] as const) {
      expect(codeOf(altered({ [name]: Buffer.concat([given[name], given[name]]) }))).toBe('CART-E012');
    }
    expect(codeOf(altered({ checksum: writeInternationalText('checksum', pressing().label.checksum) }))).toBe(
      'CART-E012',
    );
    expect(codeOf(altered({ gvpie: writeText('gvpie', labelJson) }))).toBe('CART-E012');
    const twice = Buffer.concat([writeText('Software', 'a'), writeText('Software', 'b'), given.gvpie]);
    opens(altered({ gvpie: twice }));
    opens(
      altered({
        gvpie: Buffer.concat([
          writeText('__proto__', 'x'),
          writeChunk('tEXt', Buffer.from('none')),
          given.gvpie,
        ]),
      }),
    );
  });

  it('is refused when its label is not an iTXt of UTF-8 JSON that nests moderately', () => {
    const text = Buffer.from(labelJson);
    opens(altered({ gvpie: international(0, 0, text) }));
    opens(altered({ gvpie: international(1, 0, deflateSync(text)) }));
    const bad = [
      international(2, 0, text),
      international(0, 1, text),
      international(1, 0, text),
      international(1, 0, deflateSync(text).subarray(0, -6)),
      international(0, 0, Buffer.concat([text.subarray(0, -1), Buffer.of(0xff)])),
      international(0, 0, Buffer.concat([Buffer.from('\ufeff'), text])),
      international(0, 0, text.subarray(1)),
      international(
        0,
        0,
        Buffer.from(`{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},${labelJson.slice(1)}`),
      ),
      writeChunk('iTXt', Buffer.from('gvpie\0')),
      writeChunk('iTXt', Buffer.from('gvpie\0\0\0en')),
    ];
    for (const gvpie of bad) expect(codeOf(altered({ gvpie }))).toBe('CART-E013');
    opens(
      labelled({
        deep: JSON.parse('['.repeat(31) + ']'.repeat(31)),
        text: '"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\',
      }),
    );
    expect(codeOf(labelled({ deep: JSON.parse('['.repeat(32) + ']'.repeat(32)) }))).toBe('CART-E013');
  });

  it('is refused when a field of its label is missing or wrong', () => {
    const wrong = {
      format: [0, 1.5, '1', null],
      cartridge_type: ['python', null],
      program: [7, '\ud800', 'x'.repeat(LIMITS.sourceBytes + 1)],
      program_sha256: ['', 'A'.repeat(64), 'a'.repeat(63)],
      canvas: [{ width: 3 }, { width: 0, height: 2 }, { width: 3.5, height: 2 }, [3, 2]],
      language: ['PXL-ε', { name: 'PXL-ε' }, { name: 'PXL-ε', version: 0 }],
      uses: ['x', null],
      used: [
        {},
        { ...USED, canvas: 0 },
        { ...USED, opcodes: { TXT: 'one' } },
        { ...USED, glyphs: { H: '00' } },
        { ...USED, new: [1] },
      ],
      checksum: ['', 5],
      script: [{ name: 'x' }, { name: 'x', revision: 0 }, null],
      price: [
        { steps: -1, shapes: 0, pixels_written: 0, bytes: 0 },
        { steps: 1, shapes: 0, pixels_written: 0, bytes: 0, shade: -1 },
        5,
      ],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const fault = faultOf(() => openCartridge(labelled({ [field]: value })));
        expect([fault.code, fault.message]).toEqual(['CART-E014', expect.stringContaining(`label.${field}`)]);
      }
    }
    expect(codeOf(altered({ gvpie: writeInternationalText('gvpie', '[]') }))).toBe('CART-E014');
    expect(codeOf(altered({ gvpie_run: writeInternationalText('gvpie_run', '{}') }))).toBe('CART-E014');
    expect(codeOf(altered({ created_at: writeText('created_at', '2026-02-30T00:00:00Z') }))).toBe(
      'CART-E014',
    );
    opens(altered({ created_at: writeText('created_at', '2026-02-28T00:00:00Z') }));
    opens(labelled({ program: 'x'.repeat(LIMITS.sourceBytes) }));
  });

  it('says nothing that a terminal would obey, whatever it is refused for', () => {
    const obeyed = '\u001b[31m\u009b2J\u0007\u202e';
    const bad = [
      labelled({ used: { ...USED, glyphs: { [obeyed]: '1f' } } }),
      labelled({ checksum: obeyed }),
      altered({ gvpie: writeInternationalText('gvpie', obeyed + labelJson) }),
      altered({
        gvpie: writeInternationalText('gvpie', labelJson.replace('"format":1', `"format":${obeyed}`)),
      }),
      altered({ created_at: writeText('created_at', obeyed) }),
      altered({ cartridge_type: writeText('cartridge_type', obeyed) }),
    ];
    for (const file of bad) {
      const { code, message } = faultOf(() => openCartridge(file));
      expect([code, message]).toEqual([
        expect.stringMatching(/E013|E014|E015/),
        expect.stringMatching(/^[ -~…×→�\u0100-\u1fff]*$/),
      ]);
    }
    // The control: one of them does quote what the file says.
    expect(faultOf(() => openCartridge(bad[0]!)).message).toContain('�[31m�2J��');
  });

  it('is refused when it contradicts itself', () => {
    const zeros = '0'.repeat(64);
    expect(codeOf(labelled({ checksum: zeros }))).toBe('CART-E015');
    expect(codeOf(labelled({ uses: zeros }))).toBe('CART-E015');
    expect(codeOf(labelled({ canvas: { width: 2, height: 3 } }))).toBe('CART-E015');
    expect(codeOf(altered({ checksum: writeText('checksum', zeros) }))).toBe('CART-E015');
    expect(codeOf(altered({ cartridge_type: writeText('cartridge_type', 'python') }))).toBe('CART-E015');
  });

  it('is refused when bytes follow its end, or when the end is missing', () => {
    expect(codeOf(Buffer.concat([altered({}), Buffer.of(0)]))).toBe('CART-E016');
    expect(codeOf(altered({ IEND: undefined }))).toBe('CART-E017');
  });
});

describe('what one file may cost', () => {
  /** A gigabyte of zeros in a megabyte, made without ever holding it: a block that stands alone, many times. */
  const block = deflateRawSync(Buffer.alloc(1_048_576), { finishFlush: constants.Z_FULL_FLUSH });
  const bomb = Buffer.concat([Buffer.of(0x78, 0x01), ...new Array<Buffer>(1024).fill(block)]);

  it('a zip bomb as pixels or as label is refused quickly and in little memory', () => {
    for (const [file, code] of [
      [altered({ IDAT: writeChunk('IDAT', bomb) }), 'CART-E009'],
      [altered({ gvpie: international(1, 0, bomb) }), 'CART-E013'],
    ] as const) {
      const cost = costOf(() => expect(codeOf(file)).toBe(code));
      expect(cost.milliseconds).toBeLessThan(1000);
      expect(cost.mebibytes).toBeLessThan(64);
    }
  });

  it('the largest canvas over almost no pixels is refused before it is allocated', () => {
    const file = altered({
      IHDR: header(LIMITS.canvasSide, LIMITS.canvasPixels / LIMITS.canvasSide),
      gvpie: writeInternationalText(
        'gvpie',
        JSON.stringify({ ...pressing().label, canvas: { width: LIMITS.canvasSide, height: 4096 } }),
      ),
    });
    const cost = costOf(() => expect(codeOf(file)).toBe('CART-E008'));
    expect(cost.milliseconds).toBeLessThan(250);
    expect(cost.mebibytes).toBeLessThan(32);
  });

  it('a bomb of the control size is noticed by the measure of memory', () => {
    // Over what was given back since the peak, and what is collected meanwhile.
    const below = process.resourceUsage().maxRSS * 1024 - process.memoryUsage.rss();
    const cost = costOf(() => Buffer.alloc(below + 400 * 1_048_576, 1));
    expect(cost.mebibytes).toBeGreaterThan(64);
  });

  it('a label exactly as long as allowed is read, one byte more is not', () => {
    const padded = (bytes: number): Uint8Array =>
      altered({
        gvpie: international(
          1,
          0,
          deflateSync(Buffer.from(labelJson + ' '.repeat(bytes - Buffer.byteLength(labelJson)))),
        ),
      });
    opens(padded(RECORD_BYTES));
    expect(codeOf(padded(RECORD_BYTES + 1))).toBe('CART-E013');
    expect(
      codeOf(altered({ gvpie: writeInternationalText('gvpie', labelJson + ' '.repeat(RECORD_BYTES)) })),
    ).toBe('CART-E013');
  });

  it('65,536 chunks are read within a second, one more is refused', () => {
    const empty = writeChunk('teST', new Uint8Array(0));
    const named = parts();
    const crowded = (count: number): Uint8Array =>
      altered({
        IEND: Buffer.concat([
          ...new Array<Uint8Array>(count - Object.keys(named).length).fill(empty),
          named.IEND,
        ]),
      });
    const cost = costOf(() => opens(crowded(65_536)));
    expect(cost.milliseconds).toBeLessThan(1000);
    expect(codeOf(crowded(65_537))).toBe('CART-E018');
  });

  it('a file over the size limit is refused unread', () => {
    // Zeroed pages that nobody touches cost nothing.
    expect(codeOf(new Uint8Array(LIMITS.cartridgeBytes + 1))).toBe('CART-E018');
    expect(codeOf(new Uint8Array(LIMITS.cartridgeBytes))).toBe('CART-E001');
  });
});

describe('readLabel', () => {
  it('reads what openCartridge reads, but the pixels', () => {
    const file = press(pressing());
    const { pixels, ...inscription } = openCartridge(file);
    expect(readLabel(file)).toEqual(inscription);
    expect(pixels).toHaveLength(24);
  });

  it('does not look at the pixels, yet checks their CRC', () => {
    const IDAT = writeChunk('IDAT', Buffer.alloc(40, 0x55));
    expect(readLabel(altered({ IDAT })).label).toEqual(pressing().label);
    const damaged = Uint8Array.from(IDAT);
    damaged[20] = 0;
    expect(faultOf(() => readLabel(altered({ IDAT: damaged }))).code).toBe('CART-E003');
  });

  it('keeps fields it does not know', () => {
    const used = { ...USED, palettes: { seed: 2 } };
    const { label, newer } = readLabel(labelled({ mood: 'calm', used, uses: usesDigest(used) }));
    expect(label).toMatchObject({ mood: 'calm', used });
    expect(newer).toBeUndefined();
  });

  it('reads a newer format as far as it knows it, and says so', () => {
    expect(readLabel(labelled({ format: 2, palette: [1] }))).toMatchObject({
      newer: 2,
      label: { palette: [1] },
    });
    const fault = faultOf(() => readLabel(labelled({ format: 2, program: ['lines'] })));
    expect([fault.code, fault.message]).toEqual(['CART-E019', expect.stringContaining('label.program')]);
  });
});

describe('docs/cartridge.md', () => {
  const page = readFileSync(new URL('../../../docs/cartridge.md', import.meta.url), 'utf8');

  it('names every fault and its meaning', () => {
    for (const [code, meaning] of Object.entries(CARTRIDGE_FAULTS))
      expect(page).toContain(`| ${code} | ${meaning} |`);
    expect(page.match(/^\| CART-E/gm)).toHaveLength(Object.keys(CARTRIDGE_FAULTS).length);
  });

  it('names the limits that hold', () => {
    const { canvasSide, canvasPixels, sourceBytes, cartridgeBytes } = LIMITS;
    for (const limit of [canvasSide, canvasPixels, sourceBytes, cartridgeBytes, RECORD_BYTES]) {
      expect(page).toContain(limit.toLocaleString('en-US'));
    }
  });
});

/** Time on all processors together, which a busy machine does not stretch, and how far the process's peak of resident memory rose, MiB. */
function costOf(action: () => void): { milliseconds: number; mebibytes: number } {
  const peak = process.resourceUsage().maxRSS;
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return { milliseconds: (user + system) / 1_000, mebibytes: (process.resourceUsage().maxRSS - peak) / 1024 };
}
