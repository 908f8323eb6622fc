/** A cartridge that is what its file says: opened, held to its own checksums, and otherwise refused with what helps. */
import { relative } from 'node:path';
import { LineageTable } from '../orchestrator/host/lineage-table.ts';
import { CartridgeShelf } from '../orchestrator/host/shelf.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { CartridgeFault, NO_LABEL } from '../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../shared/cartridge/judge.ts';
import { type Cartridge, openCartridge } from '../shared/cartridge/open.ts';
import { openPngImage } from '../shared/cartridge/png-image.ts';
import { rescuedLabel } from '../shared/cartridge/rescued.ts';
import { diskFiles } from '../shared/host/files.ts';
import type { Settings } from '../shared/settings.ts';
import { hasDatabase, withDatabase } from './database.ts';
import { describeFault, extractHint, isOrdinary } from './inspect.ts';
import { badInput, Refusal } from './refusal.ts';
import { describe, exitOfWorst } from './verify.ts';

/**
 * The cartridge in these bytes.
 *
 * @param path as it was typed
 * @throws {Refusal} where its program or its pixels are not what its label says, or it is none; a hint then names the
 *   cartridge on the shelf that has the same pixels, if the registry knows one
 */
export async function wholeCartridge(
  path: string,
  bytes: Uint8Array,
  command: string,
  settings: Settings,
): Promise<Cartridge> {
  let cartridge: Cartridge;
  try {
    cartridge = openCartridge(bytes);
  } catch (error) {
    if (!(error instanceof CartridgeFault)) throw error;
    const checksum = checksumOf(bytes);
    // A form that gvpie never writes is one that another program saved it in.
    const isAnother = error.code === 'CART-E006' && checksum !== undefined;
    const words = describeFault(isAnother ? { code: 'CART-E011', message: NO_LABEL } : error);
    const there = checksum === undefined ? undefined : (await filesOfPixels(checksum, settings))[0];
    if (there !== undefined) {
      const hint = `the same pixels are on the shelf as ${there}: gvpie ${command} ${there}`;
      throw badInput(`${path} is ${words}`, hint);
    }
    const isPicture = checksum !== undefined && isOrdinary(error);
    const hint = isPicture ? unknownHint(path) : rescuedLabel(bytes) && extractHint(path);
    throw badInput(`${path} is ${words}`, hint);
  }
  const verdict = judgeFile(cartridge);
  if (verdict === undefined) return cartridge;
  throw new Refusal(exitOfWorst([verdict.verdict]), `${path}: ${describe(verdict)}`, extractHint(path));
}

function unknownHint(path: string): string {
  return `no cartridge that is known here has these pixels: look for the file as gvpie wrote it, or gvpie import ${path} makes it a picture that programs can draw`;
}

/** Of the pixels of any PNG that can be read. */
function checksumOf(bytes: Uint8Array): string | undefined {
  try {
    return sha256Hex(openPngImage(bytes).pixels());
  } catch (error) {
    if (error instanceof CartridgeFault) return undefined;
    throw error;
  }
}

/** Cartridges on the shelf that have these pixels by the registry, the newest first, as paths from here. */
async function filesOfPixels(checksum: string, settings: Settings): Promise<string[]> {
  if (!hasDatabase(settings)) return [];
  const names = await withDatabase(settings, (database) =>
    new LineageTable(database)
      .ofPixels(checksum)
      .filter(({ isSwept }) => !isSwept)
      .map(({ fileName }) => fileName),
  );
  const shelf = new CartridgeShelf(diskFiles, settings.cartridges, settings.durability);
  return names.flatMap((name) => {
    const path = shelf.whole(name)?.cartridge.text.checksum === checksum ? shelf.locate(name) : undefined;
    return path === undefined ? [] : [relative('', path)];
  });
}
