/** A picture that is larger than the space that a socket has left: it fails alone, and its space is given back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveRenderer } from '../../../renderer/host/serve.ts';
import { diskFiles } from '../../../shared/host/files.ts';
import { silentJournal } from '../../../shared/host/journal.ts';
import { ROOMS } from '../../../shared/protocol/spool.ts';
import { goodProgram } from '../../support/good-program.ts';
import { inHand, namesIn } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { fill, noSmallDisk, smallDisk } from '../../support/small-disk.ts';
import { SpoolHand } from '../../support/spool-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const reason = noSmallDisk();
if (reason !== undefined) console.warn(`SKIPPED, a full socket is not tested: ${reason}`);

/** Of 4 MiB, and so written beside the loop. */
const HUGE = { width: 1_024, height: 1_024 };
/** Of 1 MiB less a row: written at once. */
const LARGE = { width: 512, height: 511 };

/** A socket on a disk of its own. */
function smallSocket(kilobytes: number): string {
  const socket = join(temporaryFolder(), 'socket');
  smallDisk(socket, kilobytes);
  return socket;
}

async function serve(socket: string): Promise<void> {
  const serving = await serveRenderer({ socketDir: socket, backend: 'cpu' }, silentJournal);
  onTestFinished(() => serving.stop());
}

describe.skipIf(reason !== undefined)('a socket with little space', () => {
  it.each([
    ['beside the loop', 2_048, HUGE],
    ['at once', 512, LARGE],
  ])('answers in the spool what does not fit, written %s, and goes on', async (_, kilobytes, canvas) => {
    const socket = smallSocket(kilobytes);
    await serve(socket);
    const spool = new SpoolHand(socket);
    spool.offer('a', 'CLEAR red', canvas);
    spool.offer('b', goodProgram(1));
    const { reply } = await spool.answer('a');
    expect(reply).toMatchObject({ status: 'error', retryable: true, error: { code: 'RUN-E002' } });
    expect(reply.error?.message).toContain('ENOSPC');
    expect((await spool.answer('b')).reply.status).toBe('ok');
    expect([inHand(socket), namesIn(socket, 'inbox')]).toEqual([[], []]);
    expect(namesIn(socket, 'outbox')).toEqual(['a.json', 'b.json', 'b.raw']);
  });

  it('answers in the slot what does not fit, and goes on', async () => {
    const socket = smallSocket(2_048);
    await serve(socket);
    const slot = new SlotHand(socket);
    slot.send({ op: 'render_program', id: 'a', code: 'CLEAR red', ...HUGE });
    expect(await slot.takeReply()).toMatchObject({ id: 'a', status: 'error', retryable: true });
    expect(namesIn(socket, 'work', ...namesIn(socket, 'work'))).toEqual([]);
    slot.send({ op: 'ping', id: 'b' });
    expect((await slot.takePixels()).toString()).toBe('pong');
  });

  it('that a dead renderer has filled with what it was writing is served again', async () => {
    const socket = smallSocket(512);
    for (const room of ROOMS) mkdirSync(join(socket, room));
    mkdirSync(join(socket, 'work', 'dead'));
    const command = JSON.stringify({ op: 'render_program', code: goodProgram(1) });
    writeFileSync(join(socket, 'work', 'dead', 'a~0.json'), command);
    writeFileSync(join(socket, 'work', 'dead', 'a.raw.wet'), Buffer.alloc(2 ** 18));
    writeFileSync(join(socket, 'slot.lock.holder'), '{}');
    fill(socket);
    await serve(socket);
    expect((await new SpoolHand(socket).answer('a')).reply.status).toBe('ok');
  });
});

describe.skipIf(reason !== undefined)('a file that does not fit', () => {
  it('leaves nothing behind, however it is written', async () => {
    const folder = smallSocket(64);
    const path = join(folder, 'a');
    const data = Buffer.alloc(2 ** 17);
    expect(() => diskFiles.write(path, data)).toThrow('ENOSPC');
    expect(namesIn(folder)).toEqual([]);
    await expect(diskFiles.writeLong(path, data)).rejects.toThrow('ENOSPC');
    expect(namesIn(folder)).toEqual([]);
    await expect(diskFiles.writeSynced(path, data)).rejects.toThrow('ENOSPC');
    await expect(diskFiles.writeSynced(path, data.subarray(0, 2 ** 16))).resolves.toBeUndefined();
    expect(namesIn(folder)).toEqual(['a']);
    await expect(diskFiles.writeSynced(join(folder, 'b'), data.subarray(0, 2 ** 16))).rejects.toThrow();
    expect(namesIn(folder)).toEqual(['a']);
  });
});
