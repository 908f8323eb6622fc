/** Expectations: what a script says that its picture has to be like, and whether a picture is. */
import type { Complaint } from '../shared/faults.ts';
import { CHECKSUM } from '../shared/inputs.ts';
import { LIMITS } from '../shared/limits.ts';
import { show } from '../shared/show.ts';

/** All of it has to hold; what is absent may be anything. */
export interface Expectation {
  /** SHA-256 of the raw RGBA bytes, lower-case hex. */
  readonly checksum?: string;
  /** The least and the greatest share of pixels that are not as an untouched canvas has them, 0 to 1. */
  readonly ink?: readonly [least: number, greatest: number];
  /** Whether all pixels have one colour, whichever. */
  readonly blank?: boolean;
  /** Each stands somewhere: `#rrggbbaa`, lower-case. */
  readonly colors?: readonly string[];
}

/** What was found of a picture that is not as it has to be. */
export interface Evidence {
  /** The first expectation that is not met, in words. */
  readonly message: string;
  /** Each of those, the first included. */
  readonly unmet: readonly string[];
  readonly checksum: string;
  readonly ink: number;
  readonly blank: boolean;
  /** Of the colours that are expected. */
  readonly colors: { readonly found: readonly string[]; readonly missing: readonly string[] };
}

const KEYS = ['checksum', 'ink', 'blank', 'colors'];
const COLOR = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i;
const HINT = 'Write a JSON object such as {"ink":[0.01,0.5],"blank":false,"colors":["#ffd700"]}, or NULL.';

/**
 * What a script's `expect` means.
 *
 * @param text empty is nothing, as in params
 * @returns the expectation; or why the row is refused (ROW-E011), which alone has a `code`
 */
export function readExpect(text: string): Expectation | Complaint {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(`Expected expect in JSON, found ${show(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(`Expected expect to be an object, found ${show(value)}`);
  }
  const strange = Object.keys(value).find((key) => !KEYS.includes(key));
  if (strange !== undefined) {
    return refused(`Expected expect to name checksum, ink, blank and colors alone, found ${show(strange)}`);
  }
  const { checksum, ink, blank, colors } = value as Record<string, unknown>;
  if (checksum !== undefined && !(typeof checksum === 'string' && CHECKSUM.test(checksum))) {
    return refused(`Expected checksum of expect to be 64 lower-case hex digits, found ${show(checksum)}`);
  }
  if (ink !== undefined && !isRange(ink)) {
    const found = Array.isArray(ink) ? show(JSON.stringify(ink)) : show(ink);
    return refused(`Expected ink of expect to be [low, high] with 0 ≤ low ≤ high ≤ 1, found ${found}`);
  }
  if (blank !== undefined && typeof blank !== 'boolean') {
    return refused(`Expected blank of expect to be true or false, found ${show(blank)}`);
  }
  if (colors !== undefined && !(Array.isArray(colors) && colors.length <= LIMITS.expectedColors)) {
    const found = Array.isArray(colors) ? String(colors.length) : show(colors);
    return refused(
      `Expected colors of expect to be an array of at most ${LIMITS.expectedColors} colours, found ${found}`,
    );
  }
  const odd = colors?.findIndex((color: unknown) => typeof color !== 'string' || !COLOR.test(color)) ?? -1;
  if (odd !== -1) {
    return refused(`Expected colors of expect to be #rrggbb or #rrggbbaa, found ${show(colors?.[odd])}`);
  }
  return {
    ...(checksum === undefined ? {} : { checksum: checksum as string }),
    ...(ink === undefined ? {} : { ink: ink as [number, number] }),
    ...(blank === undefined ? {} : { blank }),
    ...(colors === undefined ? {} : { colors: (colors as string[]).map(withAlpha) }),
  };
}

function refused(message: string): Complaint {
  return { code: 'ROW-E011', message, hint: HINT };
}

function isRange(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [low, high] = value;
  return typeof low === 'number' && typeof high === 'number' && low >= 0 && low <= high && high <= 1;
}

function withAlpha(color: string): string {
  return color.length === 7 ? `${color.toLowerCase()}ff` : color.toLowerCase();
}

/**
 * Undefined where the picture is as it has to be. One pass over the pixels, where they have a say.
 *
 * @param pixels RGBA8, row-major, at least one
 * @param checksum theirs
 */
export function judgePicture(
  expectation: Expectation,
  pixels: Uint8Array,
  checksum: string,
): Evidence | undefined {
  const { ink, blank, colors = [] } = expectation;
  const isOther = expectation.checksum !== undefined && expectation.checksum !== checksum;
  if (!isOther && ink === undefined && blank === undefined && colors.length === 0) return undefined;
  const survey = surveyOf(pixels, colors.map(wordOf));
  const missing = colors.filter((color) => !survey.found.has(wordOf(color)));
  const unmet: string[] = [];
  if (isOther) unmet.push(`Expected pixels with the checksum ${expectation.checksum}, found ${checksum}`);
  if (blank !== undefined && blank !== survey.blank) {
    const [expected, found] = ['one colour all over', 'more than one colour'];
    unmet.push(`Expected ${blank ? expected : found}, found ${blank ? found : expected}`);
  }
  if (ink !== undefined && !(survey.ink >= ink[0] && survey.ink <= ink[1])) {
    unmet.push(`Expected ink from ${ink[0]} to ${ink[1]}, found ${survey.ink}`);
  }
  if (missing.length > 0) {
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
    const first = missing.slice(0, 3).map(written).join(', ');
    unmet.push(`Expected ${colors.length} colours, found all but ${first}${more}`);
  }
  const [message] = unmet;
  if (message === undefined) return undefined;
  const found = colors.filter((color) => !missing.includes(color));
  return {
    ...{ message, unmet, checksum, ink: survey.ink, blank: survey.blank },
    colors: { found: found.map(written), missing: missing.map(written) },
  };
}

/** What a run leaves whose picture is rejected: JSON in the shape of a refusal, with the evidence beside it. */
export function describeRejection({ unmet, message: _, ...evidence }: Evidence): string {
  const hint =
    'The picture is kept. A change of the script is a new try, and so is its job queued once more.';
  const errors = unmet.map((message) => ({ code: 'RUN-E010', message, hint }));
  return JSON.stringify({ status: 'refused', error: errors[0], errors, evidence });
}

function written(color: string): string {
  return color.endsWith('ff') ? color.slice(0, -2) : color;
}

/** Opaque black, which every canvas is at first: red in the lowest eight bits, alpha in the highest. */
const UNTOUCHED = 0xff000000 | 0;

/** A colour as a pixel is read from memory, whatever the order of this machine's words. */
function wordOf(color: string): number {
  const rgba = Number.parseInt(color.slice(1), 16);
  return (rgba << 24) | ((rgba & 0xff00) << 8) | ((rgba >>> 8) & 0xff00) | (rgba >>> 24) | 0;
}

/** Buckets of the filter that most pixels of other colours do not pass. */
const BUCKET_BITS = 13;

const bucketOf = (word: number): number => Math.imul(word, 0x9e3779b1) >>> (32 - BUCKET_BITS);

function surveyOf(
  pixels: Uint8Array,
  wanted: readonly number[],
): { readonly ink: number; readonly blank: boolean; readonly found: ReadonlySet<number> } {
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const left = new Set(wanted);
  const found = new Set<number>();
  const filter = new Uint8Array(1 << BUCKET_BITS);
  for (const word of left) filter[bucketOf(word)] = 1;
  const { length } = pixels;
  let previous = ~view.getInt32(0, true);
  let colors = 0;
  let inked = 0;
  for (let at = 0; at < length; at += 4) {
    const word = view.getInt32(at, true);
    if (word !== UNTOUCHED) inked++;
    if (word === previous) continue;
    previous = word;
    colors++;
    if (filter[bucketOf(word)] === 1 && left.delete(word)) {
      found.add(word);
      if (left.size === 0) filter.fill(0);
    }
  }
  return { ink: (inked * 4) / length, blank: colors === 1, found };
}
