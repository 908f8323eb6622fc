/** The label's inputs: the canvases that the program's IMAGEs name. */
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { type Label, labelOf } from '../../../shared/cartridge/label.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import type { Input } from '../../../shared/inputs.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { faultOf, labelled, pressing } from './sample.ts';

const given = pressing();
const A: Input = { checksum: 'a'.repeat(64), width: 128, height: 64 };

function withInputs(inputs: readonly Input[] | undefined, program = given.label.program): Label {
  const { canvas } = given;
  const { used, checksum, script } = given.label;
  return labelOf({ program, canvas, inputs, used, checksum, script });
}

const reopened = (label: Label) => openCartridge(press({ ...given, label })).label;

describe('the inputs of a label', () => {
  it('come back as they were pressed, without what an IMAGE says beside them', () => {
    const label = reopened(withInputs([{ ...A, line: 3, name: 'logo' } as Input]));
    expect(label.inputs).toEqual([A]);
    expect(label.format).toBe(1);
  });

  it('are absent where there are none, so that a label without IMAGE keeps its bytes', () => {
    for (const none of [[], undefined]) {
      expect(withInputs(none)).toEqual(given.label);
      expect(press({ ...given, label: withInputs(none) })).toEqual(press(given));
    }
    expect(press({ ...given, label: withInputs([A]) })).not.toEqual(press(given));
    expect(reopened(withInputs([]))).not.toHaveProperty('inputs');
  });

  it.each([
    ['a list of paths', ['/a.png']],
    ['a checksum in upper case', [{ ...A, checksum: 'A'.repeat(64) }]],
    ['a width in words', [{ ...A, width: '128' }]],
    ['an object', { [A.checksum]: '/a.png' }],
    ['null', null],
  ])('are refused where they are %s', (_, inputs) => {
    expect(faultOf(() => openCartridge(labelled({ inputs }))).message).toMatch(
      /^Expected a valid label\.inputs/,
    );
    expect(openCartridge(labelled({ inputs: [A] })).label.inputs).toEqual([A]);
  });

  it('can be opened however many a program of the greatest length declares', () => {
    const inputs: Input[] = [];
    const lines: string[] = [];
    let bytes = 0;
    for (let n = 0; bytes < LIMITS.sourceBytes - 200; n++) {
      const checksum = n.toString(16).padStart(64, '0');
      const line = `IMAGE i${n.toString(36)} 1 1 ${checksum}`;
      inputs.push({ checksum, width: 1, height: 1 });
      lines.push(line);
      bytes += line.length + 1;
    }
    const label = withInputs(inputs, lines.join('\n'));
    expect(canonicalize(label.inputs)?.length).toBeLessThan(2 * bytes);
    expect(reopened(label).inputs).toHaveLength(lines.length);
  });
});
