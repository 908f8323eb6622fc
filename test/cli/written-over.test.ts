/** Outputs that lie over what they are made of, or over what may be all there is of a program: refused, and nothing is written. */
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.run(args);
  expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
  return stdout;
}

/** @param file has to stay as it is */
async function refused(file: string, words: string, ...args: string[]): Promise<void> {
  const before = place.read(file);
  const { code, stderr } = await place.run(args);
  expect([code, stderr]).toEqual([EXIT.usage, expect.stringContaining(words)]);
  expect(place.read(file).equals(before)).toBe(true);
}

async function pressed(name: string): Promise<void> {
  place.write('a.pxl', 'RECT 1 1 2 2');
  await done('press', 'a.pxl', '-o', name, '--size', '8x4');
}

describe('an output', () => {
  it('is no input of the picture, which nobody could draw again', async () => {
    await pressed('logo.png');
    const checksum = JSON.parse(await done('inspect', 'logo.png', '--json')).text.checksum;
    place.write('b.pxl', `IMAGE logo 8 4 ${checksum}\nBLIT logo 0 0`);
    symlinkSync('logo.png', place.at('other.png'));
    const words = 'another file than logo.png, which it draws';
    await refused('logo.png', words, 'press', 'b.pxl', '--input', 'logo.png', '-o', 'logo.png');
    await refused('logo.png', words, 'render', 'b.pxl', '--input', 'logo.png', '-o', 'other.png');
    await done('press', 'b.pxl', '--input', 'logo.png', '-o', 'new.png');
  });

  it('is no cartridge of the shelf that the sheet draws', async () => {
    await pressed('box.png');
    await done('import', 'box.png');
    const [{ file }] = JSON.parse(await done('import', 'box.png', '--json'));
    await refused(file, `another file than ${file}, which it draws`, 'contact-sheet', '-o', file);
    await done('contact-sheet', '-o', 'sheet.png');
  });

  it('is no damaged cartridge either, where publish writes; a PNG by others it may be', async () => {
    await pressed('box.png');
    await done('publish', 'box.png', '-o', 'clean.png');
    await done('publish', 'box.png', '-o', 'clean.png');
    const bytes = place.read('box.png');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    place.write('hurt.png', bytes);
    await refused('hurt.png', 'its program would be lost', 'publish', 'box.png', '-o', 'hurt.png');
  });
});
