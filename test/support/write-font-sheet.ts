/**
 * Writes docs/font.png and docs/fonts.png. Run in the repository root, after a build:
 * `node dist/test/support/write-font-sheet.js`.
 */
import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { fontSheet } from './font-sheet.ts';
import { fontsSheet } from './fonts-sheet.ts';
import type { Sheet } from './sheet.ts';

function write(path: string, { width, height, pixels }: Sheet): void {
  const png = new PNG({ width, height });
  png.data.set(pixels);
  const bytes = PNG.sync.write(png, { colorType: 2, filterType: 0, deflateStrategy: 0 });
  writeFileSync(path, bytes);
  console.log(`${path}: ${width}×${height}, ${bytes.length} bytes`);
}

write('docs/font.png', fontSheet());
write('docs/fonts.png', fontsSheet());
