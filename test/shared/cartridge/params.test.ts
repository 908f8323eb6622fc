/** The label's params: what each PARAM of the program stood for. */
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { CartridgeFault } from '../../../shared/cartridge/cartridge-fault.ts';
import { type Label, labelOf } from '../../../shared/cartridge/label.ts';
import { openCartridge } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { writeInternationalText } from '../../../shared/cartridge/text-chunk.ts';
import { LIMITS } from '../../../shared/limits.ts';
import type { Params } from '../../../shared/params.ts';
import { altered, pressing } from './sample.ts';

const given = pressing();

function withParams(params: Params | undefined, program = given.label.program): Label {
  const { canvas } = given;
  const { used, checksum, script } = given.label;
  return labelOf({ program, canvas, params, used, checksum, script });
}

const reopened = (label: Label) => openCartridge(press({ ...given, label })).label;

function faultOf(params: unknown): string | undefined {
  const label = canonicalize({ ...given.label, params }) ?? '';
  try {
    openCartridge(altered({ gvpie: writeInternationalText('gvpie', label) }));
  } catch (error) {
    if (error instanceof CartridgeFault) return error.message;
    throw error;
  }
  return undefined;
}

describe('the params of a label', () => {
  it('come back as they were pressed', () => {
    const params = JSON.parse('{"count":3,"__proto__":-4,"low":-2147483648,"high":2147483647}');
    const label = reopened(withParams(params));
    expect(Object.entries(label.params ?? {}).sort()).toEqual(Object.entries(params).sort());
    expect(label).toMatchObject({ format: 1, program: given.label.program });
  });

  it('are absent where there are none, so that a label without PARAM keeps its bytes', () => {
    expect(withParams({})).toEqual(given.label);
    expect(withParams(undefined)).toEqual(given.label);
    expect(press({ ...given, label: withParams({}) })).toEqual(press(given));
    expect(press({ ...given, label: withParams({ a: 0 }) })).not.toEqual(press(given));
    expect(reopened(withParams({}))).not.toHaveProperty('params');
  });

  it('are read whatever their number, where they are lower-case names with numbers of 32 bits', () => {
    expect(faultOf({})).toBeUndefined();
    expect(faultOf({ count: 3 })).toBeUndefined();
  });

  it.each([
    ['a value in quotes', { count: '3' }],
    ['half a number', { count: 0.5 }],
    ['a value one too high', { count: 2 ** 31 }],
    ['a name with a capital', { Count: 3 }],
    ['a name one too long', { ['n'.repeat(LIMITS.nameLength + 1)]: 3 }],
    ['a list', [3]],
    ['null', null],
  ])('are refused where they are %s', (_, params) => {
    expect(faultOf(params)).toMatch(/^Expected a valid label\.params, found: expected lower-case names/);
  });

  it('can be opened however many a program of the greatest length declares', () => {
    const params: Record<string, number> = {};
    const lines: string[] = [];
    let bytes = 0;
    for (let n = 0; bytes < LIMITS.sourceBytes - 100; n++) {
      const name = `p${n.toString(36)}`;
      // The shortest line under which a value of eleven characters may stand.
      const line = `PARAM ${name} 0 #0008 0`;
      params[name] = -2_013_265_920;
      lines.push(line);
      bytes += line.length + 1;
    }
    const label = withParams(params, lines.join('\n'));
    expect(canonicalize(label.params)?.length).toBeLessThan(bytes);
    expect(Object.keys(reopened(label).params ?? {})).toHaveLength(lines.length);
  });
});
