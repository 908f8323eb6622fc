/** The reader of BDF texts: what it reads of one, and that it names the line of what is wrong. */
import { describe, expect, it } from 'vitest';
import { BdfError, readBdf } from '../../../renderer/fonts/bdf.ts';
import { FIXED_SIZES, readFixed } from '../../support/font-module.ts';

/** Two glyphs in a cell of 9 × 3, of which the lowest row is below the baseline. */
const GOOD = `STARTFONT 2.1
COMMENT Drawn for the test.
COMMENT
FONT -Test
SIZE 3 75 75
FONTBOUNDINGBOX 9 3 0 -1
STARTPROPERTIES 3
FONT_ASCENT 2
FONT_DESCENT 1
COPYRIGHT "Nobody's."
ENDPROPERTIES
CHARS 2
STARTCHAR A
ENCODING 65
SWIDTH 500 0
DWIDTH 10 0
BBX 9 3 0 -1
BITMAP
8080
7F00
0000
ENDCHAR
STARTCHAR eacute
ENCODING 233
SWIDTH 500 0
DWIDTH 10 0
BBX 2 1 3 0
BITMAP
c0
ENDCHAR
ENDFONT
`;

/** The complaint about the text with line `line` replaced, by no line or several as well. */
function complaint(line: number, ...lines: readonly string[]): string {
  const text = GOOD.split('\n').toSpliced(line - 1, 1, ...lines);
  return complaintAbout(text.join('\n'));
}

function complaintAbout(text: string): string {
  try {
    readBdf(text);
  } catch (error) {
    expect(error).toBeInstanceOf(BdfError);
    const { line, message } = error as BdfError;
    expect(message.startsWith(`line ${line}: Expected `)).toBe(true);
    return message;
  }
  return 'none';
}

describe('reading BDF', () => {
  it('gives the metrics, the properties and the glyphs in their cells', () => {
    const { glyphs, properties, ...metrics } = readBdf(GOOD);
    expect(metrics).toEqual({ advance: 10, width: 9, height: 3, ascent: 2 });
    expect(Object.fromEntries(properties)).toEqual({
      FONT_ASCENT: '2',
      FONT_DESCENT: '1',
      COPYRIGHT: "Nobody's.",
    });
    expect([...glyphs]).toEqual([
      [0x41, { width: 9, height: 3, rows: [0b100000001, 0b011111110, 0] }],
      // Two pixels, three from the left, on the baseline.
      [0xe9, { width: 9, height: 3, rows: [0, 0b000110000, 0] }],
    ]);
  });

  it.each([
    [1, 'STARTFONT 2.2', 'line 1: Expected STARTFONT and what belongs to it, found "STARTFONT 2.2"'],
    [4, 'FOND x', 'line 4: Expected FONT and what belongs to it, found "FOND x"'],
    [6, 'FONTBOUNDINGBOX 9 3 0', 'line 6: Expected FONTBOUNDINGBOX and what belongs to it'],
    [6, 'FONTBOUNDINGBOX 9 33 0 -1', 'line 6: Expected a cell of 1 to 32 pixels each way, found 9×33'],
    [6, 'FONTBOUNDINGBOX 0 3 0 -1', 'line 6: Expected a cell of 1 to 32 pixels each way, found 0×3'],
    [6, 'FONTBOUNDINGBOX 9 3 1 -1', 'line 6: Expected a cell that begins at 0, found 1'],
    [7, 'STARTPROPERTIES 2', 'line 10: Expected ENDPROPERTIES, found'],
    [7, 'STARTPROPERTIES 4', 'line 11: Expected a new property, a number or a quoted text, found'],
    [8, 'FONT_ASCENT 3', 'line 8: Expected FONT_ASCENT 2, as FONTBOUNDINGBOX has it, found "FONT_ASCENT 3"'],
    [9, 'FONT_ASCENT 2', 'line 9: Expected a new property'],
    [9, 'DESCENT 1', 'line 11: Expected the property FONT_DESCENT, found none'],
    [12, 'CHARS 0', 'line 12: Expected 1 glyph or more, found 0'],
    [12, 'CHARS 1', 'line 23: Expected ENDFONT, found "STARTCHAR eacute"'],
    [12, 'CHARS 3', 'line 31: Expected STARTCHAR and what belongs to it, found "ENDFONT"'],
    [14, 'ENCODING -1', 'line 14: Expected a code point from 0 to 1114111, found -1'],
    [14, 'ENCODING 0x41', 'line 14: Expected ENCODING and what belongs to it'],
    [24, 'ENCODING 65', 'line 24: Expected a code point from 66 to 1114111, found 65'],
    [24, 'ENCODING 1114112', 'line 24: Expected a code point from 66 to 1114111, found 1114112'],
    [16, 'DWIDTH 0 0', 'line 16: Expected DWIDTH 1 0, found DWIDTH 0 0'],
    [16, 'DWIDTH 10 1', 'line 16: Expected DWIDTH 10 0, found DWIDTH 10 1'],
    [26, 'DWIDTH 9 0', 'line 26: Expected DWIDTH 10 0, found DWIDTH 9 0'],
    [17, 'BBX 10 3 0 -1', 'line 17: Expected a box within FONTBOUNDINGBOX, found BBX 10 3 0 -1'],
    [17, 'BBX 9 3 1 -1', 'line 17: Expected a box within'],
    [17, 'BBX 9 3 0 0', 'line 17: Expected a box within'],
    [17, 'BBX 9 3 0 -2', 'line 17: Expected a box within'],
    [27, 'BBX 0 1 3 0', 'line 27: Expected a box within'],
    [18, 'BITMAPS', 'line 18: Expected BITMAP, found "BITMAPS"'],
    [19, '80', 'line 19: Expected a row of 9 pixels as 4 hex digits, found "80"'],
    [19, '808G', 'line 19: Expected a row of 9 pixels'],
    [19, '8040', 'line 19: Expected a row of 9 pixels'],
    [20, '7F00\r', 'line 20: Expected a row of 9 pixels'],
    [21, 'ENDCHAR', 'line 21: Expected a row of 9 pixels'],
    [22, 'COMMENT no', 'line 22: Expected ENDCHAR, found "COMMENT no"'],
    [31, 'END', 'line 31: Expected ENDFONT, found "END"'],
  ])('refuses a wrong line %i, "%s", by its number', (line, text, message) => {
    expect(complaint(line, text)).toContain(message);
  });

  it('refuses a line too few or too many by the number of the first that does not fit', () => {
    expect(complaint(21)).toContain('line 21: Expected a row of 9 pixels as 4 hex digits, found "ENDCHAR"');
    expect(complaint(21, '0000', '0000')).toContain('line 22: Expected ENDCHAR, found "0000"');
    expect(complaintAbout(`${GOOD}\n`)).toContain('line 32: Expected nothing after ENDFONT, found ""');
    expect(complaintAbout(GOOD.trimEnd())).toContain(
      'line 31: Expected a line feed after ENDFONT, found the end',
    );
    expect(complaintAbout('')).toContain('line 1: Expected STARTFONT');
  });

  it('would take the text as it was', () => {
    expect(complaintAbout(GOOD)).toBe('none');
    expect(complaint(20, '7F00')).toBe('none');
    expect(complaint(20, '7f80')).toBe('none');
  });
});

describe('the BDF texts of the tree', () => {
  it.each(FIXED_SIZES)('%s is in the public domain and says so', (size) => {
    expect(readFixed(size).properties.get('COPYRIGHT')).toBe('Public domain font.  Share and enjoy.');
  });
});
