/** What is the matter with a cartridge of the store: what lies under its name and in its object's place, against the registry. */
import { sha256Hex } from '../shared/bytes.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { judgeFile } from '../shared/cartridge/judge.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { openPngImage } from '../shared/cartridge/png-image.ts';
import { signaturesSince } from '../shared/cartridge/signed.ts';
import { LIMITS } from '../shared/limits.ts';

/** A cartridge as the registry has it. */
export interface StoreRow {
  readonly id: number;
  readonly fileName: string;
  /** Of the pixels. */
  readonly checksum: string;
  /** Of the file; null where nobody has computed it. */
  readonly sha256: string | null;
}

/** What lies in a place. */
export type Place =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly identity: string }
  /** A symlink, a folder, a file that may not be read. */
  | { readonly kind: 'other'; readonly message: string };

/** What is the matter; undefined: nothing is. */
export type Problem =
  /** Nothing lies under the name. */
  | 'missing'
  /** Something lies there that is no file, or none that we may read. */
  | 'not-a-file'
  /** It is damaged. */
  | 'rotten'
  /** It is a whole picture, and another one. */
  | 'overwritten'
  /** The same picture and program in other bytes, as an optimiser writes them. */
  | 'resaved'
  /** The name is right, and its object is not. */
  | 'object-rotten'
  | 'object-missing'
  /** The registry has no checksum of the file. */
  | 'unsummed'
  /** It has signatures that the registry does not know yet, and is the same to the byte without them. */
  | 'signed';

/** What is in the object's place: the same file, another one with the right content, nothing, or anything else. */
export type ObjectState = 'same' | 'intact' | 'absent' | 'rotten';

/** A picture without a label, as its table has it. */
export interface StoredPicture {
  /** On the shelf, with `/` between folders. */
  readonly fileName: string;
  /** Of the pixels. */
  readonly checksum: string;
  readonly width: number;
  readonly height: number;
}

export interface StoreVerdict {
  readonly problem: Problem | undefined;
  readonly object: ObjectState;
  /** In words. */
  readonly message: string;
}

/** Whether a command that finds it has found something wrong: the rest is put right in passing. */
export function isGrave(problem: Problem): boolean {
  return problem !== 'object-missing' && problem !== 'unsummed' && problem !== 'signed';
}

/** @param object what lies in the place that `row.sha256` names; absent where it names none */
export function judgeStored(row: StoreRow, name: Place, object: Place): StoreVerdict {
  const found = name.kind === 'file' ? sha256Hex(name.bytes) : undefined;
  const state = objectState(row, name, object, found);
  const say = (problem: Problem, message: string): StoreVerdict => ({ problem, object: state, message });
  if (name.kind === 'absent')
    return say('missing', `Expected a cartridge, found none; ${OBJECT_WORDS[state]}`);
  if (name.kind === 'other') return say('not-a-file', name.message);
  if (found !== row.sha256) {
    const content = contentOf(name.bytes);
    if (row.sha256 === null && content.checksum === row.checksum) {
      return say('unsummed', 'the registry has no checksum of its file: gvpie store rebuild computes it');
    }
    const message = `${content.message}; ${OBJECT_WORDS[state]}`;
    if (content.checksum === undefined) return say(content.isOther ? 'overwritten' : 'rotten', message);
    if (content.checksum !== row.checksum) return say('overwritten', message);
    const more = row.sha256 === null ? 0 : signaturesSince(name.bytes, row.sha256);
    if (more === 0) return say('resaved', message);
    return say('signed', `it was signed (${more} more): gvpie store rebuild has the registry know it`);
  }
  if (state === 'rotten') return say('object-rotten', 'its object has other content than its name says');
  if (state === 'absent') return say('object-missing', 'it has no object: gvpie store repair makes it');
  return { problem: undefined, object: state, message: 'ok' };
}

const OBJECT_WORDS: Readonly<Record<ObjectState, string>> = {
  same: 'its object is the same file',
  intact: 'its object is whole: gvpie store repair puts it back',
  absent: 'there is no object of it',
  rotten: 'its object is damaged, too',
};

/** @param found of what lies under the name, where that is a file */
function objectState(
  { sha256 }: StoreRow,
  name: Place,
  object: Place,
  found: string | undefined,
): ObjectState {
  if (object.kind === 'absent') return 'absent';
  if (object.kind === 'other') return 'rotten';
  // One file that is damaged is damaged under both of its names.
  const isSame = name.kind === 'file' && name.identity === object.identity;
  if ((isSame ? found : sha256Hex(object.bytes)) !== sha256) return 'rotten';
  return isSame ? 'same' : 'intact';
}

interface Content {
  /** Of its pixels, where it is a whole cartridge. */
  readonly checksum: string | undefined;
  /** Whether it is a whole PNG that somebody else wrote. */
  readonly isOther: boolean;
  readonly message: string;
}

function contentOf(bytes: Uint8Array): Content {
  try {
    const cartridge = openCartridge(bytes);
    const verdict = judgeFile(cartridge);
    if (verdict !== undefined && verdict.verdict !== 'semantics-changed') {
      return {
        checksum: undefined,
        isOther: false,
        message: `Expected a whole cartridge, found ${verdict.verdict}`,
      };
    }
    const { checksum } = cartridge.text;
    return {
      checksum,
      isOther: true,
      message: `found a file with other bytes, and pixels of checksum ${checksum}`,
    };
  } catch (error) {
    if (!(error instanceof CartridgeFault)) throw error;
    // A text can only be missing where all chunks are whole: such a PNG was written by somebody.
    return { checksum: undefined, isOther: error.code === 'CART-E011', message: error.message };
  }
}

/** What a program may draw of a file, or why it may not. */
export function pictureOf(bytes: Uint8Array): Omit<StoredPicture, 'fileName'> | string {
  try {
    const { canvas, pixels } = openPngImage(bytes);
    const { width, height } = canvas;
    // Before its pixels are decoded.
    if (width * height > LIMITS.imagePixels) {
      return `Expected a picture of at most ${LIMITS.imagePixels} pixels, found ${width}×${height}`;
    }
    return { checksum: sha256Hex(pixels()), width, height };
  } catch (error) {
    if (!(error instanceof CartridgeFault)) throw error;
    return error.message;
  }
}

/** What is the matter with a picture; undefined: nothing is. It is known by its pixels, in whatever bytes. */
export function judgePictureFile(
  row: StoredPicture,
  place: Place,
): { readonly problem: Problem; readonly message: string } | undefined {
  if (place.kind === 'absent') return { problem: 'missing', message: 'Expected a picture, found none' };
  if (place.kind === 'other') return { problem: 'not-a-file', message: place.message };
  const found = pictureOf(place.bytes);
  if (typeof found === 'string') return { problem: 'rotten', message: found };
  const isSame = (['checksum', 'width', 'height'] as const).every((name) => found[name] === row[name]);
  return isSame
    ? undefined
    : { problem: 'overwritten', message: `found pixels of checksum ${found.checksum}` };
}
