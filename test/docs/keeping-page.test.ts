/** docs/keeping.md: its settings, rules and numbers are those of the source. */
import { describe, expect, it } from 'vitest';
import { CANDIDATES } from '../../orchestrator/config.ts';
import { FUSE_PERCENT } from '../../orchestrator/fuse.ts';
import { GRACE_MS } from '../../orchestrator/retention.ts';
import { readKeepRule } from '../../shared/keep-rule.ts';
import { SETTINGS } from '../../shared/settings.ts';
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
    expect(page).toContain(`more than ${FUSE_PERCENT} % of a kind`);
    expect([GRACE_MS, CANDIDATES]).toEqual([600_000, 16]);
    expect(page).toContain('ended less than ten minutes ago');
    expect(page).toContain('the newest sixteen');
  });
});
