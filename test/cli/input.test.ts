/** Programs and cartridges that cannot be read: whoever typed their names is told why, and nobody is shown a stack. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { readCartridge, readProgram } from '../../cli/input.ts';
import { Refusal } from '../../cli/refusal.ts';
import { HostFault } from '../../shared/faults.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const longest = 'x'.repeat(255);

describe('a file that cannot be read', () => {
  const folder = temporaryFolder(afterAll);
  symlinkSync('one', join(folder, 'other'));
  symlinkSync('other', join(folder, 'one'));

  it.each([
    ['what it is', 'one', 'a symlink that leads to itself'],
    ['a name that no file can have', `${longest}x`, 'a name that is too long'],
    ['one that is not there, however long its name', longest, 'no file'],
  ])('is refused as %s', async (_, name, found) => {
    const path = join(folder, name);
    const wanted = (what: string) => ({
      exitCode: EXIT.badInput,
      message: `Expected a ${what} at ${path}, found ${found}`,
    });
    await expect(readProgram(path)).rejects.toThrow(Refusal);
    await expect(readProgram(path)).rejects.toMatchObject(wanted('program'));
    expect(() => readCartridge(path)).toThrow(expect.objectContaining(wanted('cartridge')));
  });

  it('is refused where it is a PNG, which may be a cartridge with a program inside', async () => {
    const path = join(folder, 'picture.png');
    writeFileSync(path, Buffer.from('\x89PNG\r\n\x1a\nand more', 'latin1'));
    await expect(readProgram(path)).rejects.toMatchObject({
      exitCode: EXIT.badInput,
      message: `Expected a program at ${path}, found a PNG`,
      hint: `of a cartridge, gvpie inspect ${path} --program prints the program, and gvpie verify ${path} draws it again`,
    });
    // The control: a byte less is only a program that is wrong.
    writeFileSync(path, Buffer.from('\x89PNG\r\n\x1a', 'latin1'));
    await expect(readProgram(path)).resolves.toHaveLength(7);
  });

  it.skipIf(process.platform === 'win32')('is refused where it is a socket', async () => {
    const path = join(folder, 'socket');
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      await expect(readProgram(path)).rejects.toThrow(/found a socket or a device that cannot be read$/);
    } finally {
      server.close();
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'for a reason of the system’s own is a fault of the world',
    async () => {
      await expect(readProgram('/proc/self/mem')).rejects.toThrow(HostFault);
      await expect(readProgram('/proc/self/mem')).rejects.toThrow(
        'Could not read a program at /proc/self/mem: EIO',
      );
    },
  );
});
