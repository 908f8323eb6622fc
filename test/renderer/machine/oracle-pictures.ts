/** The oracle's pictures: what a SPRITE or an IMAGE has at each of its pixels, and which of them a pixel of a BLIT shows. */
import type {
  ChecksumNode,
  Expression,
  NumberNode,
  Statement,
  TextNode,
} from '../../../renderer/language/ast.ts';
import { literalValue } from '../../../renderer/language/literal.ts';

export interface OraclePicture {
  readonly width: number;
  readonly height: number;
  readonly hasPenPixels: boolean;
  /** Packed, unsigned, of its pixel (x, y); 0 for a hole. */
  at(x: number, y: number, pen: number): number;
}

/** @param body the INKs and ROWs of a SPRITE */
export function spriteOf(body: readonly Statement[]): OraclePicture {
  const textOf = ({ operands }: Statement): string[] => [...(operands.at(-1) as TextNode).text];
  const rows = body.filter(({ opcode }) => opcode === 'ROW').map(textOf);
  const inks = body.filter(({ opcode }) => opcode === 'INK');
  const inkOf = (character: string): number | undefined => {
    const ink = inks.find((each) => textOf(each).includes(character));
    return ink === undefined ? undefined : literalValue(ink.operands[0] as Expression);
  };
  return {
    width: Math.max(...rows.map((row) => row.length)),
    height: rows.length,
    hasPenPixels: inkOf('#') === undefined && rows.some((row) => row.includes('#')),
    at: (x, y, pen) => {
      const character = rows[y]?.[x] ?? '.';
      if (character === '.' || character === ' ') return 0;
      return visible(inkOf(character) ?? pen);
    },
  };
}

/** @param images packed pixels by checksum */
export function imageOf({ operands }: Statement, images: ReadonlyMap<string, Uint32Array>): OraclePicture {
  const [, w, h, { digits }] = operands as [unknown, NumberNode, NumberNode, ChecksumNode];
  const pixels = images.get(digits) as Uint32Array;
  return {
    width: w.value,
    height: h.value,
    hasPenPixels: false,
    at: (x, y) => visible(pixels[y * w.value + x] as number),
  };
}

/** Unsigned; one of alpha 0 is a hole. */
function visible(color: number): number {
  return color >>> 24 === 0 ? 0 : color >>> 0;
}

/**
 * The pixel of a picture that is shown (right, down) canvas pixels from the top left of its box: scaled up, turned and
 * mirrored, undone one after the other. Undefined outside the box.
 */
export function shownAt(
  { width, height }: OraclePicture,
  right: bigint,
  down: bigint,
  scale: bigint,
  turns: bigint,
  flips: bigint,
): readonly [x: number, y: number] | undefined {
  if (right < 0n || down < 0n) return undefined;
  const quarters = Number(BigInt.asUintN(2, turns));
  let [x, y] = [Number(right / scale), Number(down / scale)];
  let [w, h] = quarters % 2 === 0 ? [width, height] : [height, width];
  if (x >= w || y >= h) return undefined;
  for (let turn = 0; turn < quarters; turn++) {
    // A quarter clockwise brought the left column to the top row: what is in it now came from there, its end first.
    [x, y, w, h] = [y, w - 1 - x, h, w];
  }
  if (flips % 2n === 1n) x = w - 1 - x;
  if (flips >= 2n) y = h - 1 - y;
  return [x, y];
}
