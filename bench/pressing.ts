/**
 * Pressing: pixels become a PNG, by ours, sharp and pngjs, all of the pixels alone; and a cartridge, whose label and digest
 * no other makes.
 */
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { run } from '../renderer/machine/machine.ts';
import { CPU_ADAPTER, paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { type Canvas, DEFAULT_CANVAS } from '../shared/canvas.ts';
import { labelOf } from '../shared/cartridge/label.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { writePng } from '../shared/cartridge/png.ts';
import { press } from '../shared/cartridge/press.ts';
import { type ContestPlan, contest, type Side } from './contest.ts';
import { type Bench, explained, ROUNDS } from './measure.ts';
import { programOf } from './pictures/ours.ts';
import { SCENE_NAMES, SCENES } from './pictures/scenes.ts';
import { describeShares } from './profile.ts';
import { Profiler } from './profiler.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';

const SMALL = 'TXT 10 10 Hello GPU\nRECT 10 20 80 8\nHALT';
/** Ours over sharp's time, both for a PNG of the pixels alone. */
const TARGET = 1;

export async function measurePressing(bench: Bench): Promise<Line[]> {
  const { quick } = bench;
  const small = await measurePicture(bench, '128×64', {
    ...{ canvas: DEFAULT_CANVAS, program: SMALL, peers: ['sharp, level 1', 'pngjs', 'pngjs, tuned'] },
    ...{ plan: { warmUp: 100, rounds: quick ? 10 : 100, calls: 10 }, isHeld: false },
  });
  const lines = [...small];
  for (const name of SCENE_NAMES) {
    const scene = SCENES[name].make();
    const picture = await measurePicture(bench, name, {
      ...{ canvas: scene.canvas, program: programOf(scene).toString(), peers: ['sharp, level 1'] },
      ...{ plan: { warmUp: 2, rounds: quick ? 2 : ROUNDS, calls: 1 }, isHeld: true },
    });
    lines.push(...picture);
  }
  return lines;
}

interface Picture {
  readonly canvas: Canvas;
  readonly program: string;
  readonly peers: readonly PeerName[];
  readonly plan: ContestPlan;
  readonly isHeld: boolean;
}

type PeerName = keyof typeof PEERS;

/** As a user would set them for speed, and pngjs as it comes. */
const PEERS = {
  'sharp, level 1': (data: Buffer, { width, height }: Canvas) =>
    sharp(data, { raw: { width, height, channels: 4 } })
      .png({ compressionLevel: 1, adaptiveFiltering: false })
      .toBuffer(),
  pngjs: (data: Buffer, canvas: Canvas) => PNG.sync.write(pngOf(data, canvas)),
  'pngjs, tuned': (data: Buffer, canvas: Canvas) =>
    PNG.sync.write(pngOf(data, canvas), { filterType: 0, deflateLevel: 1, deflateStrategy: 0 }),
} as const;

function pngOf(data: Buffer, { width, height }: Canvas): PNG {
  return Object.assign(new PNG({ width, height }), { data });
}

async function measurePicture(bench: Bench, name: string, picture: Picture): Promise<Line[]> {
  const { canvas, program, peers, plan, isHeld } = picture;
  const { list, used } = run(parse(decodeSource(Buffer.from(program))), canvas);
  const pixels = paintOnCpu(list);
  const data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length);
  const label = labelOf({ program, canvas, used, checksum: sha256Hex(pixels) });
  const record = { backend: 'cpu', adapter: CPU_ADAPTER, renderer: 'bench' };
  const pressing = { pixels, canvas, label, run: record, createdAt: '2026-01-01T00:00:00.000Z' };
  const ours = await checkedSide('ours', () => writePng(pixels, canvas), decodePixels, data);
  const whole = await checkedSide('ours, a cartridge', () => press(pressing), openPixels, data);
  const others = await Promise.all(
    peers.map((peer) => checkedSide(peer, () => PEERS[peer](data, canvas), decodePixels, data)),
  );
  const [times = [], wholeTimes = [], ...samples] = await contest([ours, whole, ...others], plan);
  const lines: Line[] = [];
  for (const [index, peer] of others.entries()) {
    const figures = { ...figuresOfTimes(samples[index] ?? []), name: peer.name };
    const line: Line = {
      part: 'png',
      name: `PNG ${name}`,
      unit: 'ms',
      ours: figuresOfTimes(times),
      peer: figures,
      ...(isHeld ? { targets: [{ bound: 'at most', value: TARGET, of: 'ratio' }] as const } : {}),
      note: `${ours.bytes} B against ${peer.bytes} B`,
    };
    lines.push(await explained(bench, line, () => whereOf(ours)));
    lines.push({
      part: 'png',
      name: `press ${name}`,
      unit: 'ms',
      ours: figuresOfTimes(wholeTimes),
      peer: figures,
      note: 'ours with its label, and the SHA-256 of the pixels checked once more',
    });
  }
  return lines;
}

interface Pressed extends Side {
  readonly bytes: number;
}

/** The first file is read back to the pixels, the others are compared with the first. */
async function checkedSide(
  name: string,
  act: () => Uint8Array | Promise<Uint8Array>,
  read: (file: Uint8Array) => Uint8Array,
  data: Buffer,
): Promise<Pressed> {
  const first = await act();
  if (Buffer.compare(read(first), data) !== 0) throw new Error(`Expected ${name} to keep the pixels`);
  return {
    name,
    act,
    bytes: first.length,
    check(file) {
      if (Buffer.compare(first, file as Uint8Array) !== 0)
        throw new Error(`Expected the same file of ${name} again`);
    },
  };
}

function openPixels(file: Uint8Array): Uint8Array {
  return openCartridge(file).pixels;
}

function decodePixels(file: Uint8Array): Uint8Array {
  return PNG.sync.read(Buffer.from(file)).data;
}

async function whereOf(ours: Side): Promise<string[]> {
  const profiler = new Profiler();
  await profiler.begin();
  for (let call = 0; call < 5; call++) await ours.act();
  return [describeShares(await profiler.end())];
}
