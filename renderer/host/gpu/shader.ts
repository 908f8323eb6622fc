/** The shader as it is compiled: the prelude of constants, then fine.wgsl. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/host/package-root.ts';
import { wgslPrelude } from '../../raster/prelude.ts';

export function readShader(): string {
  return wgslPrelude() + readFileSync(join(packageRoot(), 'renderer/raster/fine.wgsl'), 'utf8');
}
