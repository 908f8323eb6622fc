/** The round trip: one 128×64 picture at a time through the spool, over HTTP and over a Unix socket. */
import { join } from 'node:path';
import { uuidv7 } from 'uuidv7';
import { cpuPainter } from '../renderer/raster/cpu-painter.ts';
import { render } from '../renderer/render.ts';
import { DEFAULT_CANVAS } from '../shared/canvas.ts';
import { encodeRenderCommand } from '../shared/protocol/command.ts';
import type { Caller } from './callers/caller.ts';
import { callOverHttp } from './callers/http-caller.ts';
import { callOverSocket } from './callers/socket-caller.ts';
import { callThroughSpool } from './callers/spool-caller.ts';
import { type Child, startChild } from './child.ts';
import { contest } from './contest.ts';
import type { Line } from './report.ts';
import { figuresOfTimes } from './samples.ts';
import type { Scratch } from './scratch.ts';

export async function measureRoundTrips(scratch: Scratch, quick: boolean): Promise<Line[]> {
  const inMemory = join(scratch.memory, 'socket');
  const onDisk = join(scratch.disk, 'socket');
  const socketPath = join(scratch.memory, 'peer.sock');
  const http = await startChild('http', {});
  const children: Child[] = [
    http,
    await startChild('socket', { path: socketPath }),
    await startChild('renderer', { socketDir: inMemory }),
    await startChild('renderer', { socketDir: onDisk }),
  ];
  const callers: Caller[] = [
    callThroughSpool('spool, socket in memory', inMemory),
    callThroughSpool('spool, socket on disk', onDisk),
    callOverHttp('HTTP', Number(http.ready)),
    await callOverSocket('Unix socket', socketPath),
  ];
  try {
    for (const caller of callers) await verify(caller);
    const sides = callers.map((caller) => ({ name: caller.name, act: () => ask(caller) }));
    const samples = await contest(sides, { warmUp: quick ? 100 : 500, rounds: quick ? 15 : 150, calls: 20 });
    const [memory, disk, peerHttp, peerSocket] = samples.map(figuresOfTimes);
    if (!memory || !disk || !peerHttp || !peerSocket) throw new Error('Expected figures of four sides');
    const line = (name: string, ours: typeof memory, peer: NonNullable<Line['peer']>): Line => ({
      part: 'spool',
      name,
      unit: 'ms',
      ours,
      peer,
    });
    const [overHttp, overSocket] = [
      { ...peerHttp, name: 'HTTP' },
      { ...peerSocket, name: 'Unix socket' },
    ];
    return [
      {
        ...line('round trip 128×64, socket in memory', memory, overHttp),
        target: { bound: 'at most', value: 1.2, of: 'ratio' },
      },
      line('round trip 128×64, socket in memory', memory, overSocket),
      line('round trip 128×64, socket on disk', disk, overHttp),
      line('round trip 128×64, socket on disk', disk, overSocket),
    ];
  } finally {
    for (const caller of callers) caller.close();
    for (const child of children) await child.stop();
  }
}

let asked = 0;

/** Another program each time, so that no answer can be an old one. */
function programOf(number: number): string {
  return `TXT 10 10 Hello ${number}\nRECT 10 20 ${number % 100} 8\nHALT`;
}

function ask(caller: Caller): Promise<Uint8Array> {
  const id = uuidv7();
  return caller.call(id, encodeRenderCommand({ id, code: programOf(asked++), canvas: DEFAULT_CANVAS }));
}

async function verify(caller: Caller): Promise<void> {
  const program = Buffer.from(programOf(asked));
  const { pixels } = await render(program, DEFAULT_CANVAS, cpuPainter, () => 0);
  const found = await ask(caller);
  if (Buffer.compare(found, pixels) !== 0) throw new Error(`Expected the same picture from ${caller.name}`);
}
