import { describe, expect, it } from 'vitest';
import { PeerFault } from '../../../shared/faults.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { decodeReply, refusedByFault, refusedReply } from '../../../shared/protocol/reply.ts';

const OK = {
  status: 'ok',
  width: 1,
  height: 1,
  format: 'RGBA',
  bytes: 4,
  sha256: 'x',
  backend: 'cpu',
  adapter: 'a',
};
const PONG = { status: 'pong', backend: 'cpu', adapter: 'a', version: '1' };
const decode = (value: unknown) => decodeReply(JSON.stringify(value));

describe('decodeReply', () => {
  it('reads each status', () => {
    expect(decode(OK)).toEqual({ ...OK, warnings: [], ignored: [] });
    expect(decode(PONG)).toEqual(PONG);
    expect(decode({ status: 'unknown', id: 'a' })).toEqual({ status: 'unknown', id: 'a' });
    const complaint = { code: 'PXL-E003', message: 'm', line: 1, column: 5 };
    expect(decode({ status: 'refused', error: complaint, errors: [complaint] })?.status).toBe('refused');
    expect(decode({ status: 'error', error: complaint, retryable: false })).toMatchObject({
      retryable: false,
    });
  });

  it('reads who painted and why, of renderers that say it', () => {
    expect(decode({ ...OK, dispatches: 3, reason: 'r' })).toMatchObject({ dispatches: 3, reason: 'r' });
    for (const health of ['ok', 'degraded']) {
      expect(decode({ ...PONG, reason: 'r', health })).toEqual({ ...PONG, reason: 'r', health });
    }
  });

  it('reads what each PARAM stood for, and the calls that led to an error', () => {
    expect(decode({ ...OK, params: { count: 3 } })).toMatchObject({ params: { count: 3 } });
    const calls = [
      { line: 12, name: 'star' },
      { line: 3, name: 'sky' },
    ];
    const reply = refusedReply([{ code: 'PXL-E024', message: 'm', line: 5, calls }]);
    expect(decode(reply)).toEqual(reply);
    expect(reply.error.calls).toEqual(calls);
  });

  it('reads which canvases a picture was painted from', () => {
    const inputs = ['a'.repeat(64), '0'.repeat(64)];
    expect(decode({ ...OK, inputs })).toMatchObject({ inputs });
    expect(decode(OK)).not.toHaveProperty('inputs');
  });

  it('keeps fields that it does not know', () => {
    expect(decode({ ...OK, weather: 'fine' })).toMatchObject({ weather: 'fine' });
  });

  it.each([
    ['text that is not JSON', '{"status":"ok"'],
    ['no object', '[]'],
    ['no status', '{}'],
    ['another status', '{"status":"OK"}'],
    ['a size that is text', JSON.stringify({ ...OK, width: '1' })],
    ['half a byte', JSON.stringify({ ...OK, bytes: 0.5 })],
    ['half a dispatch', JSON.stringify({ ...OK, dispatches: 0.5 })],
    ['a param in quotes', JSON.stringify({ ...OK, params: { count: '3' } })],
    ['a param under a name in capitals', JSON.stringify({ ...OK, params: { COUNT: 3 } })],
    ['an input that is no checksum', JSON.stringify({ ...OK, inputs: ['a'] })],
    ['an input in upper case', JSON.stringify({ ...OK, inputs: ['A'.repeat(64)] })],
    [
      'a call from nowhere',
      JSON.stringify({
        status: 'error',
        error: { code: 'c', message: 'm', calls: [{ name: 'star' }] },
        retryable: false,
      }),
    ],
    ['a health that is neither', JSON.stringify({ ...PONG, health: 'fine' })],
    ['an error without "retryable"', '{"status":"error","error":{"code":"c","message":"m"}}'],
    [
      'more errors than there may be',
      JSON.stringify({
        status: 'refused',
        error: { code: 'c', message: 'm' },
        errors: Array(LIMITS.errors + 1).fill({ code: 'c', message: 'm' }),
      }),
    ],
  ])('gives nothing for %s', (_, text) => {
    expect(decodeReply(text)).toBeUndefined();
  });

  it('reads what refusedReply and refusedByFault make', () => {
    const reply = refusedReply([
      { code: 'a', message: 'first' },
      { code: 'b', message: 'second', line: 2 },
    ]);
    expect(reply.error).toEqual(reply.errors[0]);
    expect(decode(reply)).toEqual(reply);
    const fault = refusedByFault(new PeerFault('CMD-E002', 'no JSON', 'write JSON'));
    expect(fault.errors).toEqual([{ code: 'CMD-E002', message: 'no JSON', hint: 'write JSON' }]);
    expect('hint' in refusedByFault(new PeerFault('CMD-E002', 'no JSON')).error).toBe(false);
    expect(decode(fault)).toEqual(fault);
  });
});
