/** Programs of sprites and images: as many and as large as may be, in as many colours, as far out, and in as many words. */
import { LIMITS } from '../../../shared/limits.ts';
import { fill, finishes, type Hostile, lines, name, ROOM, stopped, unread } from './hostile.ts';

const { shapes: SHAPES, listWords: WORDS, spriteSide: SIDE, imagePixels: PIXELS, canvasSide } = LIMITS;
const LARGEST = { width: 16_384, height: 4_096 };
const CHECKSUM = 'e5'.repeat(32);
const IMAGE = `IMAGE a ${canvasSide} ${PIXELS / canvasSide} ${CHECKSUM}\n`;

const loop = (turns: number, ...body: readonly string[]) =>
  [`FOR i 1 ${turns}`, ...body, 'END', ''].join('\n');
const sprite = (called: string, ...body: readonly string[]) =>
  [`SPRITE ${called}`, ...body, 'END', ''].join('\n');
/** A pixel of the pen's colour. */
const DOT = sprite('a', 'ROW #');
/** The largest sprite in the fewest bytes. */
const sparse = (called: string) =>
  sprite(called, `ROW ${'#'.repeat(SIDE)}`, ...Array<string>(SIDE - 1).fill('ROW .'));
/** Words and steps of the pixels of such a one, and of a BLIT that is seen as one pixel. */
const AREA = SIDE * SIDE;
const SEEN = 8 + 1 + 2;
/** As many of them as there is room for, with a BLIT each. */
const MANY = Math.floor((ROOM - 20_000) / (sparse('_aa').length + 'BLIT _aa 0 0\n'.length));

/** Code points of three bytes that are characters; as many INKs as there is room for have them all. */
const characters = (first: number, count: number) =>
  String.fromCodePoint(...Array.from({ length: count }, (_, index) => 0x1_0000 + first + index));
const INKS = 60;
const crowd = lines(INKS, (index) => `INK red ${characters(4_096 * index, 4_096)}`);

export const SPRITE_PROGRAMS: readonly Hostile[] = [
  {
    name: 'a million BLITs of a pixel',
    source: () => DOT + loop(SHAPES, 'BLIT a i&63 9'),
    end: finishes(2 + 1 + SHAPES * 3 + 1),
  },
  {
    name: 'a million BLITs of a pixel, each in a colour of its own',
    dear: true,
    source: () => DOT + loop(SHAPES, 'COLOR 0-i', 'BLIT a 9 9'),
    end: finishes(2 + SHAPES * 5 + 1),
  },
  {
    name: 'a million BLITs in a million colours of a sprite with a quarter of a million INKs',
    source: () => sprite('a', crowd.trimEnd(), 'ROW #') + loop(SHAPES, 'COLOR 0-i', 'BLIT a 9 9'),
    end: finishes(2 + SHAPES * 5 + 1),
    dear: true,
  },
  {
    name: 'BLITs of the largest sprite in a thousand colours, until the list is full',
    source: () => sparse('a') + loop(1_000, 'COLOR 0-i', 'BLIT a 0-255 0-255'),
    end: stopped('PXL-E035', SIDE + 5, 3 + Math.floor(WORDS / (AREA + SEEN)) * (AREA / 8 + 4) + 3),
  },
  {
    name: 'as many of the largest sprites as there is room for, each drawn, until the list is full',
    source: () =>
      lines(MANY, (index) => sparse(name(index)).trimEnd()) +
      lines(MANY, (index) => `BLIT ${name(index)} 0-255 0-255`),
    end: stopped('PXL-E035', MANY * (SIDE + 2) + Math.floor(WORDS / (AREA + SEEN)) + 1, LIMITS.steps),
  },
  {
    name: 'as many of the largest sprites as there is room for, of which none is drawn',
    dear: true,
    source: () =>
      lines(MANY, (index) => sparse(name(index)).trimEnd()) +
      lines(MANY, (index) => `BLIT ${name(index)} 64 0`),
    end: finishes(2 * MANY + 1),
  },
  {
    name: 'BLITs of every pixel of the largest canvas, until the pixels end',
    source: () => sparse('a') + loop(SHAPES, 'BLIT a 0 0 64 i i&3'),
    canvas: LARGEST,
    end: stopped('PXL-E014', SIDE + 4, LIMITS.steps),
  },
  {
    name: 'BLITs of the widest canvas, until the list is full',
    source: () => sparse('a') + loop(SHAPES, 'BLIT a 0 0 64'),
    canvas: { width: canvasSide, height: 1 },
    end: stopped('PXL-E035', SIDE + 4, LIMITS.steps),
  },
  {
    name: 'a million BLITs at the greatest scale, as far out as may be',
    source: () => sparse('a') + loop(SHAPES, 'BLIT a 2147483647 0-2147483647 64 i 3'),
    end: finishes(2 + SHAPES * 2 + 1),
  },
  {
    name: '32,000 sprites, of which few are drawn',
    dear: true,
    source: () =>
      lines(32_000, (index) => sprite(name(index), 'ROW #').trimEnd()) +
      lines(8, (index) => `BLIT ${name(index * 4_000)} 9 9`),
    end: finishes(32_000 + 8 * 3 + 1),
  },
  {
    name: 'a SPRITE of nothing but ROWs',
    source: () => `SPRITE a\n${fill('ROW #\n', ROOM - 20)}END\n`,
    end: unread('PXL-E037', SIDE + 2),
  },
  {
    name: 'ROWs that are all too long, of characters without an INK',
    source: () => sprite('a', lines(60, (index) => `ROW ${characters(4_096 * index, 4_096)}`).trimEnd()),
    end: unread('PXL-E036', 2),
  },
  {
    name: 'INKs that all have the same characters',
    source: () => sprite('a', fill(`INK red ${characters(0, 4_000)}\n`, ROOM / 2).trimEnd(), 'ROW #'),
    end: unread('PXL-E036', 3),
  },
  {
    name: 'a SPRITE without its END, before as many lines as there is room for',
    source: () => `SPRITE a\nROW #\n${fill('PIX 1 1\n', ROOM - 50)}`,
    end: unread('PXL-E018', 3),
  },
  {
    name: 'ROWs outside a SPRITE',
    source: () => fill('ROW #\n'),
    end: unread('PXL-E018', 1),
  },
  {
    name: 'SPRITEs that are never ended',
    source: () => fill('SPRITE a\n'),
    end: unread('PXL-E018', 2),
  },
  {
    name: 'BLITs of names that are near to those of 20,000 sprites',
    source: () =>
      lines(20_000, (index) => sprite(`s${name(index)}`, 'ROW #').trimEnd()) +
      fill('BLIT s__ 1 1\n', 100_000),
    end: unread('PXL-E016', 60_001),
  },
  {
    name: 'IMAGEs of the same canvas, until they are too many pixels',
    source: () => lines(12_000, (index) => `IMAGE ${name(index)} 1024 1024 ${CHECKSUM}`),
    end: unread('PXL-E039', 9),
  },
  {
    name: 'the largest image, drawn until the list is full',
    source: () => IMAGE + loop(SHAPES, 'BLIT a 0-(i&8191) 0 1 0 i&3'),
    images: () => new Map([[CHECKSUM, new Uint32Array(PIXELS).fill(0x80ff00ff)]]),
    end: stopped('PXL-E035', 3, LIMITS.steps),
  },
  {
    name: 'the largest image under SRC, and once more without',
    source: () => `${IMAGE}BLEND SRC\nBLIT a 0 0\nBLEND OVER\nBLIT a 0 0\n`,
    images: () => new Map([[CHECKSUM, new Uint32Array(PIXELS).fill(0x80ff00ff)]]),
    end: stopped('PXL-E035', 5, LIMITS.steps),
  },
];
