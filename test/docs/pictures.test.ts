import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
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
import { linkTargets, listPages, readPage, tableRows } from './pages.ts';

const read = (path: string): Uint8Array => readFileSync(join(packageRoot(), path));

/** Renders a cartridge's program again, as `gvpie verify` does. */
async function verify(bytes: Uint8Array): Promise<Verdict> {
  const cartridge = openCartridge(bytes);
  const { program, canvas } = cartridge.label;
  return judge(cartridge, await renderProgram(program, canvas));
}

/** A command that makes the cartridge of an example. */
const RENDER =
  /^npm run gvpie -- render examples\/([a-z-]+)\.pxl --size (\d+)x(\d+) --backend cpu -o (docs\/[a-z]+\.png)$/;

describe('the pictures of the pages', () => {
  /** Each picture, or all of a folder, and the command that makes it. */
  const made = tableRows(readPage('CONTRIBUTING.md'), ['picture', 'made by']) as [string, string][];
  const commandFor = (path: string): string | undefined =>
    made.find(([picture]) => picture === path || picture === posix.join(posix.dirname(path), '*.png'))?.[1];
  // Not cartridges: test/renderer/raster/font.test.ts and gallery.test.ts compare them with what is made today.
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

  it('are those that pages show, and CONTRIBUTING.md says how each is made', () => {
    const targets = listPages().flatMap((page) =>
      linkTargets(readPage(page)).map((target) => posix.join(posix.dirname(page), target)),
    );
    const shown = [...new Set(targets.filter((target) => target.endsWith('.png')))].sort();
    expect(shown).toEqual([...cartridges, ...sheets].sort());
    expect(shown.filter((path) => commandFor(path) === undefined)).toEqual([]);
    for (const [, command] of made) {
      const script = /^node dist\/(test\/support\/write-[a-z-]+)\.js$/.exec(command)?.[1];
      expect(script === undefined ? RENDER.test(command) : listTree().includes(`${script}.ts`), command).toBe(
        true,
      );
    }
  });

  it.each(made.filter(([, command]) => RENDER.test(command)))('%s is what %s makes', (path, command) => {
    const [, name = '', width, height, out] = RENDER.exec(command) ?? [];
    const { label, canvas } = openCartridge(read(path));
    expect(label.program).toBe(Buffer.from(readExample(name)).toString('utf8'));
    expect([`${canvas.width}x${canvas.height}`, out]).toEqual([`${width}x${height}`, path]);
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
