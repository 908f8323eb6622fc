/** Other programs that read PNGs, as far as they are on this machine: what each says of files, pixels and texts. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { sha256Hex } from '../../shared/bytes.ts';

/** What a program says of one file; what it does not say is undefined. */
export interface Reading {
  /** SHA-256 of the RGBA bytes. */
  readonly pixels?: string | undefined;
  /** By keyword; without a value where it says only that it is there. */
  readonly texts?: Readonly<Record<string, string | undefined>> | undefined;
  /** Faults that it finds. */
  readonly faults?: string | undefined;
}

export interface Reader {
  readonly name: string;
  /** Why it is missing; undefined where it is there. */
  readonly missing: () => string | undefined;
  /** What it is asked for; absent where it tells all that is there. */
  readonly keywords?: readonly string[];
  /** What it says of each file, in order. */
  readonly read: (paths: readonly string[]) => Promise<readonly Reading[]>;
}

const SHORT_TEXTS = ['cartridge_type', 'checksum', 'created_at'];
const ALL_TEXTS = [...SHORT_TEXTS, 'gvpie', 'gvpie_run', 'gvpie_signature'];
const MIB = 2 ** 20;

export const READERS: readonly Reader[] = [
  {
    name: 'pngjs',
    missing: () => undefined,
    read: eachOf((path) => ({ pixels: sha256Hex(PNG.sync.read(readFileSync(path)).data) })),
  },
  {
    name: 'sharp (libvips, libpng)',
    missing: () => undefined,
    read: eachOf(async (path) => {
      const { comments = [] } = await sharp(path).metadata();
      const pixels = await sharp(path).ensureAlpha().raw().toBuffer();
      const texts = Object.fromEntries(comments.map(({ keyword, text }) => [keyword, text]));
      return { pixels: sha256Hex(pixels), texts };
    }),
  },
  {
    name: 'Skia (@napi-rs/canvas)',
    missing: () => undefined,
    read: eachOf(async (path) => {
      const image = await loadImage(path);
      const context = createCanvas(image.width, image.height).getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return { pixels: sha256Hex(Uint8Array.from(data)) };
    }),
  },
  { name: 'Pillow', missing: () => absence(PYTHON, ['-c', 'import PIL']), read: readWithPillow },
  {
    name: 'ImageMagick',
    missing: () => (magick() === undefined ? 'not installed' : undefined),
    keywords: SHORT_TEXTS,
    read: readWithMagick,
  },
  { name: 'exiftool', missing: () => absence('exiftool', ['-ver']), read: readWithExiftool },
  {
    name: 'pngcheck',
    missing: () => absence('pngcheck', ['-h']),
    read: eachOf((path) => {
      const said = run('pngcheck', ['-v', path]);
      const keywords = [...said.matchAll(/keyword: (\w+)/g)].map(([, keyword]) => [keyword, undefined]);
      const isWell = said.includes('No errors detected');
      return { texts: Object.fromEntries(keywords), faults: isWell ? undefined : said };
    }),
  },
  {
    name: 'pngfix (libpng)',
    missing: () => absence('pngfix', ['--help']),
    read: eachOf((path) => {
      const said = run('pngfix', [path]);
      return { faults: said.startsWith('IDAT OK ') ? undefined : said };
    }),
  },
];

const PYTHON = 'python3';

function eachOf(read: (path: string) => Reading | Promise<Reading>): Reader['read'] {
  return async (paths) => {
    const readings: Reading[] = [];
    for (const path of paths) readings.push(await read(path));
    return readings;
  };
}

function absence(command: string, args: readonly string[]): string | undefined {
  const { error, status } = spawnSync(command, args, { stdio: 'ignore' });
  if (error !== undefined) return 'not installed';
  // Some print their help and end with something else.
  return command === PYTHON && status !== 0 ? 'not installed for python3' : undefined;
}

function run(command: string, args: readonly string[]): string {
  return spawnSync(command, args, { encoding: 'utf8', maxBuffer: 512 * MIB }).stdout;
}

async function readWithPillow(paths: readonly string[]): Promise<Reading[]> {
  const script = `
import hashlib, json, sys
from PIL import Image
for path in sys.argv[1:]:
    image = Image.open(path)
    pixels = hashlib.sha256(image.convert("RGBA").tobytes()).hexdigest()
    print(json.dumps({"pixels": pixels, "texts": {key: value for key, value in image.info.items() if isinstance(value, str)}}))`;
  const lines = run(PYTHON, ['-c', script, ...paths])
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Reading);
}

/** The command of ImageMagick 7, or that of 6; others go by the same names. */
function magick(): string | undefined {
  return ['magick', 'convert'].find((command) =>
    (spawnSync(command, ['-version'], { encoding: 'utf8' }).stdout ?? '').startsWith('Version: ImageMagick'),
  );
}

async function readWithMagick(paths: readonly string[]): Promise<Reading[]> {
  const command = magick() as string;
  return paths.map((path) => {
    const { stdout: pixels } = spawnSync(command, [path, '-depth', '8', 'rgba:-'], { maxBuffer: 512 * MIB });
    const said = run(command, [path, '-verbose', 'info:-']);
    const texts = textsThere(
      SHORT_TEXTS,
      (keyword) => new RegExp(`^ +${keyword}: (.*)$`, 'm').exec(said)?.[1],
    );
    return { pixels: sha256Hex(pixels), texts };
  });
}

async function readWithExiftool(paths: readonly string[]): Promise<Reading[]> {
  const all = JSON.parse(run('exiftool', ['-json', '-validate', '-all', ...paths])) as Record<
    string,
    unknown
  >[];
  // It writes keywords with a capital.
  const tagOf = (keyword: string): string => keyword.charAt(0).toUpperCase() + keyword.slice(1);
  return all.map((said) => ({
    texts: textsThere(ALL_TEXTS, (keyword) => said[tagOf(keyword)] as string | undefined),
    faults: said.Validate === 'OK' ? undefined : String(said.Validate),
  }));
}

function textsThere(
  keywords: readonly string[],
  textOf: (keyword: string) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    keywords.flatMap((keyword) => {
      const text = textOf(keyword);
      return text === undefined ? [] : [[keyword, text]];
    }),
  );
}
