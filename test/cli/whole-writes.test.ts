/** Standard output that is a file: what is cut short is said, and never passes for whole. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from './gvpie.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

/** @param blocks of 512 bytes that a file may have */
function pixelsInto(name: string, blocks: number): { code: number | null; stderr: string; bytes: number } {
  const line = `ulimit -f ${blocks}; exec "$0" "$1" extract a.png --pixels > ${name}`;
  const { status, stderr } = spawnSync('sh', ['-c', line, process.execPath, MAIN], {
    cwd: place.folder,
    encoding: 'utf8',
  });
  return { code: status, stderr, bytes: statSync(place.at(name)).size };
}

describe.skipIf(process.platform === 'win32')('standard output that is a file', () => {
  it('has all of it, or the command says that it could not be written', async () => {
    place.write('a.pxl', 'HALT');
    await place.run(['press', 'a.pxl', '-o', 'a.png', '--size', '64x64']);
    expect(pixelsInto('whole.raw', 1_000)).toEqual({ code: EXIT.ok, stderr: '', bytes: 16_384 });
    const cut = pixelsInto('cut.raw', 20);
    expect([cut.code, cut.bytes]).toEqual([EXIT.internal, 20 * 512]);
    expect(cut.stderr).toMatch(/^gvpie: Could not write the output: EFBIG/);
  });
});
