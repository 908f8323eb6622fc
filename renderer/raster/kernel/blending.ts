/** Blending in the kernel: what mixing.ts says, for four pixels at once, their channels as numbers of 16 bits. */

import {
  type Code,
  either,
  type Local,
  repeatWhile,
  type WasmFunction,
  whileHolds,
} from '../../../shared/wasm/assembler.ts';
import * as wasm from '../../../shared/wasm/instructions.ts';
import { BLENDS, type BlendName } from '../../display/blends.ts';
import { KEPT } from './places.ts';

const { get, set, i32 } = wasm;

/** Variables, each used for one thing only. */
function variablesOf(f: WasmFunction) {
  return {
    color: f.i32(),
    at: f.i32(),
    end: f.i32(),
    pixel: f.i32(),
    count: f.i32(),
    bits: f.i64(),
    /** The source: its pixels, their channels, and times its alpha with the 128 that make a quotient round. */
    pixels: f.v128(),
    channels: f.v128(),
    product: f.v128(),
    /** Its alpha, and 255 less it. */
    alpha: f.v128(),
    rest: f.v128(),
    /** 128, eight times. */
    half: f.v128(),
    below: f.v128(),
    mixed: f.v128(),
    sum: f.v128(),
    first: f.v128(),
  };
}

type Variables = ReturnType<typeof variablesOf>;

/** Takes two of four pixels apart. */
type Half = (pixels: Code) => Code;

interface Mode {
  /** The alpha that the source's pixels have, so that B of it and of an opaque pixel's is 255. */
  readonly alpha: number;
  /** B of four pixels at once, where the bytes have room for it: then it is what `mixed` is set to. */
  readonly bytes?: (v: Variables) => Code;
  /** B times alpha and 128 more, of two pixels. */
  readonly weighed: (v: Variables, half: Half) => Code;
}

const weighedBytes: Mode['weighed'] = (v, half) =>
  wasm.addChannels(wasm.multiplyChannels(half(get(v.mixed)), get(v.alpha)), get(v.half));

/** What `mix` makes of a half's product with the source, in `sum`. */
const weighedProduct =
  (mix: (v: Variables, half: Half) => Code): Mode['weighed'] =>
  (v, half) => [
    set(v.sum, wasm.addChannels(wasm.multiplyChannels(half(get(v.below)), get(v.channels)), get(v.half))),
    set(v.sum, divided(v.sum)),
    wasm.addChannels(wasm.multiplyChannels(mix(v, half), get(v.alpha)), get(v.half)),
  ];

const MODES: Readonly<Record<BlendName, Mode>> = {
  over: { alpha: 255, weighed: (v) => get(v.product) },
  add: {
    alpha: 255,
    bytes: (v) => wasm.addSaturated(get(v.below), get(v.pixels)),
    weighed: weighedBytes,
  },
  multiply: { alpha: 255, weighed: weighedProduct((v) => get(v.sum)) },
  screen: {
    alpha: 255,
    weighed: weighedProduct((v, half) =>
      wasm.subtractChannels(wasm.addChannels(get(v.channels), half(get(v.below))), get(v.sum)),
    ),
  },
  xor: { alpha: 0, bytes: (v) => wasm.xorPixels(get(v.below), get(v.pixels)), weighed: weighedBytes },
};

/** Each number, which has 128 too many, divided by 255. */
function divided(channels: Local): Code {
  const more = wasm.addChannels(get(channels), wasm.channelsShiftedRight(get(channels), 8));
  return wasm.channelsShiftedRight(more, 8);
}

/** The four pixels at `pixel`, blended. */
function blended(v: Variables, { bytes, weighed }: Mode): Code {
  const halfOf = (half: Half): Code => [
    set(v.sum, wasm.addChannels(weighed(v, half), wasm.multiplyChannels(half(get(v.below)), get(v.rest)))),
    divided(v.sum),
  ];
  return [
    set(v.below, wasm.loadPixels(get(v.pixel))),
    bytes === undefined ? [] : set(v.mixed, bytes(v)),
    set(v.first, halfOf(wasm.firstChannels)),
    wasm.pixelsOf(get(v.first), halfOf(wasm.lastChannels)),
  ];
}

/** All rows from `at` to `end`. */
function blendRows(v: Variables, mode: Mode): Code {
  const skip = (bits: Code): Code => set(v.bits, wasm.shiftLeft64(get(v.bits), wasm.to64(bits)));
  return whileHolds(
    wasm.isOther(get(v.at), get(v.end)),
    set(v.bits, wasm.load64(get(v.at), KEPT.bits)),
    set(v.pixel, wasm.load(get(v.at), KEPT.row)),
    repeatWhile(
      wasm.isOther64(get(v.bits), wasm.i64(0)),
      set(v.count, wasm.to32(wasm.leadingZeros64(get(v.bits)))),
      skip(get(v.count)),
      set(v.pixel, wasm.add(get(v.pixel), wasm.shiftLeft(get(v.count), i32(2)))),
      set(v.count, wasm.shiftRight(runLength(v.bits), i32(2))),
      either(
        get(v.count),
        [
          // Four times the count may be 64, and a shift by that would be none.
          skip(i32(1)),
          skip(wasm.subtract(wasm.shiftLeft(get(v.count), i32(2)), i32(1))),
          repeatWhile(
            get(v.count),
            wasm.storePixels(get(v.pixel), blended(v, mode)),
            set(v.pixel, wasm.add(get(v.pixel), i32(16))),
            set(v.count, wasm.subtract(get(v.count), i32(1))),
          ),
        ],
        [
          wasm.storePixels(get(v.pixel), wasm.pick(blended(v, mode), get(v.below), foursOf(v.bits))),
          set(v.pixel, wasm.add(get(v.pixel), i32(16))),
          skip(i32(4)),
        ],
      ),
    ),
    set(v.at, wasm.add(get(v.at), i32(KEPT.rowBytes))),
  );
}

/** How many of the highest bits are ones, of which the highest is. */
export function runLength(bits: Local): Code {
  return wasm.to32(wasm.leadingZeros64(wasm.xor64(get(bits), wasm.i64(-1))));
}

/** The four pixels that the highest four bits mean. */
export function foursOf(bits: Local): Code {
  return wasm.loadPixels(wasm.shiftLeft(wasm.to32(wasm.shiftRight64(get(bits), wasm.i64(60))), i32(4)));
}

/** Blends what is kept, from the shape that was kept last to the first, and so from back to front. */
export function blendKept(f: WasmFunction, last: Local): Code {
  const v = variablesOf(f);
  const { at } = v;
  const source = (alpha: number): Code => [
    set(v.pixels, wasm.fourOf(wasm.or(wasm.and(get(v.color), i32(0xffffff)), i32(alpha << 24)))),
    set(v.channels, wasm.firstChannels(get(v.pixels))),
    set(v.product, wasm.addChannels(wasm.multiplyChannels(get(v.channels), get(v.alpha)), get(v.half))),
  ];
  const chosen = BLENDS.reduceRight<Code>((otherwise, { name, number }) => {
    const mode = MODES[name];
    const isChosen = wasm.isSame(wasm.load(get(last), KEPT.blend), i32(number));
    return either(isChosen, [source(mode.alpha), blendRows(v, mode)], otherwise);
  }, []);
  const alpha = wasm.shiftRight(get(v.color), i32(24));
  return [
    set(v.half, wasm.eightOf(i32(128))),
    whileHolds(
      get(last),
      set(v.color, wasm.load(get(last), KEPT.color)),
      set(v.alpha, wasm.eightOf(alpha)),
      set(v.rest, wasm.eightOf(wasm.subtract(i32(255), alpha))),
      set(at, wasm.add(get(last), i32(KEPT.rows))),
      set(v.end, wasm.load(get(last), KEPT.end)),
      chosen,
      set(last, wasm.load(get(last), KEPT.before)),
    ),
  ];
}
