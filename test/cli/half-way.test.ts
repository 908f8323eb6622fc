/** Commands about many files of which the system fails at one: what was done before is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import * as rewriting from '../../cli/rewrite.ts';
import { CartridgeShelf } from '../../orchestrator/host/shelf.ts';
import { HostFault } from '../../shared/faults.ts';
import { Workplace } from './gvpie.ts';

vi.mock(import('../../cli/rewrite.ts'), { spy: true });

let place: Workplace;
beforeEach(async () => {
  place = new Workplace();
  for (const name of ['a', 'b', 'c']) {
    place.write(`${name}.pxl`, `TXT 1 1 ${name}`);
    expect((await place.run(['press', `${name}.pxl`, '-o', `${name}.png`])).code).toBe(EXIT.ok);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  return place.clear();
});

const full = new HostFault('write', 'b.png', 'Could not write b.png: ENOSPC', { retryable: true });

describe('where the disk is full at the second of three files', () => {
  it('sign signs the others, and tells which', async () => {
    const keys = ['--keys', place.at('keys')];
    await place.run(['key', 'create', 'ann', ...keys]);
    const real = vi.mocked(rewriting.replaceRead).getMockImplementation();
    vi.mocked(rewriting.replaceRead).mockImplementation((path, was, bytes) => {
      if (path === 'b.png') throw full;
      real?.(path, was, bytes);
    });
    const { code, stdout, stderr } = await place.run(['sign', 'a.png', 'b.png', 'c.png', '--json', ...keys]);
    expect([code, stderr]).toEqual([EXIT.internal, expect.stringContaining('ENOSPC')]);
    expect(JSON.parse(stdout).map(({ path }: { path: string }) => path)).toEqual(['a.png', 'c.png']);
  });

  it('import tells what it has taken in', async () => {
    const real = CartridgeShelf.prototype.put;
    let count = 0;
    vi.spyOn(CartridgeShelf.prototype, 'put').mockImplementation(async function (
      this: CartridgeShelf,
      files,
    ) {
      if (++count === 2) throw full;
      return real.call(this, files);
    });
    const { code, stdout, stderr } = await place.run(['import', 'a.png', 'b.png', 'c.png', '--json']);
    expect([code, stderr]).toEqual([EXIT.internal, expect.stringContaining('ENOSPC')]);
    expect(JSON.parse(stdout)).toMatchObject([{ path: 'a.png', status: 'imported' }]);
  });
});
