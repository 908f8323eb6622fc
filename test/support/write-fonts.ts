/**
 * Writes the tables of the fonts, renderer/fonts/fixed-*.ts, from the BDF texts beside them. Run in the repository
 * root, after a build: `node dist/test/support/write-fonts.js`.
 */
import { writeFileSync } from 'node:fs';
import { FIXED_SIZES, fontModule, modulePath, readFixed } from './font-module.ts';

for (const size of FIXED_SIZES) {
  const text = fontModule(size, readFixed(size));
  writeFileSync(modulePath(size), text);
  console.log(`${modulePath(size)}: ${text.length} bytes`);
}
