/** Names of files that a terminal would obey, or that would forge a line: shown, whatever a command says of them. */
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from './gvpie.ts';

const NAME = 'a\u001b]0;x\u0007\nok      forged\u202e.png';
const MISSING = `gone${NAME}`;
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}]|^ok +forged/mu;

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write('a.pxl', 'RECT 1 1 2 2');
});
afterEach(() => place.clear());

async function said(...args: string[]): Promise<string> {
  const { stdout, stderr } = await place.run(args);
  return stdout + stderr;
}

describe.skipIf(process.platform === 'win32')('a hostile file name', () => {
  it('is shown by whatever says that something was done, or could not be', async () => {
    const keys = ['--keys', place.at('keys')];
    await place.run(['key', 'create', 'ann', ...keys]);
    const lines = [
      await said('press', 'a.pxl', '-o', NAME),
      await said('verify', NAME),
      await said('sign', NAME, '--key', 'ann', ...keys),
      await said('contact-sheet', NAME, '-o', `sheet${NAME}`),
      ...(await Promise.all(
        ['verify', 'inspect', 'extract', 'reload', 'import', 'lineage'].map((command) =>
          said(command, MISSING),
        ),
      )),
      await said('diff', NAME, MISSING),
      await said('publish', MISSING, '-o', 'b.png'),
      await said('publish', NAME, '-o', NAME),
      await said('check', MISSING),
      await said('key', 'add', MISSING, ...keys),
    ];
    for (const line of lines) {
      expect(line).not.toBe('');
      expect(line).not.toMatch(OBEYED);
    }
    // The control: what is looked for would be found.
    expect(NAME).toMatch(OBEYED);
  });
});

describe.skipIf(process.platform === 'win32')('a path at which the system cannot even say what lies', () => {
  it('is a cartridge that cannot be read, among others that can', async () => {
    symlinkSync('loop', place.at('loop'));
    await place.run(['press', 'a.pxl', '-o', 'a.png']);
    const paths = ['loop', 'a.png/x', 'n'.repeat(300), 'a.png'];
    for (const command of ['verify', 'replay']) {
      const { code, stdout, stderr } = await place.run([command, '--json', ...paths]);
      expect([code, stderr]).toEqual([EXIT.badInput, '']);
      const told = JSON.parse(stdout);
      const findings: { verdict: string }[] = command === 'verify' ? told : told.findings;
      expect(findings.slice(0, 3).map(({ verdict }) => verdict)).toEqual(Array(3).fill('unreadable'));
    }
  });
});
