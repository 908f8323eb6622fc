import { describe, expect, it } from 'vitest';
import { OPCODES, type Opcode, usage } from '../../renderer/language/opcodes.ts';
import { parse } from '../../renderer/language/parser.ts';
import { sourceOf } from '../../renderer/language/source.ts';
import { AuthorFault } from '../../shared/faults.ts';
import { codeBlocks, readPage, tableRows } from './pages.ts';

const page = readPage('docs/language.md');

/** The section under `### heading`, up to the next heading. */
function section(heading: string): string | undefined {
  const start = page.indexOf(`\n### ${heading}\n`);
  return start < 0 ? undefined : page.slice(start + 1).split(/\n#{2,3} /)[0];
}

/** What the page lacks of an opcode. */
function missing(opcode: Opcode): string[] {
  const text = section(usage(opcode));
  if (text === undefined) return [`a section "### ${usage(opcode)}"`];
  return [opcode.summary, opcode.example].filter((part) => !text.includes(part));
}

describe('docs/language.md', () => {
  it.each(OPCODES)('has a section for $name with its operands, sentence and example', (opcode) => {
    expect(missing(opcode)).toEqual([]);
  });

  it('would lack an opcode that is not there, and a sentence that changed', () => {
    expect(missing({ ...OPCODES[0], name: 'FRAME' })).toHaveLength(1);
    expect(missing({ ...OPCODES[0], summary: 'Draws nothing.' })).toEqual(['Draws nothing.']);
  });

  it('shows programs that parse', () => {
    const programs = codeBlocks(page, 'pxl');
    expect(programs.length).toBeGreaterThan(OPCODES.length);
    for (const program of programs) parse(sourceOf(program));
  });

  it('has a tour of ten lines', () => {
    const lines = codeBlocks(page, 'pxl')[0]
      ?.split('\n')
      .filter((line) => line !== '');
    expect(lines?.length).toBeLessThanOrEqual(10);
  });

  it.each(tableRows(page, ['line', 'text']))('reads the line %j as the text %j', (line, text) => {
    const read = (): unknown => parse(sourceOf(line)).lines[0];
    if (!text.startsWith('refused')) expect(read()).toMatchObject({ operands: { text } });
    else expect(read).toThrow(AuthorFault);
  });
});
