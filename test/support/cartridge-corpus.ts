/** The examples as cartridges: what tests judge, replay and hand to other programs. */
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import type { Canvas } from '../../shared/canvas.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { press } from '../../shared/cartridge/press.ts';
import type { Params } from '../../shared/params.ts';
import { type Example, listedExamples, readExample } from '../golden/corpus.ts';
import { findShown } from './shown-pictures.ts';

const RUN = { backend: 'cpu', adapter: 'test', renderer: 'test' } as const;

/** The cartridge of a program, its bytes and its pixels. */
export async function pressProgram(
  program: string,
  canvas: Canvas,
  createdAt = '2026-01-01T00:00:00.000Z',
  given: Params = {},
): Promise<{ readonly bytes: Uint8Array; readonly pixels: Uint8Array }> {
  const options = { findImages: findShown, params: given };
  const painted = await render(Buffer.from(program), canvas, cpuPainter, () => 0, options);
  const { params, inputs, used } = painted;
  const pixels = Uint8Array.from(painted.pixels);
  painted.release?.();
  const label = labelOf({ program, canvas, params, inputs, used, checksum: sha256Hex(pixels) });
  return { bytes: press({ pixels, canvas, label, run: RUN, createdAt }), pixels };
}

/** All of examples/, by name. */
export async function pressExamples(
  examples: readonly Example[] = listedExamples(),
): Promise<Map<string, { readonly bytes: Uint8Array; readonly pixels: Uint8Array }>> {
  const pressed = new Map<string, { readonly bytes: Uint8Array; readonly pixels: Uint8Array }>();
  for (const { name, canvas } of examples) {
    pressed.set(name, await pressProgram(Buffer.from(readExample(name)).toString(), canvas));
  }
  return pressed;
}
