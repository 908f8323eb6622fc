/** Sheets as PNG files of true colour, without filters: the same pixels give the same file. */
import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import type { Sheet } from './sheet.ts';

/** Writes a sheet and says so. */
export function writeSheet(path: string, { width, height, pixels }: Sheet): void {
  const png = new PNG({ width, height });
  png.data.set(pixels);
  const bytes = PNG.sync.write(png, { colorType: 2, filterType: 0, deflateStrategy: 0 });
  writeFileSync(path, bytes);
  console.log(`${path}: ${width}×${height}, ${bytes.length} bytes`);
}
