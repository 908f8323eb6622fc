/** Inputs: the paths that a command gives, what labels may say, and IMAGE lines found without a parser. */
import { describe, expect, it } from 'vitest';
import { hasInputs, NO_INPUTS, readInputPaths, scanInputs } from '../../shared/inputs.ts';
import { inputsSchema } from '../../shared/record-schemas.ts';

const A = 'a'.repeat(64);
const B = '0123456789abcdef'.repeat(4);

describe('the paths of a command', () => {
  it('are absolute, by lower-case checksums', () => {
    expect(readInputPaths({}, 'x')).toEqual(NO_INPUTS);
    const paths = { [A]: '/a.png', [B]: '/ä b/c.raw' };
    expect(readInputPaths(paths, 'x')).toEqual(paths);
    expect([hasInputs(NO_INPUTS), hasInputs(paths)]).toEqual([false, true]);
  });

  it.each([
    ['nothing', null, 'Expected "inputs" to be an object of checksums and paths, found null'],
    ['an array', ['/a.png'], 'Expected "inputs" to be an object of checksums and paths, found an array'],
    [
      'a key in upper case',
      { [A.toUpperCase()]: '/a.png' },
      `Expected "inputs" to have names of 64 lower-case hex digits, found "${'A'.repeat(58)}…`,
    ],
    [
      'a key of 63 digits',
      { [A.slice(1)]: '/a.png' },
      `Expected "inputs" to have names of 64 lower-case hex digits, found "${'a'.repeat(58)}…`,
    ],
    [
      'a key with a line end',
      { [`${A}\n`]: '/a.png' },
      `Expected "inputs" to have names of 64 lower-case hex digits, found "${'a'.repeat(58)}…`,
    ],
    [
      'the name of every object',
      JSON.parse('{"__proto__":"/a.png"}'),
      'Expected "inputs" to have names of 64 lower-case hex digits, found "__proto__"',
    ],
    ['a relative path', { [A]: 'a.png' }, `Expected ${A} of "inputs" to be an absolute path, found "a.png"`],
    ['an empty path', { [A]: '' }, `Expected ${A} of "inputs" to be an absolute path, found ""`],
    [
      'a path with a NUL',
      { [A]: '/a\0b' },
      `Expected ${A} of "inputs" to be an absolute path, found "/a\\u0000b"`,
    ],
    ['no path', { [A]: null }, `Expected ${A} of "inputs" to be an absolute path, found null`],
  ])('are not %s', (_, value, message) => {
    expect(readInputPaths(value, '"inputs"')).toBe(message);
  });
});

describe('the inputs of a label', () => {
  it.each([
    [[], true],
    [[{ checksum: A, width: 1, height: 16_384 }], true],
    [[{ checksum: A, width: 1, height: 1, name: 'later' }], true],
    [[{ checksum: A.toUpperCase(), width: 1, height: 1 }], false],
    [[{ checksum: A, width: 0, height: 1 }], false],
    [[{ checksum: A, width: 1, height: 0.5 }], false],
    [[{ checksum: A, width: 1 }], false],
    [{}, false],
  ])('%j', (value, good) => {
    expect(inputsSchema.safeParse(value).success).toBe(good);
  });
});

describe('the scan of a program', () => {
  const found = { checksum: B, width: 128, height: 64 };

  it.each([
    ['alone', 1, `IMAGE logo 128 64 ${B}`],
    ['in any case, behind blanks and a byte order mark', 1, `\uFEFF \timage Logo 128 64 ${B.toUpperCase()}`],
    ['with commas, and blanks at its end', 1, `IMAGE _a1, 128 ,64\t,\t${B} \t\r`],
    ['among lines that end in CRLF', 2, `HALT\r\nIMAGE a 128 64 ${B}\r\nBLIT a 0 0\r\n`],
    ['behind HALT, twice', 2, `HALT\nIMAGE a 128 64 ${B}\nIMAGE b 128 64 ${B}`],
  ])('finds an IMAGE %s', (_, line, program) => {
    expect(scanInputs(program)).toEqual([{ ...found, line }]);
  });

  it.each([
    ['nothing', ''],
    ['a comment', `# IMAGE a 128 64 ${B}`],
    ['a text', `TXT 0 0 IMAGE a 128 64 ${B}`],
    ['another opcode', `IMAGES a 128 64 ${B}`],
    ['a checksum that is too short', `IMAGE a 128 64 ${B.slice(1)}`],
    ['a checksum that is too long', `IMAGE a 128 64 ${B}0`],
    ['no size', `IMAGE a ${B}`],
    ['a size in brackets', `IMAGE a (128) 64 ${B}`],
    ['a size with a sign', `IMAGE a 128 +64 ${B}`],
    ['an operand too many', `IMAGE a 128 64 ${B} 5`],
    ['a text with a CR in it', `TXT 0 0 a\rIMAGE a 128 64 ${B}`],
    ['a text with a line end of Unicode in it', `TXT 0 0 a\u2028IMAGE a 128 64 ${B}\u2028`],
    ['a byte order mark of its own', `HALT\n\uFEFFIMAGE a 128 64 ${B}`],
    ['what two lines make', `IMAGE a 128 64\n${B}`],
    ['no row', `IMAGE a 128 0 ${B}`],
    ['no column', `IMAGE a 0 64 ${B}`],
    ['a side too long', `IMAGE a 16385 64 ${B}`],
    ['a side beyond all numbers', `IMAGE a 128 ${'9'.repeat(400)} ${B}`],
    ['too many pixels', `IMAGE a 4097 2048 ${B}`],
  ])('finds none in %s', (_, program) => {
    expect(scanInputs(program)).toEqual([]);
  });

  it.each([
    [1, 1],
    [16_384, 1],
    [4_096, 2_048],
  ])('finds %i × %i, which an IMAGE may just have', (width, height) => {
    expect(scanInputs(`IMAGE a ${width} ${height} ${B}`)).toEqual([{ checksum: B, width, height, line: 1 }]);
    // A line before it that asks for what cannot be does not stand in its way.
    expect(scanInputs(`IMAGE b 0 8 ${B}\nIMAGE a ${width} ${height} ${B}`)).toMatchObject([
      { width, line: 2 },
    ]);
  });

  it('finds several in the order in which they stand', () => {
    const program = `IMAGE a 128 64 ${B}\n\n# b\nIMAGE b 7 9 ${A}`;
    expect(scanInputs(program)).toEqual([
      { ...found, line: 1 },
      { checksum: A, width: 7, height: 9, line: 4 },
    ]);
  });

  it('takes processor time that grows with the length alone', () => {
    const MiB = 1_048_576;
    for (const worst of [
      ' '.repeat(MiB),
      `IMAGE${' '.repeat(MiB)}`,
      `IMAGE a${' ,'.repeat(MiB / 2)}`,
      `IMAGE a 1 1 ${'a'.repeat(MiB)}`,
      `IMAGE a 1 1 ${A}${' \r'.repeat(MiB / 2)}x`,
      '\r '.repeat(MiB / 2),
      `IMAGE ${'a1'.repeat(MiB / 2)}`,
      `IMAGE a ${'1'.repeat(MiB)}`,
    ]) {
      const start = process.cpuUsage();
      expect(scanInputs(worst)).toEqual([]);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1_000).toBeLessThan(1_000);
    }
  });
});
