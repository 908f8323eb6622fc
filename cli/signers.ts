/** Signers: what a cartridge's signatures are worth to whoever has these keys. */
import type { Effort } from '../shared/cartridge/effort.ts';
import type { Inscription } from '../shared/cartridge/open.ts';
import { judgeSignature, type SignatureFinding } from '../shared/cartridge/signature.ts';
import { fingerprintOf, type KeyRing, type KnownKey } from './key-ring.ts';

/** A signature, and whose it is. */
export type Signed = SignatureFinding & {
  /** SHA-256 of the public key, where the signature says which. */
  readonly fingerprint?: string;
  /** The name under which the key is known; null where it is not. */
  readonly who?: string | null;
  /** Since when the key is not believed; null where it is not revoked. */
  readonly revoked_at?: string | null;
};

export class Signers {
  readonly #ring: KeyRing;
  #known: ReadonlyMap<string, KnownKey> | undefined;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  /**
   * The signatures of a cartridge in the order of the file. The keys are looked at once, where there are any.
   *
   * @param effort the one that the file was read with, which is charged for them too
   * @throws {Refusal} where others may write to the keys, or a file of theirs is no key
   */
  of({ signatures, labelDigest }: Pick<Inscription, 'signatures' | 'labelDigest'>, effort: Effort): Signed[] {
    return signatures.map((chunk) => {
      const finding = judgeSignature(chunk, labelDigest, effort);
      if (!('key' in finding)) return finding;
      this.#known ??= new Map(this.#ring.list().map((known) => [known.key, known]));
      const known = this.#known.get(finding.key);
      return {
        ...finding,
        fingerprint: fingerprintOf(finding.key),
        who: known?.name ?? null,
        revoked_at: known?.revoked_at ?? null,
      };
    });
  }
}

/** Whether a signature is broken, or by a key that was revoked; when it says that it was made, a thief can choose. */
export function isRejected(signed: Signed): boolean {
  return signed.state === 'invalid' || signed.state === 'unreadable' || (signed.revoked_at ?? null) !== null;
}

/** Whether a signature is good, and by this key. */
export function isBy(signed: Signed, key: string): boolean {
  return signed.state === 'valid' && signed.key === key && !isRejected(signed);
}

/** What people read of a signature. */
export function signerWords(signed: Signed): string {
  if (signed.state === 'unreadable') return `broken signature: ${signed.message}`;
  if (signed.state === 'unknown')
    return `signature by an unknown algorithm, perhaps a newer one: ${signed.message}`;
  const who = signed.who ?? `unknown key ${signed.fingerprint}`;
  if (signed.state === 'invalid')
    return `false signature, said to be by ${who} at ${signed.signed_at}: ${signed.message}`;
  const revoked = (signed.revoked_at ?? null) === null ? '' : `; the key was revoked at ${signed.revoked_at}`;
  return `signed by ${who} at ${signed.signed_at}${revoked}`;
}
