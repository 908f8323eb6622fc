/** The round trip: one 128×64 picture at a time through the spool, over HTTP and over a Unix socket. */
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { comparePictures } from '../renderer/raster/conformance/comparer.ts';
import { paintOnCpu } from '../renderer/raster/cpu-painter.ts';
import { encodeProgram } from '../renderer/timing/pictures.ts';
import { DEFAULT_CANVAS } from '../shared/canvas.ts';
import { encodeRenderCommand } from '../shared/protocol/command.ts';
import type { Caller } from './callers/caller.ts';
import { callOverHttp } from './callers/http-caller.ts';
import { callOverSocket } from './callers/socket-caller.ts';
import { callThroughSpool } from './callers/spool-caller.ts';
import { type Child, startChild } from './child.ts';
import { contest, type Side } from './contest.ts';
import { type Bench, explained } from './measure.ts';
import { describeShares } from './profile.ts';
import type { Line, Target } from './report.ts';
import { type Figures, figuresOfTimes } from './samples.ts';

/** Of the usual round trip and of the slow ones. */
const TARGETS: readonly Target[] = [
  { bound: 'at most', value: 1, of: 'ratio' },
  { bound: 'at most', value: 1, of: 'p99 ratio' },
];
/** Round trips that a profile is taken of. */
const PROFILED = 500;

/**
 * All sides carry the same commands to the same renderer on the CPU, answer with the same replies and pixels, and are
 * believed after the same checks: the transport is all that differs. Each is one kept client that waits for each answer.
 */
export async function measureRoundTrips(bench: Bench): Promise<Line[]> {
  const { scratch, quick } = bench;
  const inMemory = join(scratch.memory, 'socket');
  const onDisk = join(scratch.disk, 'socket');
  const socketPath = join(scratch.memory, 'peer.sock');
  const http = await startChild('http', {});
  const children: Child[] = [
    http,
    await startChild('socket', { path: socketPath }),
    await startChild('renderer', { socketDir: inMemory, backend: 'cpu' }),
    await startChild('renderer', { socketDir: onDisk, backend: 'cpu' }),
  ];
  const callers: Caller[] = [
    callThroughSpool('spool, socket in memory', inMemory),
    callThroughSpool('spool, socket on disk', onDisk),
    callOverHttp('HTTP', Number(http.ready)),
    await callOverSocket('Unix socket', socketPath),
  ];
  try {
    const sides = callers.map(sideOf);
    const samples = await contest(sides, { warmUp: quick ? 100 : 500, rounds: quick ? 15 : 150, calls: 20 });
    const [memory, disk, overHttp, overSocket] = samples.map(figuresOfTimes);
    if (!memory || !disk || !overHttp || !overSocket) throw new Error('Expected figures of four sides');
    const line = (where: string, ours: Figures, peer: NonNullable<Line['peer']>): Line => ({
      part: 'spool',
      name: `round trip 128×64, socket ${where}`,
      unit: 'ms',
      ours,
      peer,
    });
    const [http, unix] = [
      { ...overHttp, name: 'loopback HTTP, keep-alive' },
      { ...overSocket, name: 'Unix socket' },
    ];
    const held = { ...line('in memory', memory, http), targets: TARGETS };
    const [spool] = sides as [Side];
    return [
      await explained(bench, held, async () => {
        const renderer = children[2] as Child;
        const times = await renderer.profiled(() =>
          contest([spool], { warmUp: 0, rounds: 1, calls: PROFILED }),
        );
        return [`in the renderer: ${describeShares(times)}`];
      }),
      line('in memory', memory, unix),
      line('on disk', disk, http),
      line('on disk', disk, unix),
    ];
  } finally {
    for (const caller of callers) caller.close();
    for (const child of children) await child.stop();
  }
}

let asked = 0;

/** Another program each time, so that no answer can be an old one; each picture is compared with one rendered here. */
function sideOf(caller: Caller): Side {
  let program = '';
  return {
    name: caller.name,
    act() {
      const number = asked++;
      program = `TXT 10 10 Hello ${number}\nRECT 10 20 ${number % 100} 8\nHALT`;
      const id = uuidv7();
      return caller.call(id, encodeRenderCommand({ id, code: program, canvas: DEFAULT_CANVAS }));
    },
    check(found) {
      const expected = paintOnCpu(encodeProgram(Buffer.from(program), DEFAULT_CANVAS));
      const difference = comparePictures(expected, found as Uint8Array, DEFAULT_CANVAS);
      if (difference !== undefined) throw new Error(`${caller.name}: ${difference}`);
    },
  };
}
