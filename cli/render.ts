/** `gvpie render`: a program becomes a picture in this process, without daemons and without a socket. */
import { basename, extname } from 'node:path';
import type { FindImages } from '../renderer/inputs.ts';
import { visible } from '../renderer/language/caret.ts';
import { Progress } from '../renderer/progress.ts';
import { type Rendering, render } from '../renderer/render.ts';
import { decodeUtf8, sha256Hex } from '../shared/bytes.ts';
import type { Canvas } from '../shared/canvas.ts';
import { labelOf, type RunRecord } from '../shared/cartridge/label.ts';
import { press } from '../shared/cartridge/press.ts';
import { AuthorFault, invariant } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { hasParams, NO_PARAMS, type Params } from '../shared/params.ts';
import { allowanceOf, type Settings } from '../shared/settings.ts';
import { usesDigest } from '../shared/used.ts';
import { VERSION } from '../shared/version.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { programName, readProgram } from './input.ts';
import { paintAlone } from './lone-painter.ts';
import { requireOutput, writeOutput } from './output.ts';
import { complain, complainAbout, count, priceWords, say, sayJson, warnAbout } from './print.ts';
import { beginProgress } from './progress-line.ts';
import { makingWords } from './progress-words.ts';
import { wrongUsage } from './refusal.ts';

export interface RenderOptions {
  readonly out?: string;
  readonly size: Canvas;
  readonly param?: Params;
  /** Files that hold the canvases of IMAGEs. */
  readonly input?: readonly string[];
  readonly raw?: boolean;
  /** The same program gives the same file, to the byte. */
  readonly reproducible?: boolean;
  readonly json?: boolean;
}

export async function renderFile(
  input: string,
  options: RenderOptions,
  settings: Settings,
): Promise<ExitCode> {
  const out = options.out ?? defaultOutput(input, options.raw === true);
  if (out === '-' && options.json) throw wrongUsage('Expected -o to name a file beside --json, found -');
  for (const path of [input, ...(options.input ?? [])]) {
    requireOutput(out, path, path === input ? undefined : `${path}, which it draws`);
  }
  const findImages = await imageFinder(options.input);
  const program = await readProgram(input);
  const allowance = allowanceOf(settings);
  const progress = new Progress();
  const line = beginProgress(() => `${visible(programName(input))}  ${makingWords(progress)}`);
  let painted: Awaited<ReturnType<typeof paintAlone>>;
  try {
    const given = {
      params: options.param ?? NO_PARAMS,
      allowance,
      findImages,
      progress,
    };
    painted = await paintAlone(
      settings.backend,
      () => systemClock.monotonic(),
      (painter, monotonic) => render(program, options.size, painter, monotonic, given),
    );
  } catch (error) {
    line.end();
    if (!(error instanceof AuthorFault)) throw error;
    const { sayWhoLowered } = await import('../shared/lowered-limits.ts');
    const complaints = sayWhoLowered(error.complaints, allowance, '');
    complainAbout(programName(input), complaints);
    if (options.json) sayJson({ status: 'refused', errors: complaints });
    return EXIT.badInput;
  }
  progress.publish();
  line.tick();
  const { rendering, standIn } = painted;
  const reason = standIn ?? rendering.choice;
  const { pixels, canvas, params, price, used, warnings, timings, backend, adapter, dispatches } = rendering;
  const { inputs: drawn } = rendering;
  const checksum = sha256Hex(pixels);
  const run = { backend, adapter, renderer: VERSION, timings_ms: timings };
  const bytes = options.raw
    ? pixels
    : pressAlone(program, rendering, checksum, options.reproducible ? undefined : run);
  line.end();
  writeOutput(out, bytes);
  warnAbout(programName(input), warnings);
  if (standIn !== undefined) complain(`the CPU painted in place of a GPU: ${standIn}`);
  if (options.json) {
    const picture = {
      path: out,
      format: options.raw ? 'RGBA' : 'PNG',
      bytes: bytes.length,
      canvas,
      checksum,
    };
    sayJson({
      status: 'ok',
      ...picture,
      backend,
      adapter,
      ...(backend === 'gpu' ? { dispatches } : {}),
      ...(reason === undefined ? {} : { reason }),
      uses: usesDigest(used),
      ...(hasParams(params) ? { params } : {}),
      ...(drawn.length > 0 ? { inputs: drawn } : {}),
      price,
      warnings,
      timings_ms: timings,
    });
  } else if (out !== '-') {
    say(
      `${visible(out)}  ${canvas.width}×${canvas.height}, ${count(bytes.length, 'byte')}, painted on ${backend}`,
    );
    say(priceWords(price).join(', '));
  }
  return EXIT.ok;
}

/**
 * Finds the canvases of IMAGEs in files of these names. What reads PNGs is loaded only where there are any, or where the
 * program has IMAGEs.
 *
 * @throws {Refusal} where one of the files is not there
 */
async function imageFinder(paths: readonly string[] = []): Promise<FindImages> {
  const open = async () => {
    const { ImageFiles, namedInputs } = await import('./image-files.ts');
    return new ImageFiles(namedInputs(paths));
  };
  const named = paths.length > 0 ? await open() : undefined;
  return async (images) => (named ?? (await open())).find(images);
}

/** @param run what varies; without it the cartridge is reproducible */
function pressAlone(
  program: Uint8Array,
  { pixels, canvas, params, inputs, price, used }: Rendering,
  checksum: string,
  run: RunRecord | undefined,
): Uint8Array {
  const text = decodeUtf8(program);
  invariant(text !== undefined, 'a program that was rendered is UTF-8');
  const label = labelOf({ program: text, canvas, params, inputs, used, checksum, price: { ...price } });
  const createdAt = run && systemClock.iso();
  return press({ pixels, canvas, label, run, createdAt, digest: checksum });
}

/** The program's name with another ending, in the current directory. */
function defaultOutput(input: string, raw: boolean): string {
  if (input === '-') {
    throw wrongUsage(
      'Expected -o OUT for a program from standard input, found none',
      '-o - writes to standard output',
    );
  }
  return `${basename(input, extname(input))}.${raw ? 'raw' : 'png'}`;
}
