/** Which installed packages a running gvpie needs: what its dependencies lead to, by the lockfile. */

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** package-lock.json: packages by their folder; gvpie's own is the empty path. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** They compile and join gvpie, or fetch an addon while packages are installed, and are never loaded after that. */
const NEVER_RUNS = /^(typescript|rolldown|prebuild-install|@types\/.+|@webgpu\/types)$/;

/** Folders of the packages that run, such as `node_modules/zod`, sorted. */
export function runningPackages({ packages }: Lockfile): string[] {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    const { dependencies, optionalDependencies } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const next = NEVER_RUNS.test(name) ? undefined : resolvePackage(packages, folder, name);
      if (next === undefined || found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit('');
  return [...found].sort();
}

/** Where Node.js finds the package `name` from the package in `folder`: in it, or in one that contains it. */
function resolvePackage(packages: Lockfile['packages'], folder: string, name: string): string | undefined {
  for (let from = folder; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (Object.hasOwn(packages, candidate)) return candidate;
    if (from === '') return undefined;
  }
}
