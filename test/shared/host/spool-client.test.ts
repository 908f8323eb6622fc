import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { diskFiles, type Files, LONG_BYTES } from '../../../shared/host/files.ts';
import { SpoolClient } from '../../../shared/host/spool-client.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const pixels = new Uint8Array(4 * 3 * 2).fill(255);
const REPLY = {
  status: 'ok',
  width: 3,
  height: 2,
  format: 'RGBA',
  bytes: pixels.length,
  sha256: sha256Hex(pixels),
  backend: 'cpu',
  adapter: 'test',
};

function client() {
  const socket = temporaryFolder();
  const outbox = join(socket, 'outbox');
  mkdirSync(outbox);
  const read: string[] = [];
  const removed: string[] = [];
  const files: Files = {
    ...diskFiles,
    read: (path, maxBytes) => {
      read.push(path.slice(outbox.length + 1));
      return diskFiles.read(path, maxBytes);
    },
    removeLong: (path) => {
      removed.push(path.slice(outbox.length + 1));
      return diskFiles.removeLong(path);
    },
  };
  const put = (name: string, content: string | Uint8Array) => writeFileSync(join(outbox, name), content);
  return { spool: new SpoolClient(files, socket), outbox, read, removed, put };
}

describe('a client of the spool that forgets an answer', () => {
  it('removes the reply at once, and many pixels soon', async () => {
    const { spool, outbox, removed, put } = client();
    for (const pixelBytes of [undefined, LONG_BYTES - 1]) {
      put('job.raw', pixels);
      put('job.json', '{}');
      spool.forget('job', pixelBytes);
      expect([readdirSync(outbox), removed]).toEqual([[], []]);
    }
    put('job.raw', pixels);
    put('job.json', '{}');
    spool.forget('job', LONG_BYTES);
    expect(removed).toEqual(['job.raw']);
    await expect.poll(() => readdirSync(outbox)).toEqual([]);
    spool.forget('job', LONG_BYTES);
  });
});

describe('a client of the spool that looks at an answer', () => {
  it('is told the reply and where its pixels are, which stay unread', () => {
    const { spool, outbox, read, put } = client();
    expect(spool.look('job')).toBeUndefined();
    put('job.raw', pixels);
    expect(spool.look('job')).toBeUndefined();
    put('job.json', JSON.stringify(REPLY));
    expect(spool.look('job')).toMatchObject({ reply: REPLY, pixelFile: join(outbox, 'job.raw') });
    expect(read).not.toContain('job.raw');
    expect(spool.collect('job')).toMatchObject({ reply: REPLY, pixels: Buffer.from(pixels) });
    expect(read).toContain('job.raw');
  });

  it('does not believe what is no reply, or no file, as when it collects', () => {
    const { spool, outbox, put } = client();
    put('text.json', 'half a re');
    symlinkSync('text.json', join(outbox, 'link.json'));
    for (const id of ['text', 'link']) {
      const found = spool.look(id);
      expect(found).toMatchObject({ unbelievable: expect.stringContaining('Expected') });
      expect(spool.collect(id)).toEqual(found);
    }
    put('job.json', JSON.stringify(REPLY));
    expect(spool.collect('job')).toMatchObject({ unbelievable: expect.stringContaining('none') });
  });

  it('is told a refusal, which has no pixels', () => {
    const { spool, put } = client();
    const error = { code: 'PXL-E001', message: 'no' };
    put('job.json', JSON.stringify({ status: 'refused', error, errors: [error] }));
    expect(spool.look('job')).toMatchObject({ reply: { status: 'refused' } });
    expect(spool.collect('job')).toMatchObject({ reply: { status: 'refused' }, pixels: undefined });
  });
});
