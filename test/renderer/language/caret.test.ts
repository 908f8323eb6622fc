import { describe, expect, it } from 'vitest';
import { EXCERPT_WIDTH, excerpt, quoted, visible } from '../../../renderer/language/caret.ts';

const at = (line: string, column: number, length: number) => excerpt({ lines: [line] }, 1, column, length);

describe('an excerpt', () => {
  it('puts carets under the whole of what offends', () => {
    expect(at('TXT ten 10 Hello', 5, 3)).toBe('TXT ten 10 Hello\n    ^^^');
  });

  it('takes the line that was asked for', () => {
    expect(excerpt({ lines: ['a', 'bc'] }, 2, 2, 1)).toBe('bc\n ^');
  });

  it('puts one caret past the end for something missing', () => {
    expect(at('TXT 1', 6, 0)).toBe('TXT 1\n     ^');
  });

  it('counts code points, not UTF-16 units', () => {
    expect(at('😀😀x', 3, 1)).toBe('😀😀x\n  ^');
  });

  it('shows tabs and controls one for one, so that carets stay in place', () => {
    expect(at('\tRECT\u001b[2J\u0000 x', 13, 1)).toBe('␉RECT␛[2J␀ x\n            ^');
  });

  it('shows a line of its full width whole', () => {
    const line = 'x'.repeat(EXCERPT_WIDTH);
    expect(at(line, EXCERPT_WIDTH, 1)).toBe(`${line}\n${' '.repeat(79)}^`);
  });

  it('cuts a line one longer, at its end', () => {
    expect(at('x'.repeat(81), 1, 1)).toBe(`${'x'.repeat(79)}…\n^`);
  });

  it('cuts on both sides of the caret', () => {
    const line = `${'a'.repeat(1000)}b${'c'.repeat(1000)}`;
    expect(at(line, 1001, 1)).toBe(`…${'a'.repeat(19)}b${'c'.repeat(58)}…\n${' '.repeat(20)}^`);
  });

  it('keeps the end of a long line in sight of a caret past it', () => {
    expect(at('a'.repeat(100), 101, 0)).toBe(`…${'a'.repeat(79)}\n${' '.repeat(80)}^`);
  });

  it('draws no carets beyond what it shows', () => {
    expect(at('a'.repeat(1000), 1, 1000)).toBe(`${'a'.repeat(79)}…\n${'^'.repeat(80)}`);
  });
});

describe('visible text', () => {
  it.each([
    ['plain é 漢 😀 ~', 'plain é 漢 😀 ~'],
    ['\t\r\n\0\x1f', '␉␍␊␀␟'],
    ['\x7f', '␡'],
    ['\u0085\u200b\u202e\u2028\u2029\ufeff\ue000\ud800', '\ufffd'.repeat(8)],
    ['\u00a0\u3000', '␣␣'],
  ])('is %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

describe('quoted text', () => {
  it('keeps 40 code points whole and cuts 41', () => {
    expect(quoted('😀'.repeat(40))).toBe(`"${'😀'.repeat(40)}"`);
    expect(quoted('😀'.repeat(41))).toBe(`"${'😀'.repeat(39)}…"`);
  });

  it('is visible', () => {
    expect(quoted('a\u001bb')).toBe('"a␛b"');
  });
});
