import { describe, expect, it } from 'vitest';
import { complaintLines } from '../../cli/print.ts';
import { styleOf } from '../../cli/style.ts';
import { decode } from '../../renderer/display/encode.ts';
import { FUNCTIONS } from '../../renderer/language/functions.ts';
import { OPCODES } from '../../renderer/language/opcodes.ts';
import { parse } from '../../renderer/language/parser.ts';
import { print } from '../../renderer/language/printer.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { type Run, type RunOptions, run } from '../../renderer/machine/machine.ts';
import { PRICE_ONLY } from '../../renderer/machine/pictures.ts';
import { Profile } from '../../renderer/machine/profile.ts';
import { FULL_ALLOWANCE } from '../../shared/allowance.ts';
import { DEFAULT_CANVAS } from '../../shared/canvas.ts';
import { AuthorFault } from '../../shared/faults.ts';
import { LIMITS } from '../../shared/limits.ts';
import { renderProgram } from '../golden/corpus.ts';
import { faultOf } from '../support/fault-of.ts';
import { BLOCK_NAMES, GENERATED_PAGES, withBlocks } from '../support/page-blocks.ts';
import { codeBlocks, readPage, tableRows } from './pages.ts';

const page = readPage('docs/language.md');

/** What a documented program may cost: it is drawn at once, on the slowest machine. */
const MOST_STEPS = 10_000;

function runOf(program: string): Run {
  return run(parse(sourceOf(program)), DEFAULT_CANVAS, { images: PRICE_ONLY });
}

/** The colour that a shape has after these lines. */
function inkOf(lines: string): number | undefined {
  const [shape] = decode(runOf(`${lines}\nPIX 0 0`).list);
  return shape?.kind === 'rect' ? shape.color : undefined;
}

/** Whether an expression of the pages has the value that they say. */
function isTrue(expression: string, value: string): boolean {
  return runOf(`IF (${expression})==${value}\n  PIX 0 0\nEND`).price.shapes === 1;
}

/** Each `expression` is value, on a page. */
function values(text: string): [expression: string, value: string][] {
  return [...text.matchAll(/`([^`\n]+)` is (-?\d+)/g)].map(([, expression, value]) => [
    expression as string,
    value as string,
  ]);
}

describe('docs/language.md', () => {
  it('begins its tour with ten lines', () => {
    const lines = codeBlocks(page, 'pxl')[0]
      ?.split('\n')
      .filter((line) => line !== '');
    expect(lines?.length).toBeLessThanOrEqual(10);
  });

  it('shows more programs than there are opcodes, each of them right and cheap', () => {
    const programs = codeBlocks(page, 'pxl');
    expect(programs.length).toBeGreaterThan(OPCODES.length);
    for (const program of programs) expect(runOf(program).price.steps).toBeLessThan(MOST_STEPS);
  });

  it.each(tableRows(page, ['line', 'text']))('reads the line %j as the text %j', (line, text) => {
    const read = (): unknown => parse(sourceOf(line)).lines[0];
    if (!text.startsWith('refused')) expect(read()).toMatchObject({ operands: [{}, {}, { text }] });
    else expect(read).toThrow(AuthorFault);
  });

  it('shows a complaint as it is printed', () => {
    const { complaints } = faultOf(() => parse(sourceOf('TXT ten 10 Hello\n'))) as AuthorFault;
    const printed = complaintLines('first.pxl', complaints, styleOf({})).join('\n');
    expect(codeBlocks(page, '')).toContain(`${printed}\n`);
  });

  it('names the errors that have no column, or no line', () => {
    const [told = ''] = /^Not every error has a column\..*?\n\n/ms.exec(page) ?? [];
    const placeOf = (code: string, text: string, options: RunOptions = {}) => {
      const { complaints } = faultOf(() =>
        run(parse(sourceOf(text)), DEFAULT_CANVAS, options),
      ) as AuthorFault;
      expect(told).toContain(code);
      expect(complaints).toMatchObject([{ code }]);
      return complaints.map(({ line, column }) => [line, column])[0];
    };
    const allowance = { ...FULL_ALLOWANCE, bytes: 100 };
    const declared = 'HALT\nPARAM n 1 0 2';
    expect(placeOf('PXL-E002', 'HALT\n'.repeat(LIMITS.sourceBytes / 4))).toEqual([undefined, undefined]);
    expect(placeOf('PXL-E032', 'HALT', { allowance })).toEqual([undefined, undefined]);
    expect(placeOf('PXL-E033', declared, { params: { m: 1 } })).toEqual([undefined, undefined]);
    expect(placeOf('PXL-E033', declared, { params: { n: 3 } })).toEqual([2, undefined]);
    const steps = { allowance: { ...FULL_ALLOWANCE, steps: 1 } };
    expect(placeOf('PXL-E012', 'PUSH\n', steps)).toEqual([2, undefined]);
    expect(placeOf('PXL-E012', 'PUSH\n POP', steps)).toEqual([2, 2]);
  });

  it('knows no word of the grammar that it does not define', () => {
    const grammar = codeBlocks(page, '').find((block) => block.startsWith('Program'));
    const defined = [...(grammar ?? '').matchAll(/^(\w+) +:=/gm)].map(([, name]) => name);
    const said = (grammar ?? '').replace(/'[^'\n]*'/g, '').match(/\b[A-Z]\w+/g) ?? [];
    expect(defined.length).toBeGreaterThan(20);
    expect([...new Set(said)].filter((name) => !defined.includes(name)).sort()).toEqual([
      'CR',
      'Opcode',
      'TAB',
      'Word',
    ]);
  });
});

describe('the example', () => {
  it.each(OPCODES)(
    'of $name has a line with it, is printed as it is written, and draws something',
    async ({ name, example }) => {
      const program = parse(sourceOf(example));
      expect(program.lines).toContainEqual(expect.objectContaining({ kind: 'statement', opcode: name }));
      expect(print(program)).toBe(`${example}\n`);
      const [blank, { pixels }] = await Promise.all([
        renderProgram('HALT', DEFAULT_CANVAS),
        renderProgram(example, DEFAULT_CANVAS),
      ]);
      expect(Buffer.compare(pixels, blank.pixels)).not.toBe(0);
    },
  );

  it('would be objected to if it drew nothing', async () => {
    const [blank, { pixels }] = await Promise.all([
      renderProgram('HALT', DEFAULT_CANVAS),
      renderProgram('COLOR black\nRECT 0 0 9 9', DEFAULT_CANVAS),
    ]);
    expect(Buffer.compare(pixels, blank.pixels)).toBe(0);
  });
});

describe('what the pages generate', () => {
  it.each(GENERATED_PAGES)('is in %s as the tables have it today', (path) => {
    // `node dist/test/support/write-reference.js`, after a build, writes it anew.
    expect(readPage(path)).toBe(withBlocks(readPage(path)));
  });

  it('is all on one of them', () => {
    const pages = GENERATED_PAGES.map(readPage).join('');
    const names = [...pages.matchAll(/<!-- generated: (\w+) -->/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set([...BLOCK_NAMES, 'end']));
  });

  it('lists as shapes what the machine counts as shapes', () => {
    const rows = OPCODES.filter(({ chapter }) => chapter === 'drawing');
    const drawing = new Set<string>(rows.map(({ name }) => name));
    const executed = new Set<string>();
    for (const text of codeBlocks(page, 'pxl')) {
      const program = parse(sourceOf(text));
      const profile = new Profile();
      const { price } = run(program, DEFAULT_CANVAS, { watch: profile.watch, images: PRICE_ONLY });
      let shapes = 0;
      for (const { line, times } of profile.finish(price)) {
        const statement = program.lines[line - 1];
        if (statement?.kind !== 'statement' || !drawing.has(statement.opcode)) continue;
        executed.add(statement.opcode);
        shapes += times;
      }
      expect([text, shapes]).toEqual([text, price.shapes]);
    }
    expect(executed).toEqual(drawing);
    for (const path of GENERATED_PAGES) {
      const listed = /<!-- generated: shapes -->(.*)<!-- generated: end -->/.exec(readPage(path))?.[1] ?? '';
      expect(new Set(listed.match(/\w+/g))).toEqual(drawing);
    }
  });

  it('would be objected to if one character were changed, and cannot be of an unknown name', () => {
    const [before, after] = page.split('Draws text, its top left') as [string, string];
    const changed = `${before}Draws texts, its top left${after}`;
    expect(withBlocks(changed)).toBe(page);
    const [line] = page.split('\n').filter((each) => each.includes('generated: shapes')) as [string];
    expect(withBlocks(page.replace('`RECT`, ', ''))).toBe(page);
    expect(withBlocks(line)).toBe(line);
    expect(() => withBlocks('<!-- generated: poems -->\n<!-- generated: end -->')).toThrow('poems');
  });

  it('and what they say of channels is true', () => {
    for (const path of GENERATED_PAGES) {
      const said = [...readPage(path).matchAll(/`(COLOR [^`]+)` is `(COLOR [^`]+)`/g)];
      expect(said.length).toBeGreaterThan(0);
      for (const [, one, other] of said) expect(inkOf(`${one}`)).toBe(inkOf(`${other}`));
    }
    expect(inkOf('COLOR 300 -5 999')).not.toBe(inkOf('COLOR #ff01ff'));
  });

  it('and what else they say of values is true', () => {
    const said = GENERATED_PAGES.flatMap((path) => values(readPage(path)));
    expect(said.length).toBeGreaterThan(FUNCTIONS.length);
    expect(said.filter(([expression, value]) => !isTrue(expression, value))).toEqual([]);
    expect(isTrue('-7/2', '-4')).toBe(false);
  });
});

describe('docs/machine.md', () => {
  it('is one page: what is not made from tables is short', () => {
    const written = readPage('docs/machine.md').replace(
      /<!-- generated: \w+ -->\n[\s\S]*?<!-- generated: end -->\n/g,
      '',
    );
    expect(written.split('\n').length - 1).toBeLessThanOrEqual(50);
  });
});
