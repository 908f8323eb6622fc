/** Programs that are a trial to read: one line of 1 MiB, a million lines, what is no text, and what looks like one. */
import { LIMITS } from '../../../shared/limits.ts';
import { fill, finishes, type Hostile, lines, ROOM, stopped, unplaced, unread } from './hostile.ts';

const CELLS = LIMITS.arrayCells;
const LONGEST = LIMITS.textCodePoints;

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

export const TEXTS: readonly Hostile[] = [
  { name: 'nothing', source: () => '', end: finishes(1) },
  { name: 'blanks of 1 MiB', source: () => fill(' '), end: finishes(1) },
  { name: 'tabs of 1 MiB', source: () => fill('\t'), end: finishes(1) },
  { name: 'line feeds of 1 MiB', source: () => fill('\n'), end: finishes(1) },
  { name: 'carriage returns of 1 MiB', source: () => fill('\r'), end: finishes(1) },
  { name: 'both of 1 MiB', source: () => fill('\r\n'), end: finishes(1) },
  { name: 'one comment of 1 MiB', source: () => fill('#'), end: finishes(1) },
  { name: 'comments, 500,000 of them', source: () => fill('#\n'), end: finishes(1) },
  { name: 'one byte more than 1 MiB', source: () => `${fill('#')}#`, end: unplaced('PXL-E002') },
  {
    name: 'one byte more than 1 MiB, in 349,525 characters and one',
    source: () => `#${'€'.repeat(349_525)}x`,
    end: unplaced('PXL-E002'),
  },
  { name: 'commas of 1 MiB', source: () => fill(','), end: unread('PXL-E006') },
  { name: 'commas after an opcode', source: () => `PIX ${fill(',', ROOM - 4)}`, end: unread('PXL-E009') },
  {
    name: 'number signs after an opcode',
    source: () => `PIX ${fill('#', ROOM - 4)}`,
    end: unread('PXL-E021'),
  },
  { name: 'a quoted number sign', source: () => 'PIX "#" 0', end: unread('PXL-E015') },
  { name: 'quoted number signs, 200,000 lines', source: () => fill('"#"\n'), end: unread('PXL-E006') },
  { name: 'a colour of 1 MiB', source: () => `COLOR #${fill('f', ROOM - 7)}`, end: unread('PXL-E021') },
  { name: 'nines of 1 MiB', source: () => `PIX ${fill('9', ROOM - 6)} 0`, end: unread('PXL-E004') },
  { name: 'zeros of 1 MiB', source: () => `PIX ${fill('0', ROOM - 6)} 0`, end: finishes(2) },
  { name: 'dots of 1 MiB', source: () => `PIX 1${fill('.', ROOM - 6)}`, end: unread('PXL-E003') },
  { name: 'blanks in brackets of 1 MiB', source: () => `PIX (${fill(' ', ROOM - 9)}1) 0`, end: finishes(2) },
  {
    name: 'blanks between operands of 1 MiB',
    source: () => `PIX 1${fill(' ', ROOM - 6)}0`,
    end: finishes(2),
  },
  { name: 'bad lines, 500,000 of them', source: () => fill('?\n'), end: unread('PXL-E006') },
  { name: 'misspelt opcodes, 200,000 of them', source: () => fill('RETC\n'), end: unread('PXL-E006') },
  { name: 'lines cut short, 200,000 of them', source: () => fill('PIX\n'), end: unread('PXL-E007') },
  {
    name: '19 bad lines of 50,000 words before 10,000 good ones',
    source: () => `${lines(19, fill('? ', 50_000))}${lines(10_000, 'PIX 1 1')}`,
    end: unread('PXL-E006'),
  },
  { name: 'opcodes of 1 MiB in one line', source: () => fill('PIX '), end: unread('PXL-E008') },
  { name: 'POPs, 250,000 of them', source: () => fill('POP\n'), end: stopped('PXL-E030', 1, 1) },
  { name: 'HALTs, 200,000 of them', source: () => fill('HALT\n'), end: finishes(1) },
  {
    name: 'JMPs, 170,000 of them to one label',
    dear: true,
    source: () => `${fill('JMP a\n', ROOM - 2)}a:`,
    end: finishes(2),
  },
  {
    name: 'a text at the limit',
    source: () => `TXT 0 0 ${'x'.repeat(LONGEST)}`,
    end: finishes(2),
  },
  {
    name: 'a text at the limit, of characters in two units',
    source: () => `TXT 0 0 ${'😀'.repeat(LONGEST)}`,
    end: finishes(2),
  },
  {
    name: 'a text, one too long',
    source: () => `TXT 0 0 ${'😀'.repeat(LONGEST + 1)}`,
    end: unread('PXL-E011'),
  },
  { name: 'a text of 1 MiB', source: () => `TXT 0 0 ${fill('x', ROOM - 8)}`, end: unread('PXL-E011') },
  {
    name: 'a text of 4,095 blanks and a letter',
    source: () => `TXT 0 0 ${' '.repeat(LONGEST - 1)}x`,
    end: finishes(2),
  },
  { name: 'a text of blanks', source: () => `TXT 0 0 ${' '.repeat(LONGEST)}`, end: unread('PXL-E010') },
  {
    name: 'combining characters, 2,048 on as many letters',
    source: () => `TXT 0 0 ${'e\u0301'.repeat(LONGEST / 2)}`,
    end: finishes(2),
  },
  {
    name: 'combining characters, a tower of 100,000',
    source: () => `PIX e${'\u0301'.repeat(100_000)} 0`,
    end: unread('PXL-E015'),
  },
  { name: 'NUL as a program', source: () => '\0', end: unread('PXL-E006') },
  { name: 'NUL in a text', source: () => 'TXT 0 0 a\0b', end: finishes(2) },
  { name: 'a byte order mark', source: () => '\uFEFFPIX 0 0', end: finishes(2) },
  { name: 'two byte order marks', source: () => '\uFEFF\uFEFFPIX 0 0', end: unread('PXL-E006') },
  { name: 'a carriage return in a line', source: () => 'PIX 1\r1', end: unread('PXL-E003') },
  { name: 'a no-break space for a blank', source: () => 'PIX\u00A01 1', end: unread('PXL-E006') },
  { name: 'letters that fold to ASCII', source: () => 'ſET a 1', end: unread('PXL-E006') },
  { name: 'a sign that turns text around', source: () => 'PIX \u202E1 1', end: unread('PXL-E015') },
  {
    name: 'a lone surrogate after 1,000 lines',
    source: () => `${lines(1_000, 'PIX 1 1')}TXT 0 0 \uD800`,
    end: unread('PXL-E001', 1_001),
  },
  { name: 'surrogates the wrong way round', source: () => 'TXT 0 0 \uDE00\uD83D', end: unread('PXL-E001') },
  {
    name: 'a byte that is not UTF-8 at the end of 1 MiB',
    source: () => bytes(fill('PIX 1 1\n', ROOM - 8), [0xff]),
    end: unread('PXL-E001', ROOM / 8),
  },
  {
    name: 'bytes that are not UTF-8, 1 MiB of them',
    source: () => new Uint8Array(ROOM).fill(0xff),
    end: unread('PXL-E001'),
  },
  {
    name: 'a letter in too many bytes',
    source: () => bytes('TXT 0 0 ', [0xc1, 0x81]),
    end: unread('PXL-E001'),
  },
  {
    name: 'a surrogate in three bytes',
    source: () => bytes('#', [0xed, 0xa0, 0x80]),
    end: unread('PXL-E001'),
  },
  { name: 'a character cut off', source: () => bytes('#', [0xf0, 0x9f, 0x98]), end: unread('PXL-E001') },
  {
    name: 'a table of all the cells',
    source: () => `DATA t${' 1'.repeat(CELLS)}`,
    end: finishes(2),
  },
  {
    name: 'a table of one cell more',
    source: () => `DATA t${' 1'.repeat(CELLS + 1)}`,
    end: stopped('PXL-E028', 1, 1),
  },
  {
    name: 'a table of 1 MiB',
    source: () => `DATA t${fill(' 1', ROOM - 6)}`,
    end: stopped('PXL-E028', 1, 1),
  },
  {
    name: 'a table of 60,000 colours',
    source: () => `DATA t${' #f0f #fed red'.repeat(20_000)}`,
    end: finishes(2),
  },
  {
    name: 'tables, 65,536 of one cell',
    source: () => lines(CELLS, (n) => `DATA _${n.toString(36)} 1`),
    end: finishes(CELLS + 1),
  },
  {
    name: 'tables, 65,537 of one cell',
    source: () => lines(CELLS + 1, (n) => `DATA _${n.toString(36)} 1`),
    end: stopped('PXL-E028', CELLS + 1, CELLS + 1),
  },
  {
    name: 'a table read as an expression, 1 MiB',
    source: () => `DATA t ${fill('1+', ROOM - 9)}1`,
    end: unread('PXL-E023'),
  },
];
