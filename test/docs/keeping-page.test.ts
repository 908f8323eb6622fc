/** docs/keeping.md: its settings, rules, numbers and tables are the source's, and its SQL runs. */
import { describe, expect, it } from 'vitest';
import { CANDIDATES } from '../../orchestrator/config.ts';
import { encodeManifest } from '../../orchestrator/manifest.ts';
import { GRACE_MS } from '../../orchestrator/retention.ts';
import { readKeepRule } from '../../shared/keep-rule.ts';
import { LIMITS } from '../../shared/limits.ts';
import { SETTINGS } from '../../shared/settings.ts';
import { opened } from '../orchestrator/database.ts';
import { codeBlocks, readPage, tableRows } from './pages.ts';

const page = readPage('docs/keeping.md');

describe('docs/keeping.md', () => {
  it('lists every setting of retention', () => {
    const listed = tableRows(page, ['setting', 'of', 'what goes']).map(([setting]) => setting);
    const { keepRuns, keepLogs, keepCartridges } = SETTINGS;
    expect(listed).toEqual([keepRuns, keepLogs, keepCartridges].map(({ env }) => env));
    expect(page).toContain(`\`${SETTINGS.gcEvery.env}\``);
    expect(page).toContain(`\`${SETTINGS.gcEvery.fallback}\` unless given`);
  });

  it('has rules that are rules', () => {
    const rules = tableRows(page, ['rule', 'what goes']).map(([rule = '']) => readKeepRule(rule));
    expect(rules).toEqual([
      { ageMs: null, count: null },
      { ageMs: 30 * 86_400_000, count: null },
      { ageMs: null, count: 500 },
      { ageMs: 30 * 86_400_000, count: 500 },
    ]);
    for (const [, rule = ''] of codeBlocks(page, 'sh')
      .join('')
      .matchAll(/--keep-\w+ (\S+)/g)) {
      expect(readKeepRule(rule), rule).toBeDefined();
    }
  });

  it('has the numbers of the source', () => {
    expect(page).toContain(`more than ${LIMITS.sweptPercent} % of a kind`);
    expect([GRACE_MS, CANDIDATES]).toEqual([600_000, 16]);
    expect(page).toContain('ended less than ten minutes ago');
    expect(page).toContain('the newest sixteen');
  });

  it('has a row for each field of a manifest, and for nothing else', () => {
    const bytes = encodeManifest({
      format: 1,
      gvpie: '0.1.0',
      migration: 6,
      semantics: null,
      created_at: '2026-11-22T03:45:12.345Z',
      identity: '0'.repeat(32),
      database: { bytes: 0, sha256: '0'.repeat(64) },
      cartridges: [],
      missing: [],
      counts: { scripts: 0, jobs: 0, runs: 0, foreign: 0 },
    });
    const fields = Object.keys(JSON.parse(Buffer.from(bytes).toString()));
    const rows = tableRows(page, ['field', 'meaning']).map(([field]) => field);
    expect([...rows].sort()).toEqual(fields.sort());
  });

  it('has SQL that runs', () => {
    const blocks = codeBlocks(page, 'sql');
    expect(blocks).toHaveLength(1);
    for (const block of blocks) expect(() => opened().exec(block)).not.toThrow();
    expect(blocks[0]).toContain('FROM backups');
    expect(() => opened().exec('SELECT none_such FROM backups')).toThrow('no such column');
  });
});
