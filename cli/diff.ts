/** `gvpie diff`: what two cartridges have different: their programs, their labels and their pixels. */
import { visible } from '../renderer/language/caret.ts';
import { canvasComplaint } from '../shared/canvas.ts';
import type { Label } from '../shared/cartridge/label.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { writePng } from '../shared/cartridge/png.ts';
import { cartridgeOrPng } from './cartridge-or-png.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readCartridge } from './input.ts';
import { fromCartridge } from './inspect.ts';
import { diffLabels, type FieldChanges } from './label-difference.ts';
import { diffLines, type LineChange } from './line-diff.ts';
import { requireNoCartridge } from './no-cartridge.ts';
import { requireOutput, writeOutput } from './output.ts';
import {
  canvasOfDifference,
  comparePictures,
  type Picture,
  type PictureDifference,
  pictureOfDifference,
} from './picture-difference.ts';
import { count, say, sayJson, shorten } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import { type Style, styleOf } from './style.ts';

export interface DiffOptions {
  readonly out?: string;
  readonly json?: boolean;
}

/** A file of the two; without a label where it is an ordinary PNG. */
interface Side extends Picture {
  readonly label: Label | undefined;
}

/** Changed lines, and fields, that are printed; JSON has more. */
const SHOWN = 40;
/** As many JSON has of either. */
const LISTED = 10_000;

export function diffCartridges(before: string, after: string, { out, json }: DiffOptions): ExitCode {
  if (out === '-' && json) throw wrongUsage('Expected -o to name a file beside --json, found -');
  if (out !== undefined) {
    requireOutput(out, before, before);
    requireOutput(out, after, after);
    requireNoCartridge(out);
  }
  const [one, other] = [sideOf(before), sideOf(after)];
  const pixels = comparePictures(one, other);
  const labels = one.label && other.label && { one: one.label, other: other.label };
  const program = labels && diffLines(linesOf(labels.one), linesOf(labels.other));
  const fields = labels && diffLabels(labels.one, labels.other, pixels !== undefined, LISTED);
  const isSame =
    pixels === undefined &&
    // Of two ordinary PNGs there is nothing else to compare.
    (labels === undefined ? one.label === other.label : program?.length === 0 && fields?.count === 0);
  if (out !== undefined) writeOutput(out, pictureFile(one, other));
  if (json) {
    sayJson({
      ...{ same: isSame, before, after },
      ...{ labelled: { before: one.label !== undefined, after: other.label !== undefined } },
      program: program === undefined ? null : listed(program),
      label: fields ?? null,
      pixels: pixels ?? null,
    });
  } else if (out !== '-') {
    const style = styleOf(process.stdout);
    for (const line of linesAbout(before, after, one, other, { program, fields, pixels }, style)) say(line);
  }
  return isSame ? EXIT.ok : EXIT.failed;
}

function listed(changes: readonly LineChange[]): { count: number; changes: readonly LineChange[] } {
  return { count: changes.length, changes: changes.slice(0, LISTED) };
}

/** @throws {Refusal} when it is no PNG that can be read */
function sideOf(path: string): Side {
  const bytes = readCartridge(path);
  const found = fromCartridge(path, () => cartridgeOrPng(bytes, openCartridge));
  const { canvas } = found;
  if ('label' in found) return { canvas, pixels: found.pixels, label: found.label };
  return { canvas, pixels: fromCartridge(path, () => found.pixels()), label: undefined };
}

/** By line feeds alone: another line end is a change that is to be seen. */
function linesOf({ program }: Label): string[] {
  return program.split('\n');
}

function pictureFile(one: Side, other: Side): Uint8Array {
  const { width, height } = canvasOfDifference(one.canvas, other.canvas);
  const complaint = canvasComplaint(width, height);
  if (complaint !== undefined) {
    throw badInput(
      `Expected pictures that fit beside each other: ${complaint}`,
      'without -o figures are printed',
    );
  }
  const { canvas, pixels } = pictureOfDifference(one, other);
  return writePng(pixels, canvas);
}

interface Differences {
  readonly program: readonly LineChange[] | undefined;
  readonly fields: FieldChanges | undefined;
  readonly pixels: PictureDifference | undefined;
}

function linesAbout(
  before: string,
  after: string,
  one: Side,
  other: Side,
  { program, fields, pixels }: Differences,
  style: Style,
): string[] {
  const without = [before, after].filter((_, at) => [one, other][at]?.label === undefined);
  return [
    ...without.map((path) => `label     none in ${visible(path)}, which is an ordinary PNG`),
    ...(program === undefined ? [] : programLines(program, style)),
    ...(fields === undefined ? [] : fieldLines(fields)),
    pixels === undefined ? 'pixels    the same' : `pixels    ${pixelWords(pixels)}`,
  ];
}

function programLines(changes: readonly LineChange[], style: Style): string[] {
  if (changes.length === 0) return ['program   the same'];
  const removed = changes.filter(({ kind }) => kind === 'removed').length;
  const numberWidth = String(Math.max(...changes.slice(0, SHOWN).map(({ line }) => line))).length;
  const lines = changes.slice(0, SHOWN).map(({ kind, line, text }) => {
    const words = `${String(line).padStart(numberWidth)}  ${visible(shorten(text))}`;
    return kind === 'removed' ? style.red(`  - ${words}`) : style.green(`  + ${words}`);
  });
  const head = `program   ${count(removed, 'line')} removed, ${changes.length - removed} added`;
  return [head, ...lines, ...more(changes.length - lines.length, 'line')];
}

function fieldLines({ count: total, changes }: FieldChanges): string[] {
  if (total === 0) return ['label     the same'];
  const lines = changes.slice(0, SHOWN).map(({ field, before, after }) => {
    const [from, to] = [before, after].map((value) => (value === null ? 'none' : shorten(value)));
    return `  ${visible(`${shorten(field)}  ${from} → ${to}`)}`;
  });
  return [`label     ${count(total, 'field')}`, ...lines, ...more(total - lines.length, 'field')];
}

function more(left: number, what: string): string[] {
  return left > 0 ? [`  … and ${count(left, what)} more: --json lists them`] : [];
}

function pixelWords({ count: differing, of, box, largest, first }: PictureDifference): string {
  const { x, y, before, after } = first;
  const colours = [before, after].map((hex) => hex ?? 'none').join(' → ');
  return `${differing} of ${of} differ, by at most ${largest}, within ${box.width}×${box.height} at ${box.x},${box.y}; the first at ${x},${y}: ${colours}`;
}
