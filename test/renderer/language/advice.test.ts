import { describe, expect, it } from 'vitest';
import { complaintsOf } from './reading.ts';

/** What people type who come from other languages: every complaint, and the first one's hint. */
describe('the advice', () => {
  it.each([
    [
      'SET x 3\nIF x = 3\nEND',
      ['2:6 PXL-E008'],
      'IF test or IF test JMP label: == compares; no = stands between a name and its value',
    ],
    [
      'SET x 1\nIF x==3 THEN\nEND',
      ['2:9 PXL-E008'],
      'IF test or IF test JMP label: a test ends its line: no THEN, DO, { or :',
    ],
    [
      'SET x 1\nIF x==3:\nEND',
      ['2:8 PXL-E015'],
      'IF test or IF test JMP label: a test ends its line: no THEN, DO, { or :',
    ],
    [
      'SET x 1\nIF (x == 3) {\nEND',
      ['2:13 PXL-E008'],
      'IF test or IF test JMP label: a test ends its line: no THEN, DO, { or :',
    ],
    ['SET x 1\nIF x>2 and x<4\nEND', ['2:8 PXL-E008'], 'IF test or IF test JMP label: && means and'],
    ['WHILE(1)\nEND', ['1:1 PXL-E006'], 'WHILE test: operands stand without brackets around them'],
    [
      'IF(1)\nEND',
      ['1:1 PXL-E006'],
      'IF test or IF test JMP label: operands stand without brackets around them',
    ],
    ['rect(1,2,3,4)', ['1:1 PXL-E006'], 'RECT x y w h: operands stand without brackets around them'],
    ['DEF foo x\nEND\nfoo 1', ['3:1 PXL-E006'], 'CALL foo runs a DEF'],
    [
      'DEF f x\nEND\nCALL f(3)',
      ['3:6 PXL-E015'],
      'CALL name [arguments…]: the name stands alone, without brackets',
    ],
    ['DIM a[10]', ['1:5 PXL-E015'], 'DIM name cells: the name stands alone, without brackets'],
    ['COLOR ff0000', ['1:7 PXL-E016'], 'did you mean #ff0000?'],
    [
      'COLOR #ff',
      ['1:7 PXL-E021'],
      'COLOR colour or COLOR r g b [a]: a colour is #rgb, #rgba, #rrggbb or #rrggbbaa',
    ],
    ['COLOR', ['1:6 PXL-E007'], 'COLOR colour or COLOR r g b [a]'],
    [
      'CLEAR #000 #fff',
      ['1:12 PXL-E008'],
      'CLEAR [colour]: COLOR #fff on a line before gives shapes their colour',
    ],
    [
      'RECT 0 0 5 5 red',
      ['1:14 PXL-E008'],
      'RECT x y w h: COLOR red on a line before gives shapes their colour',
    ],
    ['FOR i 0 TO 9\nEND', ['1:9 PXL-E016'], 'FOR name first last [step] has no TO'],
    [
      'FOR i = 1 10\nEND',
      ['1:7 PXL-E015'],
      'FOR variable first last [step]: == compares; no = stands between a name and its value',
    ],
    ['print("hello")', ['1:1 PXL-E006'], 'did you mean TXT? TXT x y text'],
    ['PRINT 3', ['1:1 PXL-E006'], 'did you mean TXT? TXT x y text'],
    ['x++', ['1:1 PXL-E006'], 'SET x value gives a variable a value, ADD x value adds to it'],
    ['x += 1', ['1:1 PXL-E006'], 'SET x value gives a variable a value, ADD x value adds to it'],
    ['NEXT', ['1:1 PXL-E006'], 'did you mean END? END'],
    ['FOR i 1 2\nNEXT', ['2:1 PXL-E006'], 'did you mean END? END'],
    ['ELIF', ['1:1 PXL-E006'], 'did you mean ELSE? ELSE or ELSE IF test'],
    ['STOP', ['1:1 PXL-E006'], 'did you mean HALT? HALT'],
    ['// hi', ['1:1 PXL-E006'], '# begins a comment, which is a whole line'],
    ['}', ['1:1 PXL-E006'], 'did you mean END? END'],
    ['break', ['1:1 PXL-E006'], 'JMP label leads out of a loop, or to the end of its turn'],
    [
      'FOR i 0 9\n  IF i\n    PIX i i\nEND',
      ['1:1 PXL-E018'],
      'the END of line 4 ends the IF of line 2, which stands further in: is its own missing?',
    ],
    ['DEF a\nDEF b\nEND', ['1:1 PXL-E018', '2:1 PXL-E018'], 'IF, FOR, WHILE and DEF each take an END'],
    ['FRO i 1 3\nEND', ['1:1 PXL-E006'], 'did you mean FOR? FOR variable first last [step]'],
    ['IF 1 JMPP a\na:', ['1:6 PXL-E008'], 'IF test or IF test JMP label'],
    ['RECT a 0 1\nRECT a 0 1 1', ['1:11 PXL-E007', '2:6 PXL-E016'], 'RECT x y w h'],
    ['SET a 1 2\nRECT a 0 1 1', ['1:9 PXL-E008'], 'SET place value'],
    ['SET v true', ['1:7 PXL-E016'], '1 is true, and so is all but 0'],
    ['TXT "hello" 10 10', ['1:5 PXL-E015'], 'TXT x y text: text comes last on the line, without quotes'],
    ['IF (1 and 2)\nEND', ['1:7 PXL-E015'], 'IF test or IF test JMP label: && means and'],
    ['RCET 5 5 20 10', ['1:1 PXL-E006'], 'did you mean RECT? RECT x y w h'],
    ['HATL', ['1:1 PXL-E006'], 'did you mean HALT? HALT'],
    ['SET x mod(5, 3)', ['1:7 PXL-E016'], '% is the remainder'],
    ['IF NOT 1\nEND', ['1:8 PXL-E008'], 'IF test or IF test JMP label: ! means not'],
    ['SET x abs 4', ['1:11 PXL-E008'], 'SET place value: abs(n)'],
    ['IF width>3 GOTO x', ['1:12 PXL-E008'], 'IF test or IF test JMP label: IF test JMP label'],
    ['RECT 0 0 1 1 // c', ['1:14 PXL-E008'], 'RECT x y w h: # begins a comment, which is a whole line'],
    [
      'RECT 1 2 3 4\\nRECT 5 6 7 8',
      ['1:12 PXL-E003'],
      'RECT x y w h: \\n is two characters here: a line ends in a line feed, in SQL char(10)',
    ],
    ['RECT\\n', ['1:1 PXL-E006'], '\\n is two characters here: a line ends in a line feed, in SQL char(10)'],
    [
      'SET red 5\nDATA t red',
      ['2:8 PXL-E017'],
      'declarations take literals: a colour may be written #rrggbb',
    ],
    ['COLOR transparent', ['1:7 PXL-E016'], '#0000 is transparent'],
    ['SET x min', ['1:7 PXL-E016'], 'min(a, b)'],
    ['QWERTY', ['1:1 PXL-E006'], 'gvpie reference lists the opcodes'],
  ])('for %j stands at %j: %s', (program, places, hint) => {
    const complaints = complaintsOf(program);
    expect(complaints.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual(places);
    expect(complaints[0].hint).toBe(hint);
  });
});
