/** Writes docs/font.png. Run in the repository root, after a build: `node dist/test/support/write-font-sheet.js`. */
import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { fontSheet } from './font-sheet.ts';

const { width, height, pixels } = fontSheet();
const png = new PNG({ width, height });
png.data.set(pixels);
writeFileSync('docs/font.png', PNG.sync.write(png, { colorType: 2, filterType: 0, deflateStrategy: 0 }));
console.log(`docs/font.png: ${width}×${height}`);
