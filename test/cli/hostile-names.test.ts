/** Names of files that a terminal would obey, as archives and mails may bring them: no command prints them as they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from './gvpie.ts';

const NAME = '\u001b[31mred\u202e.png';
let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  place.write('a.pxl', 'RECT 1 1 9 3');
  expect((await place.run(['press', 'a.pxl', '-o', NAME, '--size', '16x8'])).code).toBe(EXIT.ok);
  place.write(`cut-${NAME}`, place.read(NAME).subarray(0, -1));
});
afterAll(() => place.clear());

describe('a name that a terminal would obey', () => {
  it.each([
    ['sign', EXIT.ok, [NAME]],
    ['sign', EXIT.badInput, [`cut-${NAME}`]],
    ['verify', EXIT.badInput, [NAME, `cut-${NAME}`]],
    ['inspect', EXIT.badInput, [`cut-${NAME}`]],
    ['extract', EXIT.ok, [`cut-${NAME}`]],
    ['diff', EXIT.badInput, [NAME, `cut-${NAME}`]],
    ['import', EXIT.badInput, [NAME, `cut-${NAME}`]],
    ['reload', EXIT.badInput, [`cut-${NAME}`]],
    ['lineage', EXIT.ok, [NAME]],
    ['publish', EXIT.ok, [NAME, '-o', `clean-${NAME}`]],
    ['publish', EXIT.usage, [NAME, '-o', NAME]],
    ['contact-sheet', EXIT.ok, [NAME, '-o', `sheet-${NAME}`]],
    ['replay', EXIT.badInput, [NAME, `cut-${NAME}`]],
    ['render', EXIT.ok, ['a.pxl', '-o', `other-${NAME}`]],
  ] as const)('is shown by %s, ending with %i, and not obeyed', async (command, code, args) => {
    const env = { GVPIE_KEYS: place.at('keys'), HOME: place.folder };
    if (command === 'sign') await place.run(['key', 'create'], { env });
    const ended = await place.run([command, ...args], { env });
    const said = ended.stdout + ended.stderr;
    expect(ended.code).toBe(code);
    expect(said).toContain('␛[31mred�');
    for (const obeyed of NAME.match(/\p{C}/gu) ?? []) expect(said).not.toContain(obeyed);
  });
});
