/** The client that was written from the seed's text alone, for long, under load, and later with its deletion than it is. */
import { describe, expect, it } from 'vitest';
import { loadProcessors } from '../support/busy-loop.ts';
import { startRenderer } from '../support/renderer-process.ts';
import { flawless, seedPrograms } from '../support/seed-client.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PROGRAMS = 10_000;
const LATE_PROGRAMS = 300;

async function renderInARow(title: string, programs: number, seed: number, options: readonly string[] = []) {
  const { run } = await seedPrograms(programs, seed);
  const socket = temporaryFolder();
  await startRenderer(socket);
  const count = await run(socket, options);
  console.log(`${title}: ${JSON.stringify(count)}`);
  expect(count).toMatchObject(flawless(programs));
}

describe('the seed’s client', () => {
  it(`renders ${PROGRAMS} programs in a row`, async () => {
    await renderInARow('undisturbed', PROGRAMS, 3);
  });

  it(`renders ${PROGRAMS} programs in a row while every core is busy`, async () => {
    loadProcessors(2);
    await renderInARow('under load', PROGRAMS, 4);
  });

  it.each(Array.from({ length: 15 }, (_, n) => n + 1))(
    'renders when it deletes %i ms late',
    async (lateMs) => {
      await renderInARow(`${lateMs} ms late`, LATE_PROGRAMS, 100 + lateMs, ['--late-delete-ms', `${lateMs}`]);
    },
  );

  it('renders when it deletes 10 ms late while every core is busy', async () => {
    loadProcessors(2);
    await renderInARow('late, under load', 1_000, 5, ['--late-delete-ms', '10']);
  });
});
