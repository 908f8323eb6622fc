/**
 * Opening: the bytes of a file become a cartridge, or one typed fault. Files come from anyone, so time
 * and memory stay proportional to the file plus the canvas it can really fill.
 */
import { sha256Hex } from '../bytes.ts';
import { type Canvas, canvasBytes } from '../canvas.ts';
import { LIMITS } from '../limits.ts';
import { usesDigest } from '../used.ts';
import { CartridgeFault, NO_LABEL } from './cartridge-fault.ts';
import type { Chunk } from './chunk.ts';
import { isCreationTime } from './creation-time.ts';
import { decodeRows } from './decode-rows.ts';
import { Effort } from './effort.ts';
import { type Frame, readFrame, type TextKeyword } from './frame.ts';
import { inflatedBytes } from './image-header.ts';
import { inflateExactly } from './inflate.ts';
import { LABEL_FORMAT, type Label, RECORD_BYTES, type RunRecord } from './label.ts';
import { labelSchema, runSchema } from './label-schema.ts';
import { parseRecord } from './read-record.ts';
import { readInternationalText, readText } from './text-chunk.ts';

/** All that is written on a cartridge; agrees with itself, but not yet checked against the pixels. */
export interface Inscription {
  readonly canvas: Canvas;
  readonly text: {
    readonly cartridge_type: 'pixel';
    /** SHA-256 of the raw RGBA8 pixels, hex; the label says the same. */
    readonly checksum: string;
    /** ISO 8601 in UTC; undefined in a reproducible cartridge, which has no run either. */
    readonly created_at: string | undefined;
  };
  readonly label: Label;
  /** Undefined when a tool dropped the chunk: nothing that rendering again needs is lost. */
  readonly run: RunRecord | undefined;
  /** SHA-256 of the label's text as the file has it, which is what signatures sign. */
  readonly labelDigest: string;
  /** Chunks of signatures: `judgeSignature` says what each is worth. */
  readonly signatures: readonly Chunk[];
  /** The label's format where it is newer than this code knows; what is known of it has been read. */
  readonly newer: number | undefined;
}

export interface Cartridge extends Inscription {
  /** RGBA8, row-major, width × height × 4 bytes. */
  readonly pixels: Uint8Array;
}

/**
 * Reads what is written on a cartridge without decoding its pixels; every chunk's CRC is checked.
 *
 * @param effort is charged for all of it
 * @throws {CartridgeFault} all codes but E008–E010, of which E010 for a palette
 */
export function readLabel(bytes: Uint8Array, effort = new Effort(bytes.length)): Inscription {
  return readInscription(readFrame(bytes, effort), effort);
}

/**
 * Reads a whole cartridge. Its pixels are not yet compared with its checksum: `judgeFile` does that.
 *
 * @param effort is charged for all of it
 * @throws {CartridgeFault} every code
 */
export function openCartridge(bytes: Uint8Array, effort = new Effort(bytes.length)): Cartridge {
  const frame = readFrame(bytes, effort);
  const inscription = readInscription(frame, effort);
  const rows = inflateExactly(frame.stream, inflatedBytes(frame.header), effort);
  effort.spend(canvasBytes(frame.header.canvas));
  return { ...inscription, pixels: decodeRows(rows, frame) };
}

function readInscription(frame: Frame, effort: Effort): Inscription {
  const { canvas } = frame.header;
  const labelText = requireInternational(frame, 'gvpie', effort);
  const label = parseRecord(labelSchema, labelText, 'label', LIMITS.labelValues);
  const type = requireText(frame, 'cartridge_type', effort);
  const checksum = requireText(frame, 'checksum', effort);
  // Pressed reproducibly it says neither when nor by whom; half of that is what a tool has left of both.
  const isReproducible = !frame.texts.has('created_at') && !frame.texts.has('gvpie_run');
  const createdAt = isReproducible ? undefined : requireText(frame, 'created_at', effort);
  requireSame('cartridge_type', label.cartridge_type, type);
  requireSame('checksum', label.checksum, checksum);
  requireSame('canvas', describe(label.canvas), describe(canvas));
  requireSame('uses', label.used && usesDigest(label.used), label.uses);
  if (createdAt !== undefined && !isCreationTime(createdAt)) {
    throw new CartridgeFault(
      'CART-E014',
      `Expected created_at as ISO 8601 in UTC, found ${JSON.stringify(createdAt.slice(0, 40))}`,
    );
  }
  const run = frame.texts.has('gvpie_run')
    ? parseRecord(runSchema, requireInternational(frame, 'gvpie_run', effort), 'run', LIMITS.runValues)
    : undefined;
  return {
    canvas,
    text: { cartridge_type: label.cartridge_type, checksum, created_at: createdAt },
    label,
    run,
    labelDigest: sha256Hex(labelText),
    signatures: frame.signatures,
    newer: label.format > LABEL_FORMAT ? label.format : undefined,
  };
}

function requireText(frame: Frame, keyword: TextKeyword, effort: Effort): string {
  return readText(requireChunk(frame, keyword), LIMITS.shortTextBytes, effort);
}

function requireInternational(frame: Frame, keyword: TextKeyword, effort: Effort): string {
  return readInternationalText(requireChunk(frame, keyword), RECORD_BYTES, effort);
}

function requireChunk(frame: Frame, keyword: TextKeyword) {
  const chunk = frame.texts.get(keyword);
  if (chunk === undefined) {
    const message = `Expected a cartridge's text "${keyword}" beside its label, found a PNG without it`;
    throw new CartridgeFault('CART-E011', keyword === 'gvpie' ? NO_LABEL : message);
  }
  return chunk;
}

function requireSame(what: string, expected: string | undefined, found: string | undefined): void {
  if (expected === found) return;
  throw new CartridgeFault(
    'CART-E015',
    `Expected ${what} ${expected ?? 'absent'} as the label says, found ${JSON.stringify(found?.slice(0, 80) ?? 'nothing')}`,
  );
}

function describe({ width, height }: Canvas): string {
  return `${width}×${height}`;
}
