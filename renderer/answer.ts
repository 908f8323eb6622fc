/** An answer: one command in, a reply and perhaps pixels out. Knows no files; every fault becomes words. */
import { sha256Hex } from '../shared/bytes.ts';
import type { Canvas } from '../shared/canvas.ts';
import { AuthorFault, HostFault } from '../shared/faults.ts';
import type { Command, RefusedCommand } from '../shared/protocol/command.ts';
import { type Reply, refusedReply } from '../shared/protocol/reply.ts';
import { usesDigest } from '../shared/used.ts';
import { roundTimings } from './answer-log.ts';
import { encode } from './display/encode.ts';
import { paintOnCpu } from './raster/cpu-painter.ts';
import type { Painter } from './raster/painter.ts';
import { render } from './render.ts';

export interface Answer {
  readonly reply: Reply;
  readonly pixels: Uint8Array | undefined;
  /** What `read_canvas` shows from now on; undefined when it is as before. */
  readonly canvas: Canvas | undefined;
}

export interface AnswerContext {
  readonly painter: Painter;
  readonly version: string;
  /** The last canvas of this process, if there was one. */
  readonly last: { readonly canvas: Canvas; readonly pixels: Uint8Array } | undefined;
  readonly nowMs: number;
  monotonic(): number;
}

/** Answers a command. Never throws: what goes wrong is the reply. */
export async function answer(command: Command | RefusedCommand, context: AnswerContext): Promise<Answer> {
  const { painter } = context;
  try {
    if (command.op === 'refused') return refusal(command.complaints);
    if (command.deadlineMs !== undefined && command.deadlineMs < context.nowMs) {
      const late = Math.round(context.nowMs - command.deadlineMs);
      return refusal([
        {
          code: 'CMD-E009',
          message: `Expected to begin before "deadline_ms", found it passed ${late} ms ago`,
        },
      ]);
    }
    if (command.op === 'ping') {
      const reply = {
        status: 'pong' as const,
        backend: painter.backend,
        adapter: painter.adapter,
        version: context.version,
      };
      return { reply, pixels: Buffer.from('pong'), canvas: undefined };
    }
    if (command.op === 'read_canvas') return readCanvas(command.canvas, context);
    if (command.backend === 'gpu' && painter.backend !== 'gpu') {
      return failure(
        'RUN-E003',
        'Expected a GPU to paint on, found that this renderer paints on the CPU',
        false,
      );
    }
    const rendering = await render(Buffer.from(command.code), command.canvas, painter, context.monotonic);
    const { price, timings } = rendering;
    const reply: Reply = {
      ...describePixels(command.canvas, rendering.pixels, context),
      uses: usesDigest(rendering.used),
      used: rendering.used,
      steps: price.steps,
      shapes: price.shapes,
      pixels_written: price.pixels_written,
      timings_ms: roundTimings(timings),
      warnings: rendering.warnings.map((warning) => ({ ...warning })),
      ignored: [...command.ignored],
    };
    return { reply, pixels: rendering.pixels, canvas: command.canvas };
  } catch (error) {
    if (error instanceof AuthorFault) return refusal(error.complaints);
    const retryable = error instanceof HostFault ? error.retryable : error instanceof RangeError;
    return failure('RUN-E002', (error as Error).message, retryable);
  }
}

function readCanvas(asked: Canvas, context: AnswerContext): Answer {
  const { canvas, pixels } = context.last ?? { canvas: asked, pixels: blank(asked) };
  return {
    reply: { ...describePixels(canvas, pixels, context), warnings: [], ignored: [] },
    pixels,
    canvas: undefined,
  };
}

function blank(canvas: Canvas): Uint8Array {
  return paintOnCpu(encode([], canvas));
}

function describePixels(canvas: Canvas, pixels: Uint8Array, { painter, version }: AnswerContext) {
  return {
    status: 'ok' as const,
    width: canvas.width,
    height: canvas.height,
    format: 'RGBA' as const,
    bytes: pixels.length,
    sha256: sha256Hex(pixels),
    backend: painter.backend,
    adapter: painter.adapter,
    version,
  };
}

function refusal(complaints: RefusedCommand['complaints']): Answer {
  return { reply: refusedReply(complaints), pixels: undefined, canvas: undefined };
}

function failure(code: string, message: string, retryable: boolean): Answer {
  return {
    reply: { status: 'error', error: { code, message }, retryable },
    pixels: undefined,
    canvas: undefined,
  };
}
