/** Inputs of a command at both doors, with no disk and no time. */
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/bytes.ts';
import { writeChunk } from '../../shared/cartridge/chunk.ts';
import { writePng } from '../../shared/cartridge/png.ts';
import { PeerFault } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { decodeReply } from '../../shared/protocol/reply.ts';
import { ramp } from '../shared/cartridge/sample.ts';
import { type Content, fakeWorld, program } from './fake-world.ts';

const CANVAS = { width: 3, height: 2 };
const PIXELS = ramp(CANVAS);
const SUM = sha256Hex(PIXELS);
const OTHER = PIXELS.map((byte, at) => (at === 7 ? byte ^ 1 : byte));
const IMAGE = `IMAGE logo 3 2 ${SUM}`;
const INPUTS = { [SUM]: '/logo.png' };

/** The replies to a command at both doors, and which files were opened. */
async function ask(code: string, inputs: object | undefined, files: Record<string, Content> = {}) {
  const world = fakeWorld();
  for (const [path, content] of Object.entries(files)) world.files.set(path, content);
  const command = program({ id: 'a', code, ...(inputs === undefined ? {} : { inputs }) });
  world.slot.command = command;
  world.waiting.set('a.json', command);
  await world.ring();
  const replies = [world.slot.answer?.reply, world.outbox.get('a')];
  for (const reply of replies) expect(decodeReply(JSON.stringify(reply))).toBeDefined();
  const opened = world.events.filter((event) => event.startsWith('open '));
  const [first, second] = replies as [object, object];
  // Times and digests differ between the doors; what is said of inputs does not.
  const said = ({ status, inputs: drawn, ignored, error, retryable }: Record<string, unknown>) => ({
    status,
    inputs: drawn,
    ignored,
    error,
    retryable,
  });
  expect(said(first as never)).toEqual(said(second as never));
  return { reply: first as Record<string, unknown> & { error: Record<string, unknown> }, opened };
}

describe('the inputs of a command', () => {
  it('leave others their turns between them, however many they are', async () => {
    const pixels = Array.from({ length: 50 }, (_, n) => Uint8Array.of(n, 0, 0, 255));
    const sums = pixels.map((bytes) => sha256Hex(bytes));
    const world = fakeWorld();
    const turns: number[] = [];
    const opened = (): number => world.events.filter((event) => event.startsWith('open ')).length;
    for (const [n, bytes] of pixels.entries()) world.files.set(`/${n}`, bytes);
    const code = sums.map((sum, n) => `IMAGE i${n} 1 1 ${sum}`).join('\n');
    const inputs = Object.fromEntries(sums.map((sum, n) => [sum, `/${n}`]));
    world.waiting.set('a.json', program({ id: 'a', code, inputs }));
    world.daemon.ring();
    for (let turn = 0; turn < 200 && !world.outbox.has('a'); turn++) {
      await new Promise((done) => setImmediate(done));
      turns.push(opened());
    }
    expect(world.outbox.get('a')).toMatchObject({ status: 'ok', inputs: sums });
    const most = Math.max(...turns.map((count, at) => count - (turns[at - 1] ?? 0)));
    expect(most).toBeLessThanOrEqual(2);
  });

  it.each([
    ['a PNG', writePng(PIXELS, CANVAS)],
    ['raw RGBA', PIXELS],
  ])('are read from %s, and the reply names them, each once', async (_, bytes) => {
    const { reply, opened } = await ask(`${IMAGE}\nIMAGE twin 3 2 ${SUM}`, INPUTS, { '/logo.png': bytes });
    expect(reply).toMatchObject({ status: 'ok', inputs: [SUM], ignored: [] });
    expect(opened).toEqual(['open /logo.png', 'open /logo.png']);
  });

  it('are not opened where no IMAGE asks for them, and not named where there is none', async () => {
    const { reply, opened } = await ask('RECT 0 0 1 1', INPUTS, { '/logo.png': PIXELS });
    expect(reply).toMatchObject({ status: 'ok', ignored: [] });
    expect(reply).not.toHaveProperty('inputs');
    expect(reply.timings_ms).not.toHaveProperty('inputs');
    expect(opened).toEqual([]);
  });

  it.each([
    ['no inputs at all', undefined],
    ['no inputs', {}],
    ['another input', { ['0'.repeat(64)]: '/logo.png' }],
  ])('are refused where an IMAGE asks for one and the command has %s, with its line', async (_, inputs) => {
    const { reply, opened } = await ask(`HALT\n${IMAGE}`, inputs, { '/logo.png': PIXELS });
    expect(reply).toMatchObject({
      status: 'refused',
      error: {
        code: 'CMD-E013',
        line: 2,
        message: `Expected an input for IMAGE logo, 3×2 pixels of checksum ${SUM}, found none`,
      },
    });
    expect(opened).toEqual([]);
  });

  const sumOf = (n: number): string => n.toString(16).padStart(64, '0');

  it('are all named where several are missing, up to as many as are reported', async () => {
    const lines = Array.from({ length: LIMITS.errors + 1 }, (_, n) => {
      return `IMAGE i${n} 1 1 ${sumOf(n)}`;
    });
    const { reply } = await ask(lines.join('\n'), {});
    expect(reply.errors).toHaveLength(LIMITS.errors);
    expect(reply.errors).toMatchObject([{ line: 1 }, { line: 2 }, ...Array(LIMITS.errors - 2).fill({})]);
    const hints = (reply.errors as { hint: string }[]).map(({ hint }) => hint);
    expect(hints).toEqual(
      hints.map((_, n) => `"inputs" of the command says where it lies: {"${sumOf(n)}":"/…"}`),
    );
  });

  it.each([
    ['no file', undefined, 'found no file'],
    [
      'what must not be read',
      new PeerFault('FILE-E001', 'Expected a regular file, found something else at /logo.png'),
      'found no file that can be read: Expected a regular file',
    ],
    ['other pixels', OTHER, `found other pixels, whose checksum is ${sha256Hex(OTHER)}`],
    ['a PNG of other pixels', writePng(OTHER, CANVAS), 'found other pixels'],
    ['a PNG of another shape', writePng(PIXELS, { width: 2, height: 3 }), 'found a PNG of 2×3'],
    ['a torn PNG', writePng(PIXELS, CANVAS).subarray(0, 60), 'found a PNG that cannot be read: Expected '],
    ['a byte too many', Buffer.concat([PIXELS, Buffer.of(0)]), 'found no PNG, and 25 bytes'],
  ])('are an error to be tried again where there is %s', async (_, content, found) => {
    const { reply } = await ask(IMAGE, INPUTS, content === undefined ? {} : { '/logo.png': content });
    const hint = 'Put a file that holds them there, and ask again; a row is tried again by itself.';
    expect(reply).toMatchObject({ status: 'error', retryable: true, error: { code: 'RUN-E008', hint } });
    expect(reply.error.message).toContain(`Expected 3×2 pixels of checksum ${SUM} at /logo.png, ${found}`);
  });

  it('are read together up to the limit, and no byte further', async () => {
    const texts = LIMITS.inputBytes - PIXELS.length;
    const canvas = { width: 1, height: 1 };
    const pixel = Uint8Array.of(1, 2, 3, 255);
    const code = `IMAGE a 1 1 ${sha256Hex(pixel)}\n${IMAGE}`;
    const png = writePng(pixel, canvas);
    // Behind its end a PNG may hold nothing, so what fills it up is a chunk that nobody reads.
    const padded = (bytes: number): Uint8Array =>
      Buffer.concat([
        png.subarray(0, 33),
        writeChunk('teXt', new Uint8Array(bytes - png.length - 12)),
        png.subarray(33),
      ]);
    const inputs = { [sha256Hex(pixel)]: '/a.png', ...INPUTS };
    const fits = await ask(code, inputs, { '/a.png': padded(texts), '/logo.png': PIXELS });
    expect(fits.reply).toMatchObject({ status: 'ok', inputs: [sha256Hex(pixel), SUM] });
    const over = await ask(code, inputs, { '/a.png': padded(texts + 1), '/logo.png': PIXELS });
    expect(over.reply.error).toMatchObject({
      code: 'RUN-E008',
      message: expect.stringContaining('/logo.png, found no file that can be read'),
    });
  });
});
