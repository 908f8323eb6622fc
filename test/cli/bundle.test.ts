/** `gvpie bundle`: what is in it, that it runs with nothing else, and that it is the same each time. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleFiles } from '../../cli/bundle-contents.ts';
import { runningPackages } from '../../cli/bundle-modules.ts';
import { pack } from '../../cli/bundle-pack.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { VERSION } from '../../shared/version.ts';
import { expectedPixels, samePixels } from '../support/expected-pixels.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { waitUntil } from '../support/wait-until.ts';
import { Workplace } from './gvpie.ts';

/** What Node.js alone weighs, bytes: an archive without its parts is no success. */
const LEAST = 60_000_000;
const PACKERS = ['tar', 'xz'] as const;
const TOP = `gvpie-${VERSION}-${process.platform}-${process.arch}`;

let place: Workplace;
/** The bundle as a folder, moved from where it was made. */
let bundle: string;
beforeAll(async () => {
  place = new Workplace();
  const { code, stderr } = await place.run(['bundle', '--folder', 'made']);
  expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
  mkdirSync(place.at('far off'));
  bundle = place.at('far off/gvpie to go');
  execFileSync('mv', [place.at('made'), bundle]);
});
afterAll(() => place.clear());

/** Runs the bundle's gvpie with these variables and no others. */
function runAlone(
  args: readonly string[],
  { cwd = temporaryFolder(), env = {}, gvpie = join(bundle, 'gvpie') } = {},
): Buffer {
  return execFileSync(gvpie, args, { cwd, env, stdio: 'pipe' });
}

/** Every path below a folder, sorted, as `find` prints them. */
function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

describe('the bundle alone', () => {
  it('says its version through symlinks, by a name without a folder, and from anywhere', () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'sub'));
    symlinkSync(join(bundle, 'gvpie'), join(cwd, 'absolute'));
    symlinkSync('../absolute', join(cwd, 'sub/relative'));
    const version = `${VERSION}\n`;
    const nameAlone = 'gvpie';
    const told = (gvpie: string, where: string): string =>
      String(runAlone(['--version'], { gvpie, cwd: where }));
    expect(told(join(bundle, 'gvpie'), '/')).toBe(version);
    expect(told(join(cwd, 'absolute'), '/')).toBe(version);
    expect(told('./sub/relative', cwd)).toBe(version);
    expect(told('./gvpie', bundle)).toBe(version);
    expect(String(execFileSync('/bin/sh', [nameAlone, '--version'], { cwd: bundle, env: {} }))).toBe(version);
    expect(String(execFileSync(nameAlone, ['--version'], { cwd, env: { PATH: bundle } }))).toBe(version);
  });

  it('renders the very pixels that this process makes', async () => {
    const program = join(bundle, 'examples/skyline.pxl');
    const canvas = { width: 320, height: 160 };
    const raw = runAlone(['render', program, '--raw', '--size', '320x160', '-o', '-', '--backend', 'cpu']);
    expect(samePixels(raw, await expectedPixels(readFileSync(program, 'utf8'), canvas))).toBe(true);
  });

  it('makes cartridges, and checks and verifies what lies in it', () => {
    const cwd = temporaryFolder();
    expect(String(runAlone(['check', join(bundle, 'examples/hello.pxl')], { cwd }))).toContain(' is right: ');
    runAlone(['render', join(bundle, 'examples/hello.pxl'), '-o', 'x.png'], { cwd });
    expect(openCartridge(readFileSync(join(cwd, 'x.png'))).label.program).toBe(
      readFileSync(join(packageRoot(), 'examples/hello.pxl'), 'utf8'),
    );
    runAlone(['verify', 'x.png', join(bundle, 'docs/hello.png')], { cwd });
  });

  it('runs both daemons on a new database', () => {
    const cwd = temporaryFolder();
    const where = ['--socket', 's', '--db', 'daemon.db', '--cartridges', 'c'];
    runAlone(['up', '--once', ...where], { cwd });
    const [cartridge] = readdirSync(join(cwd, 'c')).filter((name) => name.endsWith('.png'));
    expect(cartridge).toMatch(/^hello_gpu_/);
    runAlone(['verify', `c/${cartridge}`], { cwd });
  });

  it('has no clone to bundle again', () => {
    expect(() => runAlone(['bundle', '--folder', 'x'])).toThrow('Expected a clone of gvpie');
  });
});

describe('the modules of the bundle', () => {
  /** Files of JavaScript that a command loaded, by V8's own record. */
  function loadedBy(command: string, args: readonly string[]): string[] {
    const cwd = temporaryFolder();
    execFileSync(command, args, { cwd, env: { NODE_V8_COVERAGE: join(cwd, 'loaded') } });
    return readdirSync(join(cwd, 'loaded')).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(cwd, 'loaded', name), 'utf8'));
      const urls: string[] = result.map(({ url }: { url: string }) => url);
      return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
    });
  }
  const outside = (paths: readonly string[]): string[] =>
    paths.filter((path) => !path.startsWith(`${bundle}/`));
  const args = ['up', '--once', '--socket', 's', '--db', 'd.db', '--cartridges', 'c'];

  it('are its own', () => {
    const loaded = loadedBy(join(bundle, 'gvpie'), args);
    expect(loaded).toContain(join(bundle, 'dist/orchestrator/daemon.js'));
    expect(loaded).toContain(join(bundle, 'node_modules/better-sqlite3/lib/index.js'));
    expect(outside(loaded)).toEqual([]);
  });

  it('would be objected to if they were the clone’s', () => {
    const loaded = loadedBy(process.execPath, [join(packageRoot(), 'dist/cli/main.js'), '--version']);
    expect(outside(loaded)).toContain(join(packageRoot(), 'dist/cli/main.js'));
  });

  it.skipIf(process.platform !== 'linux')('in machine code are its own too', async () => {
    const cwd = temporaryFolder();
    const daemon = spawn(join(bundle, 'gvpie'), ['renderer', '--socket', 's'], { cwd, env: {} });
    const ended = new Promise((resolve) => daemon.once('close', resolve));
    onTestFinished(async () => {
      daemon.kill('SIGKILL');
      await ended;
    });
    let said = '';
    daemon.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await waitUntil('the renderer of the bundle', () => said.includes('renderer:serving'));
    const maps = readFileSync(`/proc/${daemon.pid}/maps`, 'utf8').split('\n');
    const mapped = new Set(maps.map((line) => line.slice(73)).filter((path) => /\.node$|\/node$/.test(path)));
    expect([...mapped]).toContain(join(bundle, 'node'));
    expect([...mapped]).toContain(
      join(bundle, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'),
    );
    expect(outside([...mapped])).toEqual([]);
  });

  it('hold a WebGPU that loads', () => {
    const module = join(bundle, 'node_modules/webgpu/index.js');
    const code = `import(process.argv[1]).then(({ create }) => console.log(typeof create([]).requestAdapter))`;
    expect(String(execFileSync(join(bundle, 'node'), ['-e', code, module], { env: {} }))).toBe('function\n');
  });
});

describe('the files of the bundle', () => {
  it('are what runs and what is read, and nothing that only builds', () => {
    const paths = pathsBelow(bundle).filter((path) => lstatSync(join(bundle, path)).isFile());
    const shaders = readdirSync(join(packageRoot(), 'renderer/raster')).filter((name) =>
      name.endsWith('.wgsl'),
    );
    for (const path of [
      ...['gvpie', 'node', 'package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'],
      ...['db/schema.sql', 'docs/language.md', 'examples/hello.pxl'],
      ...shaders.map((name) => `renderer/raster/${name}`),
    ])
      expect(paths).toContain(path);
    const building =
      /^dist\/(test|bench)\/|\.(map|tsbuildinfo|[cm]?ts)$|\/(typescript|@types|prebuild-install)\/|better-sqlite3\/(deps|src)\//;
    expect(paths.filter((path) => building.test(path))).toEqual([]);
    expect(paths.filter((path) => path.endsWith('.node'))).toHaveLength(2);
  });

  it('are as they were in the clone, readable to all, and two may be run', () => {
    const root = packageRoot();
    for (const path of pathsBelow(bundle)) {
      const { mode } = lstatSync(join(bundle, path));
      const runs = lstatSync(join(bundle, path)).isDirectory() || path === 'gvpie' || path === 'node';
      expect(mode & 0o7777, path).toBe(runs ? 0o755 : 0o644);
    }
    for (const path of ['package.json', 'db/000001-seed.sql', 'dist/cli/main.js', 'docs/hello.png'])
      expect(sha256Hex(readFileSync(join(bundle, path)))).toBe(sha256Hex(readFileSync(join(root, path))));
  });
});

describe('a clone', () => {
  /** A made-up clone: a lockfile, and empty files. */
  const clone = (lockfile: object, ...paths: string[]): string => {
    const root = temporaryFolder();
    const rooms = ['cli', 'orchestrator', 'renderer', 'shared'].map((room) => `dist/${room}/a.js`);
    for (const path of [
      'db/a.sql',
      'docs/a.md',
      'examples/a.pxl',
      'renderer/raster/a.ts',
      ...rooms,
      ...paths,
    ]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), '');
    }
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lockfile));
    return root;
  };
  const bare = { packages: { '': {} } };
  const pathsOf = (root: string): string[] => bundleFiles(root).map(({ path }) => path);

  it('gives only what has a source still, and no hidden file', () => {
    const sources = ['cli/main.ts', 'shared/new.ts', 'dist/cli/main.js', 'dist/shared/new.js'];
    const others = ['dist/shared/stale.js', 'dist/test/a.js', 'db/daemon.db', 'docs/.draft.md'];
    expect(pathsOf(clone(bare, ...sources, ...others)).filter((path) => path !== 'LICENSE-node')).toEqual([
      ...[
        'CHANGELOG.md',
        'CONTRIBUTING.md',
        'LICENSE',
        'README.md',
        'db/a.sql',
        'dist/cli/main.js',
        'dist/shared/new.js',
      ],
      ...['docs/a.md', 'examples/a.pxl', 'gvpie', 'node', 'package.json'],
    ]);
  });

  it('gives what was joined, where nothing was compiled since', () => {
    const root = clone(bare, 'dist/cli/main.js', 'dist/joined/command.js', 'dist/product.tsbuildinfo');
    writeFileSync(join(root, 'dist/joined/sizes.json'), '{"command.js":0}');
    const set = (path: string, seconds: number) => utimesSync(join(root, path), seconds, seconds);
    set('dist/joined/command.js', 1000);
    set('dist/product.tsbuildinfo', 1000);
    expect(pathsOf(root)).toEqual(
      expect.arrayContaining(['dist/joined/command.js', 'dist/joined/sizes.json']),
    );
    set('dist/product.tsbuildinfo', 1001);
    expect(pathsOf(root)).not.toContain('dist/joined/command.js');
  });

  it('is refused when it is not built, lacks a package, or is none', () => {
    expect(() => pathsOf(clone(bare))).toThrow('to be built, found no dist/cli/main.js');
    const needs = { packages: { '': { dependencies: { zod: '1' } }, 'node_modules/zod': {} } };
    expect(() => pathsOf(clone(needs, 'dist/cli/main.js'))).toThrow(
      'Expected the package node_modules/zod to be installed, found none',
    );
    expect(pathsOf(clone(needs, 'dist/cli/main.js', 'node_modules/zod/package.json'))).toContain(
      'node_modules/zod/package.json',
    );
    const none = clone(bare, 'dist/cli/main.js');
    rmSync(join(none, 'package-lock.json'));
    expect(() => pathsOf(none)).toThrow('Expected a clone of gvpie');
  });
});

describe('the archive', () => {
  const lacking = PACKERS.filter((name) => {
    try {
      return !String(execFileSync(name, ['--version'])).match(/GNU tar|XZ Utils/);
    } catch {
      return true;
    }
  });
  const title = lacking.length === 0 ? '' : ` (skipped: no ${lacking.join(', ')})`;

  it.skipIf(lacking.length > 0)(
    `is one folder, with the files of the bundle in order${title}`,
    async () => {
      // Pressing all that takes twenty seconds of a processor: test/long weighs what comes of it.
      const bin = temporaryFolder();
      writeFileSync(join(bin, 'xz'), '#!/bin/sh\nexec cat\n', { mode: 0o755 });
      const { code, stdout } = await place.run(['bundle'], { env: { PATH: `${bin}:${process.env.PATH}` } });
      expect(code).toBe(EXIT.ok);
      const archive = place.at(`${TOP}.tar.xz`);
      expect(stdout).toMatch(/^gvpie-.*\.tar\.xz {2}\d+\.\d MB\n\d+ files, .*\n {2} *\d+\.\d MB {2}node\n/);
      expect(statSync(archive).size).toBeGreaterThan(LEAST);
      const listed = String(execFileSync('tar', ['-tf', archive]))
        .trim()
        .split('\n');
      const expected = pathsBelow(bundle).map((path) => `${TOP}/${path}`);
      expect(listed.map((path) => path.replace(/\/$/, '')).sort()).toEqual([TOP, ...expected].sort());
      expect(readdirSync(place.folder).filter((name) => name.endsWith('.wet'))).toEqual([]);
    },
    300_000,
  );

  it.skipIf(lacking.length > 0)(`has bytes that depend on its files alone${title}`, async () => {
    const packed = async (
      names: readonly string[],
      date: number,
      text = 'a',
      mode = 0o644,
    ): Promise<string> => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'top/sub'), { recursive: true });
      for (const name of names) {
        writeFileSync(join(folder, 'top', name), text);
        chmodSync(join(folder, 'top', name), mode);
        utimesSync(join(folder, 'top', name), date, date);
      }
      await pack(join(folder, 'top'), join(folder, 'out'));
      return sha256Hex(readFileSync(join(folder, 'out')));
    };
    const first = await packed(['b', 'a', 'sub/c'], 1_000_000_000);
    expect(await packed(['sub/c', 'a', 'b'], 1_700_000_000)).toBe(first);
    expect(await packed(['b', 'a', 'sub/c'], 1_000_000_000, 'b')).not.toBe(first);
    expect(await packed(['b', 'a', 'sub/c'], 1_000_000_000, 'a', 0o755)).not.toBe(first);
    expect(await packed(['b', 'a', 'sub/d'], 1_000_000_000)).not.toBe(first);
  });

  it.skipIf(lacking.length > 0).each(PACKERS)(
    'names %s when it is missing, and writes nothing',
    async (missing) => {
      const bin = temporaryFolder();
      for (const name of PACKERS)
        if (name !== missing)
          symlinkSync(String(execFileSync('sh', ['-c', `command -v ${name}`])).trim(), join(bin, name));
      const cwd = temporaryFolder();
      const out = join(cwd, 'x.tar.xz');
      const { code, stderr } = await place.run(['bundle', '-o', out], { env: { PATH: bin } });
      expect({ code, stderr }).toEqual({
        code: EXIT.internal,
        stderr:
          `gvpie: Expected the program ${missing} to pack with, found none\n` +
          `hint: install ${missing}, or lay out a folder with --folder DIR and pack it yourself\n`,
      });
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('says what tar said when it fails, and leaves nothing', async () => {
    const bin = temporaryFolder();
    writeFileSync(
      join(bin, 'tar'),
      '#!/bin/sh\n[ "$1" = --version ] && echo GNU tar && exit\necho full >&2; exit 2\n',
      {
        mode: 0o755,
      },
    );
    writeFileSync(join(bin, 'xz'), '#!/bin/sh\n', { mode: 0o755 });
    const cwd = temporaryFolder();
    const { code, stderr } = await place.run(['bundle', '-o', join(cwd, 'x')], {
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    expect({ code, stderr }).toEqual({ code: EXIT.internal, stderr: 'gvpie: tar ended with 2: full\n' });
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('gvpie bundle', () => {
  it.each([
    ['a folder that is there', ['--folder', '.'], EXIT.usage, 'Expected --folder to name a new folder'],
    ['a folder in no folder', ['--folder', 'no/x'], EXIT.badInput, 'found no folder'],
    ['an archive in no folder', ['-o', 'no/x.tar.xz'], EXIT.badInput, 'found no folder'],
    ['a folder as the archive', ['-o', '.'], EXIT.usage, 'found the folder .'],
    ['standard output', ['-o', '-'], EXIT.usage, 'Expected --out to name a file'],
    ['both at once', ['-o', 'x', '--folder', 'y'], EXIT.usage, 'found both'],
  ])('refuses %s', async (_, args, exit, words) => {
    const before = readdirSync(place.folder);
    const { code, stdout, stderr } = await place.run(['bundle', ...args]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toContain(words);
    expect(readdirSync(place.folder)).toEqual(before);
  });

  it('ends at a signal and leaves nothing', async () => {
    const bin = temporaryFolder();
    writeFileSync(
      join(bin, 'tar'),
      '#!/bin/sh\n[ "$1" = --version ] && echo GNU tar && exit\nexec sleep 60\n',
      { mode: 0o755 },
    );
    writeFileSync(join(bin, 'xz'), '#!/bin/sh\n', { mode: 0o755 });
    const cwd = temporaryFolder();
    const main = join(packageRoot(), 'dist/cli/main.js');
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const child = spawn(process.execPath, [main, 'bundle', '-o', 'x'], { cwd, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('close', resolve));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    await waitUntil('files to be laid out', () => existsSync(join(cwd, `.x.${child.pid}.wet`, TOP, 'node')));
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe('the packages that run', () => {
  it('are those that dependencies lead to, the nearest of each name, without what only builds', () => {
    const packages = {
      '': { dependencies: { a: '1', typescript: '1', '@types/a': '1' } },
      'node_modules/a': { dependencies: { b: '1', 'prebuild-install': '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' }, optionalDependencies: { '@s/d': '1' } },
      'node_modules/b': { dependencies: { e: '1' } },
      'node_modules/c': { dependencies: { a: '1' } },
      'node_modules/@s/d': {},
      'node_modules/e': {},
      'node_modules/typescript': {},
      'node_modules/@types/a': {},
      'node_modules/prebuild-install': { dependencies: { e: '1' } },
    };
    expect(runningPackages({ packages })).toEqual([
      'node_modules/@s/d',
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
    ]);
  });
});
