/** `gvpie preview`: a program's picture in the terminal, shown again whenever its file is saved. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Canvas } from '../shared/canvas.ts';
import { forcedExitCode, hearSignals } from '../shared/host/lifecycle.ts';
import { LIMITS } from '../shared/limits.ts';
import { NO_PARAMS, type Params } from '../shared/params.ts';
import { type AllowanceSettings, allowanceOf } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { paletteOf, type Room } from './half-blocks.ts';
import { namedInputs } from './image-files.ts';
import { programName, readProgram } from './input.ts';
import { typedPath } from './npm.ts';
import { drawProgram, type Occasion } from './preview-draw.ts';
import { type Drawing, frame, printed } from './preview-frame.ts';
import { release } from './preview-release.ts';
import { watchSource } from './preview-source.ts';
import { type Hire, Studio } from './preview-studio.ts';
import { complainAbout, say, warnAbout } from './print.ts';
import { endHungUp, enterScreen, terminalRoom } from './screen.ts';
import { styleOf } from './style.ts';

export interface PreviewOptions {
  readonly size: Canvas;
  readonly param?: Params;
  /** Files that hold the canvases of IMAGEs. */
  readonly input?: readonly string[];
  readonly once?: boolean;
}

/** Columns of a picture that goes into a file or a pipe. */
const PIPE_COLUMNS = 80;

/** How long a picture may take before it is said that it is being drawn, ms. */
const SLOW_MS = 300;

export async function previewFile(
  input: string,
  { size, param = NO_PARAMS, input: files, once: onlyOnce }: PreviewOptions,
  settings: AllowanceSettings,
): Promise<ExitCode> {
  // A dumb terminal has no second screen; what is no file, such as a pipe, is over once it was read.
  const screen = process.stdout.isTTY === true && process.env.TERM !== 'dumb';
  const once = onlyOnce || !screen || input === '-' || !isFile(typedPath(input));
  const inputs = namedInputs(files);
  const occasion = { canvas: size, params: param, allowance: allowanceOf(settings), inputs };
  return await (once ? previewOnce : keepShowing)(input, occasion);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Prints a program's picture with its status line. */
async function previewOnce(input: string, occasion: Occasion): Promise<ExitCode> {
  const name = programName(input);
  const drawing = await drawProgram(await readProgram(input), occasion);
  if (drawing.kind === 'refused') {
    complainAbout(name, drawing.complaints);
    return EXIT.badInput;
  }
  const { columns, rows } = terminalRoom();
  const room: Room = process.stdout.isTTY
    ? // Two rows stay for the status line and for the prompt that follows.
      { columns, rows: Math.max(1, rows - 2) }
    : { columns: PIPE_COLUMNS, rows: LIMITS.canvasSide };
  for (const line of printed(drawing, { name: basename(name), room, palette: paletteOf(process.env) })) {
    say(line);
  }
  warnAbout(name, drawing.warnings);
  return EXIT.ok;
}

/** Shows a program's picture, and its newest one after each save, until it is told to end. */
async function keepShowing(input: string, occasion: Occasion): Promise<ExitCode> {
  const outlook = { name: basename(input), palette: paletteOf(process.env), style: styleOf(process.stdout) };
  let drawing: Drawing | undefined;
  let absence: string | undefined;
  let slow = false;
  let slowTimer: NodeJS.Timeout | undefined;
  let quit = (): void => {};
  const ended = new Promise<void>((resolve) => {
    quit = resolve;
  });

  // Before the screen is taken: a signal that nobody hears would leave it taken.
  const hungUp = (): void => endHungUp(screen);
  hearSignals(
    (by) => (by === 'SIGHUP' ? hungUp() : quit()),
    (by) => (by === 'SIGHUP' ? hungUp() : process.exit(forcedExitCode(by))),
  );
  const screen = enterScreen({ resized: () => draw(), quit: () => quit(), lost: hungUp });
  const draw = (): void => {
    const note = absence ?? (slow ? 'drawing …' : undefined);
    screen.show(frame(drawing, { ...outlook, room: terminalRoom() }, note));
  };
  const awaitDrawing = (): void => {
    clearTimeout(slowTimer);
    slow = false;
    if (!studio.busy) return;
    slowTimer = setTimeout(() => {
      slow = true;
      draw();
    }, SLOW_MS);
  };
  const studio = new Studio(threadThatDraws(occasion), (next) => {
    // At once: while this one is shown, the next is painted already.
    if (drawing?.kind === 'picture') release(drawing.pixels);
    drawing = next;
    awaitDrawing();
    draw();
  });
  const unwatch = watchSource(typedPath(input), (content) => {
    const wasAbsent = absence !== undefined;
    absence = typeof content === 'string' ? `${content}; waiting for it` : undefined;
    if (typeof content !== 'string') studio.draw(content);
    if (!studio.busy) return draw();
    awaitDrawing();
    if (wasAbsent || absence !== undefined) draw();
  });
  await ended;
  clearTimeout(slowTimer);
  unwatch();
  studio.close();
  screen.leave();
  return EXIT.ok;
}

/** A thread for each hand. A fault of the thread is one of the process: it ends the preview with its words. */
function threadThatDraws(occasion: Occasion): Hire {
  return (done) => {
    const thread = new Worker(new URL('./preview-thread.js', import.meta.url), { workerData: occasion });
    thread.on('message', done);
    thread.on('error', (error) => {
      throw error;
    });
    return {
      draw: (code) => thread.postMessage(code),
      async dismiss() {
        thread.removeAllListeners();
        await thread.terminate();
      },
    };
  };
}
