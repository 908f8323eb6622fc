/** A command that is called in this process, beside the built one in its own: the other tests may take either. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { isCallable } from './called.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('good.pxl', 'PARAM n 3 0 9\nTXT 1 1 é\nRECT 5 5 n 10\n');
  place.write('bad.pxl', 'TXT ten 10 Hello\n');
});
afterEach(() => place.clear());

it.each([
  [['check', 'good.pxl', '--lines'], EXIT.ok],
  [['check', '--json', '-'], EXIT.ok],
  [['check', 'bad.pxl', '--json'], EXIT.badInput],
  [['check', 'good.pxl', '--param'], EXIT.usage],
  [['fmt', '-'], EXIT.ok],
  [['render', 'good.pxl', '--raw', '-o', '-'], EXIT.ok],
  [['render', 'none.pxl'], EXIT.badInput],
  [['verify', 'good.pxl'], EXIT.badInput],
  [['script', 'list', '--help'], EXIT.ok],
  [['runs'], EXIT.badInput],
  [['reference', 'RECTS'], EXIT.usage],
])('gvpie %j ends and says the same, called or as a process', async (args, code) => {
  expect(isCallable(args)).toBe(true);
  const options = { input: 'rect 1 n 3 width-1\nPARAM n 4 0 9 ', env: { GVPIE_MAX_STEPS: '5' } };
  const called = await place.run(args, options);
  expect(called).toEqual(await place.process(args, options));
  expect(called.code).toBe(code);
  expect(called.stdout + called.stderr).not.toBe('');
});

it('leaves nothing of the call behind, and two at once do not mix', async () => {
  const before = [process.cwd(), process.env, process.stdout, process.stderr, process.stdin];
  const [one, other] = await Promise.all([
    place.run(['check', '-'], { input: 'HALT', env: { GVPIE_MAX_STEPS: '0' } }),
    place.run(['check', '-'], { input: 'HALT' }),
  ]);
  expect([one.code, other.code]).toEqual([EXIT.badInput, EXIT.ok]);
  expect(one.stderr).toContain('PXL-E012');
  expect(other.stderr).toBe('');
  expect([process.cwd(), process.env, process.stdout, process.stderr, process.stdin]).toEqual(before);
  expect(process.env).toBe(before[1]);
});

it('is not for commands that serve, wait, or choose a GPU', () => {
  for (const command of ['up', 'renderer', 'ping x', 'script run mine', 'render a.pxl --backend gpu', '']) {
    expect(isCallable(command.split(' ')), command).toBe(false);
  }
});
