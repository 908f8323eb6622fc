/** Cells: how wide a text is on a terminal, so that what was cut to one fits it. */
import { describe, expect, it } from 'vitest';
import { cellWidth, cut, wrap } from '../../cli/cells.ts';

describe('the cells of a text', () => {
  it.each([
    ['abc', 3],
    ['', 0],
    ['漢字', 4],
    ['データ', 6],
    ['「、。」', 8],
    ['ｱ', 1],
    ['！', 2],
    ['￥', 2],
    ['한글', 4],
    ['ꀀ', 2],
    ['𠀋', 2],
    ['e\u0301', 1],
    ['🎨', 2],
    ['❤', 1],
    ['❤\ufe0f', 2],
    ['🎨\ufe0f', 2],
    ['▀█░', 3],
    ['×…', 2],
  ])('of %j are %i', (text, cells) => {
    expect(cellWidth(text)).toBe(cells);
  });
});

describe('a text that is cut', () => {
  it('has no more cells than it may, and is left alone where it fits', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdef', 5)).toBe('abcd…');
    expect(cut('漢字漢', 6)).toBe('漢字漢');
    expect(cut('漢字漢', 5)).toBe('漢字…');
    expect(cut('漢字漢', 4)).toBe('漢…');
    expect(cut('abc', 1)).toBe('…');
    for (let columns = 2; columns < 20; columns++) {
      for (const text of ['データベース「画像」', 'a漢b字c', '❤\ufe0f❤\ufe0f❤\ufe0f❤\ufe0f']) {
        expect(cellWidth(cut(text, columns)), `${text} ${columns}`).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('does not grow where a mark makes an emoji of what fitted', () => {
    for (const piece of wrap('ab❤\ufe0fcd', 3)) expect(cellWidth(piece)).toBeLessThanOrEqual(3);
  });
});
