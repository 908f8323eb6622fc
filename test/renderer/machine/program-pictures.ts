/** The pictures that every random program declares, and the lines that draw them. */
import type { ColourNode, Operand, TextNode } from '../../../renderer/language/ast.ts';
import { type Chooser, type Expressions, name, number } from './program-expressions.ts';
import type { Said } from './program-shapes.ts';

const text = (value: string): TextNode => ({ kind: 'text', text: value });
const colour = (digits: string): ColourNode => ({ kind: 'colour', digits });

/** Sides of the images, by their checksums. */
const SIZES: readonly (readonly [checksum: string, width: number, height: number])[] = [
  ['a1'.repeat(32), 3, 2],
  ['b2'.repeat(32), 1, 5],
];

/** Packed pixels, some opaque, some translucent, some holes of a colour that must not be seen. */
export const IMAGES: ReadonlyMap<string, Uint32Array> = new Map(
  SIZES.map(([checksum, width, height]) => [
    checksum,
    Uint32Array.from({ length: width * height }, (_, at) => {
      const alpha = [255, 128, 0, 1, 254][at % 5] as number;
      return ((alpha << 24) | (0x3f71c9 * (at + 1))) >>> 0;
    }),
  ]),
);

const SPRITES = ['spr', 'own', 'dot'];
const PICTURES = [...SPRITES, 'img', 'col'];
/** Of an INK: the first two of `spr`, which has holes and the pen in between. */
const INKS = ['o', 'x ,', '🚀\t-'];
const ROWS = ['.o.x', 'ox##', ' #', '🚀o🚀.x', '..', 'x , o', '#', '-o'];
const COLOURS = ['f00', '0f08', '1234', '00000000', 'fefefe01', '4682b4'];

/** Declares them: a SPRITE with rows by choice, one that gives # a colour, one of a pixel of the pen, and two IMAGEs. */
export function declarePictures(choose: Chooser, say: (...said: Said) => void): void {
  const one = <Value>(values: readonly Value[]): Value => values[choose(values.length)] as Value;
  say('SPRITE', name('spr'));
  const late = choose(2) === 0;
  const inks = () => {
    for (const ink of INKS) say('INK', choose(5) === 4 ? name('tomato') : colour(one(COLOURS)), text(ink));
  };
  if (!late) inks();
  for (let rows = choose(5); rows >= 0; rows--) say('ROW', text(one(ROWS)));
  if (late) inks();
  say('END');
  say('SPRITE', name('own'));
  say('INK', colour(one(COLOURS)), text('#'));
  for (const row of ['#.', '##', ' #']) say('ROW', text(row));
  say('END');
  say('SPRITE', name('dot'));
  say('ROW', text('#'));
  say('END');
  for (const [index, [digits, width, height]] of SIZES.entries()) {
    say('IMAGE', name(['img', 'col'][index] as string), number(width), number(height), {
      kind: 'checksum',
      digits,
    });
  }
}

const FAR = [2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 5, -(2 ** 31) + 9, 400, -300];

/** A BLIT, most often on the canvas. */
export function blit(choose: Chooser, e: Expressions): Said {
  const place = (): Operand => {
    const kind = choose(12);
    if (kind < 9) return number(((choose(40) + 8) % 40) - 8);
    return kind === 9 ? number(FAR[choose(FAR.length)] as number) : e.place();
  };
  const ranged = (least: number, often: number, most: number): Operand => {
    const kind = choose(30);
    if (kind < 28) return number(least + choose(often - least + 1));
    if (kind === 28) return number(most);
    const value = e.value(1);
    // A literal outside is not even read.
    return value.kind === 'number' && (value.value < least || value.value > most) ? number(least) : value;
  };
  const more = [
    () => ranged(1, 7, 64),
    () => (choose(4) < 3 ? number(choose(9) - 4) : e.value(1)),
    () => ranged(0, 3, 3),
  ];
  const picture = PICTURES[choose(PICTURES.length)] as string;
  const operands = more.slice(0, choose(6) === 0 ? 0 : choose(4)).map((make) => make());
  return ['BLIT', name(picture), place(), place(), ...operands];
}
