/** The script of a shade: the text of a function in JavaScript that makes the pixels of a part of a row. */
import {
  CHANNEL_COUNT,
  type Operation,
  type Operator,
  type Shade,
  type ShadeFunction,
  type Step,
  type Value,
} from './shade.ts';

/** Functions that scripts call by these names; see shade.ts. */
export const HELPERS = ['mix', 'isqrt', 'hypot', 'sin', 'cos', 'atan2', 'rgba', 'hash'] as const;
export type Helper = (typeof HELPERS)[number];

/** What a function made of a script takes, in this order. */
export const PARAMETERS = [
  // One packed pixel each, signed; those from `start` on, before `end`, are made anew.
  ...['out', 'start', 'end'],
  // Of the first of them; then the size of the rectangle.
  ...['left', 'y', 'w', 'h'],
  // Where the uniforms stand, and the first of them.
  ...['pool', 'at'],
  // Whether alpha counts as 255, whether a pixel of alpha 255 is simply put there, and what blends the others.
  ...['isOpaque', 'isOver', 'blend'],
] as const;

/** The body of such a function, of numbers, these names and those of the helpers alone. */
export function scriptOf(shade: Shade): string {
  return new Script(shade).text();
}

const CHANNELS = ['r', 'g', 'b', 'a'];

/** Expressions inside one another, at most: engines read them by recursion, and a sum may have a thousand. */
const DEEPEST = 24;

/** An expression as it is written. */
interface Written {
  readonly text: string;
  /** Whether it is true or false, and no number. */
  readonly isTest: boolean;
  /** How many stand inside one another in it. */
  readonly depth: number;
}

class Script {
  readonly #shade: Shade;
  /** Of the step that is written: what its expressions hold, so that each part of them stands once. */
  #held = 0;
  #mostHeld = 0;
  /** What is computed before it, as expressions are read by recursion. */
  #before: string[] = [];
  #loops = 0;

  constructor(shade: Shade) {
    this.#shade = shade;
  }

  text(): string {
    const { uniforms, variables, steps } = this.#shade;
    const body = this.#steps(steps);
    const given = Array.from(
      { length: uniforms },
      (_, index) => `const u${index} = pool[at + ${index}] | 0;\n`,
    );
    const own = Array.from(
      { length: variables - CHANNEL_COUNT },
      (_, index) => `, v${index + CHANNEL_COUNT} = 0`,
    );
    const held = Array.from({ length: this.#mostHeld }, (_, index) => `let t${index} = 0;\n`);
    return [
      `'use strict';\n`,
      ...given,
      ...held,
      'let x = left | 0;\n',
      'for (let i = start; i < end; i++) {\n',
      'const was = out[i];\n',
      `let v0 = was & 255, v1 = (was >> 8) & 255, v2 = (was >> 16) & 255, v3 = 255${own.join('')};\n`,
      body,
      ...CHANNELS.map(
        (name, index) => `const ${name} = v${index} < 0 ? 0 : v${index} > 255 ? 255 : v${index};\n`,
      ),
      'const color = r | (g << 8) | (b << 16) | ((isOpaque ? 255 : a) << 24);\n',
      'out[i] = isOver && color >>> 24 === 255 ? color : blend(color, was);\n',
      'x = (x + 1) | 0;\n',
      '}\n',
    ].join('');
  }

  #steps(steps: readonly Step[]): string {
    return steps.map((step) => this.#step(step)).join('');
  }

  #step(step: Step): string {
    this.#held = 0;
    switch (step.kind) {
      case 'set':
        return this.#behind(`v${step.variable} = ${numberOf(this.#write(step.value))};\n`);
      case 'if': {
        const head = this.#behind(`if (${testOf(this.#write(step.test))}) {\n`);
        const no = step.no.length === 0 ? '' : ` else {\n${this.#steps(step.no)}}`;
        return `${head}${this.#steps(step.yes)}}${no}\n`;
      }
      case 'loop': {
        const turn = `i${this.#loops++}`;
        return `for (let ${turn} = 0; ${turn} < ${step.turns}; ${turn}++) {\n${this.#steps(step.steps)}}\n`;
      }
      case 'break':
        return this.#behind(`if (${testOf(this.#write(step.test))}) break;\n`);
    }
  }

  /** A line behind what is computed before it. */
  #behind(line: string): string {
    return [...this.#before.splice(0), line].join('');
  }

  /** An expression: of what it holds nothing is computed twice, and what would nest too deep is computed before. */
  #write(value: Value): Written {
    // Down the left sides without recursion: there a line may lead as deep as it is long.
    const spine: Operation[] = [];
    let leftmost = value;
    for (; leftmost.kind === 'operation'; leftmost = leftmost.left) spine.push(leftmost);
    let written = this.#single(leftmost);
    for (const { operator, right } of spine.reverse()) {
      written = this.#shallow(operated(operator, written, this.#write(right)));
    }
    return written;
  }

  #single(value: Exclude<Value, Operation>): Written {
    switch (value.kind) {
      case 'number':
        return atom(value.value < 0 ? `(${value.value})` : String(value.value));
      case 'variable':
        return atom(`v${value.index}`);
      case 'uniform':
        return atom(`u${value.index}`);
      case 'place':
        return atom(value.of);
      case 'choice': {
        const [test, yes, no] = [this.#write(value.test), this.#write(value.yes), this.#write(value.no)];
        const text = `(${testOf(test)} ? ${numberOf(yes)} : ${numberOf(no)})`;
        return this.#shallow({ text, isTest: false, depth: deepest(test, yes, no) + 1 });
      }
      case 'call': {
        const values: Written[] = [];
        for (const each of value.values) values.push(this.#write(each));
        const text = this.#call(value.name, values.map(numberOf));
        return this.#shallow({ text, isTest: false, depth: deepest(...values) + 1 });
      }
    }
  }

  /** The same, computed before where it is as deep as may be. */
  #shallow(written: Written): Written {
    if (written.depth < DEEPEST) return written;
    const name = this.#hold();
    this.#before.push(`${name} = ${numberOf(written)};\n`);
    return atom(name);
  }

  #hold(): string {
    const name = `t${this.#held++}`;
    this.#mostHeld = Math.max(this.#mostHeld, this.#held);
    return name;
  }

  #call(name: ShadeFunction, values: readonly string[]): string {
    const listed = values.join(', ');
    switch (name) {
      case 'min':
      case 'max':
        return `Math.${name}(${listed})`;
      case 'abs':
        return `(Math.abs(${listed}) | 0)`;
      case 'sign': {
        const [n, again] = this.#twice(values[0] as string);
        return `(${n} > 0 ? 1 : ${again} >> 31)`;
      }
      case 'clamp':
        return `Math.min(Math.max(${values[0]}, ${values[1]}), ${values[2]})`;
      case 'qmul': {
        const [a, aAgain] = this.#twice(values[0] as string);
        const [b, bAgain] = this.#twice(values[1] as string);
        // As in fixed.ts, spelt out: a call in each of many turns would not always be worked in. The first product
        // computes both operands.
        const high = `Math.imul(${a}, ${b} >> 16) + Math.imul(${aAgain} >> 16, ${bAgain} & 65535)`;
        return `((${high} + (Math.imul(${aAgain} & 65535, ${bAgain} & 65535) >>> 16)) | 0)`;
      }
      case 'qdiv':
        return `(((${values[0]} * 65536) / ${values[1]}) | 0)`;
      case 'rgb':
        return `rgba(${listed}, 255)`;
      default:
        return `${name satisfies Helper}(${listed})`;
    }
  }

  /** What computes a value, and what stands for it behind that, in the same expression. */
  #twice(text: string): readonly [first: string, again: string] {
    if (/^\w+$/.test(text)) return [text, text];
    const name = this.#hold();
    return [`(${name} = ${text})`, name];
  }
}

function atom(text: string): Written {
  return { text, isTest: false, depth: 0 };
}

function deepest(...parts: readonly Written[]): number {
  return parts.reduce((most, { depth }) => Math.max(most, depth), 0);
}

function numberOf({ text, isTest }: Written): string {
  return isTest ? `(${text} ? 1 : 0)` : text;
}

function testOf({ text, isTest }: Written): string {
  return isTest ? text : `${text} !== 0`;
}

function operated(operator: Operator, left: Written, right: Written): Written {
  const depth = deepest(left, right) + 1;
  if (operator === '&&' || operator === '||') {
    return { text: `(${testOf(left)} ${operator} ${testOf(right)})`, isTest: true, depth };
  }
  const [a, b] = [numberOf(left), numberOf(right)];
  switch (operator) {
    case '*':
      return { text: `Math.imul(${a}, ${b})`, isTest: false, depth };
    case '+':
    case '-':
    // Of numbers that are not finite, as n / 0 and n % 0 are, | 0 makes 0.
    case '/':
    case '%':
      return { text: `((${a} ${operator} ${b}) | 0)`, isTest: false, depth };
    case '==':
    case '!=':
      return { text: `${a} ${operator}= ${b}`, isTest: true, depth };
    case '<':
    case '<=':
      return { text: `${a} ${operator} ${b}`, isTest: true, depth };
    default:
      return { text: `(${a} ${operator} ${b})`, isTest: false, depth };
  }
}
