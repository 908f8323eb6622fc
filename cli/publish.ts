/** `gvpie publish`: a PNG of a cartridge's pixels and nothing else, held to that, while the cartridge itself is kept. */
import { statSync } from 'node:fs';
import { basename, extname, relative } from 'node:path';
import { shelfWithObjects } from '../orchestrator/host/shelf.ts';
import { takeIn } from '../orchestrator/host/shelf-intake.ts';
import { visible } from '../renderer/language/caret.ts';
import { requireClean, writeCleanPng } from '../shared/cartridge/clean-png.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import type { Settings } from '../shared/settings.ts';
import { withNewDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readCartridge } from './input.ts';
import { requireNoCartridge } from './no-cartridge.ts';
import { typedPath } from './npm.ts';
import { requireOutput, writeOutput } from './output.ts';
import { count, say, sayJson } from './print.ts';
import { wrongUsage } from './refusal.ts';
import { wholeCartridge } from './whole-cartridge.ts';

export interface PublishOptions {
  readonly out: string;
  readonly json?: boolean;
}

export async function publishCartridge(
  path: string,
  { out, json }: PublishOptions,
  settings: Settings,
): Promise<ExitCode> {
  if (out === '-' && json) throw wrongUsage('Expected -o to name a file beside --json, found -');
  requireOutput(out, path, 'the cartridge');
  requireNoCartridge(out);
  const bytes = readCartridge(path);
  const cartridge = await wholeCartridge(path, bytes, 'publish', settings);
  const { canvas, pixels, label } = cartridge;
  const clean = writeCleanPng(pixels, canvas);
  requireClean(clean, label.checksum);
  const shelf = shelfWithObjects(diskFiles, settings.cartridges, settings.durability);
  const title = basename(path, extname(path));
  // First, so that no picture is out whose program nobody has any more.
  const { fileName } = await withNewDatabase(settings, (database) =>
    takeIn(database, shelf, { bytes, cartridge, title }, systemClock.iso()),
  );
  const twin = relative('', shelf.locate(fileName) ?? fileName);
  writeOutput(out, clean);
  if (out !== '-' && statSync(typedPath(out)).isFile()) requireClean(readCartridge(out), label.checksum);
  if (json) {
    sayJson({ status: 'ok', path: out, bytes: clean.length, canvas, checksum: label.checksum, twin });
  } else if (out !== '-') {
    say(
      `${visible(out)}  ${canvas.width}×${canvas.height}, ${count(clean.length, 'byte')}: its pixels and nothing else`,
    );
    say(`the cartridge stays at ${visible(path)}, and on the shelf as ${visible(twin)}`);
  }
  return EXIT.ok;
}
