import { describe, expect, it } from 'vitest';
import { describeChanges, placeChanges } from '../../cli/changes.ts';
import { verifyBytes } from '../../cli/verify.ts';
import { cpuPainter } from '../../renderer/raster/cpu-painter.ts';
import { render } from '../../renderer/render.ts';
import { sha256Hex } from '../../shared/bytes.ts';
import type { Change } from '../../shared/cartridge/judge.ts';
import { type Label, labelOf } from '../../shared/cartridge/label.ts';
import { press } from '../../shared/cartridge/press.ts';
import { type Used, usesDigest } from '../../shared/used.ts';

const CANVAS = { width: 40, height: 40 };
const RUN = { backend: 'cpu', adapter: 'test', renderer: 'test' } as const;

/** A cartridge of a program whose label says that it used something else, or was given other things. */
async function cartridge(
  program: string,
  change: (used: Used) => Used,
  rest: Partial<Label> = {},
): Promise<Uint8Array> {
  const { pixels, used, params } = await render(Buffer.from(program), CANVAS, cpuPainter, () => 0);
  const said = change(used);
  const made = labelOf({ program, canvas: CANVAS, used: said, params, checksum: sha256Hex(pixels) });
  const label = { ...made, uses: usesDigest(said), ...rest };
  return press({ pixels, canvas: CANVAS, label, run: RUN, createdAt: '2026-01-01T00:00:00.000Z' });
}

async function changesOf(...given: Parameters<typeof cartridge>): Promise<readonly Change[]> {
  const finding = await verifyBytes(await cartridge(...given), () => new Map());
  return 'changes' in finding ? finding.changes : [];
}

const HI =
  'COLOR rgb(min(9,255), max(1, min(2, 3)), 0)\nTXT 0 0 Hi\nRECT 30 0 2 2\n  RECT 30 9 2 2\nTXT 0 9 H';

describe('the changes of a verdict', () => {
  it('have the places of an opcode, with columns', async () => {
    const changes = await changesOf(HI, (used) => ({ ...used, opcodes: { ...used.opcodes, RECT: 9 } }));
    expect(changes).toEqual([
      {
        ...{ section: 'opcodes', name: 'RECT', before: 9, after: 1 },
        places: [
          { line: 3, column: 1 },
          { line: 4, column: 3 },
        ],
        lines: 2,
      },
    ]);
    expect(describeChanges(changes)).toBe('opcodes RECT 9 → 1 on lines 3 and 4');
  });

  it('have the places of a function, and of what stands twice on a line count the line once', async () => {
    const changes = await changesOf(HI, (used) => ({ ...used, functions: { ...used.functions, min: 2 } }));
    expect(changes).toMatchObject([{ lines: 1, places: [{ column: 11 }, { column: 30 }] }]);
    expect(describeChanges(changes)).toBe('functions min 2 → 1 on line 1');
  });

  it('have the lines that drew a glyph, which the words show', async () => {
    const other = (used: Used) => ({ ...used, glyphs: { ...used.glyphs, '0048': '0507aa' } });
    const changes = await changesOf(HI, other);
    expect(changes).toMatchObject([{ lines: 2, places: [{ line: 2 }, { line: 5 }] }]);
    expect(describeChanges(changes)).toMatch(/^glyphs 0048 \(H\) 0507aa → 0507[0-9a-f]+ on lines 2 and 5$/);
  });

  it('have the lines that painted by a blend rule', async () => {
    const changes = await changesOf(`${HI}\nBLEND XOR\nRECT 0 0 9 9`, (used) => ({
      ...used,
      blend: { ...used.blend, xor: 4 },
    }));
    expect(describeChanges(changes)).toBe('blend xor 4 → 1 on line 7');
  });

  it('of a label that says other params have the line of the PARAM', async () => {
    const program = 'RECT n 0 1 1\nPARAM n 3 0 9';
    const changes = await changesOf(program, (used) => used, { params: {} });
    expect(describeChanges(changes)).toBe('params n none → 3 on line 2');
  });

  it('have no place where the program does not use it, or it stands nowhere', async () => {
    const changes = await changesOf('TXT 0 0 H', (used) => ({
      ...used,
      canvas: 3,
      opcodes: { ...used.opcodes, HALT: 2, DISC: 5 },
    }));
    expect(describeChanges(changes)).toBe('canvas 3 → 1, opcodes DISC 5 → none, opcodes HALT 2 → 1');
    expect(changes.every((change) => !('places' in change))).toBe(true);
  });

  it('list a hundred places each, and count the lines of all', async () => {
    const changes = await changesOf('RECT 0 0 1 1\n'.repeat(101), (used) => ({
      ...used,
      opcodes: { ...used.opcodes, RECT: 2 },
    }));
    expect(changes[0]?.places).toHaveLength(100);
    expect(changes[0]?.lines).toBe(101);
    expect(describeChanges(changes)).toBe('opcodes RECT 2 → 1 on lines 1, 2 and 99 more');
  });

  it('leave a verdict without changes as it is', async () => {
    const label = labelOf({ program: 'no program', canvas: CANVAS, checksum: '' });
    const verdict = { verdict: 'ok', checksum: '' } as const;
    expect(placeChanges(verdict, label, undefined)).toBe(verdict);
  });
});

describe('the words of changes', () => {
  const change = (name: string, more: Partial<Change> = {}): Change => {
    return { section: 'opcodes', name, before: 1, after: 2, ...more };
  };
  const on = (...lines: number[]) => ({ places: lines.map((line) => ({ line })), lines: lines.length });

  it.each([
    [on(), ''],
    [on(3), ' on line 3'],
    [on(3, 17), ' on lines 3 and 17'],
    [on(3, 17, 20), ' on lines 3, 17 and 20'],
    [on(3, 17, 20, 21), ' on lines 3, 17 and 2 more'],
    [{ places: [{ line: 3 }, { line: 3, column: 4 }], lines: 2 }, ' on lines 3 and 1 more'],
  ])('of %j are%s', (where, words) => {
    expect(describeChanges([change('TXT', where)])).toBe(`opcodes TXT 1 → 2${words}`);
  });

  it('name eight of them', () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((name) => change(name));
    expect(describeChanges(names)).toMatch(/^opcodes A 1 → 2, .*, opcodes H 1 → 2$/);
    expect(describeChanges([...names, change('I')])).toMatch(/, opcodes H 1 → 2 and 1 more$/);
  });

  it('survive names that no version of gvpie has written', () => {
    const odd = ['110000', 'FFFFFFFFFFFF', 'D800', 'zz', ''].map((name) =>
      change(name, { section: 'glyphs' }),
    );
    expect(describeChanges(odd)).toContain('glyphs 110000 1 → 2, glyphs FFFFFFFFFFFF 1 → 2');
  });
});
