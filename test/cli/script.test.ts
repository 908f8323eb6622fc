/** `gvpie script` and `gvpie runs` over a database, with nobody else there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { type Ended, Workplace } from './gvpie.ts';

const BOX = 'RECT 5 5 20 10';
let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

const script = (...args: string[]): Promise<Ended> => place.run(['script', ...args]);

async function shown(name: string): Promise<Record<string, unknown>> {
  const { stdout } = await script('show', name, '--json');
  return JSON.parse(stdout);
}

/** Writes to the database as any SQLite client would. */
function sql(text: string): void {
  const database = openDatabase(place.at('daemon.db'), { durability: 'fast' });
  database.exec(text);
  database.close();
}

/** What an orchestrator leaves of a script: its job is done. */
function render(name: string): void {
  for (const state of ['running', 'done']) {
    sql(
      `UPDATE jobs SET state = '${state}'
       WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = '${name}')`,
    );
  }
}

describe('gvpie script add', () => {
  it('makes the database and adds a script, enabled and due', async () => {
    const { code, stdout, stderr } = await script('add', 'mine', '--code', BOX);
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(stdout).toBe(
      `the new database is ${place.at('daemon.db')}\nmine is added (pixel, 128×64) and due\n`,
    );
    expect((await script('add', 'another', '--code', BOX)).stdout).toBe(
      'another is added (pixel, 128×64) and due\n',
    );
    expect(await shown('mine')).toMatchObject({
      name: 'mine',
      lang: 'pixel',
      code: BOX,
      width: 128,
      height: 64,
      enabled: true,
      state: 'due',
      revision: 1,
      run_count: 0,
    });
  });

  it('takes the program from a file or from standard input, to the byte', async () => {
    const code = '\uFEFF# é\r\nHALT\n\n';
    place.write('a.pxl', code);
    await script('add', 'file', 'a.pxl', '--lang', 'gvpie', '--size', '32x16');
    await place.run(['script', 'add', 'piped', '-'], { input: code });
    expect(await shown('file')).toMatchObject({ code, lang: 'gvpie', width: 32, height: 16 });
    expect(await place.run(['script', 'show', 'piped', '--program'])).toEqual({
      code: 0,
      stdout: code,
      stderr: '',
    });
  });

  it('refuses a program that would be refused, unless forced', async () => {
    const refused = await script('add', 'bad', '--code', 'FOO', '--json');
    expect(refused.code).toBe(EXIT.badInput);
    expect(refused.stderr).toContain('bad:1:1: error PXL-E006');
    expect(JSON.parse(refused.stdout)).toMatchObject({ status: 'refused', errors: [{ code: 'PXL-E006' }] });
    expect(existsSync(place.at('daemon.db'))).toBe(false);
    const forced = await script('add', 'bad', '--code', 'FOO', '--force', '--json');
    expect(forced.code).toBe(EXIT.ok);
    expect(forced.stderr).toContain('PXL-E006');
    expect(JSON.parse(forced.stdout)).toMatchObject({ status: 'ok', name: 'bad', id: expect.any(Number) });
  });

  it('refuses python, which this version does not run, and takes a cartridge as it is', async () => {
    expect((await script('add', 'p', '--lang', 'python', '--code', 'print(1)')).code).toBe(EXIT.badInput);
    expect((await script('add', 'c', '--lang', 'cartridge', '--code', 'a.png')).code).toBe(EXIT.ok);
  });

  it.each([
    [['add', 'a'], EXIT.usage, 'Expected a program, found none'],
    [['add', 'a', 'b.pxl', '--code', BOX], EXIT.usage, 'Expected a FILE or --code, found both'],
    [['add', '', '--code', BOX], EXIT.usage, 'Expected a name'],
    [['add', 'a', 'none.pxl'], EXIT.badInput, 'found no file'],
    [['add', 'hello_gpu', '--code', BOX], EXIT.badInput, 'found the script "hello_gpu"'],
  ])('refuses %j', async (args, exit, words) => {
    const { code, stdout, stderr } = await script(...args);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('refuses bytes that are not UTF-8, even when forced', async () => {
    place.write('latin.pxl', Uint8Array.of(0x23, 0xe9));
    const { code, stderr } = await script('add', 'a', 'latin.pxl', '--force');
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('latin.pxl to be UTF-8');
  });
});

describe('gvpie script set', () => {
  beforeEach(() => script('add', 'mine', '--code', BOX));

  it('changes what is given, and the script is due', async () => {
    render('mine');
    const { code, stdout } = await script('set', 'mine', '--size', '64x64');
    expect({ code, stdout }).toEqual({ code: EXIT.ok, stdout: 'mine is changed (revision 2): due\n' });
    expect(await shown('mine')).toMatchObject({ code: BOX, width: 64, height: 64, state: 'due' });
  });

  it('leaves a script alone that would be the same', async () => {
    render('mine');
    const { stdout } = await script('set', 'mine', '--code', BOX, '--json');
    expect(JSON.parse(stdout)).toEqual({
      status: 'ok',
      name: 'mine',
      changed: false,
      revision: 1,
      state: 'rendered',
    });
  });

  it('refuses a program that would be refused, and keeps the old one', async () => {
    expect((await script('set', 'mine', '--code', 'FOO')).code).toBe(EXIT.badInput);
    expect(await shown('mine')).toMatchObject({ code: BOX, revision: 1 });
  });

  it('refuses to change nothing', async () => {
    expect((await script('set', 'mine')).code).toBe(EXIT.usage);
  });
});

describe('the other commands of gvpie script', () => {
  it('list scripts in a table and as JSON', async () => {
    await script('add', 'a\nb', '--code', BOX);
    const { stdout } = await script('list');
    expect(stdout.split('\n')).toEqual([
      'NAME       LANG   CANVAS  BYTES  STATE  OK  RUNS  LAST RUN',
      'hello_gpu  gvpie  128×64     24  due     0     0  never',
      'a␊b        pixel  128×64     14  due     0     0  never',
      '',
    ]);
    const json = JSON.parse((await script('list', '--json')).stdout);
    expect(json.map((row: { name: string }) => row.name)).toEqual(['hello_gpu', 'a\nb']);
    expect(json[0]).toMatchObject({
      state: 'due',
      code_bytes: 24,
      attempts: 0,
      retry_at: null,
      last_run_at: null,
    });
  });

  it('show a script with its program', async () => {
    await script('add', 'mine', '--code', BOX);
    const { stdout } = await script('show', 'mine');
    expect(stdout).toMatch(/^name +mine$/m);
    expect(stdout.endsWith(`\n\n${BOX}\n`)).toBe(true);
  });

  it('show code that is no text as what it is', async () => {
    await script('add', 'mine', '--code', BOX);
    sql("UPDATE improvement_scripts SET code = x'ff00' WHERE name = 'mine'");
    expect((await script('show', 'mine')).code).toBe(EXIT.badInput);
    expect(await shown('mine')).toMatchObject({ code_base64: '/wA=', code_type: 'blob' });
  });

  it('disable, enable and remove', async () => {
    await script('add', 'mine', '--code', BOX);
    expect((await script('disable', 'mine')).stdout).toBe('mine is disabled\n');
    expect(await shown('mine')).toMatchObject({ enabled: false, state: 'disabled' });
    const run = await script('run', 'mine');
    expect(run.code).toBe(EXIT.badInput);
    expect(run.stderr).toContain('gvpie script enable mine');
    expect((await script('enable', 'mine')).stdout).toBe('mine is enabled: due\n');
    expect((await script('rm', 'mine', '--json')).stdout).toBe(
      '{"status":"ok","name":"mine","removed":true}\n',
    );
    expect((await script('show', 'mine')).code).toBe(EXIT.badInput);
  });

  it('run says that a script is due when no orchestrator works', async () => {
    await script('add', 'mine', '--code', BOX);
    render('mine');
    const { code, stdout, stderr } = await script('run', 'mine');
    expect({ code, stdout }).toEqual({ code: EXIT.unavailable, stdout: '' });
    expect(stderr).toMatch(
      /mine is due, but no orchestrator works on .*: start one with npm run orchestrator/,
    );
    expect(await shown('mine')).toMatchObject({ state: 'due' });
  });

  it('refuse to make a database', async () => {
    const commands = [
      ['script', 'list'],
      ['script', 'show', 'a'],
      ['script', 'set', 'a', '--code', BOX],
      ['script', 'enable', 'a'],
      ['script', 'remove', 'a'],
      ['script', 'run', 'a'],
      ['runs'],
    ];
    for (const { code, stdout, stderr } of await Promise.all(commands.map((args) => place.run(args)))) {
      expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
      expect(stderr).toContain(`Expected a database at ${place.at('daemon.db')}, found none`);
    }
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it('refuse a name that is not there, be it by the case of a letter', async () => {
    await script('add', 'mine', '--code', BOX);
    const verbs = ['show', 'enable', 'disable', 'remove', 'run'];
    for (const { code, stderr } of await Promise.all(verbs.map((verb) => script(verb, 'Mine')))) {
      expect(code).toBe(EXIT.badInput);
      expect(stderr).toContain('found none named "Mine"');
    }
  });

  it('leave a file alone that is not a database', async () => {
    place.write('daemon.db', 'notes');
    const { code, stderr } = await script('list');
    expect(code).toBe(EXIT.internal);
    expect(stderr).toContain('found a file of another kind');
    expect(place.read('daemon.db').toString()).toBe('notes');
  });
});

describe('gvpie runs', () => {
  beforeEach(async () => {
    await script('add', 'mine', '--code', BOX);
    sql(`
      INSERT INTO improvement_runs (script_id, started_at, finished_at, success, outcome, stderr, duration_ms, spool_id)
      VALUES (2, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z', 0, 'refused',
        '{"status":"refused","error":{"code":"PXL-E006","message":"Expected"},"errors":[{"code":"PXL-E006","message":"Expected","line":1,"column":5,"excerpt":"FOO\\n^^^","hint":"TXT"}]}',
        3, 'a');
      INSERT INTO improvement_runs (script_id, started_at, finished_at, success, duration_ms, stdout)
      VALUES (1, '2025-01-01 00:00:00', '2025-01-01 00:00:01', 0, 1000, 'seed');
      INSERT INTO improvement_runs (script_id, started_at, finished_at, success, outcome, duration_ms, backend, cartridge_path, spool_id)
      VALUES (2, '2026-01-01T00:00:02.000Z', '2026-01-01T00:00:03.000Z', 1, 'success', 12, 'cpu', 'mine.png', 'b');
      INSERT INTO improvement_runs (script_id, started_at, spool_id, cartridge_path)
      VALUES (2, '2026-01-01T00:00:04.000Z', 'c', 'next.png');
      DELETE FROM improvement_scripts WHERE id = 1;`);
  });

  it('lists the newest first: open, successful, failed and refused ones', async () => {
    const { code, stdout } = await place.run(['runs']);
    expect(code).toBe(EXIT.ok);
    expect(stdout.split('\n')).toEqual([
      'ID  SCRIPT     STARTED                   OUTCOME    MS  BACKEND  CARTRIDGE OR ERROR',
      ' 4  mine       2026-01-01T00:00:04.000Z  open                    next.png',
      ' 3  mine       2026-01-01T00:00:02.000Z  success    12  cpu      mine.png',
      ' 2  (removed)  2025-01-01 00:00:00       failed   1000',
      ' 1  mine       2026-01-01T00:00:00.000Z  refused     3           1:5 PXL-E006: Expected',
      '',
    ]);
  });

  it('lets script show print the error of the last run, if that failed', async () => {
    sql('DELETE FROM improvement_runs WHERE id > 1; UPDATE improvement_runs SET revision = 1');
    const { stdout } = await script('show', 'mine');
    expect(
      stdout.endsWith(`
${BOX}

the last run ended with:
mine:1:5: error PXL-E006: Expected
    FOO
    ^^^
    hint: TXT
`),
    ).toBe(true);
    expect(await shown('mine')).toMatchObject({ last_errors: [{ code: 'PXL-E006', line: 1, column: 5 }] });
    sql("UPDATE improvement_scripts SET code = 'HALT' WHERE name = 'mine'");
    expect((await script('show', 'mine')).stdout).toContain('\nthe last run, of revision 1, ended with:\n');
  });

  it('lists those of one script, at most as many as asked for, whole in JSON', async () => {
    const { stdout } = await place.run(['runs', 'mine', '--limit', '2', '--json']);
    const rows = JSON.parse(stdout);
    expect(rows.map((row: { id: number }) => row.id)).toEqual([4, 3]);
    expect(rows[1]).toMatchObject({
      script_name: 'mine',
      outcome: 'success',
      duration_ms: 12,
      cartridge_name: 'mine.png',
    });
  });

  it('refuses a script that is not there', async () => {
    expect((await place.run(['runs', 'none'])).code).toBe(EXIT.badInput);
  });

  it('ends quietly, with its own exit code, when its reader has gone', () => {
    const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
    const pipe = `"${process.execPath}" "${main}" runs --db daemon.db 2>err | true; echo "\${PIPESTATUS[0]}" >code`;
    execFileSync('bash', ['-c', pipe], { cwd: place.folder });
    expect(place.read('code').toString()).toBe('0\n');
    expect(place.read('err').toString()).toBe('');
  });
});
