/** An answer: one command in, a reply and perhaps pixels out. Knows no files; every fault becomes words. */
import { type Allowance, lowest } from '../shared/allowance.ts';
import { sha256InTurns } from '../shared/bytes.ts';
import { type Canvas, canvasBytes } from '../shared/canvas.ts';
import { AuthorFault, HostFault } from '../shared/faults.ts';
import { NO_INPUTS } from '../shared/inputs.ts';
import { AT_THE_RENDERER, sayWhoLowered } from '../shared/lowered-limits.ts';
import { hasParams, NO_PARAMS } from '../shared/params.ts';
import type { BackendChoice, Command, RefusedCommand } from '../shared/protocol/command.ts';
import { type Reply, refusedReply } from '../shared/protocol/reply.ts';
import { usesDigest } from '../shared/used.ts';
import { roundTimings } from './answer-log.ts';
import { HAND_BYTES } from './config.ts';
import type { EncodedList } from './display/builder.ts';
import { encode } from './display/encode.ts';
import type { Backends } from './doors.ts';
import { InputFault, imagesAt, type ReadFile } from './input-files.ts';
import type { Pace } from './pace.ts';
import type { Progress } from './progress.ts';
import { isSmallEnough } from './raster/batch.ts';
import { cpuPainter } from './raster/cpu-painter.ts';
import type { Painted, Painter } from './raster/painter.ts';
import { render } from './render.ts';

/** A picture of this renderer's. */
export interface Shown {
  readonly canvas: Canvas;
  readonly painted: Painted;
  /** Why it was painted by what has painted it. */
  readonly reason: string;
}

export interface Answer {
  readonly reply: Reply;
  readonly pixels: Uint8Array | undefined;
  /** The picture that the pixels are of, if they are one's. */
  readonly painted?: Painted;
  /** What `read_canvas` shows from now on; undefined when it is as before. */
  readonly shown: Shown | undefined;
  /** To be called when nobody reads the pixels any more. */
  readonly done?: () => void;
}

/** Of a command that is answered beside others. */
export interface BesideOthers {
  /** Hears when painting begins, and how many bytes canvas and display list take meanwhile. */
  paints(bytes: number): void;
  /** Of all of them, whose pictures may come at the same time. */
  readonly pace: Pace;
}

export interface AnswerContext {
  readonly backends: Backends;
  readonly version: string;
  /** What this renderer allows a run at most. */
  readonly allowance: Allowance;
  /** The last picture of this process, if there was one. */
  readonly last: Shown | undefined;
  readonly nowMs: number;
  /** Where others are answered at the same time. */
  readonly beside?: BesideOthers | undefined;
  /** Is kept up to how far the answer is. */
  readonly progress?: Progress | undefined;
  /** Reads what a command names. */
  readonly readInput: ReadFile;
  /** Lets other work have its turn. */
  breathe(): Promise<void>;
  monotonic(): number;
}

/** Of a canvas whose painting takes the most of a turn of the loop. */
const LARGE_BYTES = 2 ** 20;
/** How a service has a command answered. */
export type AnswerCommand = (
  command: Command | RefusedCommand,
  progress: Progress,
  beside?: BesideOthers,
) => Promise<Answer>;

/** Answers a command. Never throws: what goes wrong is the reply. */
export async function answer(command: Command | RefusedCommand, context: AnswerContext): Promise<Answer> {
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
      const { backend, adapter, reason, health } = context.backends.standing;
      const { version } = context;
      const reply = { status: 'pong' as const, backend, adapter, reason, health, version };
      return { reply, pixels: Buffer.from('pong'), shown: undefined };
    }
    if (command.op === 'read_canvas') return await readCanvas(command.canvas, context);
    const painter = painterFor(command.backend, context);
    if (painter instanceof HostFault) return noPainter(painter);
    const { reason } = painter.standing;
    const { code, canvas, params = NO_PARAMS, limits = {}, inputs = NO_INPUTS } = command;
    const rendering = await render(Buffer.from(code), canvas, painter, context.monotonic, {
      params,
      allowance: lowest(context.allowance, limits),
      findImages: imagesAt(inputs, context.readInput, context.breathe),
      progress: context.progress,
    });
    context.progress?.publish();
    while (context.beside?.pace.isOver) await context.beside.pace.rest();
    const { price, timings } = rendering;
    const drawn = rendering.inputs.map(({ checksum }) => checksum);
    const shown = { canvas, painted: rendering, reason: rendering.standIn ?? rendering.choice ?? reason };
    const reply: Reply = {
      ...(await describePicture(shown, context)),
      uses: usesDigest(rendering.used),
      used: rendering.used,
      ...(hasParams(rendering.params) ? { params: rendering.params } : {}),
      ...(drawn.length > 0 ? { inputs: drawn } : {}),
      steps: price.steps,
      shapes: price.shapes,
      pixels_written: price.pixels_written,
      ...(price.shade === undefined ? {} : { shade: price.shade }),
      timings_ms: roundTimings(timings),
      warnings: rendering.warnings.map((warning) => ({ ...warning })),
      ignored: [...command.ignored],
    };
    return { reply, pixels: rendering.pixels, painted: rendering, shown };
  } catch (error) {
    if (error instanceof AuthorFault) {
      const limits = command.op === 'render_program' ? command.limits : undefined;
      return refusal(sayWhoLowered(error.complaints, context.allowance, AT_THE_RENDERER, limits));
    }
    if (error instanceof InputFault) return failure('RUN-E008', error.message, error.retryable, error.hint);
    const retryable = error instanceof HostFault ? error.retryable : error instanceof RangeError;
    return failure('RUN-E002', (error as Error).message, retryable);
  }
}

/** The painter that a command asks for, or why there is none. */
function painterFor(choice: BackendChoice | undefined, context: AnswerContext): Painter | HostFault {
  let chosen: Painter;
  try {
    chosen = context.backends.painterFor(choice ?? 'auto');
  } catch (error) {
    if (error instanceof HostFault) return error;
    throw error;
  }
  return {
    standing: chosen.standing,
    async paint(list, progress) {
      // What is painted by itself leaves no room for others, who would only wait for it.
      const { beside } = context;
      if (beside !== undefined)
        beside.paints(choice !== 'cpu' && isSmallEnough(list) ? weigh(list) : HAND_BYTES);
      // The run took its part of this turn.
      if (canvasBytes(list.canvas) >= LARGE_BYTES) await context.breathe();
      try {
        return await chosen.paint(list, progress);
      } catch (error) {
        if (error instanceof HostFault) throw error;
        // Unlike parse and run, a painter is of the world: it may do better another time.
        const message = `The painter failed: ${error instanceof Error ? error.message : String(error)}`;
        throw new HostFault('paint', chosen.standing.adapter, message, { retryable: true, cause: error });
      }
    },
  };
}

/** Bytes of canvas and display list. */
function weigh({ canvas, shapes, pool }: EncodedList): number {
  return canvasBytes(canvas) + shapes.byteLength + pool.byteLength;
}

async function readCanvas(asked: Canvas, context: AnswerContext): Promise<Answer> {
  const { last } = context;
  const { reason } = cpuPainter.standing;
  const shown = last ?? { canvas: asked, painted: await cpuPainter.paint(encode([], asked)), reason };
  const reply: Reply = { ...(await describePicture(shown, context)), warnings: [], ignored: [] };
  return { reply, pixels: shown.painted.pixels, painted: shown.painted, shown: undefined };
}

async function describePicture({ canvas, painted, reason }: Shown, { version, breathe }: AnswerContext) {
  const { pixels, backend, adapter, dispatches } = painted;
  return {
    status: 'ok' as const,
    width: canvas.width,
    height: canvas.height,
    format: 'RGBA' as const,
    bytes: pixels.length,
    sha256: await sha256InTurns(pixels, breathe),
    backend,
    adapter,
    ...(backend === 'gpu' ? { dispatches } : {}),
    reason,
    version,
  };
}

function refusal(complaints: RefusedCommand['complaints']): Answer {
  return { reply: refusedReply(complaints), pixels: undefined, shown: undefined };
}

/** Clients of the slot read little but the message: it says the way out as well. */
function noPainter({ message, hint, retryable }: HostFault): Answer {
  return failure('RUN-E003', hint === undefined ? message : `${message}. ${hint}`, retryable);
}

function failure(code: string, message: string, retryable: boolean, hint?: string): Answer {
  const error = hint === undefined ? { code, message } : { code, message, hint };
  return {
    reply: { status: 'error', error, retryable },
    pixels: undefined,
    shown: undefined,
  };
}
