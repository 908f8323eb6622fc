/** Mutants: PNG files that somebody has been at, by chance; each from its seed and number alone. */
import { deflateSync, inflateSync } from 'node:zlib';
import { seededBetween } from '../../shared/seeded.ts';
import { chunk } from './png-forms.ts';

type Between = (low: number, high: number) => number;

/** A chunk as it stands in a file, whatever its CRC. */
interface Part {
  readonly type: string;
  readonly data: Buffer;
}

interface Scene {
  readonly between: Between;
  /** The file that is changed, which is whole, and its chunks. */
  readonly file: Buffer;
  readonly parts: readonly Part[];
  /** Chunks of another file. */
  readonly others: readonly Part[];
  readonly other: Buffer;
}

const SIGNATURE = 8;
/** zlib's own window and tables take longer to clear than these files to write. */
const SMALL = { windowBits: 9, memLevel: 1 };
const ODD_NUMBERS = [
  0,
  1,
  2,
  3,
  7,
  8,
  16,
  127,
  128,
  255,
  256,
  1_024,
  16_384,
  16_385,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const TYPES = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'tEXt', 'iTXt', 'zTXt', 'gAMA', 'CgBI', 'teSt'];
const ODD_JSON = [
  'null',
  '-1',
  '0',
  '1e999',
  '1.5',
  '""',
  '"x"',
  '[]',
  '{}',
  '[[[]]]',
  'true',
  '{"__proto__":1}',
  '"\\ud800"',
  '16385',
  '4294967296',
  '2',
];

/** What is done to a file. Where a CRC fits in the end, readers get to see what lies behind it. */
const CHANGES: Readonly<Record<string, (scene: Scene) => Buffer>> = {
  'bits, CRCs as they were': ({ file, between }) => {
    const copy = Buffer.from(file);
    for (let left = between(1, 9); left > 0; left--) copy[between(0, copy.length)]! ^= 1 << between(0, 8);
    return copy;
  },
  'bits, CRCs mended': (scene) => changed(scene, (data) => flipped(data, scene.between)),
  'bytes, CRCs mended': (scene) =>
    changed(scene, (data) => {
      const copy = Buffer.from(data);
      for (let left = scene.between(1, 9); left > 0 && copy.length > 0; left--)
        copy[scene.between(0, copy.length)] = one(scene, ODD_NUMBERS);
      return copy;
    }),
  'chunks in another order': ({ parts, between }) => {
    const mixed = [...parts];
    for (let left = between(1, 4); left > 0; left--) {
      const [moved] = mixed.splice(between(0, mixed.length), 1);
      mixed.splice(between(0, mixed.length + 1), 0, moved!);
    }
    return fileOf(mixed);
  },
  'chunks twice': ({ parts, between }) => {
    const mixed = [...parts];
    mixed.splice(
      between(0, mixed.length),
      0,
      ...Array<Part>(between(1, 5)).fill(mixed[between(0, mixed.length)]!),
    );
    return fileOf(mixed);
  },
  'chunks left out': ({ parts, between }) => fileOf(parts.filter(() => between(0, 6) > 0)),
  'chunks put in': (scene) => {
    const mixed = [...scene.parts];
    const data = Buffer.from(Array.from({ length: scene.between(0, 20) }, () => scene.between(0, 256)));
    mixed.splice(scene.between(0, mixed.length + 1), 0, { type: one(scene, TYPES), data });
    return fileOf(mixed);
  },
  'chunks of another type': (scene) => {
    const mixed = [...scene.parts];
    const at = scene.between(0, mixed.length);
    mixed[at] = { type: one(scene, TYPES), data: mixed[at]!.data };
    return fileOf(mixed);
  },
  'cut short': ({ file, between }) => file.subarray(0, between(0, file.length)),
  'with more behind': ({ file, other, between }) =>
    Buffer.concat([file, other.subarray(0, between(1, other.length))]),
  'lengths that lie': (scene) => {
    const copy = Buffer.from(scene.file);
    let at = SIGNATURE;
    for (let skip = scene.between(0, scene.parts.length); skip > 0; skip--) at += 12 + copy.readUInt32BE(at);
    const length = copy.readUInt32BE(at);
    copy.writeUInt32BE(one(scene, [...ODD_NUMBERS, length + 1, length + 12, Math.max(0, length - 1)]), at);
    return copy;
  },
  'headers that lie': (scene) =>
    fileOf(
      scene.parts.map((part) => {
        if (part.type !== 'IHDR') return part;
        const data = Buffer.from(part.data);
        const at = scene.between(0, 7);
        if (at < 2) data.writeUInt32BE(one(scene, ODD_NUMBERS), 4 * at);
        else data[6 + at] = one(scene, ODD_NUMBERS);
        return { type: 'IHDR', data };
      }),
    ),
  'a stream of bytes that were changed': (scene) =>
    withStream(scene, (stream) => flipped(stream, scene.between)),
  'rows that were changed': (scene) =>
    withStream(scene, (stream) => {
      const { between } = scene;
      const rows = inflateSync(stream);
      const edits = [
        () => flipped(rows, between),
        () => rows.subarray(0, between(0, rows.length)),
        () => Buffer.concat([rows, Buffer.alloc(between(1, 4_000))]),
        () => Buffer.alloc(between(0, 40_000)),
      ];
      return deflateSync(edits[between(0, edits.length)]!(), { ...SMALL, level: between(0, 10) });
    }),
  'the pixels of another': ({ parts, others }) =>
    fileOf([...parts.filter(isNoPixels), ...others.filter(isPixels)]),
  'the head of one and the tail of another': ({ file, other, between }) =>
    Buffer.concat([file.subarray(0, between(0, file.length)), other.subarray(between(0, other.length))]),
  'chunks of two': ({ parts, others, between }) =>
    fileOf([...parts.slice(0, between(0, parts.length)), ...others.slice(between(0, others.length))]),
  'records whose text was changed': (scene) =>
    withRecord(scene, (text) => {
      const at = scene.between(0, text.length);
      const pieces = [...ODD_JSON, ',', '}', '{', '"', '\\', '\0', text.slice(0, 40)];
      return text.slice(0, at) + one(scene, pieces) + text.slice(at + scene.between(0, 4));
    }),
  'records with odd values': (scene) =>
    withRecord(scene, (text) => JSON.stringify(revalued(JSON.parse(text), scene))),
  'records with odd fields': (scene) =>
    withRecord(scene, (text) => {
      const names = [
        'format',
        'program',
        'canvas',
        'params',
        'inputs',
        'used',
        'uses',
        'price',
        'script',
        'x',
        '__proto__',
      ];
      return text.replace('{', `{"${one(scene, names)}":${one(scene, ODD_JSON)},`);
    }),
};

/** The names of all changes. */
export const CHANGE_NAMES: readonly string[] = Object.keys(CHANGES);

/** @param files whole ones, of which each mutant is made */
export function mutant(
  files: readonly Buffer[],
  seed: number,
  number: number,
): { readonly bytes: Buffer; readonly change: string } {
  const between = seededBetween(seed + number * 2_654_435_761);
  const name = CHANGE_NAMES[number % CHANGE_NAMES.length]!;
  const [file, other] = [files[between(0, files.length)]!, files[between(0, files.length)]!];
  const scene = { between, file, other, parts: partsOf(file), others: partsOf(other) };
  return { bytes: CHANGES[name]!(scene), change: name };
}

function one<T>({ between }: Pick<Scene, 'between'>, values: readonly T[]): T {
  return values[between(0, values.length)]!;
}

function isPixels({ type }: Part): boolean {
  return type === 'IDAT' || type === 'IEND';
}

function isNoPixels(part: Part): boolean {
  return !isPixels(part);
}

/** Chunks of a whole file. */
function partsOf(file: Buffer): Part[] {
  const parts: Part[] = [];
  for (let at = SIGNATURE; at < file.length; ) {
    const length = file.readUInt32BE(at);
    parts.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  return parts;
}

function fileOf(parts: readonly Part[]): Buffer {
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, ...parts.map(({ type, data }) => chunk(type, data))]);
}

function flipped(data: Buffer, between: Between): Buffer {
  const copy = Buffer.from(data);
  for (let left = between(1, 5); left > 0 && copy.length > 0; left--)
    copy[between(0, copy.length)]! ^= 1 << between(0, 8);
  return copy;
}

/** One chunk with other data. */
function changed({ parts, between }: Scene, change: (data: Buffer) => Buffer): Buffer {
  const at = between(0, parts.length);
  return fileOf(
    parts.map((part, index) => (index === at ? { type: part.type, data: change(part.data) } : part)),
  );
}

/** All IDATs as one, with another stream. */
function withStream({ parts }: Scene, change: (stream: Buffer) => Buffer): Buffer {
  const stream = Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const first = parts.findIndex(({ type }) => type === 'IDAT');
  return fileOf(
    parts.flatMap((part, index) =>
      part.type !== 'IDAT' ? [part] : index === first ? [{ type: 'IDAT', data: change(stream) }] : [],
    ),
  );
}

/** An iTXt of ours with another text, compressed now and then; a file without one gets an odd one. */
function withRecord(scene: Scene, change: (text: string) => string): Buffer {
  const { parts, between } = scene;
  const records = parts.filter(({ type }) => type === 'iTXt');
  const chosen = records[between(0, Math.max(1, records.length))];
  const keyword = chosen === undefined ? 'gvpie' : chosen.data.toString('latin1', 0, chosen.data.indexOf(0));
  const stored = chosen?.data.subarray(keyword.length + 5);
  const isCompressed = chosen?.data[keyword.length + 1] === 1;
  const text = stored === undefined ? '{"format":1}' : `${isCompressed ? inflateSync(stored) : stored}`;
  const next = Buffer.from(change(text));
  const compress = between(0, 4) === 0;
  const data = Buffer.concat([
    Buffer.from(`${keyword}\0`, 'latin1'),
    Buffer.of(compress ? 1 : 0, 0, 0, 0),
    compress ? deflateSync(next, SMALL) : next,
  ]);
  const record = { type: 'iTXt', data };
  if (chosen === undefined) return fileOf([...parts.slice(0, 1), record, ...parts.slice(1)]);
  return fileOf(parts.map((part) => (part === chosen ? record : part)));
}

/** The record with an odd value in one place. */
function revalued(value: unknown, scene: Scene): unknown {
  if (typeof value !== 'object' || value === null || scene.between(0, 5) === 0) return odd(scene);
  const fields = Object.entries(value);
  if (fields.length === 0) return odd(scene);
  const at = scene.between(0, fields.length);
  const next = fields.map(
    ([name, field], index) => [name, index === at ? revalued(field, scene) : field] as const,
  );
  return Array.isArray(value) ? next.map(([, field]) => field) : Object.fromEntries(next);
}

function odd(scene: Scene): unknown {
  return JSON.parse(one(scene, ODD_JSON));
}
