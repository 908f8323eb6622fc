/** Pressing a run: the pixels of an answer become a cartridge's bytes and its record. */
import { join } from 'node:path/posix';
import { sha256Hex } from '../shared/bytes.ts';
import { labelOf, type RunRecord } from '../shared/cartridge/label.ts';
import { type Pressing, press } from '../shared/cartridge/press.ts';
import type { OkReply } from '../shared/protocol/reply.ts';
import type { Flight, Pressed } from './doors.ts';
import { type Evidence, judgePicture } from './expect.ts';
import { rejectedFileName } from './file-name.ts';
import type { CartridgeRecord, DueJob } from './script.ts';

/** Longest script name on a label, code points; a table may hold one of many megabytes. */
const NAME_LENGTH = 1_000;

export interface PressedRun {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Of the bytes. */
  readonly sha256: string;
  readonly cartridge: CartridgeRecord;
  /** JSON for the run's row: where the cartridge is, and what its author should know. */
  readonly stdout: string;
  readonly backend: string | null;
  /** Why the picture is rejected; undefined where it is as it has to be. */
  readonly evidence: Evidence | undefined;
}

/**
 * @param answer `digest` is the SHA-256 of the pixels, where it is known from collecting them
 * @param createdAt ISO 8601 UTC
 * @param folder the folder of cartridges, as people write it
 */
export function pressRun(
  flight: Flight,
  answer: { readonly reply: OkReply | undefined; readonly pixels: Uint8Array; readonly digest?: string },
  createdAt: string,
  folder: string,
): PressedRun {
  const { reply, pixels, digest = sha256Hex(pixels) } = answer;
  const inscription = inscribe(flight, reply, reply?.sha256 ?? digest, createdAt);
  const bytes = press({ ...inscription, pixels, digest });
  const { expectation } = flight;
  const evidence = expectation && judgePicture(expectation, pixels, digest);
  const pressed = { bytes, sha256: sha256Hex(bytes), ...(evidence === undefined ? {} : { evidence }) };
  return pressedRun(flight, reply, inscription, pressed, folder);
}

/** What is pressed beside the pixels. */
type Inscription = Omit<Pressing, 'pixels'> & { readonly createdAt: string };

/** All that is written on a run's cartridge, beside its pixels. @param checksum theirs */
export function inscribe(
  flight: Flight,
  reply: OkReply | undefined,
  checksum: string,
  createdAt: string,
): Inscription {
  const { canvas, program, params, inputs } = flight.work;
  const run: RunRecord = {
    adapter: reply?.adapter ?? 'unknown',
    backend: reply?.backend ?? 'unknown',
    id: flight.spoolId,
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
    parents: parentsOf(flight.script, checksum),
    checksum,
    script: { name: shorten(flight.script.name), revision: flight.script.revision },
    ...priceOf(reply),
  });
  return { canvas, label, run, createdAt };
}

/** A run with what was pressed with its inscription. @param folder the folder of cartridges, as people write it */
export function pressedRun(
  flight: Flight,
  reply: OkReply | undefined,
  { canvas, label, createdAt }: Inscription,
  { bytes, sha256, evidence }: Pressed,
  folder: string,
): PressedRun {
  const fileName = evidence === undefined ? flight.cartridgeName : rejectedFileName(flight.cartridgeName);
  const { checksum } = label;
  return {
    fileName,
    bytes,
    sha256,
    cartridge: {
      fileName,
      checksum,
      width: canvas.width,
      height: canvas.height,
      bytes: bytes.length,
      createdAt,
      inputs: (label.inputs ?? []).map((input) => input.checksum),
      parents: (label.parents ?? []).map((parent) => parent.checksum),
      fileSha256: sha256,
    },
    stdout: JSON.stringify({
      cartridge: join(folder, fileName),
      checksum,
      warnings: reply?.warnings ?? [],
    }),
    backend: reply?.backend ?? null,
    evidence,
  };
}

/** A picture is no child of itself, which that of a cartridge would be that was reloaded and not edited. */
function parentsOf({ parents }: DueJob, checksum: string): { readonly checksum: string }[] {
  const named = parents === null ? [] : (JSON.parse(parents) as string[]);
  return [...new Set(named)].filter((parent) => parent !== checksum).map((parent) => ({ checksum: parent }));
}

function shorten(name: string): string {
  return Array.from(name.slice(0, 2 * NAME_LENGTH))
    .slice(0, NAME_LENGTH)
    .join('');
}

function priceOf(reply: OkReply | undefined) {
  if (reply?.steps === undefined || reply.shapes === undefined || reply.pixels_written === undefined)
    return {};
  const { steps, shapes, pixels_written, bytes, shade } = reply;
  return { price: { bytes, pixels_written, ...(shade === undefined ? {} : { shade }), shapes, steps } };
}
