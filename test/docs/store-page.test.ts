/** docs/store.md: its problems, its numbers and its fields are the source's. */
import { describe, expect, it } from 'vitest';
import { isWrong } from '../../cli/store-verify.ts';
import { OBJECTS_FOLDER } from '../../orchestrator/host/objects.ts';
import { QUIET_MS } from '../../orchestrator/host/store-sweep.ts';
import type { StoreFinding } from '../../orchestrator/host/store-walk.ts';
import { LIMITS } from '../../shared/limits.ts';
import { readPage } from './pages.ts';

const page = readPage('docs/store.md');

/** As a type says them; what is missing here, or too much, does not compile. */
const PROBLEMS: Readonly<Record<StoreFinding['problem'], true>> = {
  ...{ missing: true, 'not-a-file': true, rotten: true, overwritten: true, resaved: true },
  ...{ 'object-rotten': true, 'object-missing': true, unsummed: true, signed: true },
  ...{ renamed: true, foreign: true, leftover: true, orphan: true, stray: true },
};

describe('docs/store.md', () => {
  it('has every problem in its table, and says which of them are wrong', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (yes|no) \|/gm)].map(([, name, wrong]) => [
      name,
      wrong,
    ]);
    expect(rows).toEqual(
      Object.keys(PROBLEMS).map((problem) => {
        const finding = { path: '', message: '', problem: problem as StoreFinding['problem'] };
        return [problem, isWrong(finding) ? 'yes' : 'no'];
      }),
    );
  });

  it('has the numbers of the fuse and of what is young, and the folder’s name', () => {
    expect(page.match(/\d+ %/g)).toEqual([`${LIMITS.sweptPercent} %`, `${LIMITS.sweptPercent} %`]);
    expect([page.includes('younger than ten minutes'), QUIET_MS]).toEqual([true, 600_000]);
    expect(page).toContain(`${OBJECTS_FOLDER}/store.lock`);
  });
});
