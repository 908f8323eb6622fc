/** What a command loads before it works: no package that it does not need, and its own modules joined. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileCacheFolder } from '../../cli/compile-cache.ts';
import { joinedProgram } from '../../cli/joined.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { readModules } from '../house/tree-files.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = packageRoot();
const MAIN = join(ROOT, 'dist/cli/main.js');
const HELLO = join(ROOT, 'examples/hello.pxl');

/** What the launcher runs where nothing is joined. */
const PLAIN = `
  const { runCommand } = await import(${JSON.stringify(pathToFileURL(join(ROOT, 'dist/cli/command.js')).href)});
  await runCommand();`;
const plainly = (...words: string[]): string[] => ['--input-type=module', '-e', PLAIN, 'gvpie', ...words];

interface Loaded {
  readonly stdout: Buffer;
  /** Names of packages, sorted. */
  readonly packages: readonly string[];
  /** Our own modules, as paths below dist. */
  readonly modules: readonly string[];
}

/** Runs Node and notes all JavaScript that it loads, by V8's own record. */
function loadedBy(args: readonly string[]): Loaded {
  const cwd = temporaryFolder();
  const env = { ...process.env, NODE_V8_COVERAGE: join(cwd, 'loaded') };
  const stdout = execFileSync(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const paths = readdirSync(join(cwd, 'loaded')).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(cwd, 'loaded', name), 'utf8'));
    const urls: string[] = result.map(({ url }: { url: string }) => url);
    return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  });
  const packages = paths.flatMap((path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const dist = join(ROOT, 'dist') + sep;
  return {
    stdout,
    packages: [...new Set(packages)].sort(),
    modules: paths.filter((path) => path.startsWith(dist)).map((path) => path.slice(dist.length)),
  };
}

const render = (program: string): string[] => ['render', program, '-o', '-', '--backend', 'cpu'];

describe('a command loads', () => {
  it('one package to say what there is: the one that reads command lines', () => {
    const { packages, modules } = loadedBy(plainly('--help'));
    expect(packages).toEqual(['commander']);
    const others = modules.filter((path) => !/^(cli|shared)\//.test(path));
    expect(others.sort()).toEqual(['orchestrator/script.js', 'renderer/language/caret.js']);
    expect(modules.length).toBeLessThanOrEqual(36);
  });

  it.each([
    ['render', render(HELLO)],
    ['check', ['check', HELLO]],
  ])('for %s no schemas, no database, no GPU and no reader of PNGs', (_, words) => {
    const { packages, modules } = loadedBy(plainly(...words));
    expect(packages).toEqual(['canonicalize', 'commander']);
    const needless =
      /^(orchestrator\/host|renderer\/(host\/gpu\/(?!device)|raster\/conformance|timing)|shared\/protocol\/(command|reply))|-schemas?\.js$/;
    expect(modules.filter((path) => needless.test(path))).toEqual([]);
    // Each more is 0.4 ms where nothing is joined.
    expect(modules.length).toBeLessThanOrEqual(220);
  });

  it('for inspect what reads PNGs and labels, which shows that it would be seen', () => {
    const words = ['inspect', join(ROOT, 'docs/hello.png')];
    expect(loadedBy(plainly(...words)).packages).toEqual(['canonicalize', 'commander', 'zod']);
  });
});

describe('the compile cache', () => {
  it('lies among the caches of the user, who has a folder for them', () => {
    const home = temporaryFolder();
    expect(compileCacheFolder({ HOME: home })).toBeUndefined();
    mkdirSync(join(home, '.cache'));
    expect(compileCacheFolder({ HOME: home })).toBe(join(home, '.cache/gvpie'));
    expect(compileCacheFolder({ HOME: home, XDG_CACHE_HOME: '' })).toBe(join(home, '.cache/gvpie'));
    expect(compileCacheFolder({ HOME: home, XDG_CACHE_HOME: 'relative' })).toBe(join(home, '.cache/gvpie'));
    expect(compileCacheFolder({ HOME: home, XDG_CACHE_HOME: join(home, 'none') })).toBeUndefined();
    expect(compileCacheFolder({ HOME: '/none', XDG_CACHE_HOME: home })).toBe(join(home, 'gvpie'));
    expect(compileCacheFolder({})).toBeUndefined();
    expect(existsSync(join(home, '.cache/gvpie'))).toBe(false);
  });
});

describe('the joined program', () => {
  it('is loaded in a few files, and draws the same', () => {
    const joined = loadedBy([MAIN, ...render(HELLO), '--raw']);
    expect(joined.modules.filter((path) => !path.startsWith(`joined${sep}`)).sort()).toEqual([
      'cli/compile-cache.js',
      'cli/joined.js',
      'cli/main.js',
    ]);
    expect(joined.modules.length).toBeLessThanOrEqual(49);
    expect(joined.packages).toEqual([]);
    const plain = loadedBy(plainly(...render(HELLO), '--raw'));
    expect(plain.modules.some((path) => path.startsWith('joined'))).toBe(false);
    expect(joined.stdout.length).toBe(128 * 64 * 4);
    expect(joined.stdout.equals(plain.stdout)).toBe(true);
  });

  it('has no module that finds a file by its own place, but where the command stays', () => {
    const users = [...readModules()].filter(([, text]) => text.includes('import.meta')).map(([path]) => path);
    expect(users.sort()).toEqual([
      // Asked by main.ts, which is not joined.
      'cli/main.ts',
      // `preview` and `up`, which stay.
      'cli/preview.ts',
      'cli/ward.ts',
      // Looks for package.json upwards, from any folder below it.
      'shared/host/package-root.ts',
    ]);
  });

  /** A made-up dist; times in seconds. */
  const dist = (times: { readonly built?: number; readonly joined?: number }): string => {
    const folder = temporaryFolder();
    const files = { 'product.tsbuildinfo': times.built, 'joined/command.js': times.joined };
    for (const [path, seconds] of Object.entries(files)) {
      if (seconds === undefined) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), 'export const joined = true;');
      utimesSync(join(folder, path), seconds, seconds);
    }
    if (times.joined !== undefined) writeFileSync(join(folder, 'joined/sizes.json'), '{"command.js":27}');
    return pathToFileURL(join(folder, 'cli/main.js')).href;
  };

  it('is the one beside the command', async () => {
    const url = joinedProgram(['render', 'a.pxl'], dist({ built: 1000, joined: 1001 })) ?? '';
    expect(basename(fileURLToPath(url))).toBe('command.js');
    expect((await import(url)).joined).toBe(true);
  });

  it.each([
    ['after something was compiled', { built: 1001, joined: 1000 }, false],
    ['when it was joined at that time', { built: 1000, joined: 1000 }, true],
    ['when it was joined later', { built: 1000, joined: 1001 }, true],
    ['where nothing was joined', { built: 1000 }, false],
    ['in a bundle', { joined: 1000 }, true],
    ['where there is nothing', {}, false],
  ])('is taken or left %s', (_, times, expected) => {
    expect(joinedProgram(['render'], dist(times)) !== undefined).toBe(expected);
  });

  it('is left where a file is not as long as it was written, is missing, or nothing says how long', () => {
    const main = dist({ joined: 1000 });
    const at = (name: string): URL => new URL(`../joined/${name}`, main);
    const isTaken = (): boolean => joinedProgram([], main) !== undefined;
    writeFileSync(at('sizes.json'), '{"command.js":27,"part.js":0}');
    expect(isTaken()).toBe(false);
    writeFileSync(at('part.js'), '');
    expect(isTaken()).toBe(true);
    writeFileSync(at('part.js'), ' ');
    expect(isTaken()).toBe(false);
    for (const text of ['', '{"command.js":']) {
      writeFileSync(at('sizes.json'), text);
      expect(isTaken()).toBe(false);
    }
    rmSync(at('sizes.json'));
    expect(isTaken()).toBe(false);
  });

  it.each([['up'], ['renderer'], ['orchestrator'], ['preview'], ['--', 'up']])(
    'is not for %s %s',
    (...words) => {
      const main = dist({ joined: 1000 });
      expect(joinedProgram(words, main)).toBeUndefined();
      expect(joinedProgram([], main)).toBeDefined();
    },
  );
});
