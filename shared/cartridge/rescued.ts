/** The label of a cartridge that is damaged elsewhere: pixels can be drawn again, and a program cannot. */
import { sha256Hex } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { walkChunks } from './chunk.ts';
import { Effort } from './effort.ts';
import { type Label, RECORD_BYTES } from './label.ts';
import { labelSchema } from './label-schema.ts';
import { parseRecord } from './read-record.ts';
import { keywordOf, readInternationalText } from './text-chunk.ts';

/** A label, and its text as the file has it. */
export interface Rescued {
  readonly label: Label;
  readonly text: string;
}

/**
 * The first label of a file, where its chunk is whole, it is all that a label has to be, and its program has the checksum
 * that it says; undefined otherwise. What comes after it is not looked at, however damaged it is.
 */
export function rescuedLabel(bytes: Uint8Array): Rescued | undefined {
  const effort = new Effort(bytes.length);
  try {
    for (const chunk of walkChunks(bytes, effort)) {
      if (chunk.type !== 'iTXt' || keywordOf(chunk) !== 'gvpie') continue;
      const text = readInternationalText(chunk, RECORD_BYTES, effort);
      const label = parseRecord(labelSchema, text, 'label', LIMITS.labelValues);
      return sha256Hex(label.program) === label.program_sha256 ? { label, text } : undefined;
    }
  } catch (error) {
    if (!(error instanceof CartridgeFault)) throw error;
  }
  return undefined;
}
