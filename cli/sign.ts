/** `gvpie sign`: one signature more on cartridges, and nothing else of them changed; what lies on the shelf stays whole there. */
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Database } from '../orchestrator/host/migrate.ts';
import { followSigned } from '../orchestrator/host/signed-file.ts';
import { visible } from '../renderer/language/caret.ts';
import { Effort } from '../shared/cartridge/effort.ts';
import { judgeFile } from '../shared/cartridge/judge.ts';
import { openCartridge } from '../shared/cartridge/open.ts';
import { judgeSignature, signatureText } from '../shared/cartridge/signature.ts';
import { withSignature } from '../shared/cartridge/signed.ts';
import { HostFault } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import { hasDatabase, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { explain } from './explain.ts';
import { readCartridge } from './input.ts';
import { fromCartridge } from './inspect.ts';
import { KeyRing, type KnownKey } from './key-ring.ts';
import { typedPath } from './npm.ts';
import { say, sayJson } from './print.ts';
import { badInput, Refusal } from './refusal.ts';
import { replaceRead } from './rewrite.ts';

interface SignOptions {
  readonly key?: string;
  readonly json?: boolean;
}

/** The registry of the shelf on which a cartridge may lie. */
interface Registry {
  readonly database: Database;
  /** Absolute. */
  readonly folder: string;
}

/** @throws {Refusal} where there is no key to sign with, or a database that cannot be told of what lies on the shelf */
export async function signCartridges(
  paths: readonly string[],
  options: SignOptions,
  settings: Settings,
): Promise<ExitCode> {
  if (!paths.some((path) => placeOnShelf(path, settings)) || !hasDatabase(settings))
    return signAll(paths, options, settings, undefined);
  const folder = realpathSync(resolve(settings.cartridges));
  return withDatabase(settings, (database) => signAll(paths, options, settings, { database, folder }));
}

function signAll(
  paths: readonly string[],
  options: SignOptions,
  settings: Settings,
  registry: Registry | undefined,
): ExitCode {
  const ring = new KeyRing(settings.keys);
  const key = options.key === undefined ? onlyKey(ring) : ring.find(options.key);
  if (key.revoked_at !== null)
    throw badInput(`Expected a key to sign with, found ${key.name} revoked at ${key.revoked_at}`);
  const secret = ring.privateKey(key);
  let code: ExitCode = EXIT.ok;
  const signed: object[] = [];
  for (const path of paths) {
    try {
      const { signed_at, isNew, bytes } = signOne(path, key, (digest, at) =>
        signatureText(secret, digest, at),
      );
      // Also where it was signed already: who did it may have been killed before this.
      const fileName = registry && placeOnShelf(path, settings);
      if (fileName !== undefined)
        followSigned(registry!.database, diskFiles, registry!.folder, { fileName, bytes });
      signed.push({ path, key: key.key, signed_at, new: isNew });
      if (!options.json)
        say(`${visible(path)}  ${isNew ? 'signed' : 'was signed already'} by ${key.name} at ${signed_at}`);
    } catch (error) {
      // The others can be signed all the same, and what was signed is still to be told.
      if (!(error instanceof Refusal) && !(error instanceof HostFault)) throw error;
      code = explain(error);
    }
  }
  if (options.json) sayJson(signed);
  return code;
}

/** @throws {Refusal} where it is no cartridge, contradicts itself, or has no room for another signature */
function signOne(
  path: string,
  { key }: KnownKey,
  textOf: (labelDigest: string, signedAt: string) => string,
): { signed_at: string; isNew: boolean; bytes: Uint8Array } {
  const bytes = readCartridge(path);
  const effort = new Effort(bytes.length);
  const cartridge = fromCartridge(path, () => openCartridge(bytes, effort));
  const verdict = judgeFile(cartridge)?.verdict;
  if (verdict === 'program-checksum' || verdict === 'pixels-differ') {
    throw badInput(
      `Expected a cartridge that agrees with itself at ${path}, found ${verdict}`,
      `gvpie verify ${path}`,
    );
  }
  const { labelDigest, signatures } = cartridge;
  for (const chunk of signatures) {
    const found = judgeSignature(chunk, labelDigest, effort);
    if (found.state === 'valid' && found.key === key) {
      return { signed_at: found.signed_at, isNew: false, bytes };
    }
  }
  if (signatures.length >= LIMITS.signatures) {
    throw badInput(`Expected room for a signature in ${path}, found ${signatures.length}, which is the most`);
  }
  const signed_at = systemClock.iso();
  const signed = withSignature(bytes, textOf(labelDigest, signed_at));
  replaceRead(path, bytes, signed);
  return { signed_at, isNew: true, bytes: signed };
}

/** The place of a file on the shelf, with `/` between folders; undefined of what lies elsewhere, or is not there. */
function placeOnShelf(path: string, { cartridges }: Settings): string | undefined {
  try {
    const place = relative(realpathSync(resolve(cartridges)), realpathSync(typedPath(path)));
    const isElsewhere = place === '' || isAbsolute(place) || place === '..' || place.startsWith(`..${sep}`);
    return isElsewhere ? undefined : place.replaceAll(sep, '/');
  } catch {
    return undefined;
  }
}

/** The only key that can sign. @throws {Refusal} where there is none, or a choice */
function onlyKey(ring: KeyRing): KnownKey {
  const own = ring.list().filter((key) => key.own && key.revoked_at === null);
  if (own.length === 1) return own[0]!;
  if (own.length === 0) {
    const isRevoked = ring.list().some((key) => key.own);
    const found = isRevoked ? 'none that is not revoked' : 'none';
    throw badInput(`Expected a key of yours, found ${found}`, `gvpie key create${isRevoked ? ' NAME' : ''}`);
  }
  const names = own.map(({ name }) => name).join(', ');
  throw badInput(`Expected --key NAME where there are several, found ${names}`);
}
