import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { serveRenderer } from '../../renderer/host/serve.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { silentJournal } from '../../shared/host/journal.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { Pair } from '../support/pair.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { markedBlock, readPage } from './pages.ts';

const readme = readPage('README.md');

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** Runs a block of README as a file, as a reader would; gives what it printed. */
async function paste(
  mark: string,
  folder: string,
  environment: Record<string, string> = {},
  change = (text: string): string => text,
): Promise<string> {
  const name = mark.split(' ')[1] as string;
  const file = join(folder, name);
  writeFileSync(file, change(markedBlock(readme, mark)));
  const [program, ...first] = name.endsWith('.py') ? ['python3'] : ['sh', '-e'];
  const { stdout, stderr } = await promisify(execFile)(program as string, [...first, file], {
    cwd: folder,
    env: { ...process.env, ...environment },
    timeout: 20_000,
  });
  return stdout + stderr;
}

/** A renderer on a socket of its own, for one test. */
async function socket(): Promise<{ folder: string; environment: Record<string, string> }> {
  const folder = temporaryFolder();
  const socketDir = join(folder, 'socket');
  const serving = await serveRenderer({ socketDir, backend: 'cpu' }, silentJournal);
  onTestFinished(() => serving.stop());
  return { folder, environment: { GVPIE_SOCKET_DIR: socketDir } };
}

const leftIn = (environment: Record<string, string>, room: string): string[] =>
  readdirSync(join(environment.GVPIE_SOCKET_DIR as string, room));

describe("README's clients", () => {
  it.skipIf(!has('python3'))('draw through the slot from Python', async () => {
    const { folder, environment } = await socket();
    const out = await paste('client: slot.py', folder, environment);
    expect(out).toMatch(/^32768 bytes, [1-9]\d* white pixels\n$/);
  });

  it.skipIf(!has('python3'))(
    'draw through the spool from Python, several at once, and clear up',
    async () => {
      const { folder, environment } = await socket();
      const out = await paste('client: spool.py', folder, environment);
      expect(out.trimEnd().split('\n')).toHaveLength(3);
      expect(out).toMatch(/^(\S+ 32768 bytes on cpu for 2 steps\n){3}$/);
      expect(leftIn(environment, 'outbox')).toEqual([]);
    },
  );

  it.skipIf(!has('python3'))('stop early in the slot when the program is refused', async () => {
    const { folder, environment } = await socket();
    const refused = paste('client: slot.py', folder, environment, (text) =>
      text.replace('TXT 10', 'TXT ten'),
    );
    await expect(refused).rejects.toThrow(/ValueError: Expected a name that has a value, found "ten"/);
  });

  it.each(['client: slot.sh', 'client: spool.sh'])('print why a program is refused: %s', async (mark) => {
    const { folder, environment } = await socket();
    const out = await paste(mark, folder, environment, (text) => text.replace(/(TXT|RECT) \d+/, '$1 ten'));
    expect(JSON.parse(out)).toMatchObject({ status: 'refused', error: { code: 'PXL-E016' } });
  });

  it.each(['client: slot.sh', 'client: spool.sh'])(
    'ask for a renderer where none has been: %s',
    async (mark) => {
      const folder = temporaryFolder();
      const environment = { GVPIE_SOCKET_DIR: join(folder, 'none') };
      expect(await paste(mark, folder, environment)).toBe(
        `no answer from ${join(folder, 'none')}: is a renderer running? npm run renderer\n`,
      );
    },
  );

  it('draw through the slot from a shell', async () => {
    const { folder, environment } = await socket();
    const [reply = '', size] = (await paste('client: slot.sh', folder, environment)).trimEnd().split('\n');
    expect(JSON.parse(reply)).toMatchObject({ id: 'sh', status: 'ok', bytes: 32_768, steps: 2 });
    const timings = Object.values<number>(JSON.parse(reply).timings_ms);
    expect(timings).toEqual(timings.map((ms) => Math.round(ms * 100) / 100));
    expect(Number(size)).toBe(32_768);
  });

  it('draw through the spool from a shell and clear up', async () => {
    const { folder, environment } = await socket();
    const [reply = '', size] = (await paste('client: spool.sh', folder, environment)).trimEnd().split('\n');
    expect(JSON.parse(reply)).toMatchObject({ status: 'ok', pixels_written: 64 * 32 });
    expect(Number(size)).toBe(32_768);
    expect(leftIn(environment, 'outbox')).toEqual([]);
  });
});

describe("README's pictures in pictures", () => {
  const MAIN = join(packageRoot(), 'dist/cli/main.js');
  /** Without npm, which would look after the clone first. */
  const direct = (text: string): string => text.replaceAll('npm run gvpie --', `node ${MAIN}`);

  it('draw one cartridge in another, by its checksum, and verify it', async () => {
    const folder = temporaryFolder();
    symlinkSync(join(packageRoot(), 'docs'), join(folder, 'docs'));
    const out = await paste('paste: image.sh', folder, {}, direct);
    const program = readFileSync(join(folder, 'framed.pxl'), 'utf8');
    expect(out).toContain(`to draw it      ${program.split('\n')[0]}\n`);
    expect(out).toMatch(/\nok {6}framed\.png {2}[0-9a-f]{64}\n$/);
    const inner = openCartridge(readFileSync(join(folder, 'docs/hello.png')));
    const { pixels } = openCartridge(readFileSync(join(folder, 'framed.png')));
    for (let y = 0; y < 160; y++) {
      const row = Buffer.from(pixels).subarray(((y + 10) * 340 + 10) * 4, ((y + 10) * 340 + 330) * 4);
      expect(row.equals(inner.pixels.subarray(y * 1_280, (y + 1) * 1_280))).toBe(true);
    }
  });

  it('do so in rows, which find the picture by themselves', async () => {
    const pair = new Pair();
    for (const name of ['docs', 'examples']) symlinkSync(join(packageRoot(), name), join(pair.folder, name));
    await Promise.all([pair.renderer(), pair.orchestrator()]);
    await paste('paste: image.sh', pair.folder, {}, direct);
    await paste('paste: image-rows.sh', pair.folder, { GVPIE_DB: pair.database }, direct);
    const alone = openCartridge(readFileSync(join(pair.folder, 'framed.png')));
    expect(pair.cartridge(await pair.run('framed')).text.checksum).toBe(alone.text.checksum);
  });
});

describe("README's SQLite clients", () => {
  /** A folder with the database where README says it is. */
  function database(): { folder: string; scripts: () => unknown[] } {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'db'));
    const open = openDatabase(join(folder, 'db/daemon.db'), { durability: 'fast' });
    onTestFinished(() => {
      open.close();
    });
    const query = open.prepare(
      `SELECT name, lang, code, width, height, revision FROM improvement_scripts
       WHERE name <> 'hello_gpu' AND enabled = 1 AND name IN (SELECT name FROM v_due)`,
    );
    return { folder, scripts: () => query.all() };
  }

  it.skipIf(!has('sqlite3'))('add and change a script with the sqlite3 command', async () => {
    const { folder, scripts } = database();
    await paste('paste: insert.sh', folder);
    const mine = { name: 'mine', lang: 'pixel', code: 'RECT 5 5 20 10', width: 128, height: 64, revision: 1 };
    expect(scripts()).toEqual([mine]);
    await paste('paste: update.sh', folder);
    expect(scripts()).toEqual([{ ...mine, code: 'RECT 5 5 40 10', revision: 2 }]);
  });

  it.skipIf(!has('python3'))('add a script from Python', async () => {
    const { folder, scripts } = database();
    await paste('paste: insert.py', folder);
    expect(scripts()).toMatchObject([{ name: 'from_python', lang: 'pixel', width: 160, height: 48 }]);
  });
});
