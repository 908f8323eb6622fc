/** The search of one command in image files: what is looked at, how often, and what is said where nothing is found. */
import { renameSync, rmSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_BESIDE } from '../../cli/beside.ts';
import { ImageFiles, MOST_LIARS } from '../../cli/image-files.ts';
import { InputsMissing } from '../../renderer/inputs.ts';
import type { Image } from '../../renderer/language/ast.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import { writeChunk } from '../../shared/cartridge/chunk.ts';
import { labelOf } from '../../shared/cartridge/label.ts';
import { writePng } from '../../shared/cartridge/png.ts';
import { press } from '../../shared/cartridge/press.ts';
import { LIMITS } from '../../shared/limits.ts';
import { readPage } from '../docs/pages.ts';
import { Workplace } from './gvpie.ts';

const CANVAS = { width: 1, height: 1 };

const pixelOf = (red: number): Uint8Array => Uint8Array.of(red, 0, 0, 255);

/** A cartridge of one pixel. */
function cartridge(red: number): Uint8Array {
  const pixels = pixelOf(red);
  const label = labelOf({ program: `CLEAR ${red} 0 0`, canvas: CANVAS, checksum: sha256Hex(pixels) });
  const run = { backend: 'cpu', adapter: 'cpu', renderer: 'r1' };
  return press({ pixels, canvas: CANVAS, label, run, createdAt: '2026-01-01T00:00:00.000Z' });
}

const image = (red: number): Image => ({
  name: `i${red}`,
  ...CANVAS,
  checksum: sha256Hex(pixelOf(red)),
  line: 1,
});

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.clear());

/** How often each was found, or the hint of the complaint. */
function found(files: ImageFiles, images: readonly Image[], beside?: string): number | string {
  try {
    return files.find(images, beside).size;
  } catch (error) {
    if (error instanceof InputsMissing) return error.complaints[0].hint ?? '';
    throw error;
  }
}

const ABSENT = '--input FILE names a file that holds it';

describe('the files beside a cartridge', () => {
  it('are looked at in the order of their names, whatever they are called, and never itself', () => {
    for (const name of ['c.png', 'a.txt']) place.write(name, cartridge(1));
    const beside = place.at('c.png');
    const from = (): number | string => found(new ImageFiles([]), [image(1)], beside);
    expect(from()).toBe(`${ABSENT}, or lay its cartridge beside ${beside}`);
    renameSync(place.at('a.txt'), place.at('z.PNG'));
    expect(from()).toBe(1);
    // One of the first name is read before: it is said what is wrong with it.
    place.write('b.png', Buffer.concat([cartridge(1).subarray(0, 300)]));
    rmSync(place.at('z.PNG'));
    expect(from()).toContain(`beside ${beside}; ${place.at('b.png')} is a PNG that cannot be read: `);
  });

  it('are looked at up to a number, and where there are more it is said', () => {
    for (const name of ['1.png', '2.png', 'self.png']) place.write(name, cartridge(2));
    place.write('z.png', cartridge(1));
    const beside = place.at('self.png');
    const upTo = (most?: number) => found(new ImageFiles([], most), [image(1)], beside);
    expect(upTo(4)).toBe(1);
    expect(upTo(3)).toBe(`${ABSENT}; of 4 PNGs beside ${beside} the first 3 were looked at`);
    rmSync(place.at('z.png'));
    expect(upTo(3)).toBe(`${ABSENT}, or lay its cartridge beside ${beside}`);
    expect(readPage('docs/cartridge.md')).toContain(` the first ${MOST_BESIDE.toLocaleString('en-US')}, `);
  });

  it('are opened up to sixteen that do not hold what they say, and it is said', () => {
    place.write('self.png', cartridge(2));
    const beside = place.at('self.png');
    const lie = cartridge(1).subarray(0, 300);
    for (let n = 1; n < MOST_LIARS; n++) place.write(`a${n}.png`, lie);
    place.write('z.png', cartridge(1));
    const look = () => found(new ImageFiles([]), [image(1)], beside);
    expect(look()).toBe(1);
    // One more, and the sound one is not looked at; nor is any for another IMAGE of the program.
    place.write('a0.png', lie);
    const most = `; ${MOST_LIARS} PNGs beside ${beside} do not hold what they say, and no more were opened; `;
    expect(look()).toContain(ABSENT + most);
    place.write('y.png', cartridge(3));
    expect(found(new ImageFiles([]), [image(1), image(3)], beside)).toContain(ABSENT + most);
    const files = new ImageFiles([]);
    expect(found(files, [image(1)], beside)).toContain(most);
    expect(found(files, [image(3)], beside)).toBe(1);
    expect(readPage('docs/cartridge.md')).toContain(`Once ${MOST_LIARS} of them `);
  });

  it('are none where their folder may not be listed', () => {
    place.write('self.png', cartridge(2));
    expect(() => new ImageFiles([]).find([image(1)], place.at('none/self.png'))).toThrow(
      `Expected a cartridge at ${place.at('none/self.png')}, found no file`,
    );
    expect(found(new ImageFiles([]), [], place.at('none/self.png'))).toBe(0);
  });
});

describe('one command', () => {
  it('looks at each file once, however many programs ask', () => {
    place.write('named.png', cartridge(2));
    place.write('self.png', cartridge(3));
    const named = [place.at('named.png')];
    const beside = place.at('self.png');
    const files = new ImageFiles(named);
    expect(found(files, [image(1)], beside)).toContain(`; ${named[0]} holds 1×1 of checksum `);
    // What comes later it does not see, and the next command does.
    place.write('late.png', cartridge(1));
    place.write('named.png', cartridge(4));
    for (const red of [1, 4]) {
      expect(found(files, [image(red)], beside)).toContain(ABSENT);
      expect(found(new ImageFiles(named), [image(red)], beside)).toBe(1);
    }
  });

  it('goes on behind a named file that cannot be read', () => {
    place.write('junk', '');
    truncateSync(place.at('junk'), LIMITS.inputBytes + 1);
    place.write('one.png', cartridge(1));
    const files = new ImageFiles(['gone.png', 'junk', 'one.png'].map((name) => place.at(name)));
    expect(found(files, [image(1)])).toBe(1);
    const hint = found(files, [image(2)]);
    expect(hint).toContain(`; Expected an input at ${place.at('gone.png')}, found no file; `);
    expect(hint).toContain(`Expected at most ${LIMITS.inputBytes} bytes, found ${LIMITS.inputBytes + 1} in `);
  });

  it('takes what it has seen as it is then, not as it was', () => {
    const named = ['one.png', 'two.png'].map((name) => place.at(name));
    place.write('one.png', cartridge(1));
    place.write('two.png', cartridge(2));
    const files = new ImageFiles(named);
    expect(found(files, [image(1), image(2)])).toBe(2);
    expect(found(files, [image(1)])).toBe(1);
    place.write('two.png', cartridge(3));
    expect(found(files, [image(2)])).toContain(`; ${named[1]} holds 1×1 of checksum ${image(3).checksum}`);
    rmSync(place.at('one.png'));
    expect(found(files, [image(1)])).toContain(`; Expected an input at ${named[0]}, found no file`);
  });

  it('takes time that grows with files and programs, not with their product', () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `${n}.png`);
    for (const name of names) place.write(name, cartridge(2));
    const files = new ImageFiles(names.slice(0, 500).map((name) => place.at(name)));
    const start = process.cpuUsage();
    for (const name of names) {
      expect(found(files, [image(1)], place.at(name))).toContain(ABSENT);
      expect(found(files, [image(2)], place.at(name))).toBe(1);
    }
    const { user, system } = process.cpuUsage(start);
    // 0.25 s; with a search from the beginning for each program, 60 s.
    expect((user + system) / 1e6).toBeLessThan(3);
  });
});

describe('the files of all inputs', () => {
  /** A PNG of one pixel that has so many bytes, most of them in a chunk that nobody reads. */
  const padded = (red: number, bytes: number): Uint8Array => {
    const png = writePng(pixelOf(red), CANVAS);
    const filling = writeChunk('teXt', new Uint8Array(bytes - png.length - 12));
    return Buffer.concat([png.subarray(0, 33), filling, png.subarray(33)]);
  };
  const half = LIMITS.inputBytes / 2;

  it('have together what a command to a renderer may have, and not a byte more', () => {
    const named = ['one.png', 'two.png'].map((name) => place.at(name));
    const images = [image(1), image(2)];
    place.write('one.png', padded(1, half));
    place.write('two.png', padded(2, half));
    expect(found(new ImageFiles(named), images)).toBe(2);
    place.write('two.png', padded(2, half + 1));
    expect(found(new ImageFiles(named), images)).toBe(
      `${ABSENT}; with ${named[1]} the files of all inputs would have more than ${LIMITS.inputBytes} bytes`,
    );
    // Each program has a limit of its own, and another file may hold the same in less.
    const files = new ImageFiles([...named, place.at('small.raw')]);
    place.write('small.raw', pixelOf(2));
    for (const asked of [images, images, [image(2)]]) expect(found(files, asked)).toBe(asked.length);
  });
});
