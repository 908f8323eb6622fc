/** Inputs on their way from the registry to a command and a label, in a world without a disk and without time. */
import { describe, expect, it } from 'vitest';
import { CANDIDATES } from '../../orchestrator/config.ts';
import { firstsOf } from '../../orchestrator/place-inputs.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { type Label, labelOf } from '../../shared/cartridge/label.ts';
import { readLabel } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { readPage } from '../docs/pages.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const LOGO = 'a'.repeat(64);
const IMAGE = `IMAGE logo 8 4 ${LOGO.toUpperCase()}`;

interface Registered {
  readonly fileName: string;
  readonly checksum?: string;
  readonly width?: number;
  /** Whether its file is still there. */
  readonly there?: boolean;
}

/** A world in which one row with an IMAGE is due, and these cartridges are registered, the oldest first. */
async function worldWith(
  registry: readonly Registered[],
  code = IMAGE,
  options: ConstructorParameters<typeof FakeOrchestrator>[0] = {},
): Promise<FakeOrchestrator> {
  const world = new FakeOrchestrator(options);
  if (options?.door !== 'slot') world.serve();
  for (const one of registry) register(world, one);
  world.insert('mine', code);
  world.daemon.start();
  await world.step(0);
  return world;
}

function register(
  world: FakeOrchestrator,
  { fileName, checksum = LOGO, width = 8, there = true }: Registered,
) {
  world.write(
    `INSERT INTO cartridges (file_name, checksum, width, height, bytes, created_at) VALUES (?, ?, ?, 4, 9, '')`,
    fileName,
    checksum,
    width,
  );
  if (there) world.cartridges.set(fileName, cartridge());
}

function cartridge(program = 'HALT'): Uint8Array {
  const pixels = new Uint8Array(8 * 4 * 4);
  const canvas = { width: 8, height: 4 };
  const label = labelOf({ program, canvas, checksum: sha256Hex(pixels) });
  const run = { backend: 'cpu', adapter: 'cpu', renderer: 'r1' };
  return press({ pixels, canvas, label, run, createdAt: '2026-01-01T00:00:00.000Z' });
}

const command = (world: FakeOrchestrator): Record<string, unknown> =>
  JSON.parse([...world.inbox.values(), ...world.taken.values()].at(-1) ?? '{}');

/** The renderer answers, saying that it drew with these inputs. */
async function answered(world: FakeOrchestrator, inputs?: string[]): Promise<Label | undefined> {
  world.take();
  const [id = ''] = [...world.taken.keys()];
  world.answer(id);
  const answer = world.outbox.get(id);
  if (inputs !== undefined && answer?.reply.status === 'ok') answer.reply.inputs = inputs;
  await world.step();
  const bytes = [...world.cartridges].find(([name]) => name.startsWith('mine_'))?.[1];
  return bytes && readLabel(bytes).label;
}

const stderr = (world: FakeOrchestrator) => JSON.parse(world.runs().at(-1)?.stderr ?? '{}');

describe('the inputs of a row', () => {
  it('go into its command by the registry, and onto its label with their sizes', async () => {
    const world = await worldWith([
      { fileName: 'logo.png' },
      { fileName: 'x.png', checksum: 'b'.repeat(64) },
    ]);
    expect(command(world)).toMatchObject({ code: IMAGE, inputs: { [LOGO]: '/shelf/logo.png' } });
    const label = await answered(world, [LOGO]);
    expect(label?.inputs).toEqual([{ checksum: LOGO, width: 8, height: 4 }]);
    expect(world.outcomes()).toEqual(['mine success']);
  });

  it('leave no trace where its program has no IMAGE', async () => {
    const world = await worldWith([{ fileName: 'logo.png' }], `# ${IMAGE}`);
    const [{ spool_id } = { spool_id: '' }] = world.runs();
    expect(world.inbox.get(spool_id)).toBe(
      `{"op":"render_program","id":"${spool_id}","code":"# ${IMAGE}","width":128,"height":64,"format":"RGBA"}`,
    );
    expect(await answered(world)).not.toHaveProperty('inputs');
  });

  it.each(['0', '99999', '99999999999999999999'])(
    'are the program’s fault where one is %s wide',
    async (width) => {
      const code = `IMAGE logo ${width} 4 ${LOGO}`;
      const world = await worldWith([], code);
      expect(command(world)).toMatchObject({ code });
      expect(command(world)).not.toHaveProperty('inputs');
      // The control: one that could be there is not asked of the renderer.
      expect(command(await worldWith([], IMAGE))).toEqual({});
    },
  );

  it('are found for the program inside a cartridge too', async () => {
    const world = new FakeOrchestrator().serve();
    register(world, { fileName: 'logo.png' });
    const canvas = { width: 8, height: 4 };
    world.programs.set('drawn.png', { program: IMAGE, canvas, params: {} });
    world.insert('mine', 'drawn.png', 'cartridge');
    world.daemon.start();
    await world.step(0);
    expect(command(world)).toMatchObject({ code: IMAGE, inputs: { [LOGO]: '/shelf/logo.png' } });
  });

  it.each([
    ['none is known', [], 'found none'],
    ['it has another size', [{ fileName: 'logo.png', width: 4 }], 'found one of 4×4'],
    ['its file is gone', [{ fileName: 'logo.png', there: false }], 'found its file gone'],
  ])(
    'are refused where %s, and the row rests until it changes or is asked for again',
    async (_, known, why) => {
      const world = await worldWith(known, `HALT\n${IMAGE}`);
      await world.step();
      expect(world.outcomes()).toEqual(['mine refused']);
      expect(stderr(world)).toMatchObject({
        status: 'refused',
        error: {
          code: 'ROW-E008',
          line: 2,
          message: `Expected a cartridge of 8×4 with the checksum ${LOGO} for line 2, ${why}`,
        },
      });
      register(world, { fileName: 'late.png' });
      await world.step(600_000);
      expect(world.outcomes()).toEqual(['mine refused']);
      world.write(`UPDATE jobs SET state = 'queued'`);
      await world.step();
      expect(command(world)).toMatchObject({ inputs: { [LOGO]: '/shelf/late.png' } });
    },
  );

  it('are taken from the newest file of that checksum and size which is there', async () => {
    const world = await worldWith([
      { fileName: 'old.png' },
      { fileName: 'newer.png' },
      { fileName: 'gone.png', there: false },
      { fileName: 'wide.png', width: 16 },
    ]);
    expect(command(world)).toMatchObject({ inputs: { [LOGO]: '/shelf/newer.png' } });
  });

  it('are taken from the next file when one has failed, so that a damaged one is not in the way for ever', async () => {
    const world = await worldWith([{ fileName: 'sound.png' }, { fileName: 'damaged.png' }]);
    const asked: unknown[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      asked.push((command(world).inputs as Record<string, string>)[LOGO]);
      world.take();
      const error = { code: 'RUN-E008', message: 'Expected 8×4 pixels, found other pixels' };
      world.answer([...world.taken.keys()][0] ?? '', { status: 'error', retryable: true, error });
      await world.step();
      await world.step(600_000);
    }
    expect(asked).toEqual(['/shelf/damaged.png', '/shelf/sound.png', '/shelf/damaged.png']);
    expect(world.outcomes()).toEqual(['mine failed', 'mine failed', 'mine failed', 'mine open']);
  });

  it('do not miss each other where one has a damaged file among its older ones and another its newest', async () => {
    const other = 'b'.repeat(64);
    const world = await worldWith(
      [
        { fileName: 'logo-damaged.png' },
        { fileName: 'logo-sound.png' },
        { fileName: 'other-sound.png', checksum: other },
        { fileName: 'other-damaged.png', checksum: other },
      ],
      `${IMAGE}\nIMAGE other 8 4 ${other}`,
    );
    let attempts = 0;
    for (; attempts < 4; attempts++) {
      const paths = Object.values(command(world).inputs as Record<string, string>);
      if (!paths.some((path) => path.includes('damaged'))) break;
      world.take();
      const error = { code: 'RUN-E008', message: 'Expected 8×4 pixels, found other pixels' };
      world.answer([...world.taken.keys()][0] ?? '', { status: 'error', retryable: true, error });
      await world.step();
      await world.step(600_000);
    }
    expect(command(world)).toMatchObject({
      inputs: { [LOGO]: '/shelf/logo-sound.png', [other]: '/shelf/other-sound.png' },
    });
  });

  it.each([[[1]], [[2, 2]], [[3, 2]], [[2, 3]], [[1, 4, 2]], [[2, 1, 2, 3]]])(
    'with so many files, %j, meet in every combination, once each, and the first time in their newest',
    (counts) => {
      const all = counts.reduce((product, count) => product * count);
      const met = Array.from({ length: all }, (_, attempts) => firstsOf(counts, attempts).join());
      expect(new Set(met).size).toBe(all);
      expect(met[0]).toBe(counts.map(() => 0).join());
      expect(firstsOf(counts, all)).toEqual(firstsOf(counts, 0));
    },
  );

  it('are looked for in as many files as the page says', () => {
    expect(readPage('docs/protocol.md')).toContain(`looks at the ${CANDIDATES} newest, `);
  });

  it('take their next files together, so that one damaged file among many inputs costs one attempt', () => {
    expect(firstsOf(Array(100).fill(2), 1)).toEqual(Array(100).fill(1));
    expect(firstsOf([3, 1, 2], 1)).toEqual([1, 0, 1]);
    // No file at all is another's to say.
    expect(firstsOf([0, 2], 1)).toEqual([0, 1]);
    expect(firstsOf([], 1)).toEqual([]);
  });

  it('are tried again where the shelf cannot be looked at', async () => {
    const world = new FakeOrchestrator().serve();
    register(world, { fileName: 'logo.png' });
    world.insert('mine', IMAGE);
    world.faults.set('program', new Error('EIO'));
    world.daemon.start();
    await world.step(0);
    await world.step();
    expect(world.outcomes()).toEqual(['mine failed']);
    expect(stderr(world)).toMatchObject({ error: { code: 'RUN-E005' } });
    world.faults.delete('program');
    await world.step(1_000);
    expect(command(world)).toMatchObject({ inputs: { [LOGO]: '/shelf/logo.png' } });
  });

  it('make no cartridge where the renderer says that it drew with others', async () => {
    for (const [drawn, wanted] of [
      [undefined, 'with'],
      [[], 'with'],
      [['b'.repeat(64)], 'with'],
      [[LOGO, 'b'.repeat(64)], 'without'],
    ] as const) {
      const world = await worldWith([{ fileName: 'logo.png' }]);
      expect(await answered(world, drawn && [...drawn])).toBeUndefined();
      expect(world.outcomes()).toEqual(['mine failed']);
      expect(stderr(world)).toMatchObject({
        error: { code: 'RUN-E004', message: expect.stringContaining(`a picture drawn ${wanted} the input`) },
      });
    }
  });
});

describe('a renderer built from the seed, which writes no reply', () => {
  it('is sent inputs in the slot too, and its picture says what was asked for', async () => {
    const world = await worldWith([{ fileName: 'logo.png' }], IMAGE, { door: 'slot' });
    world.answerSlot();
    await world.step();
    expect(JSON.parse(world.slot.command ?? '{}')).toMatchObject({ inputs: { [LOGO]: '/shelf/logo.png' } });
    world.answerSlot();
    await world.step();
    const [, bytes] = [...world.cartridges].find(([name]) => name.startsWith('mine_')) ?? [];
    expect(bytes && readLabel(bytes).label.inputs).toEqual([{ checksum: LOGO, width: 8, height: 4 }]);
  });
});
