/** Opcodes that draw. */
import type { Opcode } from '../opcode.ts';
import { h, value, w, x, y } from './slots.ts';

export const DRAWING = [
  {
    name: 'TXT',
    version: 1,
    chapter: 'drawing',
    forms: [[x, y, { name: 'text', kind: 'text' }]],
    summary: 'Draws text in the 5×7 font, 6 pixels a character, its top left at (x, y).',
    example: 'TXT 10 10 Hello GPU',
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
] as const satisfies readonly Opcode[];
