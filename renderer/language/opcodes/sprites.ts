/** Opcodes that declare what BLIT draws. */
import { LIMITS } from '../../../shared/limits.ts';
import type { Opcode } from '../opcode.ts';
import { name } from './slots.ts';

const side = { kind: 'number', min: 1, max: LIMITS.canvasSide } as const;

export const SPRITES = [
  {
    name: 'SPRITE',
    version: 1,
    chapter: 'sprites',
    forms: [[name]],
    summary: 'Declares a picture by its pixels: its INKs and ROWs, up to its END, are what BLIT draws.',
    example:
      'SPRITE ship\n  INK steelblue o\n  INK gold *\n  ROW ...oo\n  ROW *oooooo\n  ROW .*oo##oo\n  ROW *oooooo\n  ROW ...oo\nEND\nBLIT ship 6 4\nCOLOR tomato\nBLIT ship 26 8 10',
  },
  {
    name: 'INK',
    version: 1,
    chapter: 'sprites',
    forms: [
      [
        { name: 'colour', kind: 'literal' },
        { name: 'characters', kind: 'text' },
      ],
    ],
    summary:
      'Says in a SPRITE what colour its ROWs draw these characters in; blanks between them mean nothing.',
    example:
      'SPRITE flag\n  INK firebrick r\n  INK #ffffffc0 w\n  ROW rrwrrrr\n  ROW wwwwwww\n  ROW rrwrrrr\nEND\nBLIT flag 8 8 16',
  },
  {
    name: 'ROW',
    version: 1,
    chapter: 'sprites',
    forms: [[{ name: 'pixels', kind: 'text' }]],
    summary:
      'Adds a row of pixels to a SPRITE, a character each: a dot or a blank is a hole, and a # without an INK has the colour that COLOR sets.',
    example:
      'SPRITE arrow\n  ROW ..#\n  ROW ...#\n  ROW #####\n  ROW ...#\n  ROW ..#\nEND\nFOR i 0 3\n  COLOR 255 80+i*50 0\n  BLIT arrow 8+i*30 22 4 i\nEND',
  },
  {
    name: 'IMAGE',
    version: 1,
    chapter: 'sprites',
    forms: [[name, { name: 'w', ...side }, { name: 'h', ...side }, { name: 'checksum', kind: 'checksum' }]],
    summary:
      'Declares the canvas of another cartridge, w × h pixels, which BLIT draws; its checksum names it, and whoever renders the program hands it over.',
    example:
      'IMAGE sky 128 64 d83f385d162efa65e7ab6a05b37fa372623699603833e7ab0b1862bf15da5896\nBLIT sky 0 -20\nCLIP 0 44 width 20\nBLIT sky 0 44 1 0 2\nCOLOR #00408060\nRECT 0 44 width 20',
    needs: 'The example draws docs/tour/sky.png, so gvpie render takes it with --input docs/tour/sky.png.',
  },
] as const satisfies readonly Opcode[];
