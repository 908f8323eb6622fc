/** What a GPU painter keeps of the pictures that it has painted: nothing, however long a renderer lives. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { encode } from '../../../../renderer/display/encode.ts';
import { openAtHand } from '../../../support/backends-at-hand.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is left when nothing unused is, bytes. */
async function heapBytes(): Promise<number> {
  for (let n = 0; n < 3; n++) {
    collect();
    // What is registered for finalization is let go of in a later turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

const PICTURES = 1_000;

/** More than the heap's own ups and downs, and less than the least that a picture could leave in a promise or two. */
const BYTES_EACH = 500;

describeWithGpu('a GPU painter', () => {
  it(`keeps nothing of ${PICTURES} pictures`, async () => {
    const backends = await openAtHand('gpu');
    const list = encode([{ kind: 'rect', x0: 1, y0: 1, x1: 9, y1: 9, color: 0xffffffff }], {
      width: 32,
      height: 32,
    });
    const paint = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        const { backend } = await backends.painterFor('gpu').paint(list);
        if (backend !== 'gpu') throw new Error(`Expected picture ${n} from the GPU, found it from the CPU`);
      }
    };
    await paint(300);
    const before = await heapBytes();
    await paint(PICTURES);
    expect((await heapBytes()) - before, 'bytes of heap').toBeLessThan(PICTURES * BYTES_EACH);
    // The control: the same measure sees a little of each picture that is kept.
    const held = Array.from({ length: PICTURES }, () => Array.from({ length: 150 }, (_, n) => n + 0.5));
    expect((await heapBytes()) - before, 'bytes of heap').toBeGreaterThan(PICTURES * BYTES_EACH);
    expect(held).toHaveLength(PICTURES);
  });
});
