/** The comparer: whether two pictures are the same bytes, and if not, where they first differ. */
import { type Canvas, canvasBytes } from '../../../shared/canvas.ts';

/** Undefined when `found` is `expected` to the byte; otherwise what differs, in words. */
export function comparePictures(expected: Uint8Array, found: Uint8Array, canvas: Canvas): string | undefined {
  const bytes = canvasBytes(canvas);
  for (const { length } of [expected, found]) {
    if (length !== bytes) {
      return `Expected ${bytes} bytes for ${canvas.width}×${canvas.height}, found ${length}`;
    }
  }
  if (Buffer.compare(expected, found) === 0) return undefined;
  let first = -1;
  let count = 0;
  for (let at = 0; at < bytes; at += 4) {
    if (
      expected[at] === found[at] &&
      expected[at + 1] === found[at + 1] &&
      expected[at + 2] === found[at + 2] &&
      expected[at + 3] === found[at + 3]
    )
      continue;
    if (first < 0) first = at;
    count++;
  }
  const pixel = first / 4;
  const [x, y] = [pixel % canvas.width, Math.floor(pixel / canvas.width)];
  const wanted = expected.subarray(first, first + 4).join(' ');
  const got = found.subarray(first, first + 4).join(' ');
  return `Expected RGBA ${wanted} at (${x}, ${y}), found ${got}; ${count} of ${bytes / 4} pixels differ`;
}
