/** `gvpie replay --all` after a glyph was changed: it names exactly the cartridges that drew it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { DRAWN } from '../../renderer/raster/font-5x7.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { listedExamples, pinnedGoldens, presentExamples, readExample } from '../golden/corpus.ts';
import { pressExamples } from '../support/cartridge-corpus.ts';

const FONT = 'dist/renderer/raster/font-5x7.js';
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gvpie-replay-font-'));
  copyGvpie();
  mkdirSync(join(folder, 'cartridges'));
  for (const [name, { bytes }] of await pressExamples()) {
    writeFileSync(join(folder, 'cartridges', `${name}.png`), bytes);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A gvpie of its own, whose compiled font may be changed. */
function copyGvpie(): void {
  const built = packageRoot();
  for (const room of ['cli', 'orchestrator', 'renderer', 'shared']) {
    cpSync(join(built, 'dist', room), join(folder, 'dist', room), {
      recursive: true,
      filter: (path) => !/\.(d\.ts|map)$/.test(path),
    });
  }
  cpSync(join(built, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(built, 'node_modules'), join(folder, 'node_modules'));
}

/** Changes the font from what was compiled here. */
function setFont(change: (font: string) => string): void {
  writeFileSync(join(folder, FONT), change(readFileSync(join(packageRoot(), FONT), 'utf8')));
}

/** The font with the top left pixel of one glyph turned over: one byte of its file. */
function turned(font: string, character: string): string {
  const [band = '', picture = ''] = DRAWN.find(([characters]) => characters.includes(character)) ?? [];
  const start = font.indexOf(picture);
  expect(start, 'the picture stands in the compiled file').toBeGreaterThan(0);
  const at = start + 1 + 6 * band.indexOf(character);
  return font.slice(0, at) + (font[at] === '#' ? '.' : '#') + font.slice(at + 1);
}

function replayAll() {
  const env = {
    ...process.env,
    GVPIE_DB: join(folder, 'none.db'),
    GVPIE_CARTRIDGES: join(folder, 'cartridges'),
  };
  const args = [join(folder, 'dist/cli/main.js'), 'replay', '--all', '--json', '--jobs', '2'];
  const { status: code, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect(stderr).toBe('');
  const { findings, summary } = JSON.parse(stdout);
  const names = findings.map(({ path }: { path: string }) => /([a-z-]+)\.png$/.exec(path)?.[1]);
  return { code, findings, summary, names };
}

/** The examples whose pixels that gvpie paints otherwise: it renders each from its source and knows of no cartridge. */
function paintedOtherwise(): string[] {
  const program = `
    import { readFileSync } from 'node:fs';
    const { render } = await import('${folder}/dist/renderer/render.js');
    const { cpuPainter } = await import('${folder}/dist/renderer/raster/cpu-painter.js');
    const { sha256Hex } = await import('${folder}/dist/shared/bytes.js');
    const sums = {};
    for (const { name, canvas } of ${JSON.stringify(listedExamples())}) {
      const code = readFileSync('${packageRoot()}/examples/' + name + '.pxl');
      const painted = await render(code, canvas, cpuPainter, () => 0);
      sums[name] = sha256Hex(painted.pixels);
      painted.release?.();
    }
    console.log(JSON.stringify(sums));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  const sums: Record<string, string> = JSON.parse(stdout);
  const pinned = pinnedGoldens();
  return Object.keys(sums)
    .filter((name) => sums[name] !== pinned[name]?.checksum)
    .sort();
}

describe('gvpie replay --all', () => {
  it('finds all examples as they were by the font that they were drawn with', () => {
    setFont((font) => font);
    const { code, findings, summary } = replayAll();
    expect({ code, findings }).toEqual({ code: EXIT.ok, findings: [] });
    expect(summary).toMatchObject({ cartridges: presentExamples().length, would_differ: 0, only_changed: 0 });
  });

  it.each(['Q', 'J'])(
    'names exactly the examples that drew %s when one pixel of it has changed',
    (character) => {
      setFont((font) => turned(font, character));
      const expected = paintedOtherwise();
      expect(expected.length).toBeGreaterThan(1);
      expect(expected.length).toBeLessThan(6);
      const { code, findings, names, summary } = replayAll();
      expect(names).toEqual(expected);
      expect(code).toBe(EXIT.semanticsChanged);
      expect(summary).toMatchObject({ cartridges: presentExamples().length, would_differ: expected.length });
      const hex = `00${character.charCodeAt(0).toString(16).toUpperCase()}`;
      for (const [at, { changes, pixels_differ }] of findings.entries()) {
        expect(pixels_differ).toBe(true);
        expect(changes).toMatchObject([{ section: 'glyphs', name: hex }]);
        const source = Buffer.from(readExample(names[at])).toString().split('\n');
        for (const { line } of changes[0].places) expect(source[line - 1]).toMatch(`TXT`);
        for (const { line } of changes[0].places) expect(source[line - 1]).toContain(character);
      }
    },
  );
});
