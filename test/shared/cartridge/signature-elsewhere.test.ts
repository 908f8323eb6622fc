/** Signatures elsewhere: OpenSSL and the page's own Python agree with us on what is signed, and object to what is not. */
import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { canonicalText } from '../../../shared/canonical.ts';
import { readLabel } from '../../../shared/cartridge/open.ts';
import { press } from '../../../shared/cartridge/press.ts';
import { signatureText } from '../../../shared/cartridge/signature.ts';
import { withSignature } from '../../../shared/cartridge/signed.ts';
import { readPage } from '../../docs/pages.ts';
import { pressing } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'gvpie-signature-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keep = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const { privateKey } = generateKeyPairSync('ed25519');
const FILE = press(pressing());
const TEXT = signatureText(privateKey, readLabel(FILE).labelDigest, '2026-11-22T04:00:00.000Z');

it('OpenSSL verifies the message and the bytes of a signature, and no other message', (context) => {
  if (spawnSync('openssl', ['version']).status !== 0) skipLoudly(context, 'openssl is not installed');
  const { signature, ...statement } = JSON.parse(TEXT);
  const pem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' });
  const verified = (message: string): number | null =>
    spawnSync('openssl', [
      ...['pkeyutl', '-verify', '-pubin', '-inkey', keep('key.pub', pem.toString()), '-rawin'],
      ...['-in', keep('message', message), '-sigfile', keep('signature', Buffer.from(signature, 'base64'))],
    ]).status;
  const message = `gvpie cartridge signature 1\n${canonicalText(statement)}`;
  expect(verified(message)).toBe(0);
  expect(verified(message.replace('04:00', '05:00'))).not.toBe(0);
});

it('the Python of docs/cartridge.md names key and time of each signature, and objects to a false one', (context) => {
  if (spawnSync('python3', ['-c', 'import cryptography']).status !== 0)
    skipLoudly(context, 'python3 with cryptography is not installed');
  const [, code] =
    /<!-- run: verify-signatures\.py -->\n```python\n([\s\S]*?)```/.exec(readPage('docs/cartridge.md')) ?? [];
  const script = keep('verify.py', code ?? 'raise SystemExit("the page has no such program")');
  const run = (file: Uint8Array) =>
    spawnSync('python3', [script, keep('signed.png', file)], { encoding: 'utf8' });
  const { key, signed_at } = JSON.parse(TEXT);
  const line = `${key} ${signed_at}\n`;
  expect(run(withSignature(withSignature(FILE, TEXT), TEXT))).toMatchObject({
    status: 0,
    stdout: line + line,
  });
  expect(run(FILE)).toMatchObject({ status: 0, stdout: '' });
  expect(run(withSignature(FILE, TEXT.replace('04:00', '05:00'))).status).not.toBe(0);
  const other = press({ ...pressing(), label: { ...pressing().label, script: { name: 'x', revision: 2 } } });
  expect(run(withSignature(other, TEXT)).stderr).toContain('on another label');
});

function skipLoudly(context: { skip: (note: string) => void }, why: string): void {
  console.warn(`SKIPPED: ${why}`);
  context.skip(why);
}
