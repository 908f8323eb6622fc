/** The first-run preparation, in a made-up clone whose npm, tsc and addon are small scripts of the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/**
 * npm: notes its arguments; then, unless a file tells it to fail or to wait, installs what the lockfile
 * lists as npm does: files first, its record last.
 */
const FAKE_NPM = `
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync('calls', 'npm ' + args.filter((a) => !/^--(prefer|fetch)/.test(a)).join(' ') + '\\n');
if (fs.existsSync('npm-fails')) { console.error(fs.readFileSync('npm-fails', 'utf8')); process.exit(7); }
if (args[0] === 'rebuild') { fs.rmSync('node_modules/better-sqlite3/broken'); process.exit(); }
if (args[0] === 'ci') fs.rmSync('node_modules', { recursive: true, force: true });
const finish = () => {
  const packages = JSON.parse(fs.readFileSync('package-lock.json', 'utf8')).packages;
  delete packages[''];
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.optional || (entry.dev && args.includes('--omit=dev'))) delete packages[path];
    else fs.mkdirSync(path, { recursive: true });
  }
  fs.mkdirSync('node_modules/typescript/bin', { recursive: true });
  fs.writeFileSync('node_modules/typescript/bin/tsc', \`
    const fs = require('node:fs');
    fs.appendFileSync('calls', 'tsc ' + process.argv.slice(2).join(' ') + '\\\\n');
    if (fs.existsSync('tsc-fails')) { console.log('a.ts(1,1): error'); process.exit(2); }
    fs.mkdirSync('dist', { recursive: true });
    if (fs.existsSync('tsc-emits')) fs.renameSync('tsc-emits', 'dist/product.tsbuildinfo');\`);
  fs.writeFileSync('node_modules/better-sqlite3/index.js', \`
    if (require('node:fs').existsSync(__dirname + '/broken')) throw new Error('ABI');
    module.exports = class { close() {} };\`);
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
};
const wait = () => (fs.existsSync('npm-waits') ? setTimeout(wait, 10) : finish());
wait();
`;

const LOCKFILE = {
  packages: {
    '': { name: 'clone', version: '1.0.0' },
    'node_modules/better-sqlite3': { version: '1.0.0' },
    'node_modules/typescript': { version: '1.0.0' },
    'node_modules/vitest': { version: '1.0.0', dev: true },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  },
};

let root: string;
let running: ChildProcess[];
const at = (path: string): string => join(root, path);
const write = (path: string, text: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gvpie-ready-test-'));
  running = [];
  mkdirSync(at('cli'));
  for (const name of ['ready.mjs', 'ready-lock.mjs']) {
    cpSync(join(import.meta.dirname, '../../cli', name), at(`cli/${name}`));
  }
  write('package.json', JSON.stringify({ engines: { node: '>=20.19' } }));
  write('package-lock.json', JSON.stringify(LOCKFILE));
  write('npm-cli.js', FAKE_NPM);
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly text: string;
}

/** Starts a preparation; `said` is what it has printed so far. */
function start(
  mode: string,
  ...nodeFlags: string[]
): { child: ChildProcess; ended: Promise<Outcome>; said: () => string } {
  const env = { ...process.env, npm_execpath: at('npm-cli.js') };
  const child = spawn(process.execPath, [...nodeFlags, at('cli/ready.mjs'), mode], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const ended = new Promise<Outcome>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, text }));
  });
  return { child, ended, said: () => text };
}

const prepare = (mode: string): Promise<Outcome> => start(mode).ended;

/** The commands that were run since the last call. */
function takeCalls(): string[] {
  const calls = existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trimEnd().split('\n') : [];
  rmSync(at('calls'), { force: true });
  return calls;
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error(`never became true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A preparation whose npm has started and waits until `npm-waits` is removed. */
async function startWaiting(mode: string): Promise<ReturnType<typeof start>> {
  write('npm-waits', '');
  const started = start(mode);
  await until(() => existsSync(at('calls')));
  // The second token in the lock is npm's.
  await until(() => readdirSync(at('.gvpie-ready.lock')).length === 2);
  return started;
}

const leftovers = (): string[] => readdirSync(root).filter((name) => name.startsWith('.gvpie-ready'));

describe('the first-run preparation', () => {
  it('installs without the packages of the tests and compiles; the second time it only compiles, in silence', async () => {
    const first = await prepare('run');
    expect(first.text).toBe(
      'gvpie: installing packages (first run, one to five minutes) …\ngvpie: compiling …\n',
    );
    expect(first.code).toBe(0);
    expect(takeCalls()).toEqual(['npm ci --omit=dev', 'tsc -b']);
    expect(await prepare('run')).toEqual({ code: 0, signal: null, text: '' });
    expect(takeCalls()).toEqual(['tsc -b']);
    expect(leftovers()).toEqual([]);
  });

  it('installs everything for the tests and takes nothing away afterwards', async () => {
    expect((await prepare('test')).code).toBe(0);
    expect(takeCalls()).toEqual(['npm ci --include=dev', 'tsc -b test']);
    expect((await prepare('run')).text).toBe('');
    expect(takeCalls()).toEqual(['tsc -b']);
  });

  it('adds the packages of the tests to a running installation without emptying it', async () => {
    await prepare('run');
    write('node_modules/better-sqlite3/held-open', '');
    takeCalls();
    expect((await prepare('test')).code).toBe(0);
    expect(takeCalls()).toEqual(['npm install --no-save --include=dev', 'tsc -b test']);
    expect(existsSync(at('node_modules/better-sqlite3/held-open'))).toBe(true);
  });

  it('installs again when the lockfile names another version, with the packages of the tests if they were there', async () => {
    await prepare('test');
    takeCalls();
    write('package-lock.json', JSON.stringify(LOCKFILE).replaceAll('"1.0.0"', '"1.0.1"'));
    expect((await prepare('run')).text).toMatch(/does not fit package-lock\.json/);
    expect(takeCalls()).toEqual(['npm ci --include=dev', 'tsc -b']);
  });

  it('joins what was compiled, once for each time', async () => {
    write(
      'cli/join.mjs',
      `import fs from 'node:fs';
       fs.appendFileSync('calls', 'join\\n');
       fs.mkdirSync('dist/joined', { recursive: true });
       fs.utimesSync('dist/joined', new Date(), new Date());`,
    );
    for (const turn of ['first', 'second']) {
      write('tsc-emits', turn);
      expect((await prepare('run')).code).toBe(0);
      expect(takeCalls().slice(-2)).toEqual(['tsc -b', 'join']);
      expect((await prepare('run')).text).toBe('');
      expect(takeCalls()).toEqual(['tsc -b']);
    }
  });

  it('joins again what is not whole any more', async () => {
    write(
      'cli/join.mjs',
      `import fs from 'node:fs';
       fs.appendFileSync('calls', 'join\\n');
       fs.mkdirSync('dist/joined', { recursive: true });
       fs.writeFileSync('dist/joined/part.js', 'part');
       fs.writeFileSync('dist/joined/sizes.json', '{"part.js":4}');
       fs.utimesSync('dist/joined', new Date(), new Date());`,
    );
    write('tsc-emits', '');
    const isJoined = async (): Promise<boolean> => {
      await prepare('run');
      return takeCalls().includes('join');
    };
    expect([await isJoined(), await isJoined()]).toEqual([true, false]);
    writeFileSync(at('dist/joined/part.js'), '');
    expect([await isJoined(), await isJoined()]).toEqual([true, false]);
  });

  it('does not try again to join what was compiled in the future, as it seems', async () => {
    await prepare('run');
    write('cli/join.mjs', 'process.exit(1);');
    write('tsc-emits', '');
    await prepare('run');
    const later = Date.now() / 1000 + 1000;
    utimesSync(at('dist/product.tsbuildinfo'), later, later);
    expect((await prepare('run')).text).toContain('could not be joined');
    expect((await prepare('run')).text).toBe('');
  });

  it('says where it cannot join, and does not try again before something was compiled', async () => {
    await prepare('run');
    write('cli/join.mjs', "console.log('no rolldown for this machine'); process.exit(1);");
    write('tsc-emits', '');
    write('dist/joined/command.js', 'what was joined before');
    utimesSync(at('dist/joined'), 1000, 1000);
    const failed = await prepare('run');
    expect(failed.code).toBe(0);
    expect(failed.text).toBe(
      'no rolldown for this machine\ngvpie: the modules could not be joined: everything works, and commands start slower\n',
    );
    expect(readdirSync(at('dist/joined'))).toEqual([]);
    expect(await prepare('run')).toEqual({ code: 0, signal: null, text: '' });
  });

  it('rebuilds the addon when it does not load', async () => {
    await prepare('run');
    takeCalls();
    write('node_modules/better-sqlite3/broken', '');
    expect((await prepare('run')).text).toMatch(/^gvpie: building better-sqlite3 for Node\.js [\d.]+ .*\n$/);
    expect(takeCalls()).toEqual(['npm rebuild better-sqlite3', 'tsc -b']);
  });

  it('says every 15 seconds that it is alive, here with seconds of 2 ms', async () => {
    write('npm-waits', '');
    const haste = 'const slow = setInterval; globalThis.setInterval = (act, ms) => slow(act, ms / 500);';
    const { ended, said } = start('run', '--import', `data:text/javascript,${encodeURIComponent(haste)}`);
    await until(() => said().split('still at work after').length > 2);
    expect(said()).toMatch(
      /^gvpie: still at work after \d+ s; better-sqlite3 may be compiling from its source/m,
    );
    rmSync(at('npm-waits'));
    expect((await ended).code).toBe(0);
  });

  it("prints npm's words and exit code when it fails, and tells a missing network from other failures", async () => {
    write('npm-fails', 'npm error code EUSAGE');
    const other = await prepare('run');
    expect(other.text).toMatch(/npm error code EUSAGE\n+gvpie: npm ci failed with exit code 7/);
    expect(other.code).toBe(7);
    write('npm-fails', 'npm error code ENOTFOUND');
    expect((await prepare('run')).text).toMatch(/ENOTFOUND\n+gvpie: npm could not reach the registry/);
  });

  it("prints the compiler's words and exit code when the sources do not compile", async () => {
    write('tsc-fails', '');
    const { code, text } = await prepare('run');
    expect(text).toMatch(/a\.ts\(1,1\): error\ngvpie: the sources do not compile/);
    expect(code).toBe(2);
    expect(leftovers()).toEqual([]);
  });

  it('refuses an older Node.js, naming both versions, and an unknown mode', async () => {
    const [major, minor] = process.versions.node.split('.').map(Number);
    write('package.json', JSON.stringify({ engines: { node: `>=${major}.${(minor ?? 0) + 1}` } }));
    const { code, text } = await prepare('run');
    expect(text).toContain(
      `Expected Node.js ${major}.${(minor ?? 0) + 1} or newer, found ${process.versions.node}`,
    );
    expect(code).toBe(1);
    write('package.json', JSON.stringify({ engines: { node: `>=${major}.${minor}` } }));
    expect((await prepare('run')).code).toBe(0);
    expect((await prepare('dance')).code).toBe(64);
  });
});

describe('two preparations of one folder', () => {
  it('work one after the other: the second says for whom it waits and finds the work done', async () => {
    const first = await startWaiting('run');
    const second = start('run');
    await until(() => second.said() !== '');
    expect(second.said()).toBe(`gvpie: waiting for pid ${first.child.pid}, which prepares this folder …\n`);
    rmSync(at('npm-waits'));
    expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
    expect(takeCalls()).toEqual(['npm ci --omit=dev', 'tsc -b', 'tsc -b']);
    expect(leftovers()).toEqual([]);
  });

  it('never overlap, however many start at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => prepare('run')));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(takeCalls().filter((call) => call.startsWith('npm'))).toEqual(['npm ci --omit=dev']);
    expect(leftovers()).toEqual([]);
  });

  it('outlive each other: after kill -9 the next waits for the npm left behind and uses its work', async () => {
    const first = await startWaiting('run');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start('run');
    await until(() => second.said() !== '');
    rmSync(at('npm-waits'));
    expect((await second.ended).code).toBe(0);
    expect(takeCalls()).toEqual(['npm ci --omit=dev', 'tsc -b']);
    expect(leftovers()).toEqual([]);
  });

  it('install anew after npm itself was killed while it added packages', async () => {
    await prepare('run');
    takeCalls();
    const first = await startWaiting('test');
    const tokens = readdirSync(at('.gvpie-ready.lock')).map((token) => Number(token.split('.')[0]));
    first.child.kill('SIGKILL');
    for (const pid of tokens.filter((pid) => pid !== first.child.pid)) process.kill(pid, 'SIGKILL');
    await first.ended;
    rmSync(at('npm-waits'));
    takeCalls();
    // Even what was whole before counts for nothing: npm was changing it.
    expect((await prepare('run')).text).toMatch(/the last installation was interrupted/);
    expect(takeCalls()).toEqual(['npm ci --omit=dev', 'tsc -b']);
    expect(leftovers()).toEqual([]);
  });

  it('end by the signal that stops them, and take npm along', async () => {
    const first = await startWaiting('run');
    first.child.kill('SIGTERM');
    expect((await first.ended).signal).toBe('SIGTERM');
    expect(leftovers()).toEqual(['.gvpie-ready.lock.npm']);
    rmSync(at('npm-waits'));
    expect((await prepare('run')).code).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  // Only Linux tells when a process started.
  it.runIf(process.platform === 'linux')(
    'take a lock whose owners are dead, also when another process uses the pid again',
    async () => {
      write(`.gvpie-ready.lock/${process.pid}.1`, '');
      write('.gvpie-ready.lock/999999999.1', '');
      write('.gvpie-ready.lock.999999999.1/999999999.1', '');
      expect((await prepare('run')).code).toBe(0);
      expect(leftovers()).toEqual([]);
    },
  );
});
