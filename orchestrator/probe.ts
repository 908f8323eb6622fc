/**
 * The probe: a question to the seed's slot whose picture is its own name, so that its answer cannot be
 * taken for another's, nor another's for it.
 */
import { sha256Hex } from '../shared/bytes.ts';
import { canvasBytes } from '../shared/canvas.ts';
import { encodeRenderCommand } from '../shared/protocol/command.ts';

/** One row of 512 bytes: a multiple of 256, as a renderer that copies straight out of a GPU needs it. */
const CANVAS = { width: 128, height: 1 };

export interface Probe {
  readonly id: string;
  readonly command: string;
  /** Size of its picture, bytes of RGBA. */
  readonly bytes: number;
  /** For each pixel, whether it is drawn. */
  readonly bits: readonly boolean[];
}

/** @param id a name that no other probe has */
export function probeFor(id: string): Probe {
  const digits = sha256Hex(id).slice(0, CANVAS.width / 4);
  const bits = Array.from(digits, (digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'))
    .join('')
    .split('')
    .map((bit) => bit === '1');
  const code = bits.flatMap((bit, x) => (bit ? [`RECT ${x} 0 1 1`] : [])).concat('HALT');
  const name = `gvpie-probe-${digits}`;
  return {
    id: name,
    command: encodeRenderCommand({ id: name, code: code.join('\n'), canvas: CANVAS }),
    bytes: canvasBytes(CANVAS),
    bits,
  };
}

/** Whether the pixels are the probe's picture, in whatever two colours its renderer draws. */
export function showsProbe(probe: Probe, pixels: Uint8Array): boolean {
  if (pixels.length !== probe.bytes) return false;
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.length);
  const pen = view.getUint32(probe.bits.indexOf(true) * 4);
  const paper = view.getUint32(probe.bits.indexOf(false) * 4);
  return pen !== paper && probe.bits.every((bit, x) => view.getUint32(x * 4) === (bit ? pen : paper));
}
