/** `gvpie contact-sheet`: many cartridges in one picture, which is a cartridge itself: it draws them by IMAGE. */
import { basename, extname, relative } from 'node:path';
import { LineageTable } from '../orchestrator/host/lineage-table.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import { CartridgeShelf } from '../orchestrator/host/shelf.ts';
import { visible } from '../renderer/language/caret.ts';
import { cpuPainter } from '../renderer/raster/cpu-painter.ts';
import { render } from '../renderer/render.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { type Canvas, canvasComplaint } from '../shared/canvas.ts';
import { labelOf } from '../shared/cartridge/label.ts';
import { readLabel } from '../shared/cartridge/open.ts';
import { press } from '../shared/cartridge/press.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import { cartridgeOrPng } from './cartridge-or-png.ts';
import { scriptNamed, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { ImageFiles, namedInputs } from './image-files.ts';
import { readCartridge } from './input.ts';
import { fromCartridge } from './inspect.ts';
import { requireOutput, writeOutput } from './output.ts';
import { complain, count, say, sayJson } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import { type SheetPicture, sheetProgram } from './sheet-program.ts';

export interface SheetOptions {
  readonly out: string;
  readonly script?: string;
  /** How many of the newest; of named files it says nothing. */
  readonly last?: number;
  /** The canvas of one picture. */
  readonly size?: Canvas;
  readonly columns?: number;
  readonly json?: boolean;
}

/** Of the newest, unless somebody says. */
const LAST = 20;
const CELL: Canvas = { width: 160, height: 120 };

export async function makeSheet(
  paths: readonly string[],
  options: SheetOptions,
  settings: Settings,
): Promise<ExitCode> {
  const { out, script, last, size: cell = CELL, columns, json } = options;
  if (out === '-' && json) throw wrongUsage('Expected -o to name a file beside --json, found -');
  if (paths.length > 0 && (script !== undefined || last !== undefined)) {
    throw wrongUsage('Expected files, or --script and --last, found both');
  }
  for (const path of paths.length > 0 ? paths : ['-']) requireOutput(out, path, path);
  const files = paths.length > 0 ? paths : await newest(script, last ?? LAST, settings);
  // What is on the shelf is looked for first, and is none to write over either.
  for (const file of paths.length > 0 ? [] : files) requireOutput(out, file, `${file}, which it draws`);
  if (files.length === 0) throw badInput('Expected cartridges, found none on the shelf');
  const pictures = files.map(pictureOf);
  const { program, canvas } = sheetProgram(pictures, cell, columns);
  requireRoom(pictures, canvas);
  const imageFiles = new ImageFiles(namedInputs(files));
  const rendering = await render(Buffer.from(program), canvas, cpuPainter, () => systemClock.monotonic(), {
    findImages: async (images) => imageFiles.find(images),
  });
  const { pixels, used, inputs, price } = rendering;
  const checksum = sha256Hex(pixels);
  const label = labelOf({ program, canvas, inputs, used, checksum, price: { ...price } });
  // It says nothing of when: the same pictures give the same file.
  const bytes = press({ pixels, canvas, label, run: undefined, createdAt: undefined, digest: checksum });
  writeOutput(out, bytes);
  if (json) sayJson({ status: 'ok', path: out, canvas, checksum, bytes: bytes.length, files });
  else if (out !== '-') {
    say(
      `${visible(out)}  ${canvas.width}×${canvas.height}, ${count(files.length, 'picture')}, ${count(bytes.length, 'byte')}`,
    );
  }
  return EXIT.ok;
}

/** The newest cartridges on the shelf, of one script or of all, each picture once, as paths from here. */
async function newest(script: string | undefined, last: number, settings: Settings): Promise<string[]> {
  const names = await withDatabase(settings, (database) => {
    if (script !== undefined) scriptNamed(new ScriptCatalog(database), script);
    return new LineageTable(database).newest(script, last);
  });
  const shelf = new CartridgeShelf(diskFiles, settings.cartridges, settings.durability);
  return names.flatMap((name) => {
    const path = shelf.locate(name);
    if (path === undefined) complain(`left out, as it is not on the shelf: ${visible(name)}`);
    return path === undefined ? [] : [relative('', path)];
  });
}

/** A cartridge by its label, and an ordinary PNG by its pixels; what a label lies about is found when it is drawn. */
function pictureOf(path: string): SheetPicture {
  const bytes = readCartridge(path);
  const title = basename(path, extname(path));
  const found = fromCartridge(path, () => cartridgeOrPng(bytes, readLabel));
  const { canvas } = found;
  if ('label' in found) {
    return { title: found.label.script?.name ?? title, canvas, checksum: found.text.checksum };
  }
  return { title, canvas, checksum: sha256Hex(fromCartridge(path, () => found.pixels())) };
}

/** @throws {Refusal} where it would be more than a program may draw */
function requireRoom(pictures: readonly SheetPicture[], canvas: Canvas): void {
  const own = new Map(pictures.map((picture) => [picture.checksum, picture.canvas]));
  const pixels = [...own.values()].reduce((sum, { width, height }) => sum + width * height, 0);
  const hint = 'name fewer, or --last says how many of the newest';
  if (pixels > LIMITS.imagePixels) {
    throw badInput(
      `Expected pictures of at most ${LIMITS.imagePixels} pixels together, found ${pixels}`,
      hint,
    );
  }
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) throw badInput(`Expected a sheet that is a canvas: ${complaint}`, hint);
}
