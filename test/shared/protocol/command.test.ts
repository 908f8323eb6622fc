import { describe, expect, it } from 'vitest';
import { PeerFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import {
  type Command,
  decodeCommand,
  encodeRenderCommand,
  type RenderCommand,
} from '../../../shared/protocol/command.ts';

const decode = (value: unknown) =>
  decodeCommand(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

/** The code of a refusal, thrown or given; undefined when the command is accepted. */
function refusal(value: unknown): { code: string; message: string } | undefined {
  try {
    const command = value instanceof Uint8Array ? decodeCommand(value) : decode(value);
    return command.op === 'refused' ? command.complaints[0] : undefined;
  } catch (error) {
    if (error instanceof PeerFault) return error;
    throw error;
  }
}

const GOOD = { op: 'render_program', code: 'TXT 1 2 Hi' };

describe('decodeCommand', () => {
  it('reads the seed’s command', () => {
    const text =
      '{\n "op": "render_program",\n "code": "TXT 10 10 Hello GPU\\nHALT",\n "width": 128,\n "height": 64,\n "format": "RGBA"\n}';
    expect(decode(text)).toEqual({
      op: 'render_program',
      id: undefined,
      code: 'TXT 10 10 Hello GPU\nHALT',
      canvas: { width: 128, height: 64 },
      backend: undefined,
      params: undefined,
      limits: undefined,
      inputs: undefined,
      deadlineMs: undefined,
      ignored: [],
    });
  });

  it('gives a command without a canvas the seed’s 128×64', () => {
    expect(decode(GOOD)).toMatchObject({ canvas: { width: 128, height: 64 } });
    expect(decode({ op: 'read_canvas' })).toMatchObject({ canvas: { width: 128, height: 64 } });
  });

  it('reads every optional field', () => {
    expect(decode({ ...GOOD, id: 'a_B-9', backend: 'cpu', deadline_ms: 12.5 })).toMatchObject({
      id: 'a_B-9',
      backend: 'cpu',
      deadlineMs: 12.5,
    });
    expect(decode({ op: 'ping', id: 'p' })).toEqual({
      op: 'ping',
      id: 'p',
      deadlineMs: undefined,
      ignored: [],
    });
  });

  it('reads params, by names of any case, and limits, each of them or none', () => {
    const limits = { steps: 0, shapes: 1, pixels_written: 2, bytes: 1e12 };
    expect(decode({ ...GOOD, params: { Count: 3, size: -1 }, limits })).toMatchObject({
      params: { count: 3, size: -1 },
      limits,
      ignored: [],
    });
    expect(decode({ ...GOOD, params: {}, limits: { shapes: 5 } })).toMatchObject({
      params: {},
      limits: { shapes: 5 },
    });
  });

  it('reads inputs, or none', () => {
    const inputs = { ['a'.repeat(64)]: '/a.png' };
    expect(decode({ ...GOOD, inputs })).toMatchObject({ inputs, ignored: [] });
    expect(decode({ ...GOOD, inputs: {} })).toMatchObject({ inputs: {} });
  });

  it('names params, limits and inputs as fields that it does not know where they mean nothing', () => {
    const command = decode({ op: 'read_canvas', params: 1, limits: 2, inputs: 3 });
    expect(command).toMatchObject({ op: 'read_canvas', ignored: ['params', 'limits', 'inputs'] });
  });

  it('names the fields that it does not know', () => {
    const named = (value: unknown) => (decode(value) as Command).ignored;
    expect(named({ ...GOOD, colour: 1, constructor: 2 })).toEqual(['colour', 'constructor']);
    expect(named('{"op":"ping","__proto__":1,"code":"x"}')).toEqual(['__proto__', 'code']);
  });

  it('skips a BOM, and only one', () => {
    expect(refusal(`\uFEFF${JSON.stringify(GOOD)}`)).toBeUndefined();
    expect(refusal(`\uFEFF\uFEFF${JSON.stringify(GOOD)}`)?.code).toBe('CMD-E002');
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'CMD-E001'],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'CMD-E001'],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), 'CMD-E001'],
    ['nothing', '', 'CMD-E002'],
    ['truncated JSON', JSON.stringify(GOOD).slice(0, -1), 'CMD-E002'],
    ['two objects', '{}{}', 'CMD-E002'],
    ['single quotes', "{'op':'ping'}", 'CMD-E002'],
    ['an array', '[]', 'CMD-E003'],
    ['null', 'null', 'CMD-E003'],
    ['a string', '"ping"', 'CMD-E003'],
    ['no op', {}, 'CMD-E004'],
    ['an unknown op', { op: 'explode' }, 'CMD-E004'],
    ['an op in capitals', { op: 'PING' }, 'CMD-E004'],
    ['an op that is not text', { op: ['ping'] }, 'CMD-E004'],
    ['an op that every object has', { op: 'constructor' }, 'CMD-E004'],
    ['no code', { op: 'render_program' }, 'CMD-E005'],
    ['code that is a number', { ...GOOD, code: 5 }, 'CMD-E005'],
    ['code with half a surrogate pair', '{"op":"render_program","code":"\\ud800"}', 'CMD-E005'],
    ['another format', { ...GOOD, format: 'RGB' }, 'CMD-E005'],
    ['a format that is null', { ...GOOD, format: null }, 'CMD-E005'],
    ['another backend', { ...GOOD, backend: 'vulkan' }, 'CMD-E005'],
    ['an empty id', { ...GOOD, id: '' }, 'CMD-E005'],
    ['an id with a slash', { ...GOOD, id: '../x' }, 'CMD-E005'],
    ['an id that is a number', { ...GOOD, id: 7 }, 'CMD-E005'],
    ['an id of 65 characters', { ...GOOD, id: 'i'.repeat(65) }, 'CMD-E005'],
    ['a deadline in words', { ...GOOD, deadline_ms: 'soon' }, 'CMD-E005'],
    ['a deadline beyond numbers', '{"op":"ping","deadline_ms":1e999}', 'CMD-E005'],
    ['params that are an array', { ...GOOD, params: [] }, 'CMD-E005'],
    ['params that are null', { ...GOOD, params: null }, 'CMD-E005'],
    ['a param in quotes', { ...GOOD, params: { a: '3' } }, 'CMD-E005'],
    ['a param one too high', { ...GOOD, params: { a: 2 ** 31 } }, 'CMD-E005'],
    ['a param under a name that is none', { ...GOOD, params: { 'a-b': 3 } }, 'CMD-E005'],
    ['a param twice', { ...GOOD, params: { a: 3, A: 3 } }, 'CMD-E005'],
    ['limits that are a number', { ...GOOD, limits: 5 }, 'CMD-E005'],
    ['a negative limit', { ...GOOD, limits: { steps: -1 } }, 'CMD-E005'],
    ['half a step', { ...GOOD, limits: { steps: 0.5 } }, 'CMD-E005'],
    ['a limit that there is not', { ...GOOD, limits: { step: 5 } }, 'CMD-E005'],
    ['inputs that are a list', { ...GOOD, inputs: ['/a.png'] }, 'CMD-E005'],
    ['inputs that are null', { ...GOOD, inputs: null }, 'CMD-E005'],
    ['an input in upper case', { ...GOOD, inputs: { ['A'.repeat(64)]: '/a.png' } }, 'CMD-E005'],
    ['an input under no checksum', { ...GOOD, inputs: { a: '/a.png' } }, 'CMD-E005'],
    ['an input at a relative path', { ...GOOD, inputs: { ['a'.repeat(64)]: './a.png' } }, 'CMD-E005'],
    ['a width of zero', { ...GOOD, width: 0 }, 'CMD-E006'],
    ['a width that is text', { ...GOOD, width: '128' }, 'CMD-E006'],
    ['half a pixel', { ...GOOD, width: 1.5 }, 'CMD-E006'],
    ['a width that is null', { ...GOOD, width: null }, 'CMD-E006'],
    ['a width that is an object', { ...GOOD, width: {} }, 'CMD-E006'],
    ['a negative height', { ...GOOD, height: -1 }, 'CMD-E006'],
    ['a side over the limit', { ...GOOD, width: LIMITS.canvasSide + 1 }, 'CMD-E006'],
    ['too many pixels', { ...GOOD, width: 16_384, height: 4_097 }, 'CMD-E006'],
    ['a canvas to read over the limit', { op: 'read_canvas', height: 1e9 }, 'CMD-E006'],
  ])('refuses %s', (_, value, code) => {
    expect(refusal(value)?.code).toBe(code);
  });

  it.each([
    ['an id of 64 characters', { ...GOOD, id: 'i'.repeat(64) }],
    ['the smallest canvas', { ...GOOD, width: 1, height: 1 }],
    ['the longest side', { ...GOOD, width: 16_384, height: 1 }],
    ['the largest area', { ...GOOD, width: 16_384, height: 4_096 }],
    ['code with a whole surrogate pair', '{"op":"render_program","code":"\\ud83d\\ude00"}'],
    ['empty code', { ...GOOD, code: '' }],
  ])('accepts %s', (_, value) => {
    expect(refusal(value)).toBeUndefined();
  });

  it('says what it expected and what it found', () => {
    expect(refusal({ ...GOOD, code: 5 })?.message).toBe(
      'Expected "code" to be the text of a program, found 5',
    );
    expect(refusal({ op: 'render_program' })?.message).toBe(
      'Expected "code" to be the text of a program, found nothing',
    );
    expect(refusal('{"op":"ping","deadline_ms":1e999}')?.message).toBe(
      'Expected "deadline_ms" to be a number of milliseconds since 1970, found Infinity',
    );
    expect(refusal({ ...GOOD, params: { a: '3' } })?.message).toBe(
      'Expected "a" of "params" to be a whole number from -2147483648 to 2147483647, found "3"',
    );
    expect(refusal({ ...GOOD, limits: { steps: -1 } })?.message).toBe(
      'Expected "steps" of "limits" to be a whole number from 0, found -1',
    );
    expect(refusal({ ...GOOD, width: 20_000 })?.message).toBe(
      'Expected canvas width from 1 to 16384 pixels, found 20000',
    );
    expect(refusal({ ...GOOD, width: 16_384, height: 4_097 })?.message).toBe(
      'Expected a canvas of at most 67108864 pixels, found 16384×4097 = 67125248',
    );
    expect(refusal({ op: 'x'.repeat(500) })?.message.length).toBeLessThan(150);
  });

  it('keeps the id of what it refuses, when it is one', () => {
    expect(decode({ op: 'explode', id: 'job-1' })).toMatchObject({ op: 'refused', id: 'job-1' });
    expect(decode({ op: 'explode', id: 'job 1' })).toMatchObject({ op: 'refused', id: undefined });
  });

  it('names every wrong field at once', () => {
    const wrong = { backend: 1, deadline_ms: 'x', id: 2, params: 3, limits: 4, inputs: 5 };
    const command = decode({ op: 'render_program', ...wrong });
    expect(command).toMatchObject({ op: 'refused' });
    expect('complaints' in command && command.complaints).toHaveLength(7);
  });

  it('bears 100,000 levels of nesting', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(refusal(`{"op":"ping","extra":${deep}}`)).toBeUndefined();
    expect(refusal(`{"op":${deep}}`)?.code).toBe('CMD-E004');
    expect(refusal({ ...GOOD, width: 0 })?.code).toBe('CMD-E006');
    expect(refusal(`{"op":"render_program","code":"","width":${deep}}`)?.code).toBe('CMD-E006');
    expect(refusal(`{"op":"render_program","code":"","params":{"a":${deep}}}`)?.code).toBe('CMD-E005');
    expect(refusal(deep)?.code).toBe('CMD-E003');
    expect(refusal('['.repeat(100_000))?.code).toBe('CMD-E002');
  });

  it('reads params as encodeRenderCommand writes them, and finds none where there are none', () => {
    const canvas = { width: 3, height: 4 };
    const plain = encodeRenderCommand({ id: 'a', code: 'HALT', canvas });
    expect(plain).toBe('{"op":"render_program","id":"a","code":"HALT","width":3,"height":4,"format":"RGBA"}');
    expect(encodeRenderCommand({ id: 'a', code: 'HALT', canvas, params: {} })).toBe(plain);
    const params = JSON.parse('{"count":3,"__proto__":-4}');
    const command = decode(encodeRenderCommand({ code: 'HALT', canvas, params })) as RenderCommand;
    expect(Object.entries(command.params ?? {})).toEqual([
      ['count', 3],
      ['__proto__', -4],
    ]);
  });

  it('reads inputs as encodeRenderCommand writes them, behind all else, and finds none where there are none', () => {
    const canvas = { width: 3, height: 4 };
    const plain = encodeRenderCommand({ id: 'a', code: 'HALT', canvas, params: { n: 1 } });
    expect(encodeRenderCommand({ id: 'a', code: 'HALT', canvas, params: { n: 1 }, inputs: {} })).toBe(plain);
    const inputs = { ['0f'.repeat(32)]: '/ä b.png' };
    const text = encodeRenderCommand({ id: 'a', code: 'HALT', canvas, params: { n: 1 }, inputs });
    expect(text).toBe(`${plain.slice(0, -1)},"inputs":{"${'0f'.repeat(32)}":"/ä b.png"}}`);
    expect(decode(text)).toMatchObject({ inputs, ignored: [] });
  });

  it('reads what encodeRenderCommand writes', () => {
    const text = encodeRenderCommand({
      id: 'a',
      code: 'HALT',
      canvas: { width: 3, height: 4 },
      backend: 'cpu',
    });
    expect(decode(text)).toMatchObject({
      op: 'render_program',
      id: 'a',
      code: 'HALT',
      canvas: { width: 3, height: 4 },
      backend: 'cpu',
      ignored: [],
    });
    expect(decode(encodeRenderCommand({ code: 'HALT', canvas: { width: 3, height: 4 } }))).toMatchObject({
      id: undefined,
      backend: undefined,
    });
  });
});
