import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
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
  const listed: string[] = [];
  const files: Files = {
    ...diskFiles,
    list: (folder) => {
      listed.push(folder);
      return diskFiles.list(folder);
    },
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
  return { spool: new SpoolClient(files, socket), outbox, read, removed, listed, put };
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

describe('an outbox full of answers to others', () => {
  const AGO = new Date(Date.now() - 60_000);

  function full(names: number) {
    const one = client();
    for (let n = 0; n < names; n++) one.put(`${n}.json`, '');
    utimesSync(one.outbox, AGO, AGO);
    return one;
  }

  it('is not listed again while nothing changes in it, and is when something does', () => {
    const { spool, listed, put, outbox } = full(1_024);
    expect(spool.answered()).toHaveLength(1_024);
    expect([spool.answered(), spool.answered(), listed.length]).toEqual([[], [], 1]);
    put('new.json', '');
    expect(spool.answered()).toContain('new');
    // It has only just changed, and may once more within the same tick of the file's clock.
    expect(spool.answered()).toHaveLength(1_025);
    rmSync(join(outbox, '7.json'));
    utimesSync(outbox, AGO, AGO);
    expect([spool.answered().length, spool.answered().length]).toEqual([1_024, 0]);
  });

  it('is listed once in a few seconds in any case', () => {
    const { spool } = full(1_024);
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    try {
      spool.answered();
      now.mockReturnValue(4_999);
      expect(spool.answered()).toEqual([]);
      now.mockReturnValue(5_000);
      expect(spool.answered()).toHaveLength(1_024);
    } finally {
      now.mockRestore();
    }
  });

  it('of a thousand or fewer is always listed', () => {
    const { spool } = full(1_023);
    for (let n = 0; n < 2; n++) expect(spool.answered()).toHaveLength(1_023);
  });
});

describe('a client of the spool that looks where jobs are', () => {
  it('knows who has them in hand and which nobody took, however often they were given back', () => {
    const { spool, outbox } = client();
    expect([spool.hands(), spool.offered()]).toEqual([new Map(), new Set()]);
    const socket = join(outbox, '..');
    for (const folder of ['inbox', 'work/r1', 'work/r2', 'work/r3']) {
      mkdirSync(join(socket, folder), { recursive: true });
    }
    for (const name of ['inbox/a.json', 'inbox/b~2.json', 'work/r1/c~0.json', 'work/r1/slot.json']) {
      writeFileSync(join(socket, name), '');
    }
    for (const name of ['inbox/no name.json', 'inbox/d.json.tmp', 'work/r2/e~1.json']) {
      writeFileSync(join(socket, name), '');
    }
    expect(spool.offered()).toEqual(new Set(['a', 'b']));
    expect(spool.hands()).toEqual(
      new Map([
        ['r1', new Set(['c', 'slot'])],
        ['r2', new Set(['e'])],
        ['r3', new Set()],
      ]),
    );
  });
});
