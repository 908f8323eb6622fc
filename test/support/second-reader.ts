/**
 * A second reader of cartridges, written from docs/cartridge.md and PNG's own words: says which verdict a file should have.
 * It is for small files with a palette and without IMAGEs, and does nothing to be fast or safe.
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { crc32, inflateSync } from 'node:zlib';

/** What rendering a label's program again gives, or that it is refused. */
export type Rerendered =
  | { readonly checksum: string; readonly used: unknown; readonly params: unknown }
  | 'refused';
export type Rerender = (label: Json) => Rerendered | Promise<Rerendered>;

// biome-ignore lint/suspicious/noExplicitAny: a file may say anything
type Json = any;

class Damaged extends Error {}

/** The verdict in short: `ok`, `damaged CART-E003`, `pixels-differ file`; codes apart by `|` where either is right. */
export async function expectedVerdict(bytes: Buffer, rerender: Rerender): Promise<string> {
  try {
    const { label, pixels } = read(bytes);
    if (sha256(label.program) !== label.program_sha256) return 'program-checksum';
    if (sha256(pixels) !== label.checksum) return 'pixels-differ file';
    if (label.language.name !== 'PXL-ε' || label.language.version !== 1) return 'semantics-changed';
    const today = await rerender(label);
    if (today === 'refused') return 'bad-program';
    const [before, after] = [leaves(label.used), leaves(today.used)];
    const other = [...before.keys()].filter((key) => before.get(key) !== after.get(key));
    if (other.some((key) => after.has(key))) return 'semantics-changed';
    if (today.checksum !== label.checksum) return 'pixels-differ rerender';
    const isSame = other.length === 0 && before.size === after.size;
    return isSame && sorted(label.params ?? {}) === sorted(today.params) ? 'ok' : 'label-differs';
  } catch (error) {
    if (error instanceof Damaged) return `damaged ${error.message}`;
    throw error;
  }
}

function read(bytes: Buffer): { label: Json; pixels: Buffer } {
  const chunks = chunksOf(bytes);
  const header = chunks[0]?.data ?? Buffer.alloc(0);
  const isPaletted = header[9] === 3;
  const idat: Buffer[] = [];
  const texts = new Map<string, { type: string; rest: Buffer }>();
  let palette: Buffer | undefined;
  for (const [at, { type, data }] of chunks.entries()) {
    if ((at === 0) !== (type === 'IHDR')) throw new Damaged('CART-E005');
    if (type === 'IDAT') {
      if (idat.length > 0 && chunks[at - 1]?.type !== 'IDAT') throw new Damaged('CART-E005');
      idat.push(data);
    } else if (type === 'PLTE' && isPaletted && palette === undefined && idat.length === 0) palette = data;
    else if (type === 'tRNS' && isPaletted) throw new Damaged('CART-E005');
    else if (/^[A-Z]/.test(type) && at > 0 && type !== 'IEND') throw new Damaged('CART-E005');
    else if (['tEXt', 'zTXt', 'iTXt'].includes(type) && data.indexOf(0) >= 0 && data.indexOf(0) < 80) {
      const keyword = data.toString('latin1', 0, data.indexOf(0));
      const kind = {
        cartridge_type: 'tEXt',
        checksum: 'tEXt',
        created_at: 'tEXt',
        gvpie: 'iTXt',
        gvpie_run: 'iTXt',
      }[keyword];
      if (kind === undefined) continue;
      if (kind !== type || texts.has(keyword)) throw new Damaged('CART-E012');
      texts.set(keyword, { type, rest: data.subarray(data.indexOf(0) + 1) });
    }
  }
  const { width, height, depth } = measured(header);
  const colours = (palette?.length ?? 0) / 3;
  if (isPaletted && (!Number.isInteger(colours) || colours < 1 || colours > 2 ** depth)) {
    throw new Damaged('CART-E010');
  }
  const label = record(texts.get('gvpie')?.rest, isLabel);
  const [type, checksum, createdAt] = ['cartridge_type', 'checksum', 'created_at'].map((keyword) => {
    const text = texts.get(keyword)?.rest.toString('latin1');
    if (text === undefined) throw new Damaged('CART-E011');
    return text;
  });
  const isTold = label.cartridge_type === type && label.checksum === checksum;
  const isFitting = label.canvas.width === width && label.canvas.height === height;
  const digest = label.used && sha256(sorted(label.used));
  if (!isTold || !isFitting || digest !== label.uses) throw new Damaged('CART-E015');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(createdAt!) || !isTime(createdAt!)) {
    throw new Damaged('CART-E014');
  }
  if (texts.has('gvpie_run')) record(texts.get('gvpie_run')!.rest, isRun);
  const rows = inflated(Buffer.concat(idat), height * (Math.ceil((depth * width) / 8) + 1));
  return { label, pixels: decoded(rows, width, height, depth, palette!) };
}

function measured(header: Buffer): { width: number; height: number; depth: number } {
  const ending = header.toString('hex', 8);
  if (header.length !== 13 || !/^(0806|0[1248]03)000000$/.test(ending)) throw new Damaged('CART-E006');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const sides = [width, height];
  if (sides.some((side) => side < 1 || side > 16_384) || width * height > 2 ** 26) {
    throw new Damaged('CART-E007');
  }
  return { width, height, depth: header[8]! };
}

function chunksOf(bytes: Buffer): { type: string; data: Buffer }[] {
  if (bytes.toString('hex', 0, 8) !== '89504e470d0a1a0a') throw new Damaged('CART-E001');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; ; ) {
    if (at === bytes.length) throw new Damaged('CART-E017');
    const left = bytes.length - at - 12;
    if (left < 0) throw new Damaged('CART-E002');
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) throw new Damaged('CART-E005');
    if (length >= 2 ** 31) throw new Damaged('CART-E004');
    if (length > left) throw new Damaged('CART-E002');
    const end = at + 8 + length;
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) throw new Damaged('CART-E003');
    chunks.push({ type, data: bytes.subarray(at + 8, end) });
    // What stands first is judged first.
    if (chunks.length === 1 && type === 'IHDR') measured(chunks[0]!.data);
    else if (/^[A-Z]/.test(type) && !['IDAT', 'PLTE', 'IEND'].includes(type)) throw new Damaged('CART-E005');
    at = end + 4;
    if (type !== 'IEND') continue;
    if (length > 0) throw new Damaged('CART-E005');
    if (at < bytes.length) throw new Damaged('CART-E016');
    return chunks;
  }
}

/** A record in an iTXt, behind its keyword: flag, method, language, translation, text. */
function record(rest: Buffer | undefined, isRight: (value: Json) => boolean): Json {
  if (rest === undefined) throw new Damaged('CART-E011');
  const language = rest.indexOf(0, 2);
  const translation = language < 0 ? -1 : rest.indexOf(0, language + 1);
  if (translation < 0 || rest[0]! > 1 || rest[1] !== 0) throw new Damaged('CART-E013');
  let value: Json;
  try {
    const text = rest.subarray(translation + 1);
    const plain = rest[0] === 1 ? inflateSync(text) : text;
    if (!isUtf8(plain)) throw new Error('not UTF-8');
    value = JSON.parse(plain.toString());
  } catch {
    throw new Damaged('CART-E013');
  }
  if (isRight(value) && hasForm(value)) return value;
  throw new Damaged(Number.isInteger(value?.format) && value.format > 1 ? 'CART-E019' : 'CART-E014');
}

/** Whether canonical JSON can write it. */
function hasForm(value: Json): boolean {
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  return !(value instanceof Object) || Object.entries(value).flat().every(hasForm);
}

const isHex = (value: Json): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isWhole = (value: Json, least = 1): boolean => Number.isSafeInteger(value) && value >= least;
const isObject = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: Json): boolean => typeof value === 'string';

function each(value: Json, isRight: (part: Json, name: string) => boolean): boolean {
  return isObject(value) && Object.entries(value).every(([name, part]) => isRight(part, name));
}

function isLabel(label: Json): boolean {
  if (!isObject(label)) return false;
  const { canvas, language, used, uses, script, price, params } = label;
  const prices = ['steps', 'shapes', 'pixels_written', 'bytes'];
  return (
    isWhole(label.format) &&
    label.cartridge_type === 'pixel' &&
    isText(label.program) &&
    !/\p{Surrogate}/u.test(label.program) &&
    isHex(label.program_sha256) &&
    isHex(label.checksum) &&
    isObject(canvas) &&
    [canvas.width, canvas.height].every((side) => isWhole(side) && side <= 16_384) &&
    isObject(language) &&
    isText(language.name) &&
    isWhole(language.version) &&
    (uses === undefined || isHex(uses)) &&
    (used === undefined || isUsed(used)) &&
    (script === undefined || (isText(script?.name) && isWhole(script.revision))) &&
    (price === undefined || (isObject(price) && prices.every((name) => isWhole(price[name], 0)))) &&
    (price?.shade === undefined || isWhole(price.shade, 0)) &&
    (params === undefined ||
      each(params, (value, name) => /^[a-z_][a-z0-9_]*$/.test(name) && (value | 0) === value))
  );
}

function isUsed(used: Json): boolean {
  const isVersions = (value: Json): boolean => each(value, (version) => isWhole(version));
  const isBitmaps = (value: Json, form: RegExp): boolean =>
    each(value, (bitmap, name) => form.test(name) && isText(bitmap) && /^[0-9a-f]+$/.test(bitmap));
  const known: Record<string, (value: Json) => boolean> = {
    canvas: (value) => isWhole(value),
    blend: isVersions,
    opcodes: isVersions,
    functions: isVersions,
    fonts: isVersions,
    glyphs: (value) => isBitmaps(value, /^[0-9A-F]{4,6}$/),
    font_glyphs: (value) => isBitmaps(value, /^[a-z0-9]+ [0-9A-F]{4,6}$/),
  };
  const isLeaf = (value: Json): boolean => isText(value) || Number.isFinite(value);
  const isOther = (value: Json): boolean => isLeaf(value) || each(value, isLeaf);
  const needed = ['canvas', 'blend', 'opcodes', 'glyphs'];
  return (
    needed.every((name) => used?.[name] !== undefined) &&
    each(used, (value, name) => name.length <= 64 && (known[name] ?? isOther)(value))
  );
}

function isRun(run: Json): boolean {
  const times = run?.timings_ms;
  return (
    ['backend', 'adapter', 'renderer'].every((name) => isText(run?.[name])) &&
    (run.id === undefined || isText(run.id)) &&
    (times === undefined || each(times, (ms) => Number.isFinite(ms)))
  );
}

function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19);
}

function inflated(stream: Buffer, expected: number): Buffer {
  if (stream.length * 1032 < expected) throw new Damaged('CART-E008');
  let rows: Buffer;
  try {
    rows = inflateSync(stream, { maxOutputLength: 2 ** 24 });
  } catch {
    // How much of it came before it broke is for no page to say.
    throw new Damaged('CART-E008|CART-E009|CART-E010');
  }
  if (rows.length !== expected) throw new Damaged(rows.length < expected ? 'CART-E008' : 'CART-E009');
  return rows;
}

/** Indices behind filter bytes become RGBA. */
function decoded(rows: Buffer, width: number, height: number, depth: number, palette: Buffer): Buffer {
  const stride = Math.ceil((depth * width) / 8);
  const pixels = Buffer.alloc(4 * width * height, 255);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    const row = Buffer.from(rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    if (filter > 4) throw new Damaged('CART-E010');
    for (let i = 0; i < stride; i++) {
      const [a, b, c] = [row[i - 1] ?? 0, above[i]!, above[i - 1] ?? 0];
      const paeth = [a, b, c].sort((p, q) => Math.abs(a + b - c - p) - Math.abs(a + b - c - q))[0]!;
      row[i] = row[i]! + [0, a, b, (a + b) >> 1, paeth][filter]!;
    }
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const index = (row[bit >> 3]! >> (8 - depth - (bit % 8))) % 2 ** depth;
      if (3 * index >= palette.length) throw new Damaged('CART-E010');
      palette.copy(pixels, 4 * (y * width + x), 3 * index, 3 * index + 3);
    }
    above = row;
  }
  return pixels;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** JSON with sorted keys: for names and values that a label of a test has, that of RFC 8785. */
export function sorted(value: Json): string {
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${sorted(value[key])}`);
  return `{${parts.join(',')}}`;
}

function leaves(used: Json): Map<string, Json> {
  const parts = Object.entries(used ?? {}).flatMap(([section, value]): [string, Json][] =>
    isObject(value)
      ? Object.entries(value as object).map(([name, part]) => [JSON.stringify([section, name]), part])
      : [[JSON.stringify([section, section]), value]],
  );
  return new Map(parts);
}
