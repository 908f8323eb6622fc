/** What a bundle holds: each file with its place in the bundle and where it comes from. */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HostFault } from '../shared/faults.ts';
import { type Lockfile, runningPackages } from './bundle-modules.ts';
import { joinedProgram } from './joined.ts';
import { badInput } from './refusal.ts';

export interface BundleFile {
  /** Path in the bundle, with `/`. */
  readonly path: string;
  readonly content: { readonly from: string } | { readonly text: string };
  readonly executable: boolean;
}

/** Works through symlinks, from any folder, and with an empty environment. */
const LAUNCHER = `#!/bin/sh
# Runs gvpie on the Node.js that lies beside it.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=\${self%"\${self##*/}"}$target ;;
  esac
done
case $self in
  */*) here=$(CDPATH= cd -- "\${self%/*}/" && pwd -P) || exit ;;
  *) here=$(pwd -P) ;;
esac
exec "$here/node" "$here/dist/cli/main.js" "$@"
`;

/** The rooms whose code runs. */
const ROOMS = ['cli', 'orchestrator', 'renderer', 'shared'];

/**
 * The files of a bundle of the clone at `root` for this platform, by path.
 *
 * @throws {Refusal} when `root` is no clone, {HostFault} when it is not built or lacks a package
 */
export function bundleFiles(root: string): BundleFile[] {
  const packages = runningPackages(readLockfile(root));
  const copies = [
    ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md'],
    ...ROOMS.flatMap((room) => filesBelow(root, `dist/${room}`, (path) => isBuilt(root, path))),
    ...(isJoined(root) ? filesBelow(root, 'dist/joined', (path) => /\.js$|sizes\.json$/.test(path)) : []),
    ...filesBelow(root, 'renderer/raster', (path) => path.endsWith('.wgsl')),
    ...filesBelow(root, 'db', (path) => path.endsWith('.sql')),
    ...['docs', 'examples'].flatMap((folder) => filesBelow(root, folder, () => true)),
    ...packages.flatMap((folder) => packageFiles(root, folder)),
  ];
  const license = nodeLicense();
  const files: BundleFile[] = [
    { path: 'gvpie', content: { text: LAUNCHER }, executable: true },
    { path: 'node', content: { from: nodeBinary() }, executable: true },
    ...(license === undefined
      ? []
      : [{ path: 'LICENSE-node', content: { from: license }, executable: false }]),
    ...copies.map((path) => ({ path, content: { from: join(root, path) }, executable: false })),
  ];
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Regular files below a folder that `wanted` lets pass, as paths from `root`; nothing whose name begins with a dot. */
function filesBelow(root: string, folder: string, wanted: (path: string) => boolean): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(root, path, wanted);
      return entry.isFile() && wanted(path) ? [path] : [];
    });
}

/** Whether it runs and has a source still: what deleted sources left in dist stays behind. */
function isBuilt(root: string, path: string): boolean {
  return path.endsWith('.js') && existsSync(join(root, path.replace(/^dist\/(.*)\.js$/, '$1.ts')));
}

/** Whether what was joined is what was compiled: in a bundle nothing tells. */
function isJoined(root: string): boolean {
  return joinedProgram([], pathToFileURL(join(root, 'dist/cli/main.js')).href) !== undefined;
}

function readLockfile(root: string): Lockfile {
  const path = join(root, 'package-lock.json');
  if (!existsSync(path))
    throw badInput(`Expected a clone of gvpie at ${root}, found no package-lock.json`, 'bundle in a clone');
  if (!existsSync(join(root, 'dist/cli/main.js')))
    throw new HostFault('read', root, `Expected ${root} to be built, found no dist/cli/main.js`, {
      retryable: false,
      hint: 'npm run bundle builds first',
    });
  return JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
}

/** Parts of a package, by its folder, that no other package asks for at run time. */
const NOT_LOADED: readonly RegExp[] = [
  /^node_modules\//,
  /^(test|tests|docs|examples|benchmarks|\.github)\//,
  // Types, sources that were compiled, and maps from one to the other.
  /\.([cm]?ts|map|tsbuildinfo)$/,
];

/** Packages with an addon: of the compiled parts, those of this platform. */
const ADDONS: ReadonlyMap<string, RegExp> = new Map([
  [
    'node_modules/better-sqlite3',
    /^(lib\/.*|package\.json|LICENSE|README\.md|build\/Release\/better_sqlite3\.node)$/,
  ],
  ['node_modules/webgpu', new RegExp(`^(index\\.js|package\\.json|LICENSE\\.md|dist/${dawnFolder()}/.*)$`)],
]);

function dawnFolder(): string {
  return `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;
}

function packageFiles(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder, 'package.json')))
    throw new HostFault('read', folder, `Expected the package ${folder} to be installed, found none`, {
      retryable: false,
      hint: 'npm ci',
    });
  const addon = ADDONS.get(folder);
  return filesBelow(root, folder, (path) => {
    const inside = path.slice(folder.length + 1);
    return addon?.test(inside) ?? !NOT_LOADED.some((pattern) => pattern.test(inside));
  });
}

/** @throws {HostFault} when the program is only a front to a shared library, as some systems build it */
function nodeBinary(): string {
  const variables = process.config.variables as Readonly<Record<string, unknown>>;
  const path = realpathSync(process.execPath);
  if (variables.node_shared === true || variables.node_shared === 'true')
    throw new HostFault('read', path, `Expected ${path} to be Node.js whole, found that it loads libnode`, {
      retryable: false,
      hint: 'bundle with a Node.js from nodejs.org',
    });
  return path;
}

/** Where archives and packages of Node.js keep its licence. */
function nodeLicense(): string | undefined {
  const folder = dirname(realpathSync(process.execPath));
  return ['..', '.', '../share/doc/nodejs', '../share/doc/node']
    .map((path) => join(folder, path, 'LICENSE'))
    .find((path) => existsSync(path) && readFileSync(path, 'utf8').includes('Node.js'));
}
