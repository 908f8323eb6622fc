/** `gvpie import`: cartridges that others pressed onto the shelf and into the registry, and other PNGs as pictures to draw. */
import { basename, extname, relative } from 'node:path';
import { JobTable } from '../orchestrator/host/job-table.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { type CartridgeShelf, shelfWithObjects } from '../orchestrator/host/shelf.ts';
import { type TakenIn, takeIn, takeInPicture } from '../orchestrator/host/shelf-intake.ts';
import { type FindImages, InputsMissing, inputsOf } from '../renderer/inputs.ts';
import { visible } from '../renderer/language/caret.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { type Cartridge, openCartridge } from '../shared/cartridge/open.ts';
import type { PngImage } from '../shared/cartridge/png-image.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import type { Settings } from '../shared/settings.ts';
import { cartridgeOrPng } from './cartridge-or-png.ts';
import { withNewDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { ImageFiles, namedInputs } from './image-files.ts';
import { imageLine } from './image-line.ts';
import { readCartridge } from './input.ts';
import { describeFault } from './inspect.ts';
import { say, sayJson } from './print.ts';
import { badInput, Refusal } from './refusal.ts';
import { styleOf } from './style.ts';
import { describe, exitOfWorst, type Finding, newerWords, verifyBytes } from './verify.ts';

export interface ImportOptions {
  readonly input?: readonly string[];
  readonly json?: boolean;
}

/** What became of a file. */
interface Imported {
  readonly path: string;
  readonly status: 'imported' | 'was there' | 'refused';
  readonly kind?: 'cartridge' | 'picture';
  /** Its place from here. */
  readonly file?: string;
  readonly checksum?: string;
  /** What has a program draw it; absent where it is too large for that. */
  readonly image?: string;
  /** The label's format, where it is newer than ours. */
  readonly newer?: number;
  /** What rendering a cartridge again gave. */
  readonly verdict?: Finding['verdict'];
  readonly message?: string;
}

/** Verdicts with which a cartridge is taken in: it may well be right, and cannot be judged by what is here today. */
const TAKEN: readonly Finding['verdict'][] = ['ok', 'semantics-changed', 'input-missing'];

export async function importFiles(
  paths: readonly string[],
  options: ImportOptions,
  settings: Settings,
): Promise<ExitCode> {
  const named = namedInputs(options.input);
  const imageFiles = new ImageFiles(named);
  const shelf = shelfWithObjects(diskFiles, settings.cartridges, settings.durability);
  const results: Imported[] = [];
  const codes = new Set<ExitCode>();
  try {
    await withNewDatabase(settings, async (database) => {
      const table = new JobTable(database);
      for (const path of paths) {
        const { result, code } = await importFile(path, { database, table, shelf, named, imageFiles });
        results.push(result);
        codes.add(code);
        if (!options.json) tell(result);
      }
    });
  } finally {
    // What was taken in is told, too, where a full disk ends it.
    if (options.json && results.length > 0) sayJson(results);
  }
  return [EXIT.badInput, EXIT.programChecksum, EXIT.failed].find((code) => codes.has(code)) ?? EXIT.ok;
}

interface Place {
  readonly database: Database;
  readonly table: JobTable;
  readonly shelf: CartridgeShelf;
  /** The files of `--input`. */
  readonly named: readonly string[];
  readonly imageFiles: ImageFiles;
}

type Outcome = { readonly result: Imported; readonly code: ExitCode };

async function importFile(path: string, place: Place): Promise<Outcome> {
  const refused = (message: string, code: ExitCode = EXIT.badInput): Outcome => ({
    result: { path, status: 'refused', message },
    code,
  });
  try {
    const bytes = readCartridge(path);
    const found = cartridgeOrPng(bytes, openCartridge);
    if (!('label' in found)) return { result: await importPicture(path, bytes, found, place), code: EXIT.ok };
    // Of the bytes that are taken in: by now the file may be another.
    const finding = await verifyBytes(bytes, findImages(path, place));
    if (!TAKEN.includes(finding.verdict)) {
      return refused(describe(finding), exitOfWorst([finding.verdict]));
    }
    return { result: await importCartridge(path, bytes, found, finding, place), code: EXIT.ok };
  } catch (error) {
    if (error instanceof CartridgeFault) return refused(describeFault(error));
    if (error instanceof Refusal) return refused(error.message, error.exitCode);
    throw error;
  }
}

/** Where `gvpie verify` looks, and then among what is on the shelf: what can be judged here is not merely believed. */
function findImages(path: string, { table, shelf, named, imageFiles }: Place): FindImages {
  return async (images) => {
    try {
      return imageFiles.find(images, path);
    } catch (error) {
      if (!(error instanceof InputsMissing)) throw error;
      const known = inputsOf(images).flatMap((input) => table.cartridgeFiles(input));
      const files = known.flatMap((name) => shelf.locate(name) ?? []);
      return new ImageFiles([...named, ...files]).find(images, path);
    }
  };
}

async function importCartridge(
  path: string,
  bytes: Uint8Array,
  cartridge: Cartridge,
  finding: Finding,
  { database, shelf }: Place,
): Promise<Imported> {
  const title = stemOf(path);
  const { label, canvas } = cartridge;
  const taken = await takeIn(database, shelf, { bytes, cartridge, title }, systemClock.iso());
  return {
    ...{ path, kind: 'cartridge', checksum: label.checksum },
    ...whereabouts(taken, shelf),
    ...imageOf(label.script?.name ?? title, canvas, label.checksum),
    verdict: finding.verdict,
    ...(cartridge.newer === undefined ? {} : { newer: cartridge.newer }),
    ...(finding.verdict === 'ok' ? {} : { message: describe(finding) }),
  };
}

async function importPicture(
  path: string,
  bytes: Uint8Array,
  image: PngImage,
  { database, shelf }: Place,
): Promise<Imported> {
  const { canvas } = image;
  const title = stemOf(path);
  // Before its pixels are decoded.
  if (imageLine(title, canvas, '') === undefined) {
    const size = `${canvas.width}×${canvas.height}`;
    throw badInput(`a PNG of ${size}, too large for an IMAGE`);
  }
  const checksum = sha256Hex(image.pixels());
  const taken = await takeInPicture(database, shelf, { bytes, title, checksum, canvas }, systemClock.iso());
  return {
    ...{ path, kind: 'picture', checksum },
    ...whereabouts(taken, shelf),
    ...imageOf(title, canvas, checksum),
  };
}

function whereabouts({ fileName, wasThere }: TakenIn, shelf: CartridgeShelf) {
  const file = relative('', shelf.locate(fileName) ?? fileName);
  return { status: wasThere ? 'was there' : 'imported', file } as const;
}

function imageOf(title: string, canvas: PngImage['canvas'], checksum: string): { image?: string } {
  const image = imageLine(title, canvas, checksum);
  return image === undefined ? {} : { image };
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}

function tell({ path, status, kind, file, image, newer, verdict, message }: Imported): void {
  const style = styleOf(process.stdout);
  if (status === 'refused') {
    say(`${style.red('refused  ')} ${visible(path)}  ${visible(message ?? '')}`);
    return;
  }
  const proof = kind === 'picture' ? 'no label: a picture to draw' : verdict === 'ok' ? 'verified' : message;
  say(`${style.green(status.padEnd(9))} ${visible(path)}  ${visible(file ?? '')}  ${visible(proof ?? '')}`);
  if (newer !== undefined) say(`          ${newerWords(newer)}`);
  if (kind === 'picture' && image !== undefined) say(`          ${image}`);
}
