import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../shared/host/package-root.ts';

it('finds the folder of gvpie from its sources, wherever it was started', () => {
  const here = process.cwd();
  try {
    process.chdir('/');
    expect(isAbsolute(packageRoot())).toBe(true);
    expect(
      ['package.json', 'db/000001-seed.sql'].every((name) => existsSync(join(packageRoot(), name))),
    ).toBe(true);
  } finally {
    process.chdir(here);
  }
});
