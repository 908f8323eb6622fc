/** Judgement: a picture that is not what its script expects is kept, told of, and handed out to nobody. */
import { describe, expect, it } from 'vitest';
import { TURN_BYTES } from '../../orchestrator/config.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { HostFault } from '../../shared/faults.ts';
import { FakeOrchestrator } from '../support/fake-orchestrator.ts';

const NOW = 'a'.repeat(64);
/** Twelve of its 8192 pixels are white. */
const CODE = 'RECT 1 2 3 4';
const GOOD = '{"ink":[0.001,0.002],"blank":false,"colors":["#ffffff"]}';
const BAD = '{"colors":["#ff0000"]}';

function insert(
  world: FakeOrchestrator,
  name: string,
  expected: string | null,
  width = 128,
  height = 64,
): void {
  const columns = 'name, lang, code, expect, width, height';
  world.write(
    `INSERT INTO improvement_scripts (${columns}) VALUES (?, 'pixel', ?, ?, ?, ?)`,
    ...[name, CODE, expected, width, height],
  );
}

async function settle(world: FakeOrchestrator): Promise<void> {
  await world.step(0);
  world.renderAll();
  await world.step();
}

/** A world in which one script has had its run. */
async function judged(expected: string | null, options: { semantics?: string; side?: number } = {}) {
  const { semantics, side } = options;
  const world = new FakeOrchestrator().serve(semantics);
  insert(world, 'mine', expected, side, side);
  world.daemon.start();
  await settle(world);
  return world;
}

const rows = (world: FakeOrchestrator, sql: string): unknown[] => world.sql.prepare(sql).all();
const states = (world: FakeOrchestrator): unknown[] =>
  world.sql.prepare('SELECT state FROM jobs ORDER BY id').pluck().all();

describe('a picture that is as expected', () => {
  it('is a success like any other', async () => {
    const world = await judged(GOOD);
    expect([world.outcomes(), states(world)]).toEqual([['mine success'], ['done']]);
    expect([...world.cartridges.keys()]).toEqual([world.runs()[0]?.cartridge_path]);
  });
});

describe('a picture that is not', () => {
  it.each([
    ['small', 128],
    ['large', 400],
  ])('is rejected, where it is %s, with the evidence, and is kept to be looked at', async (_, side) => {
    const world = await judged(BAD, { side });
    const [run] = world.runs();
    expect([world.outcomes(), states(world)]).toEqual([['mine rejected'], ['rejected']]);
    expect(JSON.parse(run?.stderr ?? '')).toMatchObject({
      status: 'refused',
      error: { code: 'RUN-E010', message: 'Expected 1 colours, found all but #ff0000' },
      evidence: { ink: 12 / side ** 2, blank: false, colors: { found: [], missing: ['#ff0000'] } },
    });
    expect(run?.cartridge_path).toMatch(/^mine_.*-rejected\.png$/);
    expect([...world.cartridges.keys()]).toEqual([run?.cartridge_path]);
    const { run: record, label } = openCartridge(
      world.cartridges.get(run?.cartridge_path ?? '') as Uint8Array,
    );
    expect([record?.id, label.canvas.width]).toEqual([run?.spool_id, side]);
    expect(
      rows(world, "SELECT success, json_extract(stdout, '$.cartridge') AS file FROM improvement_runs"),
    ).toEqual([{ success: 0, file: `cartridges/${run?.cartridge_path}` }]);
    expect(rows(world, 'SELECT run_count, success_count FROM improvement_scripts')).toEqual([
      { run_count: 1, success_count: 0 },
    ]);
    expect(world.events.find(({ event }) => event === 'run:rejected')?.fields).toMatchObject({
      code: 'RUN-E010',
      cartridge: run?.cartridge_path,
    });
    expect(world.outbox.size).toBe(0);
  });

  it('is not tried again by itself, but after an edit of its script, and when it is asked for', async () => {
    const world = await judged(BAD);
    await world.step(600_000);
    world.renderAll();
    await world.step(600_000);
    expect(world.outcomes()).toEqual(['mine rejected']);
    world.write(`UPDATE jobs SET state = 'queued'`);
    await settle(world);
    expect(world.outcomes()).toEqual(['mine rejected', 'mine rejected']);
    world.write('UPDATE improvement_scripts SET expect = ?', GOOD);
    await settle(world);
    expect(world.outcomes()).toEqual(['mine rejected', 'mine rejected', 'mine success']);
  });

  it('does not let go on what needs it', async () => {
    const world = new FakeOrchestrator().serve();
    insert(world, 'mine', BAD);
    world.write(
      `INSERT INTO improvement_scripts (name, lang, code, needs) VALUES ('after', 'pixel', 'HALT', '["mine"]')`,
    );
    world.daemon.start();
    await settle(world);
    expect(states(world)).toEqual(['rejected', 'queued']);
    world.write('UPDATE improvement_scripts SET expect = NULL WHERE name = ?', 'mine');
    await settle(world);
    await settle(world);
    expect(states(world)).toEqual(['rejected', 'done', 'done']);
  });

  it('fails a single round', async () => {
    for (const [expected, end] of [
      [GOOD, 'succeeded'],
      [BAD, 'failed'],
    ] as const) {
      const world = new FakeOrchestrator({ once: true }).serve();
      insert(world, 'mine', expected);
      let result: string | undefined;
      void world.daemon.finished.then((found) => {
        result = found;
      });
      world.daemon.start();
      await settle(world);
      expect(result).toBe(end);
    }
  });

  it('is tried again where it could not be kept: that is the world’s fault', async () => {
    const world = new FakeOrchestrator().serve();
    world.faults.set('put', new HostFault('write', 'x', 'disk full', { retryable: true }));
    insert(world, 'mine', BAD);
    world.daemon.start();
    await settle(world);
    world.faults.clear();
    await world.step(1_000);
    await settle(world);
    expect(world.outcomes()).toEqual(['mine failed', 'mine rejected']);
  });

  it('that a crash left on the shelf passes for no success: it is taken back and judged again', async () => {
    const crashed = new FakeOrchestrator().serve();
    crashed.faults.set('close', new HostFault('write', 'x', 'SQLITE_BUSY', { retryable: true }));
    insert(crashed, 'mine', BAD);
    crashed.daemon.start();
    await settle(crashed);
    expect([crashed.outcomes(), crashed.cartridges.size]).toEqual([['mine open'], 1]);
    const world = new FakeOrchestrator({ crashed }).serve();
    world.daemon.start();
    expect([world.outcomes(), world.cartridges.size]).toEqual([['mine interrupted'], 0]);
    await settle(world);
    expect([world.outcomes(), world.cartridges.size]).toEqual([['mine interrupted', 'mine rejected'], 1]);
  });
});

describe('an expectation that cannot be read', () => {
  it('refuses its row before anybody is asked', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    insert(world, 'mine', '{"ink":2}');
    world.daemon.start();
    await world.step();
    expect([world.outcomes(), states(world), world.inbox.size]).toEqual([['mine refused'], ['refused'], 0]);
    expect(JSON.parse(world.runs()[0]?.stderr ?? '').error.code).toBe('ROW-E011');
  });
});

describe('a known picture', () => {
  const known = (world: FakeOrchestrator): unknown[] =>
    rows(world, 'SELECT outcome, known, cartridge_path AS file FROM improvement_runs ORDER BY id');

  it('is held to what each script expects of it, without being rendered again', async () => {
    const world = await judged(null, { semantics: NOW });
    const file = world.runs()[0]?.cartridge_path;
    for (const [name, expected] of Object.entries({ good: GOOD, bad: BAD, other: null })) {
      insert(world, name, expected);
      await world.step();
    }
    expect(known(world)).toEqual([
      { outcome: 'success', known: 0, file },
      { outcome: 'success', known: 1, file },
      { outcome: 'rejected', known: 1, file },
      { outcome: 'success', known: 1, file },
    ]);
    expect([world.cartridges.size, world.taken.size + world.inbox.size]).toEqual([1, 0]);
    expect(JSON.parse(world.runs()[2]?.stderr ?? '')).toMatchObject({
      error: { code: 'RUN-E010' },
      evidence: { ink: 12 / 8192 },
    });
    expect(states(world)).toEqual(['done', 'done', 'rejected', 'done']);
  });

  it('is none that was rejected: the next who wants it has it rendered', async () => {
    const world = await judged(BAD, { semantics: NOW });
    expect(rows(world, 'SELECT work, file_name FROM cartridges')).toEqual([
      { work: null, file_name: world.runs()[0]?.cartridge_path },
    ]);
    insert(world, 'other', null);
    await settle(world);
    expect(known(world)).toMatchObject([
      { outcome: 'rejected', known: 0 },
      { outcome: 'success', known: 0 },
    ]);
  });

  it('is rendered again to be judged where it takes longer to look at than a turn, by one column', async () => {
    const width = TURN_BYTES / (4 * 512);
    for (const [more, hit] of [
      [0, 1],
      [1, 0],
    ] as const) {
      const world = new FakeOrchestrator().serve(NOW);
      insert(world, 'first', null, width + more, 512);
      world.daemon.start();
      await settle(world);
      insert(world, 'judged', '{"blank":false}', width + more, 512);
      insert(world, 'taken', null, width + more, 512);
      await settle(world);
      await settle(world);
      expect(known(world)).toMatchObject([
        { known: 0 },
        { outcome: 'success', known: hit },
        { outcome: 'success', known: 1 },
      ]);
    }
  });

  it('is judged by its pixels: where they are damaged, it is rendered again', async () => {
    const world = await judged(null, { semantics: NOW });
    for (const bytes of world.cartridges.values()) bytes.fill(0, bytes.length - 30);
    insert(world, 'judged', GOOD);
    await settle(world);
    expect(known(world)).toMatchObject([{ known: 0 }, { outcome: 'success', known: 0 }]);
  });

  it('keeps others waiting for no more pixels than fit into a turn', async () => {
    const world = new FakeOrchestrator().serve(NOW);
    const [width, height] = [TURN_BYTES / (4 * 512), 512];
    insert(world, 'first', null, width, height);
    world.daemon.start();
    await settle(world);
    for (let row = 0; row < 6; row++) insert(world, `row-${row}`, '{"blank":false}', width, height);
    world.closes.length = 0;
    await world.step();
    await world.step();
    // One picture of that size is a turn.
    expect(world.closes).toEqual([1, 1, 1, 1, 1, 1]);
    expect(new Set(states(world))).toEqual(new Set(['done']));
  });
});
