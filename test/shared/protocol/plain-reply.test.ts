/** The look by hand at a reply, held to the schema: an unknown field beside it leaves a reply to that. */
import { describe, expect, it } from 'vitest';
import { isPlainReply } from '../../../shared/protocol/plain-reply.ts';
import { decodeReply } from '../../../shared/protocol/reply.ts';

const FULL = {
  id: 'job-1',
  status: 'ok',
  width: 128,
  height: 64,
  format: 'RGBA',
  bytes: 32_768,
  sha256: 'ab',
  backend: 'gpu',
  adapter: 'a GPU',
  dispatches: 3,
  reason: 'asked for',
  version: '0.1.0',
  uses: 'cd',
  used: {
    canvas: 1,
    blend: { 'src-over': 1 },
    opcodes: { HALT: 1, TXT: 2 },
    functions: { min: 1 },
    glyphs: { '0041': '0e11', '10400': 'ff' },
    fonts: { tall: 1 },
    font_glyphs: { 'tall 0041': '0e' },
  },
  steps: 2,
  shapes: 1,
  pixels_written: 96,
  shade: 0,
  timings_ms: { wait: 0.4, parse: 0 },
  warnings: [],
  ignored: [],
  command_sha256: 'ef',
  renderer: 'r1',
};

/** What the schema alone makes of a text. */
function bySchema(text: string): unknown {
  const reply = decodeReply(text.replace(/\}$/, ',"unheard of":0}'));
  return reply && Object.fromEntries(Object.entries(reply).filter(([field]) => field !== 'unheard of'));
}

const VALUES: readonly string[] = [
  ...['null', 'true', '0', '-0', '1', '-1', '1.5', '1e999', '9007199254740991', '9007199254740992'],
  ...[
    '""',
    '"ok"',
    '"0e"',
    '"0E"',
    '[]',
    '[1]',
    '["a"]',
    '{}',
    '{"a":1}',
    '{"a":"x"}',
    '{"a":0}',
    '{"0041":"0e"}',
  ],
  ...[
    '{"__proto__":1}',
    '{"tall 0041":"0e"}',
    '{"00":"0e"}',
    '{"a":{}}',
    '[{"code":"PXL-W001","message":"m"}]',
  ],
];

/** The text with the value at `path` replaced, or without it. */
function changed(path: readonly string[], value: string | undefined): string {
  const record = structuredClone(FULL) as unknown as Record<string, unknown>;
  let at = record;
  for (const field of path.slice(0, -1)) at = at[field] as Record<string, unknown>;
  const last = path.at(-1) as string;
  if (value === undefined) delete at[last];
  else at[last] = '<here>';
  return JSON.stringify(record).replace('"<here>"', value ?? '');
}

const PATHS: readonly (readonly string[])[] = [
  ...[...Object.keys(FULL), 'params', 'inputs', 'weather', '__proto'].map((field) => [field]),
  ...[...Object.keys(FULL.used), 'palettes'].map((field) => ['used', field]),
  ...['blend', 'opcodes', 'functions', 'fonts'].map((field) => ['used', field, 'new']),
  ...['0042', '42', 'g'].map((field) => ['used', 'glyphs', field]),
  ...['tall 0042', '0042', 'TALL 0042'].map((field) => ['used', 'font_glyphs', field]),
  ['timings_ms', 'paint'],
];

describe('a reply looked at by hand', () => {
  it('is what the schema makes of it, whichever field is missing or holds something else', () => {
    const wrong: string[] = [];
    let plain = 0;
    let refused = 0;
    for (const path of PATHS) {
      for (const value of [undefined, ...VALUES]) {
        const text = changed(path, value);
        const [found, expected] = [decodeReply(text), bySchema(text)];
        if (isPlainReply(JSON.parse(text))) plain++;
        if (expected === undefined) refused++;
        try {
          expect(found).toEqual(expected);
        } catch {
          wrong.push(`${path.join('.')} = ${value}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    // Both ways were taken, often.
    expect(plain).toBeGreaterThan(150);
    expect(refused).toBeGreaterThan(500);
  });

  it('is one that gvpie writes for a picture', () => {
    expect(isPlainReply(FULL)).toBe(true);
    const { dispatches: _, shade: __, ...small } = FULL;
    expect(isPlainReply(small)).toBe(true);
  });

  it('is left to the schema where it has anything rare', () => {
    for (const rare of [
      { params: { a: 1 } },
      { inputs: ['a'.repeat(64)] },
      { warnings: [{ code: 'c', message: 'm' }] },
      { weather: 'fine' },
      { status: 'pong' },
      { used: { ...FULL.used, palettes: 1 } },
    ]) {
      expect(isPlainReply({ ...FULL, ...rare }), Object.keys(rare)[0]).toBe(false);
    }
    for (const none of [null, 1, 'ok', [], [FULL]]) expect(isPlainReply(none)).toBe(false);
  });
});
