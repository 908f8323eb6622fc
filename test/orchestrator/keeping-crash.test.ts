/** A backup and a restore die after each of their effects: what was there before is whole, and the next one succeeds. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { diskBulk } from '../../orchestrator/host/bulk.ts';
import { restoreBackup } from '../../orchestrator/host/restore.ts';
import { Vault } from '../../orchestrator/host/vault.ts';
import { diskFiles } from '../../shared/host/files.ts';
import { startProgram } from '../support/child.ts';
import { backUp, contentsOf, dump, engineIn, keptEngine, rowsOf } from '../support/kept-engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AT_A_TIME = 3;

/** An engine with one backup, and a change since then. */
let model: string;
let states: readonly [before: object, after: object];
beforeAll(async () => {
  const later: (() => void)[] = [];
  model = temporaryFolder((cleanUp) => later.push(cleanUp as () => void));
  const { database } = await keptEngine(model);
  await backUp(engineIn(model), join(model, 'backups'));
  const before = dump(database);
  // An object and a manifest go with the old backup, and the new one has an object of its own.
  const [gone] = rowsOf<{ file_name: string }>(
    database,
    "DELETE FROM cartridges WHERE file_name LIKE 'third%' RETURNING file_name",
  );
  execFileSync('rm', [join(model, 'cartridges', gone?.file_name ?? '')]);
  rowsOf(
    database,
    "UPDATE improvement_scripts SET code = 'by-hand-too.png' WHERE name = 'again' RETURNING 1",
  );
  const second = readdirSync(join(model, 'cartridges')).find((name) => name.startsWith('second'));
  execFileSync('python3', [
    '-c',
    // The same cartridge with another chunk has other bytes.
    `import sys,struct,zlib
data=open(sys.argv[1],'rb').read(); text=b'tEXtnote\\0by hand'
chunk=struct.pack('>I',len(text)-4)+text+struct.pack('>I',zlib.crc32(text))
open(sys.argv[2],'wb').write(data[:33]+chunk+data[33:])`,
    join(model, 'cartridges', second ?? ''),
    join(model, 'cartridges/by-hand-too.png'),
  ]);
  states = [before, dump(database)];
  return () => {
    for (const cleanUp of later) cleanUp();
  };
});

interface Death {
  readonly folder: string;
  readonly effects: readonly string[];
  readonly killed: boolean;
}

/** A copy of the model in which one of them dies after an effect; 0: after none. */
async function dieAfter(what: 'backup' | 'restore', effect: number): Promise<Death> {
  const folder = temporaryFolder();
  execFileSync('cp', ['-r', `${model}/.`, folder]);
  const { database, cartridges } = engineIn(what === 'backup' ? folder : join(folder, 'restored'));
  const place = { what, database, cartridges, folder: join(folder, 'backups'), keep: 1 };
  const child = startProgram('crashing-keeper', [JSON.stringify(place), `${effect}`]);
  const { code, signal } = await child.ended;
  if (effect === 0 && code !== 0) throw new Error(child.output());
  return {
    folder,
    effects: child.output().replaceAll(`${folder}/`, '').trimEnd().split('\n'),
    killed: signal === 'SIGKILL',
  };
}

async function restored(folder: string, to: string): Promise<object> {
  const { database, cartridges } = engineIn(to);
  const backups = join(folder, 'backups');
  const { troubles } = await restoreBackup(
    { files: diskFiles, bulk: diskBulk },
    { folder: backups, database, cartridges },
  );
  if (troubles.length > 0) throw new Error(JSON.stringify(troubles));
  return dump(database);
}

/** What is in a vault that nothing names, or that is half. */
function leftOver(folder: string): string[] {
  const vault = new Vault(diskFiles, join(folder, 'backups'));
  const named = new Set(
    vault.names().flatMap((name) => {
      const content = vault.manifest(name);
      return typeof content === 'object' ? content.cartridges.map(({ sha256 }) => sha256) : [];
    }),
  );
  return [...contentsOf(join(folder, 'backups')).keys()].filter(
    (path) =>
      !/^backups\/[^/]+\/(daemon\.db|manifest\.json)$|^backup\.lock/.test(path) &&
      !named.has(/([0-9a-f]{64})\.png$/.exec(path)?.[1] ?? ''),
  );
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

async function afterBackup({ folder }: Death): Promise<string[]> {
  const wrong: string[] = [];
  const before = await restored(folder, join(folder, 'first')).catch((error: Error) => error.message);
  if (!states.some((state) => same(state, before))) wrong.push(`what was there can be restored: ${before}`);
  const { troubles } = await backUp(engineIn(folder), join(folder, 'backups'), { keep: 1 });
  if (troubles.length > 0) wrong.push('the next backup is whole');
  if (!same(await restored(folder, join(folder, 'second')), states[1]))
    wrong.push('the next backup is of now');
  const left = leftOver(folder);
  if (left.length > 0) wrong.push(`nothing is left over: ${left.join(', ')}`);
  if (new Vault(diskFiles, join(folder, 'backups')).names().length !== 1) wrong.push('one backup stays');
  return wrong;
}

async function afterRestore({ folder }: Death): Promise<string[]> {
  const wrong: string[] = [];
  const to = join(folder, 'restored');
  if (!existsSync(engineIn(to).database)) await restored(folder, to);
  if (!same(dump(engineIn(to).database), states[0])) wrong.push('the database is as it was');
  const vault = new Vault(diskFiles, join(folder, 'backups'));
  const content = vault.manifest(vault.names()[0] ?? '');
  const paths = typeof content === 'object' ? content.cartridges.map(({ path }) => path) : [];
  if (!same([...contentsOf(engineIn(to).cartridges).keys()].sort(), [...paths].sort())) {
    wrong.push('the shelf has every cartridge and nothing else');
  }
  if (!same(readdirSync(to).sort(), ['cartridges', 'daemon.db']))
    wrong.push(`nothing is left: ${readdirSync(to)}`);
  return wrong;
}

describe.each([
  [
    'backup',
    afterBackup,
    [
      /a part of the snapshot/,
      /half of write .*objects/,
      /rename .*manifest\.json/,
      /remove .*manifest/,
      /remove .*objects/,
    ],
  ],
  [
    'restore',
    afterRestore,
    [/half of write .*cartridges/, /rename .*\.png$/, /half of copy/, /remove .*\.daemon\.db\.restoring$/],
  ],
] as const)('a %s', (what, objections, kinds) => {
  it('that dies after any of its effects leaves everything to be put right', {
    timeout: 120_000,
  }, async () => {
    const alive = await dieAfter(what, 0);
    expect(await objections(alive)).toEqual([]);
    for (const kind of kinds)
      expect(
        alive.effects.some((effect) => kind.test(effect)),
        `${kind}`,
      ).toBe(true);
    const left = alive.effects.map((_, index) => index + 1);
    const wrong: string[] = [];
    let deaths = 0;
    const work = async (): Promise<void> => {
      for (let effect = left.shift(); effect !== undefined; effect = left.shift()) {
        const death = await dieAfter(what, effect);
        if (death.killed) deaths++;
        for (const one of await objections(death))
          wrong.push(`after ${death.effects.at(-1)}: expected that ${one}`);
        execFileSync('rm', ['-rf', death.folder]);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    console.log(`${what}: ${alive.effects.length} effects, ${deaths} deaths`);
    expect(wrong).toEqual([]);
    expect(deaths).toBe(alive.effects.length);
  });
});

describe('the objections', () => {
  it('are raised by a torn object, a stray file and a torn database', async () => {
    const death = await dieAfter('backup', 0);
    const objects = join(death.folder, 'backups/objects');
    const [one = ''] = contentsOf(objects).keys();
    execFileSync('sh', [
      '-c',
      `printf x | dd of="${join(objects, one)}" bs=1 count=1 conv=notrunc status=none`,
    ]);
    execFileSync('touch', [join(death.folder, 'backups/stray')]);
    const found = await afterBackup(death).catch((error: Error) => [error.message]);
    expect(found.join('\n')).toContain('checksum');
    expect(leftOver(death.folder)).toEqual(['stray']);
  });
});
