import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { judge, type Verdict } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { usesDigest } from '../../shared/used.ts';
import { readExample, renderProgram } from '../golden/corpus.ts';
import { listTree } from '../house/tree-files.ts';

const read = (path: string): Uint8Array => readFileSync(join(packageRoot(), path));

/** Renders a cartridge's program again, as `gvpie verify` does. */
async function verify(bytes: Uint8Array): Promise<Verdict> {
  const cartridge = openCartridge(bytes);
  const { program, canvas } = cartridge.label;
  const { pixels, used } = await renderProgram(program, canvas);
  return judge(cartridge, { checksum: sha256Hex(pixels), uses: usesDigest(used), used });
}

describe('the pictures of the pages', () => {
  // font.png is a sheet drawn by test/support/write-font-sheet.ts, not a cartridge.
  const cartridges = listTree().filter((path) => /^docs\/.*\.png$/.test(path) && path !== 'docs/font.png');

  it('have a cartridge among them', () => {
    expect(cartridges).toContain('docs/hello.png');
  });

  it.each(cartridges)('%s is what its own program draws today', async (path) => {
    expect((await verify(read(path))).verdict).toBe('ok');
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
