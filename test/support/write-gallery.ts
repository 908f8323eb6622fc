/**
 * Writes docs/gallery.png, whose pictures docs/gallery.md lists. Run in the repository root, after a build:
 * `node dist/test/support/write-gallery.js`.
 */
import { GALLERY_FILE, gallerySheet, listedRows } from './gallery.ts';
import { writeSheet } from './sheet-file.ts';

writeSheet(GALLERY_FILE, await gallerySheet(listedRows()));
