import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPCODES } from '../../renderer/language/opcodes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { judge, type Verdict } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { readExample, renderProgram } from '../golden/corpus.ts';
import { listTree } from '../house/tree-files.ts';
import { picturedPrograms } from '../support/page-blocks.ts';
import { readPage } from './pages.ts';

const read = (path: string): Uint8Array => readFileSync(join(packageRoot(), path));

/** Renders a cartridge's program again, as `gvpie verify` does. */
async function verify(bytes: Uint8Array): Promise<Verdict> {
  const cartridge = openCartridge(bytes);
  const { program, canvas } = cartridge.label;
  return judge(cartridge, await renderProgram(program, canvas));
}

describe('the pictures of the pages', () => {
  // Sheets drawn by test/support/write-font-sheet.ts and write-gallery.ts, not cartridges.
  const sheets = ['docs/font.png', 'docs/fonts.png', 'docs/gallery.png'];
  const cartridges = listTree().filter((path) => /^docs\/.*\.png$/.test(path) && !sheets.includes(path));

  const pictured = picturedPrograms(readPage('docs/language.md'));

  it('have a cartridge among them, and one for each opcode', () => {
    expect(cartridges).toContain('docs/hello.png');
    expect(pictured.length).toBeGreaterThan(OPCODES.length);
  });

  it.each(cartridges)('%s is what its own program draws today', async (path) => {
    expect((await verify(read(path))).verdict).toBe('ok');
  });

  it.each(pictured)('$path carries the program above it', ({ program, path }) => {
    expect(openCartridge(read(`docs/${path}`)).label.program).toBe(program);
  });

  it('are all shown, and small together', () => {
    const shown = new Set(pictured.map(({ path }) => `docs/${path}`));
    const present = cartridges.filter((path) => /^docs\/(reference|tour)\//.test(path));
    expect(present.filter((path) => !shown.has(path))).toEqual([]);
    expect(present.reduce((sum, path) => sum + read(path).length, 0)).toBeLessThan(200_000);
  });

  it('docs/hello.png carries examples/skyline.pxl', () => {
    const { program } = openCartridge(read('docs/hello.png')).label;
    expect(program).toBe(Buffer.from(readExample('skyline')).toString('utf8'));
  });

  it('would be objected to if one bit of a pixel were flipped', async () => {
    const { label, pixels, canvas } = openCartridge(read('docs/hello.png'));
    const flipped = Uint8Array.from(pixels);
    flipped[4_000] = (flipped[4_000] as number) ^ 1;
    const forged = press({
      pixels: flipped,
      canvas,
      label: { ...label, checksum: sha256Hex(flipped) },
      run: { backend: 'cpu', adapter: 'test', renderer: 'test' },
      createdAt: '2026-01-01T00:00:00Z',
    });
    expect(await verify(forged)).toMatchObject({ verdict: 'pixels-differ', whose: 'rerender' });
  });
});
