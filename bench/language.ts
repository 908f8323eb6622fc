/** The language: how fast its source is read, and how fast the machine runs it. */
import { parse } from '../renderer/language/parser.ts';
import { decodeSource, sourceOf } from '../renderer/language/source.ts';
import { type Run, run } from '../renderer/machine/machine.ts';
import { DEFAULT_CANVAS } from '../shared/canvas.ts';
import { LIMITS } from '../shared/limits.ts';
import { seededBetween } from '../shared/seeded.ts';
import { contest } from './contest.ts';
import type { Bench } from './measure.ts';
import type { Line } from './report.ts';
import { figuresOfRates } from './samples.ts';
import { SEED } from './seed.ts';

/** Slowest that source may be read, MB/s. */
const PARSE_TARGET = 10;
/** Slowest that simple steps may run, millions a second. */
const STEP_TARGET = 50;
const TURNS = 2_000_000;

export async function measureLanguage({ quick }: Bench): Promise<Line[]> {
  return [...(await measureParsing(quick)), ...(await measureSteps(quick))];
}

async function measureParsing(quick: boolean): Promise<Line[]> {
  const sources = { 'TXT and RECT': shapesOnly(), 'every kind of line': everyKind() };
  const found: Line[] = [];
  for (const [name, source] of Object.entries(sources)) {
    const act = () => parse(decodeSource(source));
    const lines = act().lines.length;
    const check = (program: unknown) => {
      if ((program as ReturnType<typeof act>).lines.length !== lines) throw new Error('a line was lost');
    };
    const plan = { warmUp: 5, rounds: quick ? 5 : 30, calls: 1 };
    const [samples = []] = await contest([{ name, act, check }], plan);
    found.push({
      part: 'language',
      name: `parse ${name}`,
      unit: 'MB/s',
      ours: figuresOfRates(samples.map((ms) => source.length / ms / 1_000)),
      targets: [{ bound: 'at least', value: PARSE_TARGET, of: 'median' }],
      note: `${source.length} bytes, ${lines} lines`,
    });
  }
  return found;
}

/** A loop, and the number that it leaves in x. */
interface Loop {
  readonly name: string;
  readonly program: string;
  readonly leaves: number;
  readonly targeted: boolean;
}

const LOOPS: readonly Loop[] = [
  {
    name: 'FOR, ADD',
    program: `FOR i 1 ${TURNS}\nADD x 3\nEND`,
    leaves: 3 * TURNS,
    targeted: true,
  },
  {
    name: 'FOR, SET, IF, ADD',
    // y is odd in every second turn.
    program: `FOR i 1 ${TURNS}\nSET y i*3+1\nIF y&1\nADD x 1\nEND\nEND`,
    leaves: TURNS / 2,
    targeted: true,
  },
  {
    name: 'WHILE, ADD',
    program: `WHILE x<${TURNS}\nADD x 1\nEND`,
    leaves: TURNS,
    targeted: true,
  },
  {
    name: 'FOR, a DEF in an expression, RET',
    program: `DEF next n\nRET n+1\nEND\nFOR i 1 ${TURNS}\nSET x next(x)\nEND`,
    leaves: TURNS,
    targeted: false,
  },
];

/** A loop that draws, and what it comes to in the price. */
interface Drawing {
  readonly name: string;
  readonly program: string;
  readonly shapes: number;
  readonly pixels: number;
}

const SHAPES = 500_000;
const TEXT = 'Hello GPU';
/** The characters of all texts stay below their limit. */
const TEXTS = 100_000;

/** Every shape lies on the canvas. */
function drawings(): readonly Drawing[] {
  const ink = run(parse(sourceOf(`TXT 0 0 ${TEXT}`)), DEFAULT_CANVAS).price.pixels_written;
  return [
    {
      name: 'FOR, RECT',
      program: `FOR i 1 ${SHAPES}\nRECT i&63 i&31 10 5\nEND`,
      shapes: SHAPES,
      pixels: 10 * 5 * SHAPES,
    },
    {
      name: 'FOR, PIX',
      program: `FOR i 1 ${SHAPES}\nPIX i&127 i&63\nEND`,
      shapes: SHAPES,
      pixels: SHAPES,
    },
    {
      name: `FOR, TXT of ${TEXT.length} characters`,
      program: `FOR i 1 ${TEXTS}\nTXT i&63 i&31 ${TEXT}\nEND`,
      shapes: TEXTS,
      pixels: ink * TEXTS,
    },
    {
      name: 'FOR, PUSH, COLOR, POP',
      // Without its POP the last colour is transparent, and the point writes nothing.
      program: `FOR i 1 ${TURNS}\nPUSH\nCOLOR i&255\nPOP\nEND\nPIX 0 0`,
      shapes: 1,
      pixels: 1,
    },
  ];
}

async function measureSteps(quick: boolean): Promise<Line[]> {
  const found: Line[] = [];
  for (const { name, program, leaves, targeted } of LOOPS) {
    // The number is drawn, so that it can be held to what it should be.
    const expected = run(parse(sourceOf(`NUM 0 0 ${leaves}`)), DEFAULT_CANVAS).list.shapes;
    const isRight = ({ list }: Run) => `${list.shapes}` === `${expected}`;
    found.push(await measureRun(quick, name, `SET x 0\n${program}\nNUM 0 0 x`, isRight, targeted));
  }
  for (const { name, program, shapes, pixels } of drawings()) {
    const isRight = ({ price }: Run) => price.shapes === shapes && price.pixels_written === pixels;
    found.push(await measureRun(quick, name, program, isRight, false));
  }
  return found;
}

async function measureRun(
  quick: boolean,
  name: string,
  program: string,
  isRight: (result: Run) => boolean,
  targeted: boolean,
): Promise<Line> {
  const parsed = parse(sourceOf(program));
  const { steps } = run(parsed, DEFAULT_CANVAS).price;
  const side = {
    name,
    act: () => run(parsed, DEFAULT_CANVAS),
    check: (result: unknown) => {
      if (!isRight(result as Run)) throw new Error(`the machine counts otherwise: ${name}`);
    },
  };
  const [samples = []] = await contest([side], { warmUp: 3, rounds: quick ? 5 : 30, calls: 1 });
  return {
    part: 'language',
    name: `run ${name}`,
    unit: 'M steps/s',
    ours: figuresOfRates(samples.map((ms) => steps / ms / 1_000)),
    ...(targeted ? { targets: [{ bound: 'at least', value: STEP_TARGET, of: 'median' } as const] } : {}),
    note: `${steps} steps`,
  };
}

/** Half rectangles, half text, up to the limit. */
function shapesOnly(): Uint8Array {
  const random = seededBetween(SEED);
  return upToTheLimit((line) => {
    const [x, y, w, h] = [random(-50, 2_000), random(-50, 2_000), random(0, 300), random(0, 300)];
    return line % 2 === 0 ? `RECT ${x} ${y} ${w} ${h}` : `TXT ${x} ${y} Hello number ${line}`;
  });
}

/** Values, control, colour and state, as a person indents them. */
function everyKind(): Uint8Array {
  const random = seededBetween(SEED);
  const block = () => [
    `# a part of ${random(0, 100)}`,
    `SET x (x+${random(0, 1_000)}*3)&255`,
    'IF x>10&&x<=100',
    '  RECT x*2 max(x, 5)+a[x%10] 10 20',
    'ELSE',
    `  COLOR rgb(x, 10, ${random(0, 256)})`,
    '  PIX x+1 x-1',
    'END',
    `FOR i 0 ${random(1, 9)} 2`,
    '  ADD a[i%10] i',
    'END',
  ];
  let lines: string[] = ['DIM a 10', 'SET x 0'];
  return upToTheLimit(() => {
    if (lines.length === 0) lines = block();
    return lines.shift() as string;
  });
}

function upToTheLimit(next: (line: number) => string): Uint8Array {
  const lines: string[] = [];
  for (let length = 0; ; ) {
    const line = next(lines.length);
    length += line.length + 1;
    if (length > LIMITS.sourceBytes) break;
    lines.push(line);
  }
  // A comment begins a part: the one that was cut off goes.
  const whole = lines.findLastIndex((line) => line.startsWith('#'));
  if (whole >= 0) lines.length = whole;
  return Buffer.from(lines.join('\n'));
}
