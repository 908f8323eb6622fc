/** The probe of a GPU against a shader that is wrong in one place: each slip of a hand, each constant that is another. */
import { expect, it } from 'vitest';
import * as encoding from '../../../../renderer/display/encoding.ts';
import { GpuFault } from '../../../../renderer/host/gpu/guard.ts';
import { readShader } from '../../../../renderer/host/gpu/shader.ts';
import { openTrusted, ProbeFault } from '../../../../renderer/host/gpu/trust.ts';
import { PROBE_SHADE } from '../../../../renderer/raster/conformance/probe-shades.ts';
import * as layout from '../../../../renderer/raster/layout.ts';
import { wgslPrelude } from '../../../../renderer/raster/prelude.ts';
import { wgslOf } from '../../../../renderer/shade/wgsl.ts';
import { openFaulty } from '../../../support/faulty-gpu.ts';
import { describeWithGpu } from '../../../support/software-gpu.ts';

/** The loop of `blended_each` up to its bound. */
const EACH = 'vec4(24u);\n  var result = vec4(GROUND);\n  for (var low = 0u; low <= ';

/** What a slip of the hand could do to the shader's own text. */
const SLIPS: readonly (readonly [was: string, is: string])[] = [
  ['* a + 0x800080u) + d *', '* a + 0x7f0080u) + d *'],
  ['* a + 0x800080u) + d *', '* a + 0x80007fu) + d *'],
  ['* a + 0x800080u) + d * (255u', '* a + 0x800080u) + d * (256u'],
  ['d_green * (255u - a)', 'd_green * (256u - a)'],
  ['divided(b * a + 0x800080u', 'divided(b * a + 0x7f0080u'],
  ['+ 0x800080u + d * (255u - a)', '+ 0x80007fu + d * (255u - a)'],
  ['0x800080u + d * (255u - a)', '0x800080u + d * (256u - a)'],
  ['<< vec4(16u)) + 0x800080u', '<< vec4(16u)) + 0x7f0080u'],
  ['<< vec4(16u)) + 0x800080u', '<< vec4(16u)) + 0x80007fu'],
  ['over - (over >> vec4(8u))', 'over'],
  ['0x1000100u', '0x1000000u'],
  ['return s ^ d', 'return s | d'],
  ['s + d - product', 'saturated(s + d)'],
  ['return product', 'return s'],
  ['return saturated(s + d)', 'return (s + d) & vec4(0xff00ffu)'],
  ['low <= 8u', 'low < 8u'],
  ['(source >> low)', 'source'],
  ['(!EVERY_SHAPE ||', '(EVERY_SHAPE ||'],
  ['!= BLEND_OVER', '== BLEND_OVER'],
  ['2u * row', 'row'],
  ['pooled(pool, words, run)', 'pooled(pool, words, run + 1u)'],
  ['pooled(pool, words, run + 1u)', 'pooled(pool, words, run)'],
  ['covered &= columns >=', 'covered &= columns >'],
  ['covered &= columns < vec4(bitcast<i32>(pooled', 'covered &= columns <= vec4(bitcast<i32>(pooled'],
  [
    'case TAG_GLYPH: { covered &= in_bitmap(pooled(pool, words, row)',
    'case TAG_GLYPH: { covered &= in_bitmap(pooled(pool, words, row + 1u)',
  ],
  ['let row = u32(i32(y) - y0)', 'let row = u32(i32(y) - y0 + 1)'],
  ['source >> 24u', 'source >> 25u'],
  ['1u + min(columns', 'min(columns'],
  ['pool.size) + row)', 'pool.size))'],
  ['pooled(pool, words, 0u) + row_word', 'pooled(pool, words, 1u) + row_word'],
  ['pooled(pool, words, 0u) + row_word', 'row_word'],
  ['pooled(pool, words, 0u) + row_word', 'pooled(pool, words, 0u)'],
  ['start + pooled(pool, words, 1u + column[i]), 0u)', 'start + pooled(pool, words, 1u + column[i]), 1u)'],
  ['start + pooled(pool, words, 1u + column[i])', 'start'],
  ['pooled(pool, words, 1u + column[i])', 'pooled(pool, words, column[i])'],
  ['pooled(pool, words, 1u + column[i])', 'pooled(pool, words, 1u + column[0])'],
  ['i < 4u', 'i < 3u'],
  ['sources >> vec4(24u)', 'sources >> vec4(25u)'],
  ['sources >> vec4(24u)', 'vec4(sources.x >> 24u)'],
  [`${EACH}8u`, `${EACH}0u`],
  ['(sources >> vec4(low))', 'sources'],
  ['(sources >> vec4(low))', 'vec4(sources.x >> low)'],
  ['b * a + vec4(0x800080u)', 'b * a + vec4(0x7f0080u)'],
  ['b * a + vec4(0x800080u)', 'b * a + vec4(0x80007fu)'],
  ['(vec4(255u) - a)', '(vec4(256u) - a)'],
  ['if (!IMAGES) { continue; }', 'if (IMAGES) { continue; }'],
  ['if (IMAGES) {', 'if (!IMAGES) {'],
  ['color, blended_each(mode', 'color, blended_each(BLEND_OVER'],
  ['blended(mode, source, color)', 'blended(BLEND_OVER, source, color)'],
  ['var sources = vec4(source)', 'var sources = vec4(source ^ 1u)'],
  ['across, bitcast<vec4<u32>>(columns - vec4(x0))', 'across, bitcast<vec4<u32>>(columns - vec4(x0 + 1))'],
  ['(bitcast<i32>(back[WORD_X1 % 4u]) - x0);', '(bitcast<i32>(back[WORD_X1 % 4u]) - x0 + 1);'],
  ['alpha == 255u', 'alpha >= 254u'],
  ['alpha > 0u', 'alpha > 1u'],
  ['< y0', '<= y0'],
  ['u32(i32(y) - y0)), back', 'u32(i32(y) - y0 + 1)), back'],
  ['(columns < vec4(x1))', '(columns <= vec4(x1))'],
  ['(columns >= vec4', '(columns > vec4'],
  ['>= bitcast<i32>(back[WORD_Y1', '> bitcast<i32>(back[WORD_Y1'],
  ['x1 - 1', 'x1'],
  ['first = min(scene[offset] + skip, last)', 'first = min(scene[offset] + skip + 1u, last)'],
  ['break if entry >= end', 'break if entry + 1u >= end'],
  ['(tile - canvas.first_tile) %', 'tile %'],
  ['(tile - canvas.first_tile) /', 'tile /'],
  ['canvas.output + (y', '(y'],
  ['back[CANVAS_POOL_SIZE % 4u])', '0u)'],
  ['vec4(GROUND) | (green << vec4(8u))', 'vec4(GROUND) | (green << vec4(9u))'],
  ['local.x * PIXELS_PER_INVOCATION', 'local.x * 3u'],
  ['param(PARAM_BEGUN) > 0u', 'param(PARAM_BEGUN) > 1u'],
  ['{ color.y = band[pixel + 1u]; }', '{ color.y = band[pixel]; }'],
  ['if (count > 2u) { color.z', 'if (count > 3u) { color.z'],
  ['if (count > 1u) { band', 'if (count > 2u) { band'],
  ['if (count > 2u) { band', 'if (count > 3u) { band'],
  ['if (count > 3u) { band', 'if (count > 2u) { band'],
];

/** Constants that the CPU uses, to paint or to plan, and the shader does not. */
const CPU_ALONE = ['TILE_SIZE', 'TAG_SHADE', 'SHADE_NUMBER'];

const MUTANTS = Object.entries({ ...encoding, ...layout }).filter(([name]) => !CPU_ALONE.includes(name));

/** Another value that matters: the next word, or twice the size; a ground that is not opaque. */
function mutate(name: string, value: number): number {
  if (value === layout.GROUND) return 0xfe000000;
  return /^(WORD|PARAM|BLEND|CANVAS)_(?!WORDS)/.test(name) ? value + 1 : value * 2;
}

/** How the probe ends with a shader: undefined when it is trusted. */
async function refusal(shader: string): Promise<unknown> {
  const patience = { openMs: 20_000, silenceMs: 20_000, pictureMs: 60_000 };
  const opened = await openTrusted(() => openFaulty({}), shader, patience).catch((error: unknown) => error);
  if (opened instanceof Error) return opened;
  return undefined;
}

/** @param every each so-many-eth shader that is wrong is tried, from the first on */
export function describeProbe(every: number): void {
  const chosen = (_: unknown, index: number) => index % every === 0;

  describeWithGpu('the probe', () => {
    it('trusts the shader as it is', async () => {
      expect(await refusal(readShader())).toBeUndefined();
    });

    it.each(SLIPS.filter(chosen))('refuses a shader that says `%s` as `%s`', async (was, is) => {
      const shader = readShader();
      expect(shader).toContain(was);
      expect(await refusal(shader.replace(was, is))).toBeInstanceOf(ProbeFault);
    });

    it.each(MUTANTS.filter(chosen))('refuses a shader for which %s is not %i', async (name, value) => {
      const mutated = wgslPrelude().replace(
        `const ${name}: u32 = ${value}u;`,
        `const ${name}: u32 = ${mutate(name, value)}u;`,
      );
      expect(mutated).not.toBe(wgslPrelude());
      const found = await refusal(mutated + readShader().slice(wgslPrelude().length));
      expect(found instanceof ProbeFault || found instanceof GpuFault, String(found)).toBe(true);
    });

    it('leaves no other constant unused', () => {
      const shader = readShader().slice(wgslPrelude().length) + wgslOf(PROBE_SHADE);
      for (const [name] of MUTANTS) expect(shader, name).toMatch(new RegExp(`\\b${name}\\b`));
      for (const name of CPU_ALONE) expect(shader).not.toMatch(new RegExp(`\\b${name}\\b`));
    });

    it('says where the picture differs, and hands out both', async () => {
      const found = await refusal(readShader().replace('alpha > 0u', 'alpha > 1u'));
      expect(found).toBeInstanceOf(ProbeFault);
      const { message, report } = found as ProbeFault;
      expect(message).toMatch(/^the probe picture differs on .+: Expected RGBA .+ pixels differ$/);
      expect(report.expected).toHaveLength(report.width * report.height * 4);
      expect(report.found).toHaveLength(report.expected.length);
      expect(Buffer.compare(report.found, report.expected)).not.toBe(0);
    });
  });
}
