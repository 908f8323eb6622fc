/** The effort of lists: what each kind of shape counts for, on the canvas and beyond its edges. */
import { describe, expect, it } from 'vitest';
import type { EncodedList } from '../../../renderer/display/builder.ts';
import { TAG_GLYPH, TAG_IMAGE } from '../../../renderer/display/encoding.ts';
import { parse } from '../../../renderer/language/parser.ts';
import { sourceOf } from '../../../renderer/language/source.ts';
import { run } from '../../../renderer/machine/machine.ts';
import { raw } from '../../../renderer/raster/conformance/raw-words.ts';
import { type Effort, effortOf } from '../../../renderer/raster/effort.ts';
import { GPU_BOUNDS } from '../../../renderer/raster/gpu-bounds.ts';
import { workOf } from '../../../renderer/shade/work.ts';

const CANVAS = { width: 100, height: 70 };

function listOf(text: string, canvas = CANVAS): EncodedList {
  return run(parse(sourceOf(text)), canvas).list;
}

/** Beyond a blank canvas. */
function ofLines(...lines: string[]): Partial<Effort> {
  const found = effortOf(listOf(lines.join('\n')));
  const blank = effortOf(listOf(''));
  const names = Object.keys(found) as (keyof Effort)[];
  return Object.fromEntries(
    names.map((name) => [name, found[name] - blank[name]]).filter(([, more]) => more !== 0),
  );
}

/** Pixels of so many tiles of a GPU. */
const tiles = (count: number): number => count * 32 * 32;

describe('the effort of a list', () => {
  it('is its canvas where nothing is drawn', () => {
    expect(effortOf(listOf(''))).toEqual({
      ...{ picture: 1, pixels: 7_000, shapes: 0, filled: 0, mixed: 0, inked: 0, copied: 0 },
      ...{ shaded: 0, looks: 7_000, work: 0, dispatches: 1, compiles: 0 },
    });
  });

  it('tells pixels that are filled from pixels that are mixed, by alpha and by mode', () => {
    const box = 'RECT 30 0 10 5';
    expect(ofLines('COLOR 9 9 9 255', box)).toEqual({ shapes: 1, filled: 50, looks: tiles(2) });
    expect(ofLines('COLOR 9 9 9 254', box)).toEqual({ shapes: 1, mixed: 50, looks: tiles(2) });
    expect(ofLines('BLEND ADD', box)).toEqual({ shapes: 1, mixed: 50, looks: tiles(2) });
  });

  it('is of what lies on the canvas alone', () => {
    expect(ofLines('RECT 90 60 500 500')).toEqual({ shapes: 1, filled: 100, looks: tiles(4) });
    expect(ofLines('RECT -490 -490 500 500')).toEqual({ shapes: 1, filled: 100, looks: tiles(1) });
    expect(ofLines('RECT 96 64 4 6')).toEqual({ shapes: 1, filled: 24, looks: tiles(1) });
  });

  it('is the pixels of a line, not of its box', () => {
    expect(ofLines('LINE 0 0 69 69')).toMatchObject({ filled: 70 });
  });

  it('is the boxes of letters, and the pixels of images', () => {
    expect(ofLines('TXT 1 1 A')).toEqual({ shapes: 1, inked: 35, looks: tiles(1) });
    const tag = (number: number) =>
      effortOf(raw('', CANVAS, [{ tag: number, box: [98, 0, 109, 9], color: 0 }]).list);
    expect(tag(TAG_IMAGE)).toMatchObject({ copied: 18, inked: 0 });
    expect(tag(TAG_GLYPH)).toMatchObject({ copied: 0, inked: 18 });
  });

  it('is what a SHADE takes on either backend, and dispatches of its own', () => {
    const lines = ['SHADE 10 10 20 5', 'LOOP 30', 'ADD r hypot(x, y)', 'END', 'END'];
    const list = listOf(lines.join('\n'));
    const [shade] = list.shades;
    expect(ofLines(...lines)).toEqual({
      ...{ shapes: 1, dispatches: 2 },
      ...{ shaded: 100 * (shade!.price + 8), work: 100 * workOf(shade!) },
    });
    expect(workOf(shade!)).toBeGreaterThan(5 * shade!.price);
    expect(effortOf(list, 1)).toEqual({ ...effortOf(list), compiles: 1 });
  });

  it('is more dispatches where bands and bounds ask for them', () => {
    const most = GPU_BOUNDS.bandBytes / 4;
    const ofSize = (width: number, height: number) => effortOf(listOf('', { width, height })).dispatches;
    expect(ofSize(4_096, most / 4_096)).toBe(1);
    expect(ofSize(4_096, most / 4_096 + 1)).toBe(2);
  });

  it('is nothing for shapes of no known kind', () => {
    const tag = (number: number) =>
      effortOf(raw('', CANVAS, [{ tag: number, box: [0, 0, 9, 9], color: 0xff000000 }]).list);
    expect(tag(1).filled).toBe(81);
    expect(tag(9)).toEqual({ ...effortOf(listOf('')), shapes: 1 });
  });
});
