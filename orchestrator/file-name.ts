/** File names for cartridges: a script's name never becomes a path. */

/** Longest readable part: code points, and bytes of UTF-8. With the rest it stays under 255 bytes. */
const STEM_LENGTH = 60;
const STEM_BYTES = 180;

/**
 * `<readable part of the name>_<time of the run>-<end of the job's id>.png`: letters with their marks,
 * and digits, of any script, `-` and `_`; no dot, which would hide a file or name a device on Windows.
 * Unique by the id, whatever the name was.
 *
 * @param startedAt ISO 8601 UTC
 * @param spoolId the run's UUID
 */
export function cartridgeFileName(scriptName: string, startedAt: string, spoolId: string): string {
  const time = startedAt.replace(/[-:.]/g, '');
  return `${stemOf(scriptName, 'script')}_${time}-${spoolId.slice(-12)}.png`;
}

function stemOf(text: string, otherwise: string): string {
  const readable = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_]+/gu, '-');
  // A mark needs a letter before it; an outer dash says nothing, and a leading one looks like a flag.
  const stem = cut(readable.replace(/^[-\p{M}]+/u, '')).replace(/-+$/, '');
  return stem === '' ? otherwise : stem;
}

/** The name of the same run's cartridge where its picture is rejected: so whoever finds it knows, after a crash too. */
export function rejectedFileName(fileName: string): string {
  return fileName.replace(/\.png$/, '-rejected.png');
}

/** Where PNGs that are no cartridges lie, on the shelf. */
export const INPUTS_FOLDER = 'inputs';

/**
 * The place on the shelf of a PNG that programs may draw.
 *
 * @param title any text
 * @param checksum of its pixels, hex
 */
export function inputFileName(title: string, checksum: string): string {
  return `${INPUTS_FOLDER}/${stemOf(title, 'picture')}_${checksum.slice(0, 12)}.png`;
}

/** Whether that is such a place. */
export function isInputFile(fileName: string): boolean {
  return fileName.startsWith(`${INPUTS_FOLDER}/`);
}

function cut(text: string): string {
  let stem = '';
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (++length > STEM_LENGTH || bytes > STEM_BYTES) break;
    stem += character;
  }
  return stem;
}
