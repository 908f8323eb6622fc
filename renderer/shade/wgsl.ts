/** The WGSL of a shade: what stands behind fine.wgsl, so that the GPU makes pixels anew as the script makes them on the CPU. */
import { CHANNEL_COUNT, type Operator, type Shade, type Step, type Value } from './shade.ts';
import { type WgslFunction, wgslFunctions, wgslName } from './wgsl-functions.ts';

/** Where a module begins for WebGPU. */
export const SHADE_ENTRY = 'shade';

/** Pixels that a workgroup makes anew, one to an invocation. */
export const PIXELS_PER_GROUP = 64;

/**
 * The text of a shade, of numbers and of names of its own and of fine.wgsl alone. Each operation is computed once, into a
 * name: no expression nests, and none is of literals alone, which WGSL would refuse where it wraps.
 */
export function wgslOf(shade: Shade): string {
  return new Module(shade).text();
}

class Module {
  readonly #shade: Shade;
  readonly #used = new Set<WgslFunction>(['rgba']);
  readonly #numbers = new Set<number>();
  readonly #uniforms = new Set<number>();
  #lines: string[] = [];
  #values = 0;
  #loops = 0;

  constructor(shade: Shade) {
    this.#shade = shade;
  }

  text(): string {
    const { variables, steps } = this.#shade;
    this.#steps(steps);
    const body = this.#lines;
    const numbers = [...this.#numbers].map((value) => `let ${nameOf(value)} = i32(${value});`);
    const uniforms = [...this.#uniforms].map(
      (index) => `let g${index} = bitcast<i32>(pooled(pool, words, SHADE_UNIFORMS + ${index}u));`,
    );
    const own = Array.from(
      { length: variables - CHANNEL_COUNT },
      (_, index) => `var v${index + CHANNEL_COUNT} = 0;`,
    );
    const lines = [
      'fn shaded(was: u32, x: i32, y: i32, w: i32, h: i32, pool: Pool, words: u32, opaque: bool) -> u32 {',
      'var v0 = i32(was & 255u);',
      'var v1 = i32((was >> 8u) & 255u);',
      'var v2 = i32((was >> 16u) & 255u);',
      'var v3 = 255;',
      ...[...own, ...numbers, ...uniforms, ...body],
      `return bitcast<u32>(${wgslName('rgba')}(v0, v1, v2, select(v3, 255, opaque)));`,
      '}\n',
    ];
    return wgslFunctions(this.#used) + lines.join('\n') + ENTRY;
  }

  #steps(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: Step): void {
    switch (step.kind) {
      case 'set': {
        const value = this.#value(step.value);
        this.#lines.push(`v${step.variable} = ${value};`);
        break;
      }
      case 'if': {
        const test = this.#value(step.test);
        this.#lines.push(`if (${test} != 0) {`);
        this.#steps(step.yes);
        if (step.no.length > 0) {
          this.#lines.push('} else {');
          this.#steps(step.no);
        }
        this.#lines.push('}');
        break;
      }
      case 'loop': {
        const turn = `k${this.#loops++}`;
        this.#lines.push(`for (var ${turn} = 0; ${turn} < ${step.turns}; ${turn}++) {`);
        this.#steps(step.steps);
        this.#lines.push('}');
        break;
      }
      case 'break': {
        const test = this.#value(step.test);
        this.#lines.push(`if (${test} != 0) { break; }`);
        break;
      }
    }
  }

  /** The name of a value, behind the lines that compute it. */
  #value(value: Value): string {
    switch (value.kind) {
      case 'number':
        this.#numbers.add(value.value);
        return nameOf(value.value);
      case 'variable':
        return `v${value.index}`;
      case 'uniform':
        this.#uniforms.add(value.index);
        return `g${value.index}`;
      case 'place':
        return value.of;
      case 'operation': {
        const [left, right] = [this.#value(value.left), this.#value(value.right)];
        return this.#held(this.#operated(value.operator, left, right));
      }
      case 'choice': {
        // Both sides are computed: neither changes anything, and threads of a GPU go side by side.
        const test = this.#value(value.test);
        const [yes, no] = [this.#value(value.yes), this.#value(value.no)];
        return this.#held(`select(${no}, ${yes}, ${test} != 0)`);
      }
      case 'call': {
        const values = value.values.map((each) => this.#value(each));
        return this.#held(this.#called(value.name, values));
      }
    }
  }

  #held(text: string): string {
    const name = `t${this.#values++}`;
    this.#lines.push(`let ${name} = ${text};`);
    return name;
  }

  #called(name: WgslFunction, values: readonly string[]): string {
    this.#used.add(name);
    return `${wgslName(name)}(${values.join(', ')})`;
  }

  #operated(operator: Operator, a: string, b: string): string {
    switch (operator) {
      case '/':
        return this.#called('quotient', [a, b]);
      case '%':
        return this.#called('remainder', [a, b]);
      case '<<':
      case '>>':
        return `${a} ${operator} (u32(${b}) & 31u)`;
      case '==':
      case '!=':
      case '<':
      case '<=':
        return `select(0, 1, ${a} ${operator} ${b})`;
      case '&&':
        return `select(0, 1, (${a} != 0) & (${b} != 0))`;
      case '||':
        return `select(0, 1, (${a} | ${b}) != 0)`;
      default:
        return `${a} ${operator} ${b}`;
    }
  }
}

/** Such as n5 and m5 for 5 and −5. Neither these nor g, k, t and v before a number, as u and i would be, are names of WGSL. */
function nameOf(value: number): string {
  return value < 0 ? `m${-value}` : `n${value}`;
}

/**
 * One invocation for each pixel: those of the shape's box in the band are numbered row by row, and a dispatch takes some. The
 * plan sees to it that there are such pixels.
 */
const ENTRY = `
@compute @workgroup_size(${PIXELS_PER_GROUP}, 1, 1)
fn ${SHADE_ENTRY}(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= param(PARAM_TAKE)) { return; }
  let at = param(PARAM_SHAPE) * (SHAPE_WORDS / 4u);
  let front = shapes[at];
  let back = shapes[at + 1u];
  let width = param(PARAM_WIDTH);
  let top = param(PARAM_BAND_TOP);
  let x0 = max(0, bitcast<i32>(front[WORD_X0 % 4u]));
  let y0 = max(i32(top), bitcast<i32>(front[WORD_Y0 % 4u]));
  let columns = u32(min(i32(width), bitcast<i32>(back[WORD_X1 % 4u])) - x0);
  let number = param(PARAM_SKIP) + id.x;
  let x = x0 + i32(number % columns);
  let y = y0 + i32(number / columns);
  let pixel = (u32(y) - top) * width + u32(x);
  let pool = Pool(param(PARAM_POOL), param(PARAM_POOL_SIZE));
  let words = back[WORD_POOL % 4u];
  let left = bitcast<i32>(pooled(pool, words, SHADE_LEFT));
  let above = bitcast<i32>(pooled(pool, words, SHADE_TOP));
  let w = bitcast<i32>(pooled(pool, words, SHADE_WIDTH));
  let h = bitcast<i32>(pooled(pool, words, SHADE_HEIGHT));
  let opaque = pooled(pool, words, SHADE_OPAQUE) == 1u;
  let was = band[pixel];
  let source = shaded(was, x - left, y - above, w, h, pool, words, opaque);
  band[pixel] = blended(back[WORD_BLEND % 4u], source, vec4(was)).x;
}
`;
