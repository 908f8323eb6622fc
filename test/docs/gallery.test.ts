/** docs/gallery.png: what the page lists, as the examples are drawn today. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { presentExamples } from '../golden/corpus.ts';
import { GALLERY_FILE, GALLERY_PAGE, gallerySheet, listedRows } from '../support/gallery.ts';
import type { Sheet } from '../support/sheet.ts';
import { linkTargets, readPage } from './pages.ts';

const digest = ({ width, height, pixels }: Sheet): string => `${width}x${height} ${sha256Hex(pixels)}`;

describe('the gallery', () => {
  const rows = listedRows();

  it('lists twenty-eight examples, each once', () => {
    const names = rows.flat();
    expect(names).toHaveLength(28);
    expect(new Set(names).size).toBe(28);
    expect(names.filter((name) => !presentExamples().includes(name))).toEqual([]);
    expect(linkTargets(readPage(GALLERY_PAGE))).toContain('gallery.png');
  });

  it('is the sheet that node dist/test/support/write-gallery.js makes today', async () => {
    const { width, height, data } = PNG.sync.read(readFileSync(join(packageRoot(), GALLERY_FILE)));
    expect(digest({ width, height, pixels: data })).toBe(digest(await gallerySheet(rows)));
  });

  it('would be another sheet with two pictures in each other’s place', async () => {
    const row = ['hello', 'header'];
    const sheet = digest(await gallerySheet([row]));
    expect(digest(await gallerySheet([row]))).toBe(sheet);
    expect(digest(await gallerySheet([row.toReversed()]))).not.toBe(sheet);
  });

  it('knows its examples by the table of the page, and refuses a name that none has', async () => {
    const page =
      '| | | | |\n|---|---|---|---|\n| [hello](../examples/hello.pxl) | [a](b.md) | [c](d.md) | e |\n';
    expect(listedRows(page)).toEqual([['hello', '[a](b.md)', '[c](d.md)', 'e']]);
    await expect(gallerySheet([['no-such']])).rejects.toThrow('found "no-such"');
  });
});
