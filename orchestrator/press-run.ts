/** Pressing a run: the pixels of an answer become a cartridge's bytes and its record. */
import { join } from 'node:path/posix';
import { sha256Hex } from '../shared/bytes.ts';
import { labelOf, type RunRecord } from '../shared/cartridge/label.ts';
import { press } from '../shared/cartridge/press.ts';
import type { OkReply } from '../shared/protocol/reply.ts';
import type { Flight } from './doors.ts';
import type { CartridgeRecord } from './script.ts';

/** Longest script name on a label, code points; a table may hold one of many megabytes. */
const NAME_LENGTH = 1_000;

export interface PressedRun {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly cartridge: CartridgeRecord;
  /** JSON for the run's row: where the cartridge is, and what its author should know. */
  readonly stdout: string;
  readonly backend: string | null;
}

/**
 * @param createdAt ISO 8601 UTC
 * @param folder the folder of cartridges, as people write it
 */
export function pressRun(
  flight: Flight,
  answer: { readonly reply: OkReply | undefined; readonly pixels: Uint8Array },
  createdAt: string,
  folder: string,
): PressedRun {
  const { reply, pixels } = answer;
  const { canvas, program, params, inputs } = flight.work;
  // The reply's digest was held to the pixels when it was collected.
  const checksum = reply?.sha256 ?? sha256Hex(pixels);
  const run: RunRecord = {
    id: flight.spoolId,
    backend: reply?.backend ?? 'unknown',
    adapter: reply?.adapter ?? 'unknown',
    renderer: reply?.version ?? 'unknown',
    ...(reply?.timings_ms === undefined ? {} : { timings_ms: reply.timings_ms }),
  };
  const label = labelOf({
    program,
    canvas,
    // A renderer that writes no reply is believed to have drawn what it was asked for.
    params: reply === undefined ? params : reply.params,
    inputs,
    used: reply?.used,
    checksum,
    script: { name: shorten(flight.script.name), revision: flight.script.revision },
    ...priceOf(reply),
  });
  const bytes = press({ pixels, canvas, label, run, createdAt });
  return {
    fileName: flight.cartridgeName,
    bytes,
    cartridge: {
      fileName: flight.cartridgeName,
      checksum,
      width: canvas.width,
      height: canvas.height,
      bytes: bytes.length,
      createdAt,
    },
    stdout: JSON.stringify({
      cartridge: join(folder, flight.cartridgeName),
      checksum,
      warnings: reply?.warnings ?? [],
    }),
    backend: reply?.backend ?? null,
  };
}

function shorten(name: string): string {
  return Array.from(name.slice(0, 2 * NAME_LENGTH))
    .slice(0, NAME_LENGTH)
    .join('');
}

function priceOf(reply: OkReply | undefined) {
  if (reply?.steps === undefined || reply.shapes === undefined || reply.pixels_written === undefined)
    return {};
  const { steps, shapes, pixels_written, bytes } = reply;
  return { price: { steps, shapes, pixels_written, bytes } };
}
