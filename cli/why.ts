/** `gvpie why`: the statements that painted one pixel of a cartridge, found by running its program again. */
import { visible } from '../renderer/language/caret.ts';
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { run } from '../renderer/machine/machine.ts';
import { type Coat, Provenance } from '../renderer/machine/provenance.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { AuthorFault } from '../shared/faults.ts';
import { NO_PARAMS } from '../shared/params.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { ImageFiles, namedInputs } from './image-files.ts';
import { readCartridge } from './input.ts';
import { fromCartridge } from './inspect.ts';
import { complain, complainAbout, count, say, sayJson, sayTable, shorten, sourceText } from './print.ts';
import { wrongUsage } from './refusal.ts';
import { colorWords, shapeRecord, shapeWords } from './shape-words.ts';

/**
 * @param x canvas pixels from 0, as is `y`
 * @throws {Refusal} when there is no cartridge, or no such pixel
 */
export async function explainPixel(
  path: string,
  x: number,
  y: number,
  { input, json }: { readonly input?: readonly string[]; readonly json?: boolean },
): Promise<ExitCode> {
  const imageFiles = new ImageFiles(namedInputs(input));
  const bytes = readCartridge(path);
  const { label, pixels } = fromCartridge(path, () => openCartridge(bytes));
  const { canvas, program, params = NO_PARAMS } = label;
  const { width, height } = canvas;
  if (x >= width || y >= height) {
    throw wrongUsage(`Expected a pixel from 0,0 to ${width - 1},${height - 1}, found ${x},${y}`);
  }
  const source = decodeSource(Buffer.from(program));
  const provenance = new Provenance(x, y);
  try {
    const parsed = parse(source);
    const images = imageFiles.find(parsed.images, path);
    run(parsed, canvas, { params, images, watch: provenance.watch });
  } catch (error) {
    if (!(error instanceof AuthorFault)) throw error;
    complainAbout(path, error.complaints);
    return EXIT.badInput;
  }
  const coats = provenance.coats();
  const behind = provenance.count - coats.length;
  const pixel = colorWords(provenance.pixel);
  if (json) {
    sayJson({
      x,
      y,
      pixel,
      shapes: coats.map((coat) => recordOf(coat, sourceText(source, coat.line).trim())),
      ...(behind > 0 ? { more_shapes: behind } : {}),
    });
  } else {
    const front = coats.length > 1 ? ', the front one first' : '';
    say(`${x},${y} is ${pixel}: ${count(provenance.count, 'shape')} painted it${front}`);
    if (coats.length > 0) sayCoats(coats, (line) => sourceText(source, line).trim());
    if (behind > 0) say(`… and ${count(behind, 'shape')} more behind them`);
  }
  const at = 4 * (y * width + x);
  const stored = colorWords(new DataView(pixels.buffer, pixels.byteOffset).getUint32(at, true));
  if (stored === pixel) return EXIT.ok;
  complain(
    `${visible(path)} has ${stored} there: its program draws another picture today; gvpie verify says more`,
  );
  return EXIT.failed;
}

function sayCoats(coats: readonly Coat[], textOf: (line: number) => string): void {
  sayTable(
    [
      { title: 'line', align: 'right' },
      { title: 'in' },
      { title: 'source' },
      { title: 'shape' },
      { title: 'pixel then' },
      { title: '' },
    ],
    coats.map(({ line, calls, moreCalls, shape, color, before, pixel, hidden }) => [
      String(line),
      [
        ...calls.map(({ name, line: from }) => `${name}, called on line ${from}`),
        ...(moreCalls > 0 ? [`… and ${count(moreCalls, 'call')} more`] : []),
      ].join(', '),
      shorten(textOf(line)),
      // An image and a shade have many colours: this is the one that they have there.
      'color' in shape ? shapeWords([shape]) : `${shapeWords([shape])}, ${thereWords(color, before)}`,
      colorWords(pixel),
      hidden ? 'hidden' : '',
    ]),
  );
}

function thereWords(color: number, before: number | undefined): string {
  return before === undefined
    ? `${colorWords(color)} there`
    : `makes ${colorWords(color)} of ${colorWords(before)} there`;
}

function recordOf(
  { line, calls, moreCalls, shape, color, before, pixel, hidden }: Coat,
  source: string,
): Record<string, unknown> {
  const shown = { ...shapeRecord(shape), color: colorWords(color) };
  const chain = { calls, ...(moreCalls > 0 ? { more_calls: moreCalls } : {}) };
  const from = before === undefined ? {} : { before: colorWords(before) };
  return { line, source, ...chain, shape: shown, ...from, pixel: colorWords(pixel), hidden };
}
