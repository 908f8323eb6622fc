/** The golden corpus on a GPU: in this process, and in a renderer's own. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenBackends, openBackends } from '../../renderer/host/backends.ts';
import { type Rendering, render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { type FaultyOpener, faultyOpener, flipBit } from '../support/faulty-opener.ts';
import { startGpuRenderer } from '../support/gpu-renderer.ts';
import { shareOf } from '../support/share.ts';
import { describeWithGpu } from '../support/software-gpu.ts';
import { SpoolHand } from '../support/spool-hand.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { differences, type Example, goldenOf, listedExamples, pinnedGoldens, readExample } from './corpus.ts';

const goldens = pinnedGoldens();
const examples = listedExamples();

describeWithGpu('the examples on a GPU', () => {
  let opener: FaultyOpener;
  let backends: OpenBackends;
  beforeAll(async () => {
    opener = faultyOpener();
    backends = await openBackends('gpu', { open: opener.open });
  });
  afterAll(() => backends.close());

  const paint = ({ name, canvas }: Example): Promise<Rendering> =>
    render(readExample(name), canvas, backends.painterFor('gpu'), () => 0);

  it.each(examples)('$name gives its pinned pixels, price and uses', async (example) => {
    const rendering = await paint(example);
    expect(differences(goldens[example.name], goldenOf(rendering))).toEqual([]);
    const { backend, adapter, dispatches, standIn } = rendering;
    expect({ backend, adapter, standIn }).toEqual({
      backend: 'gpu',
      adapter: opener.opened[0]?.adapter,
      standIn: undefined,
    });
    expect(dispatches).toBeGreaterThan(0);
  });

  it.each([
    { name: 'hello', byte: 0, bit: 0 },
    { name: 'skyline', byte: -1, bit: 7 },
    { name: 'maze', byte: 50_000, bit: 3 },
  ])('$name is objected to when one bit comes back wrong', async ({ name, byte, bit }) => {
    const example = examples.find((one) => one.name === name)!;
    flipBit(opener.hand, { byte, bit });
    const found = differences(goldens[name], goldenOf(await paint(example)));
    opener.hand.read = undefined;
    expect(found).toEqual([expect.stringMatching(/^checksum: /)]);
    expect(differences(goldens[name], goldenOf(await paint(example)))).toEqual([]);
  });
});

describeWithGpu('a renderer on a GPU', () => {
  it('gives one in three of the examples its pinned pixels through the spool, and says that the GPU painted it', async () => {
    const socket = temporaryFolder();
    await startGpuRenderer(socket);
    const spool = new SpoolHand(socket);
    const text = ({ name }: Example): string => Buffer.from(readExample(name)).toString('utf8');
    const some = [...shareOf(examples, 3)];
    for (const example of some) spool.offer(example.name, text(example), example.canvas);
    const adapters = new Set<unknown>();
    for (const example of some) {
      const { name, canvas } = example;
      const { reply, pixels } = await spool.answer(name);
      const { size: _, checksum, ...price } = goldens[name]!;
      expect(reply, name).toMatchObject({
        status: 'ok',
        backend: 'gpu',
        sha256: checksum,
        ...canvas,
        ...price,
      });
      expect(sha256Hex(pixels!), name).toBe(checksum);
      expect(reply, name).toMatchObject({ reason: 'asked for' });
      const { adapter, dispatches } = reply as { adapter?: unknown; dispatches?: unknown };
      expect(dispatches, name).toBeGreaterThanOrEqual(1);
      adapters.add(adapter);
    }
    expect([...adapters]).toEqual([expect.stringMatching(/./)]);
  });
});
