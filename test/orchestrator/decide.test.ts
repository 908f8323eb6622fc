import { describe, expect, it } from 'vitest';
import { commandFor, describeRefusal, judgeAnswer, readScript } from '../../orchestrator/decide.ts';
import type { DueJob } from '../../orchestrator/script.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { OkReply, Reply } from '../../shared/protocol/reply.ts';

const CODE = Buffer.from('TXT 10 10 Hello\nHALT');

function script(changes: Partial<DueJob> = {}): DueJob {
  const code = changes.code ?? CODE;
  return {
    id: 1,
    name: 'mine',
    lang: 'pixel',
    code,
    codeBytes: code.length,
    codeType: 'text',
    width: 128,
    height: 64,
    params: null,
    paramsType: 'null',
    revision: 1,
    attempts: 0,
    jobId: 1,
    slot: 'r1',
    rank: 1,
    point: null,
    forced: 0,
    expect: null,
    parents: null,
    ...changes,
  };
}

const complaintOf = (changes: Partial<DueJob>) => {
  const reading = readScript(script(changes));
  return reading.kind === 'refused' ? reading.complaint : undefined;
};

describe('a row', () => {
  it.each(['pixel', 'gvpie'])('in %s is work: its program on its canvas', (lang) => {
    expect(readScript(script({ lang, width: 16, height: 8 }))).toEqual({
      kind: 'work',
      work: { program: CODE.toString(), canvas: { width: 16, height: 8 }, params: {} },
    });
  });

  it('in cartridge is a reference, without the blanks around it', () => {
    expect(readScript(script({ lang: 'cartridge', code: Buffer.from(' a.png\n') }))).toEqual({
      kind: 'cartridge',
      reference: 'a.png',
      params: {},
    });
  });

  it('in cartridge has the canvas of the cartridge, so that its own does not matter', () => {
    expect(readScript(script({ lang: 'cartridge', width: 'wide' })).kind).toBe('cartridge');
  });

  it('in python is refused in words that say what to do', () => {
    expect(complaintOf({ lang: 'python' })).toMatchObject({
      code: 'ROW-E001',
      message: 'Expected a lang that this version runs, found "python"',
      hint: expect.stringContaining('PXL-ε'),
    });
  });

  it.each(['', 'Pixel', 'forth', '"; DROP'])('in another language, %j, is refused', (lang) => {
    expect(complaintOf({ lang })).toMatchObject({
      code: 'ROW-E001',
      message: expect.stringContaining(JSON.stringify(lang)),
    });
  });

  it.each(['blob', 'null', 'integer'])('with code of type %s is refused', (codeType) => {
    expect(complaintOf({ codeType })).toMatchObject({
      code: 'ROW-E002',
      message: `Expected code to be TEXT, found a ${codeType.toUpperCase()}`,
    });
  });

  it('that is not UTF-8 is refused at its first bad byte', () => {
    expect(complaintOf({ code: Buffer.from([0x48, 0x41, 0xff, 0x4c]) })).toMatchObject({
      code: 'ROW-E003',
      message: 'Expected code in UTF-8, found an invalid byte at offset 2',
    });
  });

  it('may be as long as the limit, and not a byte longer', () => {
    const longest = Buffer.alloc(LIMITS.sourceBytes, '\n');
    expect(readScript(script({ code: longest })).kind).toBe('work');
    // The table hands out one byte over the limit and no more.
    const code = Buffer.alloc(LIMITS.sourceBytes + 1, '\n');
    expect(complaintOf({ code, codeBytes: 900_000_000 })).toMatchObject({
      code: 'ROW-E004',
      message: `Expected at most ${LIMITS.sourceBytes} bytes of code, found 900000000`,
    });
    expect(complaintOf({ code })?.code).toBe('ROW-E004');
  });

  it('with no code at all is work: the renderer says what an empty program is', () => {
    expect(readScript(script({ code: Buffer.alloc(0) })).kind).toBe('work');
  });

  it.each([1, LIMITS.canvasSide])('may have a side of %d pixels', (width) => {
    expect(readScript(script({ width, height: 1 })).kind).toBe('work');
  });

  it.each([
    0,
    -1,
    LIMITS.canvasSide + 1,
    1.5,
    2 ** 53,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    null,
    undefined,
    '128',
    'wide',
    '',
  ])('with %s for a side is refused', (side) => {
    for (const changes of [{ width: side }, { height: side }]) {
      expect(complaintOf(changes)?.code).toBe('ROW-E005');
    }
  });

  it('with megabytes for a side is refused in a short message', () => {
    for (const width of ['x'.repeat(10_000_000), Buffer.alloc(10_000_000)]) {
      const complaint = complaintOf({ width });
      expect(complaint?.code).toBe('ROW-E005');
      expect(complaint?.message.length).toBeLessThan(200);
    }
  });

  it('with more pixels than the limit is refused, with as many it is work', () => {
    expect(readScript(script({ width: 8_192, height: 8_192 })).kind).toBe('work');
    expect(complaintOf({ width: 8_193, height: 8_192 })?.code).toBe('ROW-E005');
  });
});

describe('the params of a row', () => {
  const stored = (text: string | Uint8Array, paramsType = 'text') => ({
    params: Buffer.from(text),
    paramsType,
  });
  const paramsOf = (changes: Partial<DueJob>) => {
    const reading = readScript(script(changes));
    if (reading.kind === 'refused') return reading.complaint.message;
    return reading.kind === 'work' ? reading.work.params : reading.params;
  };

  it('are the values of its PARAMs, by names of any case', () => {
    const params = stored('{"Count": 3, "size": -1}');
    expect(paramsOf(params)).toEqual({ count: 3, size: -1 });
    expect(paramsOf({ ...params, lang: 'cartridge' })).toEqual({ count: 3, size: -1 });
  });

  it('are none where it has NULL, an empty object or an empty text', () => {
    for (const text of ['{}', ' { } ', '']) expect(paramsOf(stored(text))).toEqual({});
    expect(paramsOf({ params: null, paramsType: 'null' })).toEqual({});
  });

  it.each([
    ['not JSON', 'count=3', 'Expected params in JSON, found "count=3"'],
    ['cut off', '{"count":3', 'Expected params in JSON, found "{\\"count\\":3"'],
    ['a blank', ' ', 'Expected params in JSON, found " "'],
    ['an array', '[3]', 'Expected params to be an object such as {"count":3}, found an array'],
    ['null', 'null', 'Expected params to be an object such as {"count":3}, found null'],
    [
      'with text for a number',
      '{"count":"3"}',
      'Expected "count" of params to be a whole number from -2147483648 to 2147483647, found "3"',
    ],
    [
      'with twins',
      '{"a":1,"A":1}',
      'Expected params to have each name once, whatever its case, found "a" and "A"',
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x7b, 0xff, 0x7d]),
      'Expected params in UTF-8, found other bytes',
    ],
  ])('that are %s are refused', (_, text, message) => {
    for (const lang of ['pixel', 'cartridge']) {
      expect(complaintOf({ ...stored(text), lang })).toEqual({
        code: 'ROW-E007',
        message,
        hint: 'Write a JSON object of names and whole numbers, such as {"count":3}, or NULL.',
      });
    }
  });

  it('that are bytes and not text are refused, as code is', () => {
    expect(complaintOf(stored('{"count":3}', 'blob'))).toMatchObject({
      code: 'ROW-E007',
      message: 'Expected params to be TEXT, found a BLOB',
    });
  });

  it('may be as long as a program, and not a byte longer', () => {
    const filled = (length: number) => `{"a":1${' '.repeat(length - 7)}}`;
    expect(paramsOf(stored(filled(LIMITS.sourceBytes)))).toEqual({ a: 1 });
    expect(complaintOf(stored(filled(LIMITS.sourceBytes + 1)))).toMatchObject({
      code: 'ROW-E007',
      message: 'Expected at most 1048576 bytes of params, found more',
    });
  });

  it('go into its command, which has no such field without them', () => {
    const canvas = { width: 1, height: 1 };
    const sent = (params: Record<string, number>) => {
      const made = commandFor({ program: 'HALT', canvas, params }, 'id-1', undefined);
      return JSON.parse('command' in made ? made.command : '') as object;
    };
    expect(sent({ count: 3 })).toMatchObject({ params: { count: 3 } });
    expect(sent({})).not.toHaveProperty('params');
  });
});

describe('a command', () => {
  const canvas = { width: 128, height: 64 };

  it('carries the program to the letter, and a backend only where one is asked for', () => {
    const program = 'TXT 0 0 "ö" \\ 🎨\r\n\0';
    const sent = commandFor({ program, canvas, params: {} }, 'id-1', undefined);
    expect(JSON.parse('command' in sent ? sent.command : '')).toEqual({
      op: 'render_program',
      id: 'id-1',
      code: program,
      width: 128,
      height: 64,
      format: 'RGBA',
    });
    const cpu = commandFor({ program, canvas, params: {} }, 'id-1', 'cpu');
    expect(JSON.parse('command' in cpu ? cpu.command : '').backend).toBe('cpu');
  });

  it('may be as long as its limit, and not a byte longer', () => {
    const overhead = commandFor({ program: '', canvas, params: {} }, 'id-1', undefined);
    const room = LIMITS.commandBytes - ('command' in overhead ? overhead.command.length : 0);
    // Each quote takes two bytes in JSON; room is made even by an a.
    const program = `${'a'.repeat(room % 2)}${'"'.repeat(Math.floor(room / 2))}`;
    expect(program.length).toBeLessThanOrEqual(LIMITS.sourceBytes);
    expect(commandFor({ program, canvas, params: {} }, 'id-1', undefined)).toHaveProperty('command');
    expect(commandFor({ program: `a${program}`, canvas, params: {} }, 'id-1', undefined)).toEqual({
      complaint: {
        code: 'ROW-E004',
        message: `Expected a command of at most ${LIMITS.commandBytes} bytes, found ${LIMITS.commandBytes + 1}`,
        hint: expect.stringContaining('two bytes each'),
      },
    });
  });
});

describe('a command with inputs', () => {
  const canvas = { width: 8, height: 4 };
  /** `count` inputs, each with a path of 100 bytes. */
  const placed = (count: number) =>
    Array.from({ length: count }, (_, n) => {
      const digits = String(n).padStart(64, '0');
      return { ...canvas, checksum: digits, path: `/${digits}${'p'.repeat(35)}` };
    });
  const sent = (program: string, count: number) => {
    return commandFor({ program, canvas, params: {}, inputs: placed(count) }, 'id-1', undefined);
  };

  it('may be as long as its limit too, and is not refused for its code where its paths are what is too long', () => {
    // Of each input two texts in quotes, a colon and a comma: 64 + 100 + 6 bytes.
    const [one, none] = [sent('', 1), sent('', 0)].map((made) =>
      'command' in made ? made.command.length : 0,
    );
    const count = Math.floor((LIMITS.commandBytes - (one ?? 0)) / 170) + 1;
    const program = 'a'.repeat(LIMITS.commandBytes - (one ?? 0) - 170 * (count - 1));
    const fits = sent(program, count);
    expect('command' in fits ? fits.command.length : 0).toBe(LIMITS.commandBytes);
    expect(sent(`a${program}`, count)).toEqual({
      complaint: {
        code: 'ROW-E004',
        message: `Expected a command of at most ${LIMITS.commandBytes} bytes, found ${LIMITS.commandBytes + 1}`,
        hint: `The paths of ${count} inputs take ${LIMITS.commandBytes + 1 - (none ?? 0) - program.length - 1} of them: draw fewer IMAGEs, or give GVPIE_CARTRIDGES a shorter path.`,
      },
    });
    // A program that would be too long without any is told about itself.
    expect(sent('"'.repeat(LIMITS.sourceBytes), 1)).toMatchObject({
      complaint: { hint: 'Quotes, backslashes and line ends take two bytes each in JSON.' },
    });
  });
});

describe('an answer', () => {
  const work = { program: 'HALT', canvas: { width: 2, height: 1 }, params: {} };
  const pixels = new Uint8Array(8).fill(7);
  const ok: OkReply = {
    status: 'ok',
    width: 2,
    height: 1,
    format: 'RGBA',
    bytes: 8,
    sha256: sha256Hex(pixels),
    backend: 'cpu',
    adapter: 'cpu',
    warnings: [],
    ignored: [],
  };
  const error = { code: 'X', message: 'x' };
  const judge = (reply: Reply | undefined, found: Uint8Array | undefined) =>
    judgeAnswer(work, { reply, pixels: found });

  it('of whole pixels is pressed, with a reply or, from a renderer built from the seed, without', () => {
    expect(judge(ok, pixels)).toEqual({ kind: 'press', reply: ok, pixels });
    expect(judge(undefined, pixels)).toEqual({ kind: 'press', reply: undefined, pixels });
  });

  it('that refuses the program ends the matter', () => {
    const reply: Reply = { status: 'refused', error, errors: [error] };
    const judgement = judge(reply, undefined);
    expect(judgement).toEqual({ kind: 'refused', stderr: JSON.stringify(reply) });
  });

  it('of an error is the world’s fault, whatever the renderer thinks of trying again', () => {
    expect(judge({ status: 'error', error, retryable: true }, undefined).kind).toBe('failed');
    expect(judge({ status: 'error', error, retryable: false }, undefined).kind).toBe('failed');
  });

  it.each([
    ['a pong', { status: 'pong', backend: 'cpu', adapter: 'cpu', version: '1' } as Reply, pixels],
    ['no knowledge of it', { status: 'unknown' } as Reply, undefined],
    ['too few pixels', ok, pixels.subarray(1)],
    ['too many pixels', ok, new Uint8Array(9)],
    ['no pixels', ok, undefined],
    ['no pixels and no reply', undefined, undefined],
    ['a picture of another shape', { ...ok, width: 1, height: 2 }, pixels],
  ])('of %s has failed, and is tried again', (_, reply, found) => {
    const judgement = judge(reply, found);
    expect(judgement.kind).toBe('failed');
    expect(JSON.parse('stderr' in judgement ? judgement.stderr : '')).toHaveProperty('status');
  });

  it('is pressed where every param that was asked for stood, others or not, and else has failed', () => {
    const asked = { ...work, params: { count: 3 } };
    const judged = (params: Record<string, number> | undefined) => {
      const reply = params === undefined ? ok : { ...ok, params };
      const judgement = judgeAnswer(asked, { reply, pixels });
      return 'stderr' in judgement ? JSON.parse(judgement.stderr).error.message : judgement.kind;
    };
    expect(judged({ count: 3, size: 9 })).toBe('press');
    expect(judged({ count: 4 })).toBe('Expected a picture with count=3, found one with 4');
    expect(judged(undefined)).toBe('Expected a picture with count=3, found one with nothing');
    expect(judgeAnswer(work, { reply: { ...ok, params: { size: 9 } }, pixels }).kind).toBe('press');
    expect(judgeAnswer(asked, { reply: undefined, pixels }).kind).toBe('press');
  });

  it('is judged by its inputs in time that grows with them, however many it names', () => {
    const sums = Array.from({ length: 240_000 }, (_, n) => n.toString(16).padStart(64, '0'));
    const inputs = sums.slice(0, 13_900).map((checksum) => ({ ...work.canvas, checksum, path: '/a' }));
    const judged = (drawn: string[]) => {
      const judgement = judgeAnswer({ ...work, inputs }, { reply: { ...ok, inputs: drawn }, pixels });
      return 'stderr' in judgement ? JSON.parse(judgement.stderr).error.message : judgement.kind;
    };
    const start = process.cpuUsage();
    const same = inputs.map(({ checksum }) => checksum).reverse();
    expect(judged(same)).toBe('press');
    expect(judged(same.slice(1))).toBe(
      `Expected a picture drawn with the input ${sums[13_899]}, found one without`,
    );
    expect(judged(sums)).toBe(`Expected a picture drawn without the input ${sums[13_900]}, found one with`);
    const { user, system } = process.cpuUsage(start);
    // 0.2 s on a busy machine; with each looked for in a list, 46 s.
    expect((user + system) / 1e6).toBeLessThan(2);
  });

  it('that cannot be believed has failed, with the reason', () => {
    const judgement = judgeAnswer(work, { unbelievable: 'Expected 8 bytes, found 7' });
    expect(judgement.kind).toBe('failed');
    expect(JSON.parse('stderr' in judgement ? judgement.stderr : '')).toEqual({
      status: 'error',
      retryable: true,
      error: { code: 'RUN-E004', message: 'Expected 8 bytes, found 7' },
    });
  });

  it('of our own to an author has the shape of a renderer’s', () => {
    expect(JSON.parse(describeRefusal(error))).toEqual({ status: 'refused', error, errors: [error] });
  });
});
