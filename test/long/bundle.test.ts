/** The archive of a release as `gvpie bundle` makes it, with the xz that is there: what it weighs. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a release may weigh, bytes. */
const MOST = 60_000_000;

it('the archive of a release is under 60 MB, and holds Node.js', () => {
  const folder = temporaryFolder();
  execFileSync(process.execPath, [join(packageRoot(), 'dist/cli/main.js'), 'bundle'], { cwd: folder });
  const [name = '', ...others] = readdirSync(folder);
  expect([name, others]).toEqual([expect.stringMatching(/^gvpie-.*\.tar\.xz$/), []]);
  const { size } = statSync(join(folder, name));
  expect(size).toBeLessThan(MOST);
  // Node.js alone is more: an archive without its parts is no success.
  expect(size).toBeGreaterThan(MOST / 4);
  expect(String(execFileSync('tar', ['-tf', join(folder, name)]))).toContain('/node\n');
});
