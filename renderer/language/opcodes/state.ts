/** Opcodes that change how shapes are drawn. */
import type { Opcode } from '../opcode.ts';
import { h, w, x, y } from './slots.ts';

export const STATE = [
  {
    name: 'COLOR',
    version: 1,
    chapter: 'state',
    forms: [
      [{ name: 'colour', kind: 'colour' }],
      [
        { name: 'r', kind: 'colour' },
        { name: 'g', kind: 'integer' },
        { name: 'b', kind: 'integer' },
        { name: 'a', kind: 'integer', optional: true },
      ],
    ],
    summary:
      'Sets the colour that shapes are drawn in: #rgb, #rgba, #rrggbb, #rrggbbaa, a CSS name, channels from 0 to 255, or an expression.',
    example: 'COLOR tomato\nRECT 8 8 24 48\nCOLOR 90 160 255 128\nRECT 20 20 60 20',
  },
  {
    name: 'BLEND',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'mode', kind: 'word', words: ['OVER', 'SRC', 'ADD', 'MULTIPLY', 'SCREEN', 'XOR'] }]],
    summary:
      'Sets how a shape meets what lies under it: OVER mixes by alpha, SRC replaces whatever the alpha; the others combine both colours, then mix by alpha.',
    example:
      'COLOR #c04040\nDISC 40 26 20\nBLEND ADD\nCOLOR #40c040\nDISC 56 40 20\nBLEND XOR\nCOLOR white\nRECT 70 8 40 48\nBLEND MULTIPLY\nCOLOR gold\nDISC 96 32 18',
  },
  {
    name: 'PEN',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'n', kind: 'integer', min: 1, max: 255 }]],
    summary: 'Sets how wide LINE, POLYLINE, BEZ, BOX, CIRC, ELLI and ARC are drawn, in pixels; 1 at first.',
    example: 'FOR i 1 6\n  PEN i*2-1\n  LINE i*18 10 i*18-10 54\nEND',
  },
  {
    name: 'FILLRULE',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'rule', kind: 'word', words: ['NONZERO', 'EVENODD'] }]],
    summary:
      'Sets what of a POLY that crosses itself is inside: NONZERO all that its edges wind around, EVENODD what an odd number of them does.',
    example: 'FILLRULE EVENODD\nPOLY 64 2 84 62 32 24 96 24 44 62',
  },
  {
    name: 'FONT',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'font', kind: 'word', words: ['GVPIE', 'FIXED5X7', 'FIXED6X13'] }]],
    summary:
      'Sets the font of texts and numbers: GVPIE has ASCII, the others most of Latin, Greek and Cyrillic, lines, blocks and arrows, FIXED6X13 also Armenian, Georgian and halfwidth katakana.',
    example:
      'TXT 8 8 Plain ASCII\nFONT FIXED6X13\nTXT 8 20 PXL-ε ░▒▓ ┌┬┐ ⇄\nFONT FIXED5X7\nTXT 8 40 Привет, ώρα, Zażółć →',
  },
  {
    name: 'SIZE',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'n', kind: 'integer', min: 1, max: 16 }]],
    summary: 'Sets how large texts and numbers are drawn: each pixel of a glyph becomes n × n.',
    example: 'SIZE 2\nTXT 8 8 Twice\nSIZE 4\nCOLOR gold\nNUM 8 28 2026',
  },
  {
    name: 'ALIGN',
    version: 1,
    chapter: 'state',
    forms: [[{ name: 'side', kind: 'word', words: ['LEFT', 'CENTER', 'RIGHT'] }]],
    summary:
      'Sets what of a text or number lies at x: its left edge, its middle or its right edge; TEXTBOX aligns in its box.',
    example: 'ALIGN CENTER\nTXT width/2 8 in the middle\nALIGN RIGHT\nNUM width 24 12345\nNUM width 36 7',
  },
  {
    name: 'CLIP',
    version: 1,
    chapter: 'state',
    forms: [[], [x, y, w, h]],
    summary:
      'Narrows the clip to what it has in common with a rectangle; alone, makes it the whole canvas again.',
    example: 'CLIP 10 10 40 20\nCLEAR steelblue\nTXT 12 16 cut to the pixel',
  },
  {
    name: 'ORIGIN',
    version: 1,
    chapter: 'state',
    forms: [[x, y]],
    summary: 'Moves the origin: what is (x, y) now becomes (0, 0).',
    example: 'ORIGIN 20 20\nRECT 0 0 10 10\nORIGIN 20 0\nRECT 0 0 10 10',
  },
  {
    name: 'PUSH',
    version: 1,
    chapter: 'state',
    forms: [[]],
    summary: 'Saves colour, blend mode, pen, fill rule, font, size, alignment, clip and origin.',
    example: 'PUSH\nCOLOR gold\nRECT 10 10 20 20\nPOP\nRECT 40 10 20 20',
  },
  {
    name: 'POP',
    version: 1,
    chapter: 'state',
    forms: [[]],
    summary: 'Brings back what the latest PUSH saved.',
    example: 'PUSH\nORIGIN 50 0\nRECT 0 10 20 20\nPOP\nRECT 0 10 20 20',
  },
] as const satisfies readonly Opcode[];
