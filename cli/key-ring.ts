/**
 * The keys of a person: a folder with two files for each own key and one for each that is known, all under a name.
 * `NAME.pub` is public, in PEM; `NAME.pem`, which only its owner may read, is private, PKCS8 in PEM; `NAME.revoked` says
 * since when a key is not believed.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import {
  linkSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Hex } from '../shared/bytes.ts';
import { isCreationTime } from '../shared/cartridge/creation-time.ts';
import { isPublicText, publicKeyOf, publicText } from '../shared/cartridge/signature.ts';
import { errorCode } from '../shared/faults.ts';
import { makeFolders } from '../shared/host/folders.ts';
import { readFileOf, realPathOf } from './input.ts';
import { cannotWrite } from './output.ts';
import { badInput, Refusal } from './refusal.ts';

export interface KnownKey {
  readonly name: string;
  /** The public key as signatures name it: 32 bytes in base64. */
  readonly key: string;
  /** SHA-256 of these bytes, hex. */
  readonly fingerprint: string;
  /** Whether the private key is here. */
  readonly own: boolean;
  /** ISO 8601 in UTC, or `unknown`; null where it is not revoked. */
  readonly revoked_at: string | null;
}

/** A key in PEM takes a hundred; people may write a line before it. */
const FILE_BYTES = 4_096;
/** As file names on every system; never `-` or a dot first. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** The fewest digits of a fingerprint that stand for a key. */
const FEWEST_DIGITS = 8;

/** What tells a key from others when people read it aloud. */
export function fingerprintOf(key: string): string {
  return sha256Hex(Buffer.from(key, 'base64'));
}

export class KeyRing {
  readonly #folder: string;

  /** @param folder `~/` at its beginning is the home of whoever runs this; need not be there */
  constructor(folder: string) {
    this.#folder = resolve(folder.replace(/^~(?=\/|$)/, homedir()));
  }

  /** The path of a key's public file, to hand to others. */
  publicPath(name: string): string {
    return this.#at(`${name}.pub`);
  }

  /**
   * All keys, by name.
   *
   * @throws {Refusal} where others may write here, or a file is no key
   */
  list(): KnownKey[] {
    const fact = statOf(this.#folder);
    if (fact === undefined) return [];
    if (!fact.isDirectory())
      throw badInput(`Expected a folder of keys at ${this.#folder}, found something else`);
    requireClosed(this.#folder, fact, 0o022, 'write to', '755');
    const keys = readdirSync(this.#folder)
      .filter((file) => file.endsWith('.pub') && NAME.test(file.slice(0, -4)))
      .sort()
      .map((file) => this.#known(file.slice(0, -4)));
    // A file may have been copied: what is revoked is the key, and not a name of it.
    const revoked = new Map(
      keys.flatMap(({ key, revoked_at }) => (revoked_at === null ? [] : [[key, revoked_at]])),
    );
    return keys.map((known) => ({
      ...known,
      revoked_at: known.revoked_at ?? revoked.get(known.key) ?? null,
    }));
  }

  /**
   * The key of a name, or of the beginning of a fingerprint.
   *
   * @throws {Refusal} when there is none, or several begin like that
   */
  find(word: string): KnownKey {
    const keys = this.list();
    const named = keys.find(({ name }) => name === word);
    if (named !== undefined) return named;
    const digits = word.toLowerCase();
    const begun =
      /^[0-9a-f]+$/.test(digits) && digits.length >= FEWEST_DIGITS
        ? keys.filter(({ fingerprint }) => fingerprint.startsWith(digits))
        : [];
    if (begun.length === 1) return begun[0]!;
    if (begun.length > 1) throw badInput(`Expected one key that begins with ${word}, found ${begun.length}`);
    throw badInput(`Expected a key ${JSON.stringify(word)} in ${this.#folder}, found none`, 'gvpie key list');
  }

  /** Makes a key. @throws {Refusal} where the name is taken, or others may look into the folder */
  create(name: string): KnownKey {
    this.#requireFree(name);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    // The private one first: half of a pair is then no key, and not somebody else's.
    this.#write(`${name}.pem`, privateKey.export({ format: 'pem', type: 'pkcs8' }), 0o600);
    try {
      this.#write(`${name}.pub`, publicKey.export({ format: 'pem', type: 'spki' }), 0o644);
    } catch (error) {
      rmSync(this.#at(`${name}.pem`), { force: true });
      throw error;
    }
    return this.#known(name);
  }

  /** Keeps somebody's public key. @param key as signatures name it @throws {Refusal} where name or key are here already */
  add(name: string, key: string): KnownKey {
    this.#requireFree(name);
    const known = this.list().find((one) => one.key === key);
    if (known !== undefined) throw badInput(`Expected a key that is not here yet, found it as ${known.name}`);
    this.#write(`${name}.pub`, publicKeyOf(key).export({ format: 'pem', type: 'spki' }), 0o644);
    return this.#known(name);
  }

  /** Believes a key no longer. @param at ISO 8601 in UTC @returns since when that is so, which may have been before */
  revoke({ name, revoked_at }: KnownKey, at: string): string {
    if (revoked_at !== null) return revoked_at;
    requireClosed(this.#folder, statSync(this.#folder), 0o022, 'write to', '755');
    this.#write(`${name}.revoked`, `${at}\n`, 0o644);
    return at;
  }

  /** @throws {Refusal} when it is not here, or somebody else may read it */
  privateKey({ name }: KnownKey): KeyObject {
    const path = this.#at(`${name}.pem`);
    requireClosed(this.#folder, statSync(this.#folder), 0o077, 'look into', '700');
    const fact = statOf(path);
    if (fact === undefined) throw badInput(`Expected a private key at ${path}, found no file`);
    requireClosed(path, fact, 0o077, 'read', '600');
    const key = keyIn(path, 'a private key', createPrivateKey);
    const { key: known } = this.#known(name);
    if (publicText(createPublicKey(key)) === known) return key;
    throw badInput(`Expected the private key of ${this.publicPath(name)} at ${path}, found another key's`);
  }

  #known(name: string): KnownKey {
    const path = this.publicPath(name);
    const fact = statOf(path);
    if (fact === undefined) throw badInput(`Expected a public key at ${path}, found no file`);
    requireClosed(path, fact, 0o022, 'write to', '644');
    const key = publicText(keyIn(path, 'a public key', createPublicKey));
    const own = statOf(this.#at(`${name}.pem`)) !== undefined;
    return { name, key, fingerprint: fingerprintOf(key), own, revoked_at: this.#revokedAt(name) };
  }

  /** Whatever the file holds, a key that has one is revoked. */
  #revokedAt(name: string): string | null {
    const path = this.#at(`${name}.revoked`);
    // A symlink that leads to nothing is one, too.
    if (!isThere(path)) return null;
    try {
      const text = Buffer.from(readFileOf(path, 'a time', FILE_BYTES));
      const at = text.toString().trim();
      return isCreationTime(at) ? at : 'unknown';
    } catch (error) {
      if (error instanceof Refusal) return 'unknown';
      throw error;
    }
  }

  #requireFree(name: string): void {
    if (!NAME.test(name)) {
      throw badInput(`Expected a name of 1 to 64 letters, digits, - and _, found ${JSON.stringify(name)}`);
    }
    try {
      makeFolders(this.#folder, 0o700);
    } catch (error) {
      throw cannotWrite(this.#folder, error);
    }
    requireClosed(this.#folder, statSync(this.#folder), 0o077, 'look into', '700');
    for (const ending of ['pub', 'pem', 'revoked']) {
      const path = this.#at(`${name}.${ending}`);
      if (isThere(path)) throw badInput(`Expected a name that is free, found ${path}`);
    }
  }

  /** Whole or not at all, however it ends: one file that is no key, and none of them is believed. */
  #write(file: string, text: string | Buffer, mode: number): void {
    const path = this.#at(file);
    const wet = this.#at(`.${file}.${randomUUID()}.wet`);
    try {
      writeFileSync(wet, text, { flag: 'wx', mode, flush: true });
      putAt(wet, path);
    } catch (error) {
      throw cannotWrite(path, error);
    } finally {
      rmSync(wet, { force: true });
    }
  }

  #at(file: string): string {
    return join(this.#folder, file);
  }
}

/**
 * A public key as signatures name it, from that text itself, or from a file in PEM.
 *
 * @param path absolute
 * @throws {Refusal} where it is none, or anybody could sign for it
 */
export function publicKeyFrom(text: string, path: string): string {
  if (isPublicText(text)) return text;
  const key = publicText(keyIn(path, 'a public key', createPublicKey));
  if (isPublicText(key)) return key;
  throw badInput(`Expected a key that only its owner can sign for at ${path}, found ${key}`);
}

function keyIn(path: string, what: string, read: (pem: string) => KeyObject): KeyObject {
  const pem = Buffer.from(readFileOf(path, what, FILE_BYTES)).toString();
  if (read === createPublicKey && pem.includes('PRIVATE KEY')) {
    throw badInput(`Expected a public key at ${path}, found a private one`, 'only its owner should have it');
  }
  let key: KeyObject;
  try {
    key = read(pem);
  } catch {
    throw badInput(`Expected ${what} in PEM at ${path}, found something else`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw badInput(`Expected ${what} for Ed25519 at ${path}, found one for ${key.asymmetricKeyType}`);
}

/** @throws the system's error, also where something lies at `path` by now, which a rename would replace */
function putAt(wet: string, path: string): void {
  try {
    linkSync(wet, path);
  } catch (error) {
    // Not every file system has links.
    if (errorCode(error) === 'EEXIST' || isThere(path)) throw error;
    renameSync(wet, path);
  }
}

/** Undefined when there is nothing. @throws {Refusal} where the system cannot even say that */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    realPathOf(path, 'keys');
    throw error;
  }
}

/** Whether anything has that name, be it a symlink that leads to nothing. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** @param open permission bits that others must not have @param mode what to set instead, as chmod takes it */
function requireClosed(path: string, { mode, uid }: Stats, open: number, verb: string, right: string): void {
  const own = process.getuid?.();
  if (own !== undefined && uid !== own && uid !== 0) {
    throw badInput(`Expected ${path} to be yours, found that it belongs to user ${uid}`);
  }
  if ((mode & open) === 0) return;
  const found = (mode & 0o777).toString(8);
  throw badInput(
    `Expected that only you may ${verb} ${path}, found its mode ${found}`,
    `chmod ${right} ${path}`,
  );
}
