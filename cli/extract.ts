/** `gvpie extract`: one part of a cartridge to the byte: its program, its label, what it used, or its pixels. */
import { isatty } from 'node:tty';
import { visible } from '../renderer/language/caret.ts';
import { canonicalText } from '../shared/canonical.ts';
import { Effort } from '../shared/cartridge/effort.ts';
import { readFrame } from '../shared/cartridge/frame.ts';
import { type Label, RECORD_BYTES } from '../shared/cartridge/label.ts';
import { isTooNew, readProgramOf } from '../shared/cartridge/newer.ts';
import { openCartridge, readLabel } from '../shared/cartridge/open.ts';
import { rescuedLabel } from '../shared/cartridge/rescued.ts';
import { readInternationalText } from '../shared/cartridge/text-chunk.ts';
import { invariant } from '../shared/faults.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readCartridge } from './input.ts';
import { fromCartridge, sayProgram } from './inspect.ts';
import { requireNoCartridge } from './no-cartridge.ts';
import { requireOutput, writeOutput } from './output.ts';
import { complain } from './print.ts';
import { badInput, Refusal, wrongUsage } from './refusal.ts';

const PARTS = ['program', 'label', 'used', 'pixels'] as const;
type Part = (typeof PARTS)[number];

export type ExtractOptions = { readonly [Name in Part]?: boolean } & { readonly out?: string };

export function extractPart(path: string, options: ExtractOptions): ExitCode {
  const parts = PARTS.filter((part) => options[part]);
  const [part = 'program'] = parts;
  if (parts.length > 1) {
    throw wrongUsage(`Expected one part, found ${parts.map((one) => `--${one}`).join(' and ')}`);
  }
  const { out = '-' } = options;
  // A text is shown there without what a terminal would obey.
  const isShown = out === '-' && part !== 'pixels' && isatty(1);
  if (!isShown) requireOutput(out, path, 'the cartridge');
  requireNoCartridge(out);
  const bytes = readCartridge(path);
  const found = readPart(path, bytes, part);
  if (found === undefined) {
    throw badInput(
      `Expected ${path} to say what its picture used, found a label that does not`,
      'gvpie verify says what its program uses today',
    );
  }
  if (isShown) sayProgram(Buffer.from(found).toString());
  else writeOutput(out, found);
  return EXIT.ok;
}

/** Of a damaged file what its label says, where that is whole, and why nothing else is. @throws {Refusal} otherwise */
function readPart(path: string, bytes: Uint8Array, part: Part): Uint8Array | undefined {
  try {
    return fromCartridge(path, () => READERS[part](bytes));
  } catch (error) {
    const rescued = error instanceof Refusal && part !== 'pixels' ? rescuedLabel(bytes) : undefined;
    if (rescued === undefined) throw error;
    complain(visible((error as Refusal).message));
    complain(
      'its label is whole, and this is from it: who presses its program again has the cartridge again',
    );
    const { label, text } = rescued;
    if (part === 'label') return Buffer.from(text);
    return part === 'program' ? Buffer.from(label.program) : usedText(label);
  }
}

/** Undefined where a label may lack the part, and does. */
const READERS: Readonly<Record<Part, (bytes: Uint8Array) => Uint8Array | undefined>> = {
  program: (bytes) => Buffer.from(readProgramOf(bytes)),
  label(bytes) {
    // Held to all that a label has to be, but for a newer one; then as the file has it, with fields that nobody here knows.
    try {
      readLabel(bytes);
    } catch (error) {
      if (!isTooNew(error)) throw error;
    }
    const effort = new Effort(bytes.length);
    const chunk = readFrame(bytes, effort).texts.get('gvpie');
    invariant(chunk !== undefined, 'a label that was read is there');
    return Buffer.from(readInternationalText(chunk, RECORD_BYTES, effort));
  },
  used: (bytes) => usedText(readLabel(bytes).label),
  pixels: (bytes) => openCartridge(bytes).pixels,
};

function usedText({ used }: Label): Uint8Array | undefined {
  return used && Buffer.from(canonicalText(used));
}
