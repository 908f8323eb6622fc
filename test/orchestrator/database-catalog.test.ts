import { describe, expect, it } from 'vitest';
import { JobTable } from '../../orchestrator/host/job-table.ts';
import { ScriptCatalog } from '../../orchestrator/host/script-catalog.ts';
import type { Claim, Outcome } from '../../orchestrator/script.ts';
import { opened, seedDatabase } from './database.ts';

const NOW = '2026-01-01T00:00:00.000Z';

function made(path?: string) {
  const database = opened(path);
  return { database, catalog: new ScriptCatalog(database), table: new JobTable(database) };
}

/** A claim of a script that has one job, as its id says. */
function claimOf(id: number, spoolId: string): Claim {
  return {
    jobId: id,
    scriptId: id,
    revision: 1,
    spoolId,
    cartridgeName: `${spoolId}.png`,
    startedAt: NOW,
  };
}

/** One run of hello_gpu, from claim to close. */
function run(table: JobTable, outcome: Outcome, spoolId: string): void {
  const [runId] = table.claim([claimOf(1, spoolId)], 'o1');
  const cartridge = {
    fileName: `${spoolId}.png`,
    checksum: 'ab',
    width: 1,
    height: 1,
    bytes: 9,
    createdAt: NOW,
  };
  table.close([
    {
      runId: runId ?? 0,
      finishedAt: NOW,
      durationMs: 1,
      outcome,
      stdout: null,
      stderr: null,
      backend: 'cpu',
      retryAt: outcome === 'failed' ? NOW : null,
      charged: outcome === 'failed' ? 1 : 0,
      cartridge: outcome === 'success' ? cartridge : null,
    },
  ]);
}

describe('a script in the catalog', () => {
  it('is added, enabled and due, with the canvas of the seed or the one given', () => {
    const { catalog, table } = made();
    expect(catalog.addScript('a', { lang: 'pixel', code: 'HALT' })).toBe(2);
    expect(catalog.addScript('b', { lang: 'gvpie', code: 'HALT', width: 9, height: 8 })).toBe(3);
    expect(table.due(9)).toMatchObject([
      { id: 1 },
      { id: 2, name: 'a', lang: 'pixel', width: 128, height: 64 },
      { id: 3, name: 'b', lang: 'gvpie', width: 9, height: 8 },
    ]);
  });

  it('keeps its params until they are set to others or to none', () => {
    const { catalog } = made();
    const params = () => catalog.showScript('a')?.params;
    catalog.addScript('a', { lang: 'pixel', code: 'HALT', params: '{"count":3}' });
    catalog.setScript('a', { width: 9 });
    expect(params()).toBe('{"count":3}');
    catalog.setScript('a', { params: '{"count":4}' });
    expect(params()).toBe('{"count":4}');
    catalog.setScript('a', { params: null });
    expect(params()).toBeNull();
    expect(catalog.showScript('a')?.revision).toBe(4);
  });

  it('is not added twice, and what is there stays', () => {
    const { catalog } = made();
    expect(() => catalog.addScript('hello_gpu', { lang: 'pixel', code: 'HALT' })).toThrow(
      expect.objectContaining({
        message: 'Expected a new name, found the script "hello_gpu"',
        retryable: false,
        hint: 'gvpie script set changes a script',
      }),
    );
    expect(catalog.showScript('hello_gpu')).toMatchObject({ lang: 'gvpie', revision: 1 });
  });

  it('may be the case twin of another', () => {
    const { catalog } = made();
    expect(catalog.addScript('Hello_gpu', { lang: 'pixel', code: 'HALT' })).toBe(2);
  });

  it.each([
    [{ code: 'HALT' }, { codeBytes: 4, revision: 2 }],
    [{ code: Buffer.from([255]) }, { codeBytes: 1, codeType: 'blob', revision: 2 }],
    [{ code: '' }, { codeBytes: 0, revision: 2 }],
    [{ lang: 'python' }, { lang: 'python', codeBytes: 24, revision: 2 }],
    [{ width: 5 }, { width: 5, height: 64, revision: 2 }],
    [{ height: 6 }, { width: 128, height: 6, revision: 2 }],
    [{ params: '{"count":3}' }, { params: '{"count":3}', width: 128, revision: 2 }],
    [{ params: null }, { params: null, revision: 1 }],
    [{}, { lang: 'gvpie', width: 128, height: 64, codeBytes: 24, revision: 1 }],
  ] as const)('is changed in what is given: %j', (content, expected) => {
    const { catalog } = made();
    expect(catalog.setScript('hello_gpu', content)).toBe(true);
    expect(catalog.showScript('hello_gpu')).toMatchObject(expected);
  });

  it('is shown with its code and how it fared', () => {
    const { catalog, table } = made();
    run(table, 'success', 'a');
    expect(catalog.showScript('hello_gpu')).toEqual({
      id: 1,
      name: 'hello_gpu',
      lang: 'gvpie',
      enabled: true,
      width: 128,
      height: 64,
      code: Buffer.from('TXT 10 10 Hello GPU\nHALT'),
      codeType: 'text',
      codeBytes: 24,
      params: null,
      parents: null,
      revision: 1,
      state: 'done',
      attempts: 0,
      retryAt: null,
      createdAt: expect.stringMatching(/Z$/),
      lastRunAt: NOW,
      runCount: 1,
      successCount: 1,
      lastOutcome: 'success',
    });
  });

  it('is disabled and enabled', () => {
    const { catalog, table } = made();
    expect(catalog.disable('hello_gpu')).toBe(true);
    expect([catalog.showScript('hello_gpu')?.enabled, table.due(9).length]).toEqual([false, 0]);
    expect(catalog.enable('hello_gpu')).toBe(true);
    expect([catalog.showScript('hello_gpu')?.enabled, table.due(9).length]).toEqual([true, 1]);
  });

  it('is due once more, at once, when asked for', () => {
    const { catalog, table } = made();
    run(table, 'success', 'a');
    expect(table.due(9)).toEqual([]);
    expect(catalog.markDue('hello_gpu')).toBe(true);
    expect(table.due(9)).toMatchObject([{ revision: 1, attempts: 0 }]);
  });

  it('is due at once, with a fresh account, when asked for while it waits for a later attempt', () => {
    const { catalog, table } = made();
    run(table, 'failed', 'a');
    expect([catalog.showScript('hello_gpu'), table.due(9)]).toMatchObject([
      { state: 'queued', attempts: 1, retryAt: NOW },
      [],
    ]);
    catalog.markDue('hello_gpu');
    expect(table.due(9)).toMatchObject([{ revision: 1, attempts: 0 }]);
  });

  it('has the state of its newest job', () => {
    const { catalog, table } = made();
    const state = () => catalog.showScript('hello_gpu')?.state;
    expect(state()).toBe('queued');
    table.claim([claimOf(1, 'a')], 'o1');
    expect(state()).toBe('running');
    catalog.setScript('hello_gpu', { code: 'HALT' });
    expect([state(), catalog.showScript('hello_gpu')?.revision]).toEqual(['queued', 2]);
  });

  it('goes when removed, and its runs stay', () => {
    const { catalog, table } = made();
    run(table, 'success', 'a');
    expect(catalog.removeScript('hello_gpu')).toBe(true);
    expect(catalog.listScripts()).toEqual([]);
    expect(catalog.runs(null, 9)).toMatchObject([
      { scriptId: null, scriptName: null, cartridgeName: 'a.png' },
    ]);
    expect(table.cartridgesByChecksum('ab')).toMatchObject([{ scriptId: null, runId: 1 }]);
  });

  it('must be there', () => {
    const { catalog } = made();
    const name = 'HELLO_GPU';
    expect([
      catalog.setScript(name, { code: 'HALT' }),
      catalog.enable(name),
      catalog.disable(name),
      catalog.markDue(name),
      catalog.removeScript(name),
    ]).toEqual([false, false, false, false, false]);
    expect(catalog.showScript(name)).toBeUndefined();
    expect(catalog.latestRun(name)).toBeUndefined();
    expect(catalog.listScripts()).toMatchObject([{ name: 'hello_gpu', enabled: true, revision: 1 }]);
  });

  it.each(["'; DROP TABLE improvement_scripts --", '../x', '', 'a\0b', '\u202e'])(
    'may be called %j',
    (name) => {
      const { catalog } = made();
      catalog.addScript(name, { lang: 'pixel', code: 'HALT' });
      expect(catalog.showScript(name)?.name).toBe(name);
      expect(catalog.removeScript(name)).toBe(true);
    },
  );
});

describe('the catalog', () => {
  it('lists scripts in the order in which they were added, also what the seed left', () => {
    const { catalog } = made(seedDatabase('seed-check'));
    expect(catalog.listScripts()).toMatchObject([
      {
        name: 'hello_gpu',
        enabled: true,
        createdAt: '2025-01-02 03:04:05',
        runCount: 7,
        successCount: 6,
        lastOutcome: null,
      },
      { name: 'off', enabled: false },
      { name: 'neither', enabled: false, createdAt: null, runCount: 0 },
    ]);
  });

  it('lists runs newest first, of one script or of all', () => {
    const { catalog, table } = made();
    catalog.addScript('b', { lang: 'pixel', code: 'HALT' });
    run(table, 'failed', 'a');
    table.wake(NOW);
    run(table, 'interrupted', 'b');
    run(table, 'refused', 'c');
    table.claim([claimOf(2, 'd')], 'o1');
    const outcomes = (name: string | null, limit: number) =>
      catalog.runs(name, limit).map((row) => row.outcome);
    expect(outcomes(null, 9)).toEqual([null, 'refused', 'interrupted', 'failed']);
    expect(outcomes('hello_gpu', 2)).toEqual(['refused', 'interrupted']);
    expect(outcomes('b', 9)).toEqual([null]);
    expect(outcomes('nobody', 9)).toEqual([]);
    expect(catalog.latestRun('hello_gpu')).toMatchObject({
      scriptName: 'hello_gpu',
      spoolId: 'c',
      outcome: 'refused',
      success: 0,
    });
  });

  it("lists the seed's history as it is", () => {
    const { catalog } = made(seedDatabase('seed-plain'));
    expect(catalog.runs(null, 9)).toMatchObject([
      {
        id: 13,
        scriptName: null,
        outcome: null,
        success: 1,
        stdout: 'its script is gone',
        cartridgeName: null,
      },
      {
        id: 12,
        scriptName: 'mine',
        outcome: null,
        success: 1,
        backend: 'gpu',
        cartridgeName: 'cartridges/mine_1.png',
      },
    ]);
  });

  it('counts', () => {
    const { catalog, table } = made();
    expect(catalog.counts()).toEqual({
      scripts: 1,
      enabled: 1,
      due: 1,
      waiting: 0,
      runs: 0,
      open: 0,
      cartridges: 0,
    });
    run(table, 'failed', 'a');
    expect(catalog.counts()).toEqual({
      scripts: 1,
      enabled: 1,
      due: 1,
      waiting: 1,
      runs: 1,
      open: 0,
      cartridges: 0,
    });
    table.wake(NOW);
    run(table, 'success', 'b');
    catalog.addScript('off', { lang: 'pixel', code: 'HALT' });
    catalog.disable('off');
    catalog.addScript('open', { lang: 'pixel', code: 'HALT' });
    table.claim([claimOf(3, 'c')], 'o1');
    expect(catalog.counts()).toEqual({
      scripts: 3,
      enabled: 2,
      due: 1,
      waiting: 0,
      runs: 3,
      open: 1,
      cartridges: 1,
    });
  });
});
