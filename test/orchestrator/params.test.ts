/** Params on their way from a row to its cartridge's label, in a world without a disk and without time. */
import { describe, expect, it } from 'vitest';
import type { Label } from '../../shared/cartridge/label.ts';
import { readLabel } from '../../shared/cartridge/open.ts';
import type { Params } from '../../shared/params.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const PROGRAM = 'RECT 0 0 4 1';
const COUNT = '{"Count": 3}';

/** A world in which one row is due; `params` go into its column. */
async function worldWith(params: string | null, lang = 'pixel', code = PROGRAM): Promise<FakeOrchestrator> {
  const world = new FakeOrchestrator().serve();
  world.write(
    'INSERT INTO improvement_scripts (name, lang, code, params) VALUES (?, ?, ?, ?)',
    'mine',
    lang,
    code,
    params,
  );
  const embedded = { program: PROGRAM, canvas: { width: 8, height: 8 } };
  world.programs.set('plain.png', { ...embedded, params: {} });
  world.programs.set('drawn.png', { ...embedded, params: { count: 1, size: 2 } });
  world.daemon.start();
  await world.step(0);
  return world;
}

const asked = (world: FakeOrchestrator): object => JSON.parse([...world.inbox.values()][0] ?? '{}');

/** The renderer answers; every PARAM stood for what `stood` says. */
async function answered(world: FakeOrchestrator, stood?: Params): Promise<Label | undefined> {
  world.take();
  const [id] = [...world.taken.keys()];
  world.answer(id ?? '');
  const answer = world.outbox.get(id ?? '');
  if (stood !== undefined && answer?.reply.status === 'ok') answer.reply.params = stood;
  await world.step();
  const [bytes] = world.cartridges.values();
  return bytes && readLabel(bytes).label;
}

describe('the params of a row', () => {
  it('go into its command, and what each PARAM stood for onto its cartridge', async () => {
    const world = await worldWith(COUNT);
    expect(asked(world)).toMatchObject({ code: PROGRAM, params: { count: 3 } });
    const label = await answered(world, { count: 3, size: 9 });
    expect(label).toMatchObject({ program: PROGRAM, params: { count: 3, size: 9 } });
    expect(world.outcomes()).toEqual(['mine success']);
  });

  it.each([null, '', '{}'])('that are %j leave no trace in the command and on the label', async (params) => {
    const world = await worldWith(params);
    const [{ spool_id } = { spool_id: '' }] = world.runs();
    expect(world.inbox.get(spool_id)).toBe(
      `{"op":"render_program","id":"${spool_id}","code":"${PROGRAM}","width":128,"height":64,"format":"RGBA"}`,
    );
    const label = await answered(world);
    expect(label).not.toHaveProperty('params');
  });

  it('make it due when they change, and it is rendered with the new ones', async () => {
    const world = await worldWith(COUNT);
    await answered(world, { count: 3 });
    world.write(`UPDATE improvement_scripts SET params = '{"count":4}'`);
    await world.step();
    expect(asked(world)).toMatchObject({ params: { count: 4 } });
  });

  it('that are no object of numbers are refused, without a question to anybody, until they change', async () => {
    const world = await worldWith('{"count":"3"}');
    expect(world.inbox.size).toBe(0);
    await world.step();
    expect(world.outcomes()).toEqual(['mine refused']);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '')).toMatchObject({ error: { code: 'ROW-E007' } });
    await world.step(600_000);
    expect(world.outcomes()).toEqual(['mine refused']);
    world.write('UPDATE improvement_scripts SET params = ?', COUNT);
    await world.step();
    expect(asked(world)).toMatchObject({ params: { count: 3 } });
  });

  it('that the program does not have are refused by the renderer, and rest', async () => {
    const world = await worldWith(COUNT);
    world.take();
    const error = { code: 'PXL-E033', message: 'Expected params of the program, found count' };
    world.answer([...world.taken.keys()][0] ?? '', { status: 'refused', error, errors: [error] });
    await world.step();
    await world.step(600_000);
    expect(world.outcomes()).toEqual(['mine refused']);
  });

  it('make no cartridge where the renderer drew with others', async () => {
    for (const stood of [undefined, {}, { count: 4 }]) {
      const world = await worldWith(COUNT);
      expect(await answered(world, stood)).toBeUndefined();
      expect(world.outcomes()).toEqual(['mine failed']);
      expect(JSON.parse(world.runs()[0]?.stderr ?? '')).toMatchObject({ error: { code: 'RUN-E004' } });
    }
  });
});

describe('a row that names a cartridge', () => {
  it.each([
    ['drawn.png', null, { count: 1, size: 2 }],
    ['drawn.png', COUNT, { count: 3, size: 2 }],
    ['plain.png', COUNT, { count: 3 }],
  ])('%s, with params %j of its own, asks for %j', async (code, params, expected) => {
    const world = await worldWith(params, 'cartridge', code);
    expect(asked(world)).toMatchObject({ code: PROGRAM, width: 8, height: 8, params: expected });
    expect((await answered(world, expected))?.params).toEqual(expected);
  });

  it('without params, of a cartridge without params, asks for none', async () => {
    expect(asked(await worldWith(null, 'cartridge', 'plain.png'))).not.toHaveProperty('params');
  });
});

describe('a renderer built from the seed, which writes no reply', () => {
  it('is sent params in the slot too, and its picture says what was asked for', async () => {
    const world = new FakeOrchestrator({ door: 'slot' });
    world.write(
      `INSERT INTO improvement_scripts (name, lang, code, params) VALUES ('mine', 'pixel', ?, ?)`,
      PROGRAM,
      COUNT,
    );
    world.daemon.start();
    await world.step(0);
    world.answerSlot();
    await world.step();
    expect(JSON.parse(world.slot.command ?? '{}')).toMatchObject({ code: PROGRAM, params: { count: 3 } });
    world.answerSlot();
    await world.step();
    const [bytes] = world.cartridges.values();
    expect(bytes && readLabel(bytes).label.params).toEqual({ count: 3 });
  });
});
