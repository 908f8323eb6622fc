/** Params and limits on the command line, each command in a folder of its own. */
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { openDatabase } from '../../orchestrator/host/migrate.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { SpoolHand } from '../support/spool-hand.ts';
import { Workplace } from './gvpie.ts';

const BOX = 'RECT 5 5 20 10\nHALT';
let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('box.pxl', BOX);
});
afterEach(() => place.clear());

const COMMANDS = [
  ['check', 'box.pxl'],
  ['render', 'box.pxl'],
  ['script', 'add', 'mine', 'box.pxl'],
];

describe('--param', () => {
  it.each(COMMANDS)(
    'of a PARAM that the program does not have is refused by gvpie %s',
    async (...command) => {
      const args = ['--param', 'Count=3', '--param', 'size=-1'];
      const { code, stdout, stderr } = await place.run([...command, ...args]);
      expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
      expect(stderr).toMatch(/error PXL-E033: .*count/);
      expect(existsSync(place.at('box.png'))).toBe(false);
      expect((await place.run(command)).code).toBe(EXIT.ok);
    },
  );

  it.each([
    'count',
    'count=',
    '=3',
    'count=x',
    'count=3.0',
    'count= 3',
    'count=0x3',
    'count=2147483648',
    'count=-2147483649',
    '1a=3',
    'a-b=3',
    `${'n'.repeat(65)}=3`,
  ])('%s is wrong usage, and the right form is said', async (param) => {
    const { code, stdout, stderr } = await place.run(['check', 'box.pxl', '--param', param]);
    expect({ code, stdout }).toEqual({ code: EXIT.usage, stdout: '' });
    expect(stderr).toContain(
      'Expected a name, = and a whole number from -2147483648 to 2147483647, such as count=3.',
    );
  });

  it.each(['count=2147483647', 'count=-2147483648', 'count=007', `${'n'.repeat(64)}=0`])(
    '%s has the right form',
    async (param) => {
      const { code, stderr } = await place.run(['check', 'box.pxl', '--param', param]);
      expect(code).toBe(EXIT.badInput);
      expect(stderr).toContain('PXL-E033');
    },
  );

  it('twice for one PARAM is wrong usage, whatever its case', async () => {
    const { code, stderr } = await place.run(['check', 'box.pxl', '--param', 'a=1', '--param', 'A=2']);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toContain('Expected each name once, found a again.');
  });
});

describe('the params of a script', () => {
  const script = (...args: string[]) => place.run(['script', ...args]);
  const shown = async () => JSON.parse((await script('show', 'mine', '--json')).stdout);
  const sql = (text: string): void => {
    const database = openDatabase(place.at('daemon.db'), { durability: 'fast' });
    database.exec(text);
    database.close();
  };
  // The program has no PARAM, so it is kept only when forced.
  const add = (...args: string[]) => script('add', 'mine', 'box.pxl', '--force', ...args);

  it('are kept with it, and shown and listed', async () => {
    expect((await add('--param', 'Count=3', '--param', 'size=-1')).code).toBe(EXIT.ok);
    expect(await shown()).toMatchObject({ params: { count: 3, size: -1 } });
    expect((await script('show', 'mine')).stdout).toMatch(/^params +count=3 size=-1$/m);
    const [hello, mine] = JSON.parse((await script('list', '--json')).stdout);
    expect([hello.params, mine.params]).toEqual([{}, { count: 3, size: -1 }]);
    expect((await script('show', 'hello_gpu')).stdout).not.toContain('params');
  });

  it('are set one by one, go over the ones that are there, and are cleared', async () => {
    await add('--param', 'count=3');
    const set = async (...args: string[]) => {
      expect((await script('set', 'mine', '--force', ...args)).code).toBe(EXIT.ok);
      const { params, revision } = await shown();
      return [params, revision];
    };
    expect(await set('--param', 'size=2')).toEqual([{ count: 3, size: 2 }, 2]);
    expect(await set('--param', 'COUNT=4')).toEqual([{ count: 4, size: 2 }, 3]);
    expect(await set('--param', 'count=4')).toEqual([{ count: 4, size: 2 }, 3]);
    expect(await set('--size', '8x8')).toEqual([{ count: 4, size: 2 }, 4]);
    expect(await set('--no-params', '--param', 'a=1')).toEqual([{ a: 1 }, 5]);
    expect(await set('--no-params')).toEqual([{}, 6]);
    // None are NULL, not an empty object.
    sql('DELETE FROM improvement_scripts WHERE params IS NOT NULL');
    expect(await shown()).toMatchObject({ name: 'mine' });
  });

  it('are held to the program, unless forced', async () => {
    await script('add', 'mine', 'box.pxl');
    const refused = await script('set', 'mine', '--param', 'count=3', '--json');
    expect(refused.code).toBe(EXIT.badInput);
    expect(JSON.parse(refused.stdout)).toMatchObject({ status: 'refused', errors: [{ code: 'PXL-E033' }] });
    expect(await shown()).toMatchObject({ params: {}, revision: 1 });
    expect((await script('set', 'mine', '--no-params')).stdout).toBe('mine is as it was\n');
  });

  it('that somebody wrote wrong are shown as they are, complained of, and forgotten when told to', async () => {
    await script('add', 'mine', 'box.pxl');
    sql(`UPDATE improvement_scripts SET params = '{count: 3}' WHERE name = 'mine'`);
    expect(await shown()).toMatchObject({ params: '{count: 3}' });
    expect((await script('show', 'mine')).stdout).toMatch(/^params +\{count: 3\}$/m);
    const resized = await script('set', 'mine', '--size', '8x8');
    expect(resized.code).toBe(EXIT.badInput);
    expect(resized.stderr).toContain('ROW-E007: Expected params in JSON, found "{count: 3}"');
    const added = await script('set', 'mine', '--param', 'a=1');
    expect(added.code).toBe(EXIT.badInput);
    expect(added.stderr).toContain('hint: --no-params forgets them');
    expect((await script('set', 'mine', '--no-params')).code).toBe(EXIT.ok);
    expect(await shown()).toMatchObject({ params: {} });
  });
});

describe('the params of a cartridge', () => {
  it('are shown by inspect, and verify draws the program with them', async () => {
    await place.run(['render', 'box.pxl']);
    const { label, run, pixels, canvas, text } = openCartridge(place.read('box.png'));
    if (run === undefined) throw new Error('the good cartridge has a run');
    const forge = (params: Record<string, number>) => {
      const forged = labelOf({ ...label, canvas, params });
      return press({ pixels, canvas, label: forged, run, createdAt: text.created_at });
    };
    place.write('params.png', forge({ count: 3, size: -1 }));
    place.write('plain.png', forge({}));
    expect((await place.run(['inspect', 'params.png'])).stdout).toMatch(/^params +count=3 size=-1$/m);
    const json = JSON.parse((await place.run(['inspect', 'params.png', '--json'])).stdout);
    expect(json.label.params).toEqual({ count: 3, size: -1 });
    expect((await place.run(['inspect', 'plain.png'])).stdout).not.toMatch(/^params/m);
    // This program has no PARAM, which only a run that is given them finds out.
    const verified = await place.run(['verify', '--json', 'params.png', 'plain.png']);
    expect(verified.code).toBe(EXIT.badInput);
    expect(JSON.parse(verified.stdout)).toMatchObject([
      { verdict: 'bad-program', errors: [{ code: 'PXL-E033' }] },
      { verdict: 'ok' },
    ]);
  });
});

describe('the settings that limit a run', () => {
  const COSTS = [
    ['--max-steps', 2, 'PXL-E012'],
    ['--max-shapes', 1, 'PXL-E013'],
    ['--max-pixels', 200, 'PXL-E014'],
  ] as const;

  it.each(COSTS)(
    '%s %i is enough for check and render, one fewer is refused with %s',
    async (flag, enough, error) => {
      for (const command of [
        ['check', 'box.pxl'],
        ['render', 'box.pxl'],
      ]) {
        expect((await place.run([...command, flag, `${enough}`])).code).toBe(EXIT.ok);
        const { code, stderr } = await place.run([...command, flag, `${enough - 1}`]);
        expect(code).toBe(EXIT.badInput);
        expect(stderr).toContain(error);
      }
    },
  );

  it('come from the environment too, and are refused outside their range', async () => {
    const low = await place.run(['check', 'box.pxl'], { env: { GVPIE_MAX_STEPS: '1' } });
    expect(low.stderr).toContain('PXL-E012');
    const high = await place.run(['check', 'box.pxl', '--max-bytes', '268435457']);
    expect(high.code).toBe(EXIT.usage);
    expect(high.stderr).toContain('Expected --max-bytes to be 0 to 268435456, found "268435457"');
  });

  it('hold every command of a renderer that was started with them', async () => {
    const renderer = await place.start(['renderer', '--max-steps', '1'], 'renderer:serving');
    const spool = new SpoolHand(place.at('socket'));
    spool.offer('two', BOX);
    spool.offer('one', 'HALT');
    expect((await spool.answer('two')).reply.error?.code).toBe('PXL-E012');
    expect((await spool.answer('one')).reply.status).toBe('ok');
    await renderer.stop();
  });

  it('reach the renderer of gvpie up, and let its orchestrator be', async () => {
    await place.run(['script', 'add', 'mine', 'box.pxl']);
    await place.run(['up', '--once', '--max-steps=1', '--backend', 'cpu']);
    const runs = JSON.parse((await place.run(['runs', 'mine', '--json'])).stdout);
    expect(runs).toMatchObject([{ outcome: 'refused', stderr: expect.stringContaining('PXL-E012') }]);
  });
});
