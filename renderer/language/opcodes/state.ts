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
    forms: [[{ name: 'mode', kind: 'word', words: ['OVER', 'SRC'] }]],
    summary:
      'Sets how a shape meets what lies under it: OVER mixes by alpha, SRC replaces whatever the alpha.',
    example: 'COLOR #ff000080\nRECT 8 8 40 40\nBLEND SRC\nRECT 60 8 40 40',
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
    summary: 'Saves colour, blend mode, clip and origin.',
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
