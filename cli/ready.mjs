/**
 * Makes a clone runnable: `node cli/ready.mjs run` before a command, `node cli/ready.mjs test` before
 * the tests. The npm pre-scripts call it; it installs packages, rebuilds the SQLite addon, compiles and joins,
 * each only when needed, and says nothing when nothing is.
 *
 * It runs before anything is installed, so it is plain JavaScript over Node's own modules. gvpie runs
 * from its clone and is compiled on first start: that is why package.json counts typescript and the
 * `@types` packages among the dependencies that `npm ci --omit=dev` keeps.
 */
import { spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './ready-lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (path) => join(root, path);

// On stderr, so that `npm run --silent gvpie -- script list --json` prints JSON alone.
const say = (message) => process.stderr.write(`gvpie: ${message}\n`);

/** Ends the preparation with a message for a person and an exit code. */
class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The lock, the child at work, and the signal that asked this process to stop. */
let lock;
let child;
let stopped;

function refuseWhenStopped() {
  if (stopped) throw new Refusal(`stopped by ${stopped}`);
}

/**
 * Runs a command in the root; gives its exit code and all that it printed. The output goes to an
 * unlinked file, not a pipe: npm outlives a preparation killed with -9 and must not die of a closed pipe.
 */
async function runStep(command, args) {
  const path = join(tmpdir(), `gvpie-ready-${process.pid}-${Date.now()}.log`);
  const output = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  let freeChild = () => {};
  try {
    const code = await new Promise((resolve, reject) => {
      child = spawn(command, args, { cwd: root, stdio: ['ignore', output, output] });
      child.once('error', reject);
      child.once('close', (exitCode) => resolve(exitCode ?? 1));
      if (child.pid !== undefined) freeChild = lock.addChild(child.pid);
    });
    refuseWhenStopped();
    const bytes = Buffer.alloc(fstatSync(output).size);
    return { code, text: bytes.toString('utf8', 0, readSync(output, bytes, 0, bytes.length, 0)) };
  } finally {
    child = undefined;
    freeChild();
    closeSync(output);
  }
}

const OFFLINE =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|E?TIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** How often a long step says that it is alive, ms. */
const LIFE_MS = 15_000;

async function runNpm(args) {
  const started = performance.now();
  const life = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000);
    say(`still at work after ${seconds} s; better-sqlite3 may be compiling from its source, for minutes …`);
  }, LIFE_MS);
  try {
    await runNpmInSilence(args);
  } finally {
    clearInterval(life);
  }
}

async function runNpmInSilence(args) {
  // `npm start` names the npm that it is; when another package manager stands there, npm is looked up.
  const own = process.env.npm_execpath ?? '';
  const [command, first] = /^npm-cli\.c?js$/.test(basename(own)) ? [process.execPath, [own]] : ['npm', []];
  const { code, text } = await runStep(command, [...first, ...args]);
  if (code === 0) return;
  process.stderr.write(text);
  throw new Refusal(
    OFFLINE.test(text)
      ? 'npm could not reach the registry. Packages are fetched once: connect this machine and run the command again'
      : `npm ${args[0]} failed with exit code ${code}; its output is above`,
    code,
  );
}

/** When a file or folder was changed last; 0 where there is none. */
const modifiedMs = (path) => statSync(at(path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The file's JSON, or undefined when it is absent or torn. */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(at(path), 'utf8'));
  } catch {
    return undefined;
  }
}

function checkNode() {
  const numbers = (text) => /(\d+)\.(\d+)/.exec(text).slice(1).map(Number);
  const [major, minor] = numbers(readJson('package.json').engines.node);
  const [ourMajor, ourMinor] = numbers(process.versions.node);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  throw new Refusal(
    `Expected Node.js ${major}.${minor} or newer, found ${process.versions.node} at ${process.execPath}`,
  );
}

/** What node_modules lacks of the lockfile, by npm's own record of what it installed. */
function compareInstalled(mode) {
  const wanted = readJson('package-lock.json').packages;
  const installed = readJson('node_modules/.package-lock.json')?.packages;
  const wrong = Object.entries(wanted).filter(([path, entry]) => {
    // Most optional packages are builds for other platforms.
    if (path === '' || entry.optional) return false;
    if (mode === 'run' && (entry.dev || entry.devOptional)) return false;
    const found = installed?.[path];
    return found?.version !== entry.version || found?.name !== entry.name;
  });
  return {
    isEmpty: installed === undefined,
    firstWrong: wrong[0]?.[0],
    lacksOnlyDev: wrong.every(([path, entry]) => entry.dev && !installed?.[path]),
    hasDev: Object.values(installed ?? {}).some((entry) => entry.dev),
  };
}

async function install(mode) {
  // Written before npm starts, removed when it has succeeded. npm writes its record last but may leave
  // an older one standing until then: a mark younger than the record tells of an npm that was stopped.
  const mark = '.gvpie-ready.lock.npm';
  const isTorn = modifiedMs(mark) > modifiedMs('node_modules/.package-lock.json');
  const { isEmpty, firstWrong, lacksOnlyDev, hasDev } = compareInstalled(mode);
  if (firstWrong === undefined && !isTorn) {
    // Left by a preparation that was killed while its npm went on to succeed.
    rmSync(at(mark), { force: true });
    return;
  }

  // `npm ci` empties node_modules first. When only packages for the tests are missing they are added
  // instead, so that a daemon running from this folder keeps its modules.
  const adds = !isEmpty && !isTorn && lacksOnlyDev;
  // A developer's packages for the tests are not taken away by `npm start`.
  const omitsDev = mode === 'run' && !hasDev;
  if (adds) say('installing the packages that only tests need …');
  else if (isEmpty) say('installing packages (first run, one to five minutes) …');
  else if (isTorn) say('installing packages (the last installation was interrupted) …');
  else say('installing packages (node_modules does not fit package-lock.json) …');
  writeFileSync(at(mark), '');
  const verb = adds ? ['install', '--no-save'] : ['ci'];
  // npm's own pauses between attempts keep a person without a network waiting for 71 s; these, for 11 s.
  const patience = '--fetch-retry-mintimeout=1000';
  await runNpm([...verb, omitsDev ? '--omit=dev' : '--include=dev', '--prefer-offline', patience]);
  const missing = compareInstalled(mode).firstWrong;
  if (missing !== undefined) throw new Refusal(`npm ${verb[0]} succeeded without installing ${missing}`);
  rmSync(at(mark), { force: true });
}

/** better-sqlite3 is compiled for one Node ABI, and a torn build can crash its process: a child tries it. */
async function makeAddonLoad() {
  const probe = () =>
    runStep(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:').close()"]);
  if ((await probe()).code === 0) return;
  say(`building better-sqlite3 for Node.js ${process.versions.node} (one to five minutes) …`);
  await runNpm(['rebuild', 'better-sqlite3']);
  const { code, text } = await probe();
  if (code === 0) return;
  process.stderr.write(text);
  throw new Refusal(
    'better-sqlite3 does not load. Building it takes Python 3, make and a C++ compiler',
    code,
  );
}

/** Compiles what changed. What deleted sources left in dist stays there: nothing imports it. */
async function build(mode) {
  if (statSync(at('dist'), { throwIfNoEntry: false }) === undefined) say('compiling …');
  // test/tsconfig.json refers to the product's, which is then compiled first.
  const projects = mode === 'test' ? ['test'] : [];
  const { code, text } = await runStep(process.execPath, [
    at('node_modules/typescript/bin/tsc'),
    '-b',
    ...projects,
  ]);
  if (code === 0) return;
  process.stderr.write(text);
  throw new Refusal(`the sources do not compile (tsc exit code ${code})`, code);
}

/** Whether what was joined has the sizes that it was written with; so has what could not be joined. */
function isWhole(folder) {
  const sizes = Object.entries(readJson(`${folder}/sizes.json`) ?? {});
  return sizes.every(
    ([name, size]) => statSync(at(`${folder}/${name}`), { throwIfNoEntry: false })?.size === size,
  );
}

/** Joins what was compiled since the last time, for `cli/joined.ts`: commands do without it, and start slower. */
async function joinModules() {
  const isNew = modifiedMs('dist/joined') >= modifiedMs('dist/product.tsbuildinfo');
  if (isNew && isWhole('dist/joined')) return;
  try {
    accessSync(at('dist'), constants.W_OK);
  } catch (error) {
    say(`the modules cannot be joined (${error.code}): everything works, and commands start slower`);
    return;
  }
  const { code, text } = await runStep(process.execPath, [at('cli/join.mjs')]);
  if (code === 0) return;
  process.stderr.write(text);
  say('the modules could not be joined: everything works, and commands start slower');
  // An empty folder, so that it is tried again only when something was compiled.
  try {
    rmSync(at('dist/joined'), { recursive: true, force: true });
    mkdirSync(at('dist/joined'));
    const seconds = Math.max(Date.now(), modifiedMs('dist/product.tsbuildinfo') + 1000) / 1000;
    utimesSync(at('dist/joined'), seconds, seconds);
  } catch {
    // Whoever may not write here is told again the next time.
  }
}

async function prepare(mode) {
  if (mode !== 'run' && mode !== 'test') throw new Refusal('usage: node cli/ready.mjs run|test', 64);
  checkNode();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      stopped = signal;
      child?.kill(signal);
    });
  }
  const tell = (pid) => say(`waiting for pid ${pid}, which prepares this folder …`);
  lock = await takeLock(at('.gvpie-ready.lock'), tell, () => stopped !== undefined);
  refuseWhenStopped();
  try {
    await install(mode);
    await makeAddonLoad();
    await build(mode);
    await joinModules();
  } finally {
    lock.release();
  }
}

prepare(process.argv[2]).catch((error) => {
  if (stopped) {
    // `once` has given the signal its default action back: the parent sees how this process ended.
    process.kill(process.pid, stopped);
    return;
  }
  if (error.syscall === 'spawn npm')
    say('npm was not found: install it (it comes with Node.js) and run the command again');
  else if (error instanceof Refusal) say(error.message);
  else console.error(error);
  process.exitCode = error.exitCode ?? 70;
});
