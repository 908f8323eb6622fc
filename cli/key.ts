/** `gvpie key`: making keys, listing those that are known, and revoking them. */
import { basename, extname } from 'node:path';
import { systemClock } from '../shared/host/clock.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { KeyRing, type KnownKey, publicKeyFrom } from './key-ring.ts';
import { typedPath } from './npm.ts';
import { say, sayJson, sayTable } from './print.ts';
import { wrongUsage } from './refusal.ts';

interface KeyOptions {
  readonly json?: boolean;
}

export function createKey(name: string, { json }: KeyOptions, { keys }: Settings): ExitCode {
  const ring = new KeyRing(keys);
  const key = ring.create(name);
  if (json) sayJson({ ...key, public_file: ring.publicPath(name) });
  else {
    say(`${name}  ${key.fingerprint}`);
    say(`${ring.publicPath(name)} is for others, who take it with gvpie key add`);
  }
  return EXIT.ok;
}

/** @param source a file in PEM, or the key itself in base64 @param name undefined: the file's */
export function addKey(
  source: string,
  name: string | undefined,
  { json }: KeyOptions,
  { keys }: Settings,
): ExitCode {
  const key = publicKeyFrom(source, typedPath(source));
  if (name === undefined && key === source) throw wrongUsage('Expected a NAME for the key, found none');
  const added = new KeyRing(keys).add(name ?? basename(source, extname(source)), key);
  if (json) sayJson(added);
  else say(`${added.name}  ${added.fingerprint}`);
  return EXIT.ok;
}

export function listKeys({ json }: KeyOptions, { keys }: Settings): ExitCode {
  const known = new KeyRing(keys).list();
  if (json) sayJson(known);
  else if (known.length === 0) say(`no keys in ${keys}: gvpie key create makes one`);
  else {
    const rows = known.map((key) => [key.name, whose(key), key.fingerprint]);
    sayTable([{ title: 'NAME' }, { title: 'WHOSE' }, { title: 'FINGERPRINT' }], rows);
  }
  return EXIT.ok;
}

export function revokeKey(word: string, { json }: KeyOptions, { keys }: Settings): ExitCode {
  const ring = new KeyRing(keys);
  const key = ring.find(word);
  const revoked_at = ring.revoke(key, systemClock.iso());
  if (json) sayJson({ ...key, revoked_at });
  else say(`${key.name}  ${key.revoked_at === null ? 'revoked' : 'was revoked'} at ${revoked_at}`);
  return EXIT.ok;
}

function whose({ own, revoked_at }: KnownKey): string {
  const owner = own ? 'yours' : "another's";
  return revoked_at === null ? owner : `${owner}, revoked at ${revoked_at}`;
}
