/** Fuzzing: random programs, damaged cartridges and random commands, seeded, in numbers too large for every day. */
import { expect, it } from 'vitest';
import { parse } from '../../renderer/language/parser.ts';
import { print } from '../../renderer/language/printer.ts';
import { decodeSource, sourceOf } from '../../renderer/language/source.ts';
import { run } from '../../renderer/machine/machine.ts';
import { CartridgeFault } from '../../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../../shared/cartridge/judge.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { AuthorFault, PeerFault } from '../../shared/faults.ts';
import { decodeCommand } from '../../shared/protocol/command.ts';
import { seeded } from '../../shared/seeded.ts';
import { pressing } from '../shared/cartridge/sample.ts';

const SEED = 20_261_120;
const PIECES = [
  'TXT',
  'RECT',
  'HALT',
  'rect',
  ' ',
  '\t',
  ',',
  '\n',
  '\r\n',
  '#',
  '-',
  '+',
  '0',
  '7',
  '2147483648',
  'é',
  '\0',
  '\uFEFF',
  '"',
  'x',
];

it('200,000 random programs are refused as their author’s fault, or survive printing and run within their price', () => {
  const random = seeded(SEED);
  let right = 0;
  for (let n = 0; n < 200_000; n++) {
    let text = '';
    for (let pieces = random() * 24; pieces > 0; pieces--)
      text += PIECES[Math.floor(random() * PIECES.length)];
    try {
      const program = parse(decodeSource(Buffer.from(text)));
      const again = print(program);
      expect(print(parse(sourceOf(again)))).toBe(again);
      const { price } = run(program, { width: 64, height: 64 });
      expect(price.pixels_written).toBeGreaterThanOrEqual(0);
      right++;
    } catch (fault) {
      if (!(fault instanceof AuthorFault))
        throw new Error(`seed ${SEED}, program ${n}: ${JSON.stringify(text)}`, { cause: fault });
    }
  }
  console.log(`seed ${SEED}: 200,000 programs, ${right} of them right`);
  expect(right).toBeGreaterThan(1_000);
});

it('100,000 damaged cartridges are never taken for whole ones, and never crash their reader', () => {
  const random = seeded(SEED);
  const whole = press(pressing());
  let undamaged = 0;
  for (let n = 0; n < 100_000; n++) {
    const bytes = Buffer.from(whole);
    const changes = 1 + Math.floor(random() * 4);
    for (let k = 0; k < changes; k++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const cut = random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
    if (cut.equals(whole)) {
      undamaged++;
      continue;
    }
    try {
      expect(judgeFile(openCartridge(cut)), `seed ${SEED}, cartridge ${n}`).toBeDefined();
    } catch (fault) {
      if (!(fault instanceof CartridgeFault)) throw fault;
    }
  }
  console.log(`seed ${SEED}: 100,000 cartridges, ${undamaged} of them changed by nothing`);
});

it('200,000 random commands are read, refused, or somebody’s unreadable file', () => {
  const random = seeded(SEED);
  const values = [
    '"x"',
    '1',
    '-1',
    '1e999',
    'null',
    '[]',
    '{}',
    'true',
    '"render_program"',
    '"ping"',
    '"HALT"',
    '"RGBA"',
    '16385',
  ];
  const names = [
    'op',
    'id',
    'code',
    'width',
    'height',
    'format',
    'backend',
    'deadline_ms',
    'other',
    '__proto__',
  ];
  const seen = new Map<string, number>();
  for (let n = 0; n < 200_000; n++) {
    const fields: string[] = [];
    for (let k = random() * 6; k > 0; k--) {
      const name = names[Math.floor(random() * names.length)];
      fields.push(`"${name}":${values[Math.floor(random() * values.length)]}`);
    }
    let text = `{${fields.join(',')}}`;
    if (random() < 0.1) text = text.slice(0, Math.floor(random() * text.length));
    try {
      const { op } = decodeCommand(Buffer.from(text));
      seen.set(op, (seen.get(op) ?? 0) + 1);
    } catch (fault) {
      if (!(fault instanceof PeerFault))
        throw new Error(`seed ${SEED}, command ${n}: ${text}`, { cause: fault });
      seen.set(fault.code, (seen.get(fault.code) ?? 0) + 1);
    }
  }
  console.log(`seed ${SEED}: ${JSON.stringify(Object.fromEntries(seen))}`);
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['refused', 'ping', 'CMD-E002']));
});
