/** `gvpie key` and `gvpie sign`, and what `verify` and `inspect` say of who signed. */
import { chmodSync, existsSync, linkSync, readdirSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../cli/exit-codes.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { press } from '../../shared/cartridge/press.ts';
import { withSignature } from '../../shared/cartridge/signed.ts';
import type { Ended } from './gvpie.ts';
import { Workplace } from './gvpie.ts';

let place: Workplace;
beforeAll(async () => {
  place = new Workplace();
  place.write('hi.pxl', 'TXT 1 1 Hi');
  expect((await run('render', 'hi.pxl', '-o', 'hi.png')).code).toBe(EXIT.ok);
});
afterAll(() => place.clear());

const run = (...args: string[]): Promise<Ended> =>
  place.run(args, { env: { GVPIE_KEYS: place.at('keys'), HOME: place.folder } });
/** With the keys of somebody else. */
const runAs = (keys: string, ...args: string[]): Promise<Ended> => run(...args, '--keys', place.at(keys));
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const copy = (from: string, to: string): string => place.write(to, place.read(from));
const modeOf = (path: string): number => statSync(place.at(path)).mode & 0o777;
/** A folder of keys with one in it, and the key. */
const keysWith = async (keys: string, name = 'mine') => {
  const { code, stdout } = await runAs(keys, 'key', 'create', name, '--json');
  expect(code).toBe(EXIT.ok);
  return JSON.parse(stdout) as { key: string; fingerprint: string; public_file: string };
};

describe('gvpie key', () => {
  it('makes a key that only its owner may read, in a folder of theirs, and lists it', async () => {
    const { key, fingerprint } = await keysWith('made', 'ann');
    expect([modeOf('made'), modeOf('made/ann.pem'), modeOf('made/ann.pub')]).toEqual([0o700, 0o600, 0o644]);
    expect(place.read('made/ann.pem').toString()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(place.read('made/ann.pub').toString()).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    const { stdout } = await runAs('made', 'key', 'list', '--json');
    expect(JSON.parse(stdout)).toEqual([{ name: 'ann', key, fingerprint, own: true, revoked_at: null }]);
    expect((await runAs('made', 'key', 'list')).stdout).toMatch(
      new RegExp(`^ann +yours +${fingerprint}$`, 'm'),
    );
    expect((await runAs('none', 'key', 'list')).stdout).toMatch(/^no keys in .*none/);
  });

  it('writes over no key, and takes no name that is a path', async () => {
    await keysWith('kept');
    const was = place.read('kept/mine.pem');
    expect((await runAs('kept', 'key', 'create')).code).toBe(EXIT.badInput);
    expect(place.read('kept/mine.pem').equals(was)).toBe(true);
    for (const name of ['../out', '.hidden', '', 'a b', 'x'.repeat(65)])
      expect((await runAs('kept', 'key', 'create', name)).code, name).toBe(EXIT.badInput);
    expect((await runAs('kept', 'key', 'create', 'x'.repeat(64))).code).toBe(EXIT.ok);
    expect(readdirSync(place.at('kept')).sort()[0]).toBe('mine.pem');
  });

  it('knows the keys of others from a file or by themselves, once, and never a private one', async () => {
    const { key, public_file } = await keysWith('theirs', 'bob');
    expect((await runAs('ours', 'key', 'add', public_file)).code).toBe(EXIT.ok);
    expect((await runAs('ours', 'key', 'add', key, 'robert')).stderr).toContain('found it as bob');
    expect((await runAs('ours2', 'key', 'add', key)).code).toBe(EXIT.usage);
    expect((await runAs('ours2', 'key', 'add', key, 'robert')).code).toBe(EXIT.ok);
    expect(place.read('ours2/robert.pub').equals(place.read('theirs/bob.pub'))).toBe(true);
    const secret = await runAs('ours2', 'key', 'add', 'theirs/bob.pem', 'b2');
    expect([secret.code, secret.stderr]).toEqual([
      EXIT.badInput,
      expect.stringContaining('found a private one'),
    ]);
    place.write('noise.pub', 'no key');
    expect((await runAs('ours2', 'key', 'add', 'noise.pub')).code).toBe(EXIT.badInput);
    const identity = Buffer.alloc(32);
    identity[0] = 1;
    expect((await runAs('ours2', 'key', 'add', identity.toString('base64'), 'weak')).code).toBe(
      EXIT.badInput,
    );
    const { stdout } = await runAs('ours2', 'key', 'list', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'robert', own: false }]);
  });

  it('is revoked by its name or by eight digits of its fingerprint, for good', async () => {
    const { fingerprint } = await keysWith('old');
    expect((await runAs('old', 'key', 'revoke', fingerprint.slice(0, 7))).code).toBe(EXIT.badInput);
    const first = JSON.parse((await runAs('old', 'key', 'revoke', fingerprint.slice(0, 8), '--json')).stdout);
    const again = JSON.parse((await runAs('old', 'key', 'revoke', 'mine', '--json')).stdout);
    expect(again.revoked_at).toBe(first.revoked_at);
    expect((await runAs('old', 'key', 'list')).stdout).toContain(`yours, revoked at ${first.revoked_at}`);
    copy('hi.png', 'old.png');
    expect((await runAs('old', 'sign', 'old.png', '--key', 'mine')).stderr).toContain('revoked at');
    // The name is taken for good, so another has to be made.
    expect((await runAs('old', 'sign', 'old.png')).stderr).toMatch(
      /found none that is not revoked\nhint: gvpie key create NAME\n/,
    );
    expect((await runAs('empty', 'sign', 'old.png')).stderr).toMatch(/found none\nhint: gvpie key create\n/);
    place.write('old/mine.revoked', 'whenever');
    expect((await runAs('old', 'key', 'list')).stdout).toContain('revoked at unknown');
  });

  it('signs nothing where others may read it or look into its folder, and believes nothing that others may write', async () => {
    await keysWith('open');
    copy('hi.png', 'open.png');
    const was = place.read('open.png');
    for (const [path, mode, right] of [
      ['open/mine.pem', 0o640, 0o600],
      ['open/mine.pem', 0o604, 0o600],
      ['open', 0o750, 0o700],
    ] as const) {
      chmodSync(place.at(path), mode);
      const { code, stderr } = await runAs('open', 'sign', 'open.png');
      expect([code, stderr]).toEqual([EXIT.badInput, expect.stringContaining(`chmod ${right.toString(8)}`)]);
      expect((await runAs('open', 'key', 'list')).code).toBe(EXIT.ok);
      chmodSync(place.at(path), right);
    }
    for (const [path, mode, right] of [
      ['open', 0o720, 0o700],
      ['open/mine.pub', 0o646, 0o644],
    ] as const) {
      chmodSync(place.at(path), mode);
      expect((await runAs('open', 'key', 'list')).code).toBe(EXIT.badInput);
      chmodSync(place.at(path), right);
    }
    expect(place.read('open.png').equals(was)).toBe(true);
    expect((await runAs('open', 'sign', 'open.png')).code).toBe(EXIT.ok);
  });
});

describe('gvpie sign', () => {
  it('adds one chunk, once for each key, and keeps permissions and other names of the file', async () => {
    await keysWith('two', 'ann');
    await runAs('two', 'key', 'create', 'bob');
    copy('hi.png', 'two.png');
    chmodSync(place.at('two.png'), 0o640);
    linkSync(place.at('two.png'), place.at('two-linked.png'));
    expect((await runAs('two', 'sign', 'two.png')).stderr).toContain('found ann, bob');
    expect((await runAs('two', 'sign', 'two.png', '--key', 'ann')).stdout).toMatch(
      /^two\.png {2}signed by ann at /,
    );
    const once = place.read('two.png');
    expect((await runAs('two', 'sign', 'two.png', '--key', 'ann')).stdout).toContain(
      'was signed already by ann',
    );
    expect(place.read('two.png').equals(once)).toBe(true);
    expect((await runAs('two', 'sign', 'two.png', '--key', 'bob')).code).toBe(EXIT.ok);
    expect(openCartridge(place.read('two.png')).signatures).toHaveLength(2);
    expect(modeOf('two.png')).toBe(0o640);
    expect(place.read('two-linked.png').equals(place.read('hi.png'))).toBe(true);
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.wet'))).toEqual([]);
  });

  it('refuses what is no cartridge or contradicts itself, and signs the others', async () => {
    await keysWith('some');
    const { label, run: made, text, canvas, pixels } = openCartridge(place.read('hi.png'));
    const lying = {
      pixels,
      canvas,
      label: { ...label, program: 'HALT' },
      run: made,
      createdAt: text.created_at,
    };
    place.write('lying.png', press(lying));
    place.write('torn.png', place.read('hi.png').subarray(0, 90));
    copy('hi.png', 'last.png');
    const { code, stdout, stderr } = await runAs(
      'some',
      'sign',
      'lying.png',
      'torn.png',
      'none.png',
      'last.png',
    );
    expect([code, stdout]).toEqual([
      EXIT.badInput,
      expect.stringMatching(/^last\.png {2}signed by mine at [^\n]*\n$/),
    ]);
    expect(stderr).toContain('found program-checksum');
    expect(stderr).toContain('CART-E002');
    expect(stderr).toContain('none.png, found no file');
  });

  it('refuses a file that may only be read, and a 17th signature', async () => {
    await keysWith('last');
    copy('hi.png', 'shut.png');
    chmodSync(place.at('shut.png'), 0o444);
    expect((await runAs('last', 'sign', 'shut.png')).stderr).toContain('which may only be read');
    const full = (count: number): Uint8Array => {
      let file: Uint8Array = place.read('hi.png');
      for (let n = 0; n < count; n++) file = withSignature(file, `{"n":${n}}`);
      return file;
    };
    place.write('full.png', full(15));
    expect((await runAs('last', 'sign', 'full.png')).code).toBe(EXIT.ok);
    place.write('full.png', full(16));
    expect((await runAs('last', 'sign', 'full.png')).stderr).toContain('found 16, which is the most');
  });
});

describe('gvpie verify of signed cartridges', () => {
  it('says who signed and when, by name or as unknown, and is ok', async () => {
    const { key, fingerprint } = await keysWith('keys', 'ann');
    copy('hi.png', 'signed.png');
    const [{ signed_at }] = await json('sign', 'signed.png');
    const known = await run('verify', 'signed.png');
    expect([known.code, known.stdout]).toEqual([
      EXIT.ok,
      expect.stringMatching(
        new RegExp(`^ok {6}signed\\.png {2}\\w{64}\n {8}signed by ann at ${signed_at}\n$`),
      ),
    ]);
    expect(await json('verify', 'signed.png')).toMatchObject([
      {
        verdict: 'ok',
        signatures: [{ state: 'valid', key, fingerprint, who: 'ann', signed_at, revoked_at: null }],
      },
    ]);
    const stranger = await runAs('strangers', 'verify', 'signed.png');
    expect(stranger.stdout).toContain(`signed by unknown key ${fingerprint} at ${signed_at}`);
    expect([stranger.code, existsSync(place.at('strangers'))]).toEqual([EXIT.ok, false]);
    expect((await run('inspect', 'signed.png')).stdout).toMatch(/^signature +signed by ann at /m);
    expect(await json('inspect', 'signed.png')).toMatchObject({
      signatures: [{ state: 'valid', who: 'ann' }],
    });
  });

  it('rejects false and broken signatures of a picture that is right, and knows a newer kind', async () => {
    const signed = place.read('signed.png');
    const again = (change: (text: string) => string): Uint8Array => {
      const { signatures } = openCartridge(signed);
      const text = Buffer.from(signatures[0]?.data ?? [])
        .toString()
        .slice(20);
      return withSignature(place.read('hi.png'), change(text));
    };
    place.write(
      'same.png',
      again((text) => text),
    );
    expect((await run('verify', 'same.png')).code).toBe(EXIT.ok);
    place.write(
      'backdated.png',
      again((text) => text.replace(/"signed_at":"\d{4}/, '"signed_at":"1999')),
    );
    place.write(
      'broken.png',
      again((text) => text.slice(1)),
    );
    place.write(
      'newer.png',
      again((text) => text.replace('Ed25519', 'Ed448')),
    );
    for (const [path, state, words] of [
      ['backdated.png', 'invalid', 'false signature, said to be by ann at 1999'],
      ['broken.png', 'unreadable', 'broken signature: '],
    ] as const) {
      const { code, stdout } = await run('verify', path);
      expect([code, stdout]).toEqual([EXIT.signature, expect.stringContaining(words)]);
      expect(stdout).toMatch(/^not ok .* {2}the picture is right, but a signature is not good$/m);
      expect(await json('verify', path)).toMatchObject([
        { verdict: 'signature-rejected', signatures: [{ state }] },
      ]);
    }
    const { code, stdout } = await run('verify', 'newer.png');
    expect([code, stdout]).toEqual([
      EXIT.ok,
      expect.stringContaining('unknown algorithm, perhaps a newer one'),
    ]);
    expect((await run('verify', 'newer.png', '--signed-by', 'ann')).code).toBe(EXIT.signature);
  });

  it('says that a key was revoked, and rejects what it signed before too', async () => {
    await keysWith('gone');
    copy('hi.png', 'gone.png');
    await runAs('gone', 'sign', 'gone.png');
    expect((await runAs('gone', 'verify', 'gone.png', '--signed-by', 'mine')).code).toBe(EXIT.ok);
    await runAs('gone', 'key', 'revoke', 'mine');
    const { code, stdout } = await runAs('gone', 'verify', 'gone.png');
    expect([code, stdout]).toEqual([
      EXIT.signature,
      expect.stringMatching(/signed by mine at \S+; the key was revoked at \d/),
    ]);
    expect((await runAs('gone', 'verify', 'gone.png', '--signed-by', 'mine')).code).toBe(EXIT.signature);
    expect((await runAs('strangers', 'verify', 'gone.png')).code).toBe(EXIT.ok);
  });

  it('believes a revoked key under no other name either', async () => {
    await keysWith('named', 'ann');
    for (const name of ['aaa', 'zed']) copy('named/ann.pub', `named/${name}.pub`);
    copy('hi.png', 'named.png');
    await runAs('named', 'sign', 'named.png', '--key', 'ann');
    expect((await runAs('named', 'verify', 'named.png', '--signed-by', 'zed')).code).toBe(EXIT.ok);
    await runAs('named', 'key', 'revoke', 'ann');
    for (const name of ['aaa', 'ann', 'zed'])
      expect((await runAs('named', 'verify', 'named.png', '--signed-by', name)).code).toBe(EXIT.signature);
    expect((await runAs('named', 'key', 'list')).stdout.match(/revoked at/g)).toHaveLength(3);
  });

  it('asks for a certain key where it is told to', async () => {
    await run('key', 'create', 'other');
    expect((await run('verify', 'signed.png', '--signed-by', 'ann')).code).toBe(EXIT.ok);
    const other = await run('verify', 'signed.png', '--signed-by', 'other');
    expect(other).toMatchObject({
      code: EXIT.signature,
      stdout: expect.stringContaining('the picture is right, but there is no good signature by other\n'),
    });
    expect((await run('verify', 'hi.png', '--signed-by', 'ann')).code).toBe(EXIT.signature);
    expect(await json('verify', 'hi.png', '--signed-by', 'ann')).toMatchObject([{ lacks: 'ann' }]);
    expect((await run('verify', 'hi.png', '--signed-by', 'nobody')).code).toBe(EXIT.badInput);
    expect((await run('verify', 'hi.png')).code).toBe(EXIT.ok);
  });

  it('renders again all the same: a good signature on a wrong picture changes no verdict', async () => {
    const { label, run: made, text, canvas, pixels } = openCartridge(place.read('hi.png'));
    const { createHash } = await import('node:crypto');
    const other = Uint8Array.from(pixels, (byte, at) => (at === 0 ? byte ^ 1 : byte));
    const checksum = createHash('sha256').update(other).digest('hex');
    const forged = {
      pixels: other,
      canvas,
      label: { ...label, checksum },
      run: made,
      createdAt: text.created_at,
    };
    place.write('forged.png', press(forged));
    expect((await run('sign', 'forged.png', '--key', 'ann')).code).toBe(EXIT.ok);
    const { code, stdout } = await run('verify', 'forged.png', '--signed-by', 'ann');
    expect([code, stdout]).toEqual([EXIT.failed, expect.stringContaining('the program gives other pixels')]);
    expect(await json('verify', 'forged.png')).toMatchObject([
      { verdict: 'pixels-differ', whose: 'rerender', signatures: [{ state: 'valid', who: 'ann' }] },
    ]);
  });
});
