import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { judge } from '../../shared/cartridge/judge.ts';
import type { Cartridge } from '../../shared/cartridge/open.ts';
import { LIMITS } from '../../shared/limits.ts';
import { expectedPixels } from '../support/expected-pixels.ts';
import { Pair } from '../support/pair.ts';
import { namesIn } from '../support/renderer-process.ts';
import { python } from './database.ts';

async function serving(...flags: string[]): Promise<Pair> {
  const pair = new Pair();
  await Promise.all([pair.renderer(), pair.orchestrator(...flags)]);
  await pair.run('hello_gpu');
  return pair;
}

async function verdict(cartridge: Cartridge): Promise<string> {
  const { label } = cartridge;
  return judge(cartridge, await render(Buffer.from(label.program), label.canvas, cpuPainter, () => 0))
    .verdict;
}

describe('a row that any SQLite client writes while the pair runs', () => {
  it('becomes a cartridge that proves itself, and again whenever it changes', async () => {
    const pair = await serving();
    python(
      pair.database,
      `INSERT INTO improvement_scripts (name, lang, code) VALUES ('mine', 'pixel', 'RECT 5 5 20 10');`,
    );
    const first = await pair.run('mine');
    expect(first).toMatchObject({ outcome: 'success', success: 1 });
    const cartridge = pair.cartridge(first);
    expect(Buffer.compare(cartridge.pixels, await expectedPixels('RECT 5 5 20 10'))).toBe(0);
    expect(cartridge.run?.id).toBe(first.spool_id);
    expect(await verdict(cartridge)).toBe('ok');
    const flipped = { ...cartridge, pixels: cartridge.pixels.slice() };
    flipped.pixels[77] = (flipped.pixels[77] ?? 0) ^ 1;
    expect(await verdict(flipped)).toBe('pixels-differ');

    python(pair.database, `UPDATE improvement_scripts SET code = 'RECT 1 1 2 2' WHERE name = 'mine';`);
    const second = await pair.run('mine', 2);
    expect(pair.cartridge(second).label).toMatchObject({
      program: 'RECT 1 1 2 2',
      script: { name: 'mine', revision: 2 },
    });
    python(pair.database, `UPDATE improvement_scripts SET width = 16, height = 8 WHERE name = 'mine';`);
    const third = await pair.run('mine', 3);
    expect(pair.cartridge(third).canvas).toEqual({ width: 16, height: 8 });
    const [counts] = pair.query(
      `SELECT run_count, success_count FROM improvement_scripts WHERE name = 'mine'`,
    );
    expect(counts).toEqual({ run_count: 3, success_count: 3 });
    expect(pair.query('SELECT file_name FROM cartridges ORDER BY file_name')).toEqual(
      pair.shelf().map((file_name) => ({ file_name })),
    );
  });

  it('may name a cartridge instead, by its file, its path or its checksum, and has its program run', async () => {
    const pair = await serving();
    pair.insert('original', 'TXT 1 1 again\nRECT 3 9 7 2');
    const original = await pair.run('original');
    const file = original.cartridge_path ?? '';
    const { checksum } = pair.cartridge(original).text;
    const references = { file, path: `cartridges/${file}`, printed: join(pair.cartridges, file), checksum };
    for (const [name, code] of Object.entries(references)) {
      const sql = `INSERT INTO improvement_scripts (name, lang, code, force) VALUES (?, 'cartridge', ?, 1)`;
      pair.execute(sql, name, code);
    }
    for (const name of Object.keys(references)) {
      const copy = pair.cartridge(await pair.run(name));
      expect([copy.text.checksum, copy.label.program, copy.label.script?.name]).toEqual([
        checksum,
        'TXT 1 1 again\nRECT 3 9 7 2',
        name,
      ]);
    }
  });

  it('is not rendered where its picture is known, unless it is forced or the file is gone', async () => {
    const pair = await serving();
    pair.insert('original', 'TXT 1 1 once');
    const { cartridge_path: file } = await pair.run('original');
    const before = pair.shelf();
    for (const name of ['twin', 'third']) pair.insert(name, 'TXT 1 1 once');
    for (const name of ['twin', 'third']) {
      const run = await pair.run(name);
      expect([run.outcome, run.cartridge_path]).toEqual(['success', file]);
      expect(JSON.parse(run.stdout ?? '')).toMatchObject({ known: true, warnings: [] });
    }
    expect(pair.shelf()).toEqual(before);
    pair.execute(`UPDATE jobs SET state = 'queued', forced = 1
      WHERE script_id = (SELECT id FROM improvement_scripts WHERE name = 'twin')`);
    const forced = await pair.run('twin', 2);
    expect(pair.cartridge(forced).label.script?.name).toBe('twin');
    for (const name of [file, forced.cartridge_path]) rmSync(join(pair.cartridges, name ?? ''));
    pair.insert('last', 'TXT 1 1 once');
    const last = await pair.run('last');
    expect(pair.cartridge(last).run?.id).toBe(last.spool_id);
    const known =
      'SELECT name FROM improvement_runs AS run JOIN improvement_scripts AS script ON script.id = script_id WHERE known';
    expect(pair.query(known)).toEqual([{ name: 'twin' }, { name: 'third' }]);
  });

  it('is rejected where its picture is not what it expects, small or large, and rests until it changes', async () => {
    const pair = await serving();
    const sql =
      'INSERT INTO improvement_scripts (name, lang, code, width, height, expect) VALUES (?, ?, ?, ?, ?, ?)';
    const program = 'COLOR gold\nRECT 0 0 width/2 height';
    const [good, bad] = ['{"ink":[0.5,0.5],"colors":["#ffd700"]}', '{"ink":[0.5,1],"colors":["#ff0000"]}'];
    for (const side of [64, 1_024]) {
      pair.execute(sql, `good ${side}`, 'pixel', program, side, side, good);
      pair.execute(sql, `bad ${side}`, 'pixel', `${program}\n`, side, side, bad);
      expect(await pair.run(`good ${side}`)).toMatchObject({ outcome: 'success', stderr: null });
      const run = await pair.run(`bad ${side}`);
      expect([run.outcome, run.success]).toEqual(['rejected', 0]);
      expect(JSON.parse(run.stderr ?? '')).toMatchObject({
        error: { code: 'RUN-E010' },
        evidence: { ink: 0.5, blank: false, colors: { found: [], missing: ['#ff0000'] } },
      });
      expect(run.cartridge_path).toMatch(/-rejected\.png$/);
      expect(pair.cartridge(run).canvas.width).toBe(side);
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(pair.runs('bad 64')).toHaveLength(1);
    pair.execute(`UPDATE improvement_scripts SET expect = ? WHERE name = 'bad 64'`, good);
    expect(await pair.run('bad 64', 2)).toMatchObject({ outcome: 'success' });
  });

  it('is refused with the reason where it cannot be one, and keeps no other row waiting', async () => {
    const pair = await serving();
    const secret = join(pair.folder, 'secret.png');
    writeFileSync(secret, 'not yours');
    symlinkSync(secret, join(pair.cartridges, 'link.png'));
    symlinkSync('/etc', join(pair.cartridges, 'etc'));
    const rows: Record<string, [lang: string, code: string | Uint8Array, error: string]> = {
      python: ['python', 'print(1)', 'ROW-E001'],
      blob: ['pixel', Buffer.from('HALT'), 'ROW-E002'],
      long: ['pixel', '\n'.repeat(LIMITS.sourceBytes + 1), 'ROW-E004'],
      escaped: ['pixel', '"'.repeat(LIMITS.sourceBytes), 'ROW-E004'],
      outside: ['cartridge', '../secret.png', 'ROW-E006'],
      absolute: ['cartridge', '/etc/passwd', 'ROW-E006'],
      linked: ['cartridge', 'link.png', 'ROW-E006'],
      'linked-folder': ['cartridge', 'etc/passwd', 'ROW-E006'],
      nul: ['cartridge', 'a\0b', 'ROW-E006'],
      'long-path': ['cartridge', 'x/'.repeat(5_000), 'ROW-E006'],
      'long-name': ['cartridge', 'x'.repeat(5_000), 'ROW-E006'],
      nothing: ['cartridge', '', 'ROW-E006'],
      'no-such-checksum': ['cartridge', '0'.repeat(64), 'ROW-E006'],
      syntax: ['pixel', 'RECT 1 2 3', 'PXL-E007'],
    };
    for (const [name, [lang, code]] of Object.entries(rows)) pair.insert(name, code, lang);
    python(
      pair.database,
      `INSERT INTO improvement_scripts (name, lang, code) VALUES ('utf8', 'pixel', CAST(X'48ff' AS TEXT));
       INSERT INTO improvement_scripts (name, lang, code, width) VALUES ('wide', 'pixel', 'HALT', 'wide');
       INSERT INTO improvement_scripts (name, lang, code, height) VALUES ('high', 'pixel', 'HALT', 16385);
       INSERT INTO improvement_scripts (name, lang, code, params) VALUES ('text', 'pixel', 'HALT', 'count=3');
       INSERT INTO improvement_scripts (name, lang, code, params) VALUES ('none', 'pixel', 'HALT', '{"count":3}');
       INSERT INTO improvement_scripts (name, lang, code) VALUES ('good', 'pixel', '');`,
    );
    const errors = Object.entries(rows).map(([name, [, , error]]) => [name, error]);
    for (const [name, error] of [
      ...errors,
      ['utf8', 'ROW-E003'],
      ['wide', 'ROW-E005'],
      ['high', 'ROW-E005'],
      ['text', 'ROW-E007'],
      ['none', 'PXL-E033'],
    ]) {
      const run = await pair.run(name ?? '');
      expect(run, `${name} ${run.stderr}`).toMatchObject({
        outcome: 'refused',
        success: 0,
        cartridge_path: null,
      });
      const reply = JSON.parse(run.stderr ?? '');
      expect(reply, name).toMatchObject({ status: 'refused', error: { code: error } });
      expect(reply.errors[0], name).toEqual(reply.error);
      expect(reply.error.message, name).toMatch(/^Expected .*, found /);
    }
    expect(await pair.run('good')).toMatchObject({ outcome: 'success' });
    // Nothing is tried again by itself.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(pair.runs()).toHaveLength(errors.length + 7);
  });

  it('is told every error of its program, by line and column', async () => {
    const pair = await serving();
    pair.insert('wrong', 'TXT ten 10 Hello\nRECT 1 2 3 4\nJUMP 5');
    const reply = JSON.parse((await pair.run('wrong')).stderr ?? '');
    expect(reply.errors.map(({ line }: { line: number }) => line)).toEqual([1, 3]);
    expect(reply.error).toMatchObject({ line: 1, column: 5, excerpt: expect.stringContaining('^') });
  });

  it('may have any name at all, and none of them is a path', async () => {
    const pair = await serving();
    const names = ['../x', '../../x', '/x', '.', '..', '', 'a\0b', 'x'.repeat(300), '語'.repeat(300), 'Twin'];
    names.push('twin', 'TWIN', '\u202Egnp.exe', '\u200F', '🎨', '-rf', '.hidden', 'a\nb', 'CON', '%00');
    for (const [n, name] of names.entries()) pair.insert(name, `PIX ${n} 1`);
    await pair.idle();
    const made = pair.runs().filter(({ outcome }) => outcome === 'success');
    expect(made).toHaveLength(names.length + 1);
    expect(new Set(made.map((run) => run.cartridge_path?.toLowerCase())).size).toBe(made.length);
    expect(pair.shelf()).toEqual(made.map((run) => run.cartridge_path).sort());
    expect(readdirSync(pair.folder).filter((name) => name.endsWith('.png'))).toEqual([]);
    for (const run of made) {
      if (names.includes(run.name ?? '-')) expect(pair.cartridge(run).label.script?.name).toBe(run.name);
    }
  });

  it('may be deleted or disabled while its run is under way', async () => {
    const pair = new Pair();
    const [renderer] = await Promise.all([pair.renderer(), pair.orchestrator()]);
    await pair.run('hello_gpu');
    renderer.process.kill('SIGSTOP');
    for (const name of ['deleted', 'disabled', 'replaced']) pair.insert(name, `TXT 1 1 ${name}`);
    await expect.poll(() => pair.runs().filter((run) => run.outcome === null).length).toBe(3);
    pair.execute(`DELETE FROM improvement_scripts WHERE name = 'deleted'`);
    pair.execute(`UPDATE improvement_scripts SET enabled = 0 WHERE name = 'disabled'`);
    pair.execute(
      `INSERT OR REPLACE INTO improvement_scripts (name, lang, code) VALUES ('replaced', 'pixel', 'RECT 0 0 1 1')`,
    );
    renderer.process.kill('SIGCONT');
    await expect.poll(() => pair.runs('replaced').at(-1)?.outcome).toBe('success');
    await pair.idle();
    expect(pair.runs().every((run) => run.outcome === 'success')).toBe(true);
    const last = pair.runs('replaced').at(-1);
    expect(last && pair.cartridge(last).label.program).toBe('RECT 0 0 1 1');
    expect(namesIn(pair.socket, 'outbox')).toEqual([]);
  });
});

describe('the orchestrator’s settings', () => {
  // None of them has to do with another, so several are tried at once.
  it.each(['--durability durable --door spool --poll-ms 1', '--durability fast --door slot --backend cpu'])(
    '%s renders fifty scripts as well',
    async (flags) => {
      const pair = await serving(...flags.split(' '));
      for (let n = 0; n < 50; n++) pair.insert(`s${n}`, `TXT 1 1 number ${n}`);
      await pair.idle(20_000);
      const all = pair.runs();
      for (let n = 0; n < 50; n++) {
        const runs = all.filter(({ name }) => name === `s${n}`);
        expect(runs.map(({ outcome }) => outcome)).toEqual(['success']);
        const { checksum } = pair.cartridge(runs[0] as never).text;
        expect(checksum).toBe(sha256Hex(await expectedPixels(`TXT 1 1 number ${n}`)));
      }
      expect(pair.shelf()).toHaveLength(51);
      for (const room of ['tmp', 'inbox', 'outbox', 'poison']) {
        await expect.poll(() => namesIn(pair.socket, room)).toEqual([]);
      }
      expect(existsSync(join(pair.socket, 'cmd.json'))).toBe(false);
    },
  );
});
