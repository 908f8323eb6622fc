/** The modules that a daemon's threads run: what the daemon itself runs, where there is address space for them. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { requireAddressSpace } from './address-space.ts';
import { packageRoot } from './package-root.ts';

/**
 * The path of a compiled module, by its place among what was compiled: a joined program stands elsewhere.
 *
 * @param module within dist/
 * @param threads how many there may be at once
 * @param memories how many memories of WebAssembly the process and these threads may have at once
 * @param builtMs when gvpie was compiled, Unix epoch ms; undefined where that is not known, as in a bundle
 * @throws {Error} when gvpie was compiled anew since this process began, as what a thread would load now may do otherwise;
 * when a limit leaves too little address space
 */
export function threadModule(
  module: string,
  threads: number,
  memories: number,
  builtMs = compiledMs(),
): string {
  if (builtMs !== undefined && builtMs > performance.timeOrigin) {
    throw new Error('Expected what this process was started from, found that it was compiled anew');
  }
  requireAddressSpace(threads, memories);
  return join(packageRoot(), 'dist', module);
}

function compiledMs(): number | undefined {
  return statSync(join(packageRoot(), 'dist/product.tsbuildinfo'), { throwIfNoEntry: false })?.mtimeMs;
}
