/**
 * Signatures: who says of a label, and of the pixels whose checksum is in it, that they are theirs. A signature proves
 * nothing about a picture: rendering it again does.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { canonicalText } from '../canonical.ts';
import { LIMITS } from '../limits.ts';
import { checksumSchema } from '../record-schemas.ts';
import { CartridgeFault } from './cartridge-fault.ts';
import { type Chunk, FRAME_BYTES } from './chunk.ts';
import { isCreationTime } from './creation-time.ts';
import { Effort } from './effort.ts';
import { parseRecord } from './read-record.ts';
import { readInternationalText } from './text-chunk.ts';

const ALGORITHM = 'Ed25519';
/** What is signed begins with this, so that nothing else that a key signs can be taken for a signature on a cartridge. */
const PREFIX = 'gvpie cartridge signature 1\n';

/** No JSON of so many bytes has more. */
const MOST_VALUES = LIMITS.signatureBytes;

/** What one signature says, and whether that is so. Whose key it is, a file cannot say. */
export type SignatureFinding =
  | { readonly state: 'valid'; readonly key: string; readonly signed_at: string }
  /** It is not on this label, or not by this key. */
  | { readonly state: 'invalid'; readonly key: string; readonly signed_at: string; readonly message: string }
  /** It is no signature that this page knows the form of. */
  | { readonly state: 'unreadable'; readonly message: string }
  /** It is by an algorithm that this code does not know. */
  | { readonly state: 'unknown'; readonly message: string };

const base64 = (bytes: number) =>
  z.string().refine(
    (text) => {
      const decoded = Buffer.from(text, 'base64');
      return decoded.length === bytes && decoded.toString('base64') === text;
    },
    { error: `expected ${bytes} bytes in base64` },
  );

const algorithmSchema = z.looseObject({ algorithm: z.string().max(64) });

const signatureSchema = z.looseObject({
  algorithm: z.literal(ALGORITHM),
  /** The public key. */
  key: base64(32),
  /** SHA-256 of the label's text. */
  label_digest: checksumSchema,
  /** By the signer's clock. */
  signed_at: z.string().max(40).refine(isCreationTime, { error: 'expected ISO 8601 in UTC' }),
  signature: base64(64),
});

/**
 * What a signature is worth.
 *
 * @param chunk an iTXt with the keyword `gvpie_signature`
 * @param labelDigest SHA-256 of the label's text as the file has it
 * @param effort is charged for its text: the file's, or what the chunk by itself is worth
 */
export function judgeSignature(
  chunk: Chunk,
  labelDigest: string,
  effort = new Effort(FRAME_BYTES + chunk.data.length),
): SignatureFinding {
  try {
    return judgeText(readInternationalText(chunk, LIMITS.signatureBytes, effort), labelDigest);
  } catch (error) {
    if (error instanceof CartridgeFault) return { state: 'unreadable', message: error.message };
    throw error;
  }
}

/** @throws {CartridgeFault} E013, E014 where the text is no signature */
function judgeText(text: string, labelDigest: string): SignatureFinding {
  const { algorithm } = parseRecord(algorithmSchema, text, 'signature', MOST_VALUES);
  if (algorithm !== ALGORITHM) {
    return { state: 'unknown', message: `Expected ${ALGORITHM}, found ${JSON.stringify(algorithm)}` };
  }
  const record = parseRecord(signatureSchema, text, 'signature', MOST_VALUES);
  // Otherwise two readers might read two things in one text, such as a name that stands twice.
  if (!isCanonical(record, text)) {
    throw new CartridgeFault(
      'CART-E013',
      'Expected a signature as canonical JSON, found another writing of it',
    );
  }
  const { signature, ...statement } = record;
  const { key, signed_at, label_digest } = statement;
  const invalid = (message: string): SignatureFinding => ({ state: 'invalid', key, signed_at, message });
  if (label_digest !== labelDigest) {
    return invalid(`Expected a signature on the label ${labelDigest}, found one on ${label_digest}`);
  }
  if (isSmall(Buffer.from(key, 'base64')))
    return invalid('Expected a key, found one that anybody can sign for');
  const isRight = verify(null, messageOf(statement), publicKeyOf(key), Buffer.from(signature, 'base64'));
  return isRight
    ? { state: 'valid', key, signed_at }
    : invalid('Expected the signature of this key, found another');
}

/** Whether a text is the only one that says this. Of a lone surrogate and of 1e999 there is none, which canonical JSON throws over. */
function isCanonical(record: object, text: string): boolean {
  try {
    return canonicalText(record) === text;
  } catch {
    return false;
  }
}

/**
 * The text of a signature.
 *
 * @param key a private key for Ed25519
 * @param labelDigest SHA-256 of the label's text as the file has it
 * @param signedAt ISO 8601 in UTC
 */
export function signatureText(key: KeyObject, labelDigest: string, signedAt: string): string {
  const statement = {
    algorithm: ALGORITHM,
    key: publicText(createPublicKey(key)),
    label_digest: labelDigest,
    signed_at: signedAt,
  };
  const signature = sign(null, messageOf(statement), key).toString('base64');
  return canonicalText({ ...statement, signature });
}

/** The bytes that are signed. @param statement the record without its `signature`, fields that we do not know included */
function messageOf(statement: object): Buffer {
  return Buffer.from(PREFIX + canonicalText(statement));
}

/** What an Ed25519 key in DER begins with (RFC 8410); its 32 bytes follow. */
const DER_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** A public key as signatures name it: its 32 bytes in base64. @param key for Ed25519 */
export function publicText(key: KeyObject): string {
  return key.export({ format: 'der', type: 'spki' }).subarray(DER_HEAD.length).toString('base64');
}

/** The key of such a text. @param key 32 bytes in base64 */
export function publicKeyOf(key: string): KeyObject {
  const der = Buffer.concat([DER_HEAD, Buffer.from(key, 'base64')]);
  return createPublicKey({ key: der, format: 'der', type: 'spki' });
}

/** Whether a text is a public key that only its owner can sign for. */
export function isPublicText(key: string): boolean {
  return base64(32).safeParse(key).success && !isSmall(Buffer.from(key, 'base64'));
}

/** The points of small order by their y, reduced or not: for these anybody can make a signature that OpenSSL takes. */
const SMALL = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

function isSmall(key: Buffer): boolean {
  const y = Buffer.from(key);
  // The highest bit is the sign of x.
  y[31] = y[31]! & 0x7f;
  return SMALL.includes(y.toString('hex'));
}
