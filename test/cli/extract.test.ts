/** `gvpie extract`: each part of a cartridge, to the byte, from whole files and from damaged ones. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { readChunks, writeChunk } from '../../shared/cartridge/chunk.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { writeInternationalText } from '../../shared/cartridge/text-chunk.ts';
import { Workplace } from './gvpie.ts';

const PROGRAM = '\uFEFF# \u001b[31m é\r\nRECT 1 1 9 3\r\n\r\n';
let place: Workplace;
beforeEach(async () => {
  place = new Workplace();
  place.write('a.pxl', PROGRAM);
  expect((await place.run(['press', 'a.pxl', '-o', 'a.png', '--size', '16x8'])).code).toBe(EXIT.ok);
});
afterEach(() => place.clear());

async function extracted(...options: string[]): Promise<Buffer> {
  const { code, stdout, stderr } = await place.run(['extract', 'a.png', ...options, '-o', 'part']);
  expect({ code, stdout, stderr }).toEqual({ code: EXIT.ok, stdout: '', stderr: '' });
  return place.read('part');
}

/** The cartridge with each chunk as `change` has it. */
function rewrite(change: (type: string, data: Uint8Array) => Uint8Array): void {
  const bytes = place.read('a.png');
  const chunks = readChunks(bytes).map(({ type, data }) => change(type, data));
  place.write('a.png', Buffer.concat([bytes.subarray(0, 8), ...chunks]));
}

describe('gvpie extract', () => {
  it('gives the program as it was given, also to a pipe and unasked', async () => {
    expect((await extracted('--program')).toString()).toBe(PROGRAM);
    expect((await place.run(['extract', 'a.png'])).stdout).toBe(PROGRAM);
  });

  it('gives pixels and used, whose digests are on the label', async () => {
    const { label } = openCartridge(place.read('a.png'));
    expect(sha256Hex(await extracted('--pixels'))).toBe(label.checksum);
    expect(sha256Hex(await extracted('--used'))).toBe(label.uses);
  });

  it('gives the label as the file has it, be it canonical or not, with fields that nobody knows', async () => {
    const { label } = openCartridge(place.read('a.png'));
    const text = JSON.stringify({ odd: [1, { b: 2, a: 1 }], ...label }, null, 1);
    rewrite((type, data) =>
      type === 'iTXt' && Buffer.from(data).toString().startsWith('gvpie\0')
        ? writeInternationalText('gvpie', text)
        : writeChunk(type, data),
    );
    expect((await extracted('--label')).toString()).toBe(text);
  });

  it('gives program and label of a cartridge whose pixels cannot be decoded, and no pixels', async () => {
    rewrite((type, data) => writeChunk(type, type === 'IDAT' ? data.map((byte) => byte ^ 0xff) : data));
    expect((await extracted()).toString()).toBe(PROGRAM);
    const { code, stderr } = await place.run(['extract', 'a.png', '--pixels']);
    expect(code).toBe(EXIT.badInput);
    expect(stderr).toContain('a.png is damaged: CART-E0');
  });

  it('gives what is on the label of a file that is damaged behind it, and says so; not of one damaged before', async () => {
    const whole = place.read('a.png');
    const { label } = openCartridge(whole);
    const [, , , , text, run] = readChunks(whole);
    for (const [damaged, code] of [
      [whole.subarray(0, -30), 'CART-E002'],
      [Buffer.concat([whole, whole]), 'CART-E016'],
      [whole.map((byte, at) => (at === whole.length - 20 ? byte ^ 1 : byte)), 'CART-E003'],
      [whole.subarray(0, run!.offset), 'CART-E017'],
    ] as const) {
      place.write('a.png', damaged);
      const { code: ended, stdout, stderr } = await place.run(['extract', 'a.png']);
      expect({ ended, stdout }).toEqual({ ended: EXIT.ok, stdout: PROGRAM });
      expect(stderr).toContain(`a.png is damaged: ${code}`);
      expect(stderr).toContain('its label is whole');
      const { stdout: used } = await place.run(['extract', 'a.png', '--used']);
      expect(sha256Hex(used)).toBe(label.uses);
      const said = await place.run(['extract', 'a.png', '--label']);
      expect(said.stdout).toBe(JSON.stringify(JSON.parse(said.stdout)));
      expect((await place.run(['extract', 'a.png', '--pixels'])).code).toBe(EXIT.badInput);
      for (const command of ['inspect', 'reload']) {
        expect((await place.run([command, 'a.png'])).stderr).toContain('hint: gvpie extract a.png --program');
      }
    }
    for (const damaged of [
      whole.subarray(0, run!.offset - 1),
      whole.map((byte, at) => (at === text!.offset + 40 ? byte ^ 1 : byte)),
      whole.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
    ]) {
      place.write('a.png', damaged);
      expect(await place.run(['extract', 'a.png'])).toMatchObject({ code: EXIT.badInput, stdout: '' });
    }
    place.write('a.png', whole);
    rewrite((type, data) =>
      writeChunk(type, Buffer.from(Buffer.from(data).toString('latin1').replace('9 3', '9 4'), 'latin1')),
    );
    place.write('a.png', place.read('a.png').subarray(0, -30));
    expect(await place.run(['extract', 'a.png'])).toMatchObject({ code: EXIT.badInput, stdout: '' });
  });

  it('refuses two parts at once, a label without used, and to write over the cartridge', async () => {
    const two = await place.run(['extract', 'a.png', '--label', '--pixels']);
    expect(two).toMatchObject({ code: EXIT.usage });
    expect(two.stderr).toContain('Expected one part, found --label and --pixels');
    const over = await place.run(['extract', 'a.png', '-o', 'a.png']);
    expect(over).toMatchObject({ code: EXIT.usage });
    expect(over.stderr).toContain('another file than the cartridge');
    const another = place.read('a.png');
    place.write('b.png', another);
    for (const command of ['extract a.png -o b.png', 'diff a.png a.png -o b.png', 'publish a.png -o b.png']) {
      const { code, stderr } = await place.run(command.split(' '));
      expect({ command, code }).toEqual({ command, code: EXIT.usage });
      expect(stderr).toContain('Expected -o to name no cartridge, found b.png: its program would be lost');
    }
    expect(place.read('b.png').equals(another)).toBe(true);
    // Nor where no more than the program can be had.
    place.write('b.png', another.subarray(0, -30));
    expect((await place.run(['publish', 'a.png', '-o', 'b.png'])).code).toBe(EXIT.usage);
    expect(place.read('b.png')).toHaveLength(another.length - 30);
    const { label } = openCartridge(place.read('a.png'));
    const { used: _used, uses: _uses, ...bare } = label;
    rewrite((type, data) =>
      type === 'iTXt' && Buffer.from(data).toString().startsWith('gvpie\0')
        ? writeInternationalText('gvpie', JSON.stringify(bare))
        : writeChunk(type, data),
    );
    const none = await place.run(['extract', 'a.png', '--used']);
    expect(none).toMatchObject({ code: EXIT.badInput, stdout: '' });
  });
});
