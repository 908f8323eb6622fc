/** Signatures: what is signed to the byte, both sides of each rule of docs/cartridge.md, and files that mean harm. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../shared/bytes.ts';
import { readChunks, writeChunk } from '../../../shared/cartridge/chunk.ts';
import { Effort } from '../../../shared/cartridge/effort.ts';
import { judgeFile } from '../../../shared/cartridge/judge.ts';
import { openCartridge, readLabel } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import {
  isPublicText,
  judgeSignature,
  publicText,
  signatureText,
} from '../../../shared/cartridge/signature.ts';
import { signaturesSince, withSignature } from '../../../shared/cartridge/signed.ts';
import {
  readInternationalText,
  writeInternationalText,
  writeText,
} from '../../../shared/cartridge/text-chunk.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { faultOf, pressing } from './sample.ts';

/** The private key of RFC 8032, 7.1, TEST 1, and another one. */
const KEY = keyOf('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
const OTHER = keyOf('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
const AT = '2026-11-22T04:00:00.000Z';
const FILE = press(pressing());
const DIGEST = readLabel(FILE).labelDigest;

function keyOf(seed: string): KeyObject {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

const good = (): Record<string, unknown> => JSON.parse(signatureText(KEY, DIGEST, AT));
const chunkOf = (text: string) => readChunks(withSignature(FILE, text)).filter(isSignature)[0]!;
const isSignature = ({ data }: { data: Uint8Array }): boolean =>
  Buffer.from(data.subarray(0, 16)).toString('latin1') === 'gvpie_signature\0';
const judgeText = (text: string, digest = DIGEST) => judgeSignature(chunkOf(text), digest);
const judgeRecord = (change: object) => judgeText(canonicalize({ ...good(), ...change }) ?? '');
/** A record that says what it likes, signed by this key all the same. */
const signedRecord = (change: object, key = KEY): string => {
  const { signature: _, ...statement } = { ...good(), ...change };
  const message = `gvpie cartridge signature 1\n${canonicalize(statement)}`;
  return (
    canonicalize({ ...statement, signature: sign(null, Buffer.from(message), key).toString('base64') }) ?? ''
  );
};

describe('a file that was signed', () => {
  it('is told from what it was by how many signatures it has more, and from anything else', () => {
    const files = [FILE];
    for (let n = 0; n < LIMITS.signatures; n++) files.push(withSignature(files.at(-1)!, `${n}`));
    const last = files.at(-1)!;
    expect(files.map((file) => signaturesSince(last, sha256Hex(file)))).toEqual(
      files.map((_, n) => LIMITS.signatures - n),
    );
    expect(signaturesSince(withSignature(last, 'one more'), sha256Hex(FILE))).toBe(0);
    const [, one = FILE] = files;
    const other = withSignature(FILE, 'x');
    for (const [file, was] of [
      [FILE, one],
      [other, one],
      [withSignature(one, 'x'), other],
      [one, press({ ...pressing(), createdAt: AT })],
    ] as const) {
      expect(signaturesSince(file, sha256Hex(was))).toBe(0);
    }
    // Anywhere else than where `gvpie sign` puts it, it is another file.
    const end = one.length - 12;
    const late = Buffer.concat([
      FILE.subarray(0, FILE.length - 12),
      writeInternationalText('gvpie_signature', 'x'),
      one.subarray(end),
    ]);
    expect(signaturesSince(late, sha256Hex(FILE))).toBe(0);
    expect(faultOf(() => signaturesSince(last.subarray(0, -1), sha256Hex(FILE))).code).toBe('CART-E002');
  });
});

describe('a signature', () => {
  it('is on the bytes that docs/cartridge.md says', () => {
    const { signature, ...statement } = good();
    const label = readChunks(FILE).find(
      ({ data }) => Buffer.from(data).toString('latin1', 0, 6) === 'gvpie\0',
    );
    const text = readInternationalText(label!, 100_000, new Effort(FILE.length));
    expect(statement).toEqual({
      algorithm: 'Ed25519',
      key: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
      label_digest: createHash('sha256').update(text).digest('hex'),
      signed_at: AT,
    });
    const message = Buffer.from(
      `gvpie cartridge signature 1\n{"algorithm":"Ed25519","key":"${statement.key}","label_digest":"${DIGEST}","signed_at":"${AT}"}`,
    );
    const bytes = Buffer.from(String(signature), 'base64');
    expect(verify(null, message, createPublicKey(KEY), bytes)).toBe(true);
    expect(verify(null, message.subarray(28), createPublicKey(KEY), bytes)).toBe(false);
  });

  it('is valid on its label by its key, and the same whenever it is made at that time', () => {
    expect(judgeText(signatureText(KEY, DIGEST, AT))).toEqual({
      state: 'valid',
      key: good().key,
      signed_at: AT,
    });
    expect(signatureText(KEY, DIGEST, AT)).toBe(signatureText(KEY, DIGEST, AT));
    expect(signatureText(OTHER, DIGEST, AT)).not.toBe(signatureText(KEY, DIGEST, AT));
  });

  it('is false on another label, by another key, at another time, and with any bit of it flipped', () => {
    expect(judgeText(signatureText(KEY, DIGEST, AT), sha256Hex('another'))).toMatchObject({
      state: 'invalid',
    });
    expect(judgeRecord({ key: publicText(createPublicKey(OTHER)) })).toMatchObject({ state: 'invalid' });
    expect(judgeRecord({ signed_at: '2026-11-22T04:00:00.001Z' })).toMatchObject({ state: 'invalid' });
    expect(judgeRecord({ role: 'editor' })).toMatchObject({ state: 'invalid' });
    const bytes = Buffer.from(String(good().signature), 'base64');
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = Buffer.from(bytes);
      flipped[bit >>> 3]! ^= 1 << (bit & 7);
      expect(judgeRecord({ signature: flipped.toString('base64') }).state, `bit ${bit}`).toBe('invalid');
    }
  });

  it('covers fields that are not known yet', () => {
    expect(judgeText(signedRecord({ role: 'editor' }))).toMatchObject({ state: 'valid' });
    expect(judgeText(signedRecord({ role: 'editor' }).replace('editor', 'author'))).toMatchObject({
      state: 'invalid',
    });
  });

  it('is broken where the record lacks a field or has a wrong one', () => {
    const wrong = {
      algorithm: [undefined, 7],
      key: [undefined, 'AA==', `${good().key}A`, String(good().key).replace('=', ''), 5],
      label_digest: [undefined, DIGEST.toUpperCase(), 'ab'],
      signed_at: [undefined, 'now', '2026-02-30T00:00:00Z', `2026-11-22T04:00:00.${'0'.repeat(40)}Z`],
      signature: [undefined, '', 'AAAA', String(good().signature).slice(0, -2)],
    };
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        expect(judgeRecord({ [field]: value }), `${field} ${value}`).toMatchObject({ state: 'unreadable' });
      }
    }
  });

  it('is broken where its text is not the canonical one, which two readers might read differently', () => {
    const text = signatureText(KEY, DIGEST, AT);
    const twice = `{"algorithm":"Ed25519","algorithm":"Ed25519"${text.slice('{"algorithm":"Ed25519"'.length)}`;
    for (const other of [` ${text}`, JSON.stringify(JSON.parse(text), null, 1), twice, `${text}\n`]) {
      expect(JSON.parse(other)).toEqual(JSON.parse(text));
      expect(judgeText(other), other).toMatchObject({ state: 'unreadable' });
    }
    for (const other of ['', '[]', 'null', '{', '{"__proto__":1}', '['.repeat(4_000)])
      expect(judgeText(other), other.slice(0, 20)).toMatchObject({ state: 'unreadable' });
  });

  it('by an algorithm to come is neither valid nor false', () => {
    expect(judgeRecord({ algorithm: 'ML-DSA-65', key: 'x'.repeat(2_600) })).toMatchObject({
      state: 'unknown',
    });
  });

  it('has at most 4,096 bytes', () => {
    const padded = (length: number): string => {
      const empty = signedRecord({ note: '' }).length;
      return signedRecord({ note: 'x'.repeat(length - empty) });
    };
    expect(judgeText(padded(LIMITS.signatureBytes))).toMatchObject({ state: 'valid' });
    expect(judgeText(padded(LIMITS.signatureBytes + 1))).toMatchObject({ state: 'unreadable' });
  });

  it('is read where a tool compressed it, and broken where it inflates to more than it may', () => {
    const compressed = (text: string): Uint8Array =>
      Buffer.concat([Buffer.from('gvpie_signature\0\x01\0\0\0'), deflateSync(Buffer.from(text))]);
    const judged = (data: Uint8Array) => judgeSignature({ type: 'iTXt', data, offset: 0 }, DIGEST);
    expect(judged(compressed(signatureText(KEY, DIGEST, AT)))).toMatchObject({ state: 'valid' });
    expect(judged(compressed(' '.repeat(50_000_000)))).toMatchObject({
      state: 'unreadable',
      message: expect.stringContaining('at most 4096 bytes'),
    });
  });

  it('is broken where a field to come has a value that canonical JSON has not, and else is what it was', () => {
    const withField = (value: string) =>
      judgeText(signatureText(KEY, DIGEST, AT).replace('"signature"', `"odd":${value},"signature"`)).state;
    expect(['"\\ud800"', '1e999', '-0', '1.0'].map(withField)).toEqual(Array(4).fill('unreadable'));
    expect(['"x"', '1', '[[[[]]]]', '{"__proto__":1}'].map(withField)).toEqual(Array(4).fill('invalid'));
  });

  it('is charged for its text to the effort that the file was read with, and a longer one for nothing', () => {
    const text = signatureText(KEY, DIGEST, AT);
    const file = withSignature(withSignature(FILE, text), 'x'.repeat(LIMITS.signatureBytes + 1));
    const effort = new Effort(file.length);
    const { signatures } = readLabel(file, effort);
    const spent = () => effort.spent;
    const before = spent();
    judgeSignature(signatures[1]!, DIGEST, effort);
    expect(spent()).toBe(before);
    judgeSignature(signatures[0]!, DIGEST, effort);
    expect(spent()).toBe(before + 2 * text.length);
    expect(effort.bound).toBe(3 * (file.length + 24));
    const none = judgeSignature(signatures[0]!, DIGEST, new Effort(0));
    expect(none).toMatchObject({ state: 'unreadable', message: expect.stringContaining('touching at most') });
  });

  it('declares no more than 4,096 bytes where it was compressed, and 16 of any kind stay within what a file is worth', () => {
    const declared = new Effort(0);
    const data = Buffer.concat([Buffer.from('gvpie_signature\0\x01\0\0\0'), deflateSync(' '.repeat(5_000))]);
    judgeSignature({ type: 'iTXt', data, offset: 0 }, DIGEST, declared);
    expect(declared.bound).toBe(3 * LIMITS.signatureBytes);
    for (const text of [
      signatureText(KEY, DIGEST, AT),
      signedRecord({ note: 'x'.repeat(3_000) }),
      '',
      '[[[',
    ]) {
      let file: Uint8Array = FILE;
      for (let n = 0; n < LIMITS.signatures; n++) file = withSignature(file, text);
      const effort = new Effort(file.length);
      const { signatures, labelDigest } = openCartridge(file, effort);
      for (const chunk of signatures) judgeSignature(chunk, labelDigest, effort);
      expect(effort.spent).toBeLessThanOrEqual(3 * (file.length + 24));
    }
  });

  it('by a key of small order is false, though OpenSSL takes it, and the key is none to be known', () => {
    const identity = Buffer.alloc(32);
    identity[0] = 1;
    // S = 0 and R = the identity fit any message.
    const signature = Buffer.concat([identity, Buffer.alloc(32)]).toString('base64');
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), identity]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from('anything'), key, Buffer.from(signature, 'base64'))).toBe(true);
    expect(judgeRecord({ key: identity.toString('base64'), signature })).toMatchObject({ state: 'invalid' });
    expect(isPublicText(identity.toString('base64'))).toBe(false);
    // With the sign bit set it is the same point.
    identity[31] = 0x80;
    expect(isPublicText(identity.toString('base64'))).toBe(false);
    expect(isPublicText(String(good().key))).toBe(true);
    expect(isPublicText(String(good().key).slice(1))).toBe(false);
  });
});

describe('signing a file', () => {
  const signed = withSignature(FILE, signatureText(KEY, DIGEST, AT));

  it('adds one chunk and leaves every other byte', () => {
    const chunks = readChunks(signed);
    const added = chunks.filter(isSignature);
    expect(added).toHaveLength(1);
    const { offset, data } = added[0]!;
    expect(
      Buffer.concat([signed.subarray(0, offset), signed.subarray(offset + 12 + data.length)]).equals(FILE),
    ).toBe(true);
    expect(chunks[chunks.indexOf(added[0]!) + 1]?.type).toBe('IDAT');
  });

  it('stands before a palette', () => {
    const flat = new Uint8Array(24).fill(255);
    const file = press(pressing({ width: 3, height: 2 }, flat));
    const types = readChunks(withSignature(file, 'x')).map(({ type }) => type);
    expect(types.slice(-4)).toEqual(['iTXt', 'PLTE', 'IDAT', 'IEND']);
  });

  it('changes nothing that the cartridge is judged by', () => {
    const { signatures, ...was } = openCartridge(FILE);
    const { signatures: one, ...is } = openCartridge(signed);
    expect(is).toEqual(was);
    expect([signatures.length, one.length]).toEqual([0, 1]);
    expect(judgeFile(openCartridge(signed))).toBeUndefined();
  });

  it('can be done 16 times, and a 17th signature is over the limits', () => {
    let file: Uint8Array = FILE;
    for (let n = 0; n < LIMITS.signatures; n++) file = withSignature(file, signatureText(KEY, DIGEST, AT));
    expect(readLabel(file).signatures).toHaveLength(LIMITS.signatures);
    expect(faultOf(() => readLabel(withSignature(file, 'x'))).code).toBe('CART-E018');
  });

  it('is done in an iTXt only', () => {
    const at = readChunks(FILE).at(-1)!.offset;
    const withChunk = (chunk: Uint8Array): Uint8Array =>
      Buffer.concat([FILE.subarray(0, at), chunk, FILE.subarray(at)]);
    expect(readLabel(withChunk(writeInternationalText('gvpie_signature', '{}'))).signatures).toHaveLength(1);
    expect(faultOf(() => readLabel(withChunk(writeText('gvpie_signature', '{}')))).code).toBe('CART-E012');
    const cut = writeChunk('iTXt', Buffer.from('gvpie_signature\0'));
    const [chunk] = readLabel(withChunk(cut)).signatures;
    expect(judgeSignature(chunk!, DIGEST)).toMatchObject({ state: 'unreadable' });
  });
});
