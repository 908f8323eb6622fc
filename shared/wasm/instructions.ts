/** The instructions of WebAssembly that are used here, as functions that nest as they do in its text form. */
import { type Code, type Local, signed, unsigned } from './assembler.ts';

export const get = (local: Local): Code => [0x20, unsigned(local)];
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local)];
export const i32 = (value: number): Code => [0x41, signed(value)];
/** Of 64 bits, from a number of at most 32. */
export const i64 = (value: number): Code => [0x42, signed(value)];

/** Instructions that take two values, or one, by their names. */
export const add = two(0x6a);
export const subtract = two(0x6b);
export const multiply = two(0x6c);
export const and = two(0x71);
export const or = two(0x72);
export const shiftLeft = two(0x74);
export const shiftRight = two(0x76);
export const divide = two(0x6e);
export const remainder = two(0x70);
export const isBelow = two(0x49);
/** Of signed numbers. */
export const isLess = two(0x48);
export const isSame = two(0x46);
export const isOther = two(0x47);
export const isZero = one(0x45);
export const trailingZeros = one(0x68);
export const add64 = two(0x7c);
export const multiply64 = two(0x7e);
export const subtract64 = two(0x7d);
export const and64 = two(0x83);
export const or64 = two(0x84);
export const xor64 = two(0x85);
export const isOther64 = two(0x52);
export const leadingZeros64 = one(0x79);
export const trailingZeros64 = one(0x7a);
export const ones64 = one(0x7b);
export const shiftLeft64 = two(0x86);
export const shiftRight64 = two(0x88);
export const to64 = one(0xad);
export const to32 = one(0xa7);
/** Of two values the first where the condition holds. */
export const choose = (first: Code, second: Code, condition: Code): Code => [first, second, condition, 0x1b];

export const load = memory(0x28);
export const load64 = memory(0x29);
export const store = storing(0x36);
export const store64 = storing(0x37);

/** Sixteen bytes at once: four pixels. */
export const loadPixels = memory([0xfd, 0]);
export const storePixels = storing([0xfd, 0x0b]);
export const subtractBytes = two([0xfd, 0x71]);
const differ = two([0xfd, 0x38]);
const bitmask = one([0xfd, 0xa4, 0x01]);
/** A bit for each of four pixels: whether it differs in the two. */
export const whichDiffer = (a: Code, b: Code): Code => bitmask(differ(a, b));
/** The last pixel of the first and the first three of the second. */
export const shifted = (first: Code, second: Code): Code => {
  return [first, second, 0xfd, 0x0d, Array.from({ length: 16 }, (_, i) => 12 + i)];
};
/** Bits of the first where the third's are set, and of the second elsewhere. */
export const pick = (first: Code, second: Code, bits: Code): Code => [first, second, bits, 0xfd, 0x52];
export const xorPixels = two([0xfd, 0x51]);
/** Four times the same word. */
export const fourOf = one([0xfd, 0x11]);
/** Of bytes, 255 at most. */
export const addSaturated = two([0xfd, 0x70]);

/** Eight numbers of 16 bits: the channels of two pixels. */
export const eightOf = one([0xfd, 0x10]);
export const firstChannels = one([0xfd, 0x89, 0x01]);
export const lastChannels = one([0xfd, 0x8a, 0x01]);
export const addChannels = two([0xfd, 0x8e, 0x01]);
export const subtractChannels = two([0xfd, 0x91, 0x01]);
export const multiplyChannels = two([0xfd, 0x95, 0x01]);
export const channelsShiftedRight = (channels: Code, bits: number): Code => [
  channels,
  i32(bits),
  0xfd,
  0x8d,
  0x01,
];
/** The four pixels of two times eight channels, none above 255. */
export const pixelsOf = two([0xfd, 0x66]);

function two(op: Code) {
  return (a: Code, b: Code): Code => [a, b, op];
}

function one(op: Code) {
  return (value: Code): Code => [value, op];
}

/** @returns an instruction that takes an address, to which `offset` bytes are added */
function memory(op: Code) {
  return (address: Code, offset = 0): Code => [address, op, 0, unsigned(offset)];
}

function storing(op: Code) {
  return (address: Code, value: Code, offset = 0): Code => [address, value, op, 0, unsigned(offset)];
}
