/**
 * Writes docs/font.png and docs/fonts.png. Run in the repository root, after a build:
 * `node dist/test/support/write-font-sheet.js`.
 */
import { fontSheet } from './font-sheet.ts';
import { fontsSheet } from './fonts-sheet.ts';
import { writeSheet } from './sheet-file.ts';

writeSheet('docs/font.png', fontSheet());
writeSheet('docs/fonts.png', fontsSheet());
