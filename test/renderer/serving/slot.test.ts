/** The seed's clients at a live renderer's slot, with the habits that they have. */
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedPixels, samePixels } from '../../support/expected-pixels.ts';
import { goodPixels, goodProgram } from '../../support/good-program.ts';
import { startRenderer } from '../../support/renderer-process.ts';
import { SlotHand } from '../../support/slot-hand.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Two of the renderer's slow scans: what has not happened by then does not happen. */
const TWO_SCANS_MS = 600;

let slot: SlotHand;
const cleanUps: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  const socket = temporaryFolder((cleanUp) => cleanUps.unshift(cleanUp));
  await startRenderer(socket, (cleanUp) => cleanUps.unshift(cleanUp));
  slot = new SlotHand(socket);
});

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
});

describe('a client of the seed', () => {
  it('gets the seed’s own example', async () => {
    const code = 'TXT 10 10 Hello GPU\nHALT';
    slot.send({ op: 'render_program', code, width: 128, height: 64, format: 'RGBA' });
    const pixels = await slot.takePixels();
    expect(pixels).toHaveLength(32_768);
    expect(samePixels(pixels, await expectedPixels(code))).toBe(true);
  });

  it('may write its command in place, in pieces', async () => {
    const text = JSON.stringify({ op: 'render_program', code: goodProgram(7) });
    const file = openSync(slot.command, 'w');
    for (let at = 0; at < text.length; at += 20) {
      writeSync(file, text.slice(at, at + 20));
      await sleep(20);
    }
    closeSync(file);
    expect(samePixels(await slot.takePixels(), await goodPixels(7))).toBe(true);
  });

  it('gets an answer again that it deleted unread', async () => {
    slot.send({ op: 'render_program', code: goodProgram(8) });
    for (let n = 0; n < 3; n++) {
      await waitUntil('out.raw', () => existsSync(slot.pixels));
      rmSync(slot.pixels);
      const start = performance.now();
      await waitUntil('out.raw again', () => existsSync(slot.pixels));
      expect(performance.now() - start).toBeLessThan(500);
    }
    expect(samePixels(await slot.takePixels(), await goodPixels(8))).toBe(true);
  });

  it('does not get an answer again that it read', async () => {
    slot.send({ op: 'render_program', code: goodProgram(9) });
    await slot.takePixels();
    await sleep(TWO_SCANS_MS);
    expect(existsSync(slot.pixels)).toBe(false);
  });

  it('gets only the newest answer when it does not wait', async () => {
    for (let round = 0; round < 50; round++) {
      slot.send({ op: 'render_program', code: goodProgram(1_000 + round), id: `old-${round}` });
      slot.send({ op: 'render_program', code: goodProgram(2_000 + round), id: `new-${round}` });
      const reply = await newestReply(`new-${round}`);
      expect(reply.status).toBe('ok');
      expect(samePixels(await slot.takePixels(), await goodPixels(2_000 + round))).toBe(true);
    }
  });

  it('gets "pong" for a ping, and the last canvas for read_canvas', async () => {
    slot.send({ op: 'ping' });
    expect((await slot.takePixels()).toString()).toBe('pong');
    slot.send({ op: 'render_program', code: goodProgram(10) });
    await slot.takePixels();
    slot.send({ op: 'read_canvas', width: 16, height: 16 });
    expect(samePixels(await slot.takePixels(), await goodPixels(10))).toBe(true);
  });

  it('gets no pixels for a bad program, and the reason if it asks', async () => {
    slot.send({ op: 'render_program', id: 'bad', code: 'TXT ten 10 Hello' });
    const reply = await newestReply('bad');
    expect(reply).toMatchObject({ status: 'refused', error: { code: 'PXL-E016', line: 1, column: 5 } });
    await sleep(TWO_SCANS_MS);
    expect(existsSync(slot.pixels)).toBe(false);
  });
});

/** The reply to the command of this id; a reply that is overtaken is passed over. */
async function newestReply(id: string) {
  for (;;) {
    const reply = await slot.takeReply();
    if (reply.id === id) return reply;
  }
}
