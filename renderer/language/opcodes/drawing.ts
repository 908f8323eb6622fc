/** Opcodes that draw. */
import type { Opcode } from '../opcode.ts';
import { from, h, name, r, rx, ry, to, value, w, x, x0, x1, x2, y, y0, y1, y2 } from './slots.ts';

export const DRAWING = [
  {
    name: 'TXT',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, { name: 'text', kind: 'text' }]],
    summary:
      'Draws text, its top left at (x, y): in the 5×7 font, 6 pixels a character, unless FONT, SIZE or ALIGN say otherwise.',
    example: 'TXT 10 10 Hello GPU',
  },
  {
    name: 'TEXTBOX',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, w, h, { name: 'text', kind: 'text' }]],
    summary:
      'Draws text in lines as wide as a box, parted at blanks; what does not fit into the box is cut off.',
    example:
      'COLOR #303030\nRECT 8 4 76 56\nCOLOR white\nTEXTBOX 10 6 72 52 The quick brown fox jumps over the lazy dog',
  },
  {
    name: 'RECT',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, w, h]],
    summary: 'Fills the rectangle of w × h pixels whose top left is (x, y); zero draws nothing.',
    example: 'RECT 5 15 100 2',
  },
  {
    name: 'PIX',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y]],
    summary: 'Sets the pixel at (x, y).',
    example: 'FOR i 0 63\n  PIX i*2 i\nEND',
  },
  {
    name: 'NUM',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, value]],
    summary: 'Draws a number in decimal as TXT draws text, with a minus sign where it is negative.',
    example: 'SET n 6*7\nNUM 10 10 n',
  },
  {
    name: 'CLEAR',
    version: 1,
    chapter: 'drawing',
    forms: [[{ name: 'colour', kind: 'colour', optional: true }]],
    summary: 'Fills the clip with a colour, black where none is given; the blend mode does not matter.',
    example: 'CLEAR #204060\nTXT 10 10 Hello GPU',
  },

  {
    name: 'LINE',
    version: 1,
    chapter: 'drawing',
    forms: [[x0, y0, x1, y1]],
    summary: 'Draws a straight line from (x0, y0) to (x1, y1), both included, as wide as the pen.',
    example: 'FOR i 0 10\n  LINE 4 60 10+i*10 4\nEND\nPEN 5\nCOLOR tomato\nLINE 20 10 110 50',
  },
  {
    name: 'POLYLINE',
    version: 1,
    chapter: 'drawing',
    forms: [[x0, y0, x1, { ...y1, repeated: 2 }]],
    summary: 'Draws lines from point to point; where they meet or cross, each pixel is set once.',
    example: 'PEN 3\nCOLOR #00c0ff80\nPOLYLINE 8 50 30 14 52 40 74 10 96 52 120 20',
  },
  {
    name: 'BOX',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, w, h]],
    summary: 'Draws the frame of the rectangle that RECT would fill; the pen widens it inwards.',
    example: 'BOX 8 8 50 40\nPEN 4\nCOLOR gold\nBOX 68 8 50 40',
  },
  {
    name: 'RRECT',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, w, h, r]],
    summary: 'Fills a rectangle whose corners are rounded by the radius r, at most half of its shorter side.',
    example: 'COLOR steelblue\nRRECT 8 8 50 48 12\nCOLOR gold\nRRECT 68 20 50 20 99',
  },
  {
    name: 'DISC',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, r]],
    summary: 'Fills the circle of radius r around the pixel (x, y): 2r + 1 pixels across.',
    example: 'COLOR tomato\nDISC 40 32 24\nCOLOR #ffffff80\nDISC 64 32 24',
  },
  {
    name: 'CIRC',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, r]],
    summary: 'Draws the edge of DISC; the pen widens it inwards.',
    example: 'FOR i 1 5\n  CIRC 34 32 i*6\nEND\nPEN 6\nCOLOR gold\nCIRC 96 32 28',
  },
  {
    name: 'FELLI',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, rx, ry]],
    summary: 'Fills the ellipse of radii rx and ry around the pixel (x, y).',
    example: 'COLOR seagreen\nFELLI 64 32 60 20\nCOLOR #00000080\nFELLI 64 32 20 28',
  },
  {
    name: 'ELLI',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, rx, ry]],
    summary: 'Draws the edge of FELLI; the pen widens it inwards.',
    example: 'FOR i 1 7\n  ELLI 64 32 i*8 32-i*4\nEND',
  },
  {
    name: 'TRI',
    version: 1,
    chapter: 'drawing',
    forms: [[x0, y0, x1, y1, x2, y2]],
    summary: 'Fills a triangle; triangles that share an edge share no pixel and leave none out.',
    example: 'COLOR #ff800080\nTRI 10 56 60 56 35 8\nTRI 60 56 35 8 90 12\nTRI 60 56 90 12 118 56',
  },
  {
    name: 'POLY',
    version: 1,
    chapter: 'drawing',
    forms: [[x0, y0, x1, y1, x2, { ...y2, repeated: 2 }]],
    summary: 'Fills the polygon through these points; FILLRULE says what is inside where its edges cross.',
    example:
      'COLOR gold\nPOLY 32 4 50 60 4 24 60 24 14 60\nFILLRULE EVENODD\nPOLY 96 4 114 60 68 24 124 24 78 60',
  },
  {
    name: 'PIE',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, r, from, to]],
    summary:
      'Fills the part of DISC that lies from one angle clockwise to another; a turn is 65536, a quarter 16384, 0 to the right.',
    example: 'COLOR tomato\nPIE 64 32 28 -16384 10000\nCOLOR gold\nPIE 64 32 28 10000 30000',
  },
  {
    name: 'ARC',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, r, from, to]],
    summary:
      'Draws the part of CIRC that lies from one angle clockwise to another; a turn is 65536, a quarter 16384, 0 to the right.',
    example: 'PEN 8\nCOLOR #303030\nARC 64 40 30 32768 65536\nCOLOR limegreen\nARC 64 40 30 32768 54000',
  },
  {
    name: 'BEZ',
    version: 1,
    chapter: 'drawing',
    forms: [
      [x0, y0, { ...x1, name: 'cx' }, { ...y1, name: 'cy' }, x1, y1],
      [
        x0,
        y0,
        { ...x1, name: 'cx' },
        { ...y1, name: 'cy' },
        { ...x1, name: 'dx' },
        { ...y1, name: 'dy' },
        x1,
        y1,
      ],
    ],
    summary:
      'Draws a Bézier curve from (x0, y0) to (x1, y1), drawn towards one point or two, as wide as the pen.',
    example: 'PEN 3\nCOLOR violet\nBEZ 8 56 30 -20 60 40\nCOLOR gold\nBEZ 64 10 130 10 60 54 120 54',
  },
  {
    name: 'GRAD',
    version: 1,
    chapter: 'drawing',
    forms: [
      [
        x,
        y,
        w,
        h,
        { ...from, kind: 'colour' },
        { ...to, kind: 'colour' },
        { name: 'way', kind: 'word', words: ['DOWN', 'ACROSS'], optional: true },
      ],
    ],
    summary:
      'Fills a rectangle with colours that go from one to another, downwards or across; both ends are exact.',
    example: 'GRAD 0 0 width height midnightblue tomato\nGRAD 14 50 100 8 #fff0 #ffff ACROSS',
  },
  {
    name: 'BLIT',
    version: 1,
    chapter: 'drawing',
    forms: [
      [
        name,
        x,
        y,
        { name: 'scale', kind: 'integer', min: 1, max: 64, optional: true },
        { name: 'turns', kind: 'integer', optional: true },
        { name: 'flips', kind: 'integer', min: 0, max: 3, optional: true },
      ],
    ],
    summary:
      'Draws a SPRITE or an IMAGE, its top left at (x, y), each of its pixels scale × scale, turned clockwise by quarter turns, so that 1 is a right angle; flips 1 mirrors left and right first, 2 top and bottom, 3 both.',
    example:
      'SPRITE key\n  INK gold k\n  ROW .kkk\n  ROW kk.kkkkkk\n  ROW k...k.k.k\n  ROW kk.kk...k\n  ROW .kkk\nEND\nBLIT key 8 8 3\nBLIT key 50 8 3 0 1\nBLIT key 92 8 4 1\nBLIT key 8 40 4 0 2',
  },
  {
    name: 'SHADE',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, w, h]],
    summary:
      'Works out each pixel of a rectangle by itself: the lines up to its END set r, g, b and a from x and y, the pixel in the rectangle, w and h, its size, and r, g and b, what the pixel was.',
    example:
      'SHADE 0 0 width height\n  SET d hypot(x-w/2, y-h/2)\n  SET v sin(d*2400+atan2(y-h/2, x-w/2)*3)>>9\n  SET r 128+v\n  SET g 90+v/2\n  SET b 200-d\nEND',
  },
] as const satisfies readonly Opcode[];
