/** The client that was written from the seed's text alone, one program after the other, with all its habits. */
import { describe, expect, it } from 'vitest';
import { startRenderer } from '../../support/renderer-process.ts';
import { flawless, seedPrograms } from '../../support/seed-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PROGRAMS = 500;

describe('the seed’s client', () => {
  it(`renders ${PROGRAMS} programs in a row`, async () => {
    const { run } = await seedPrograms(PROGRAMS, 1);
    const socket = temporaryFolder();
    await startRenderer(socket);
    const count = await run(socket);
    console.log(`the seed's client: ${JSON.stringify(count)}`);
    expect(count).toMatchObject(flawless(PROGRAMS));
  }, 150_000);

  it('would count a wrong picture, and the picture of another program', async () => {
    const { run, hashes } = await seedPrograms(6, 2);
    const socket = temporaryFolder();
    await startRenderer(socket);
    expect(await run(socket)).toMatchObject(flawless(6));
    const flipped = hashes.with(2, `${hashes[2]!.slice(0, -1)}${hashes[2]!.endsWith('0') ? '1' : '0'}`);
    expect(await run(socket, [], flipped)).toMatchObject({ wrong_bytes: 1, answers_to_another: 0 });
    const exchanged = hashes.with(2, hashes[3]!).with(3, hashes[2]!);
    expect(await run(socket, [], exchanged)).toMatchObject({ wrong_bytes: 2, answers_to_another: 2 });
  });
});
