/** The same file from Node.js 20, 22 and 24: real binaries, no addon, and a zlib that must not be asked to deflate. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { NODES, nodePath, noNodes } from '../support/nodes.ts';
import { Workplace } from './gvpie.ts';

const MAIN = join(packageRoot(), 'dist/cli/main.js');
/** Pictures of two colours, of a palette, and of full colours: the depth and type that their headers say. */
const PICTURES = [
  ['hello.pxl', '128x64', '0103'],
  ['weather.pxl', '200x160', '0803'],
  ['hills.pxl', '200x160', '0806'],
] as const;
const WHY = noNodes();
if (WHY !== undefined) console.warn(`SKIPPED, other versions of Node.js are not tried: ${WHY}`);

let place: Workplace;
beforeAll(() => {
  place = new Workplace();
  // Whoever deflates by zlib, in whatever way, is stopped.
  place.write(
    'no-zlib.cjs',
    `const zlib = require('node:zlib');
     for (const name of Object.keys(zlib))
       if (/deflate|compress|gzip/i.test(name) && typeof zlib[name] === 'function')
         zlib[name] = () => { throw new Error('zlib was asked'); };
     require('node:module').syncBuiltinESMExports();`,
  );
});
afterAll(() => place.clear());

function press(node: string, [file, size]: readonly [string, string, ...unknown[]], ...flags: string[]) {
  const args = ['--no-addons', '--require', place.at('no-zlib.cjs'), MAIN, 'press'];
  const program = join(packageRoot(), 'examples', file);
  const out = place.at('out.png');
  const ended = spawnSync(node, [...args, program, '--size', size, '--backend', 'cpu', '-o', out, ...flags], {
    cwd: place.folder,
    encoding: 'utf8',
  });
  return { code: ended.status, stderr: ended.stderr, out };
}

describe('gvpie press --reproducible', () => {
  it.each(PICTURES)(
    'of %s loads no addon and asks no zlib, and gives what a call in this process gives',
    async (...picture) => {
      const { code, stderr, out } = press(process.execPath, picture, '--reproducible');
      expect([code, stderr]).toEqual([EXIT.ok, '']);
      const file = readFileSync(out);
      const [name, size, form] = picture;
      expect(file.toString('hex', 24, 26)).toBe(form);
      const program = join(packageRoot(), 'examples', name);
      await place.run(['render', program, '--size', size, '--reproducible', '-o', 'here.png']);
      expect(sha256Hex(place.read('here.png'))).toBe(sha256Hex(file));
    },
  );

  it('is stopped by the same measure where it is not reproducible', () => {
    const { code, stderr } = press(process.execPath, PICTURES[0]);
    expect(code).toBe(EXIT.internal);
    expect(stderr).toContain('zlib was asked');
  });

  it('is required where GVPIE_REQUIRE_NODES is set', () => {
    if (process.env.GVPIE_REQUIRE_NODES === '1') expect(WHY).toBeUndefined();
  });

  it.skipIf(WHY !== undefined).each(PICTURES)('of %s gives one file under all of them', (...picture) => {
    const files = NODES.map(({ version }) => {
      const { code, stderr, out } = press(nodePath(version), picture, '--reproducible');
      expect([version, code, stderr]).toEqual([version, EXIT.ok, '']);
      return sha256Hex(readFileSync(out));
    });
    expect(files).toEqual(new Array(NODES.length).fill(files[0]));
    // The control: another picture is another file.
    const other = press(nodePath(NODES[0]!.version), [picture[0], '100x50'], '--reproducible');
    expect(sha256Hex(readFileSync(other.out))).not.toBe(files[0]);
  });

  it.skipIf(WHY !== undefined)('ran under the versions that it names', () => {
    for (const { version } of NODES)
      expect(spawnSync(nodePath(version), ['--version'], { encoding: 'utf8' }).stdout).toBe(`v${version}\n`);
  });
});
