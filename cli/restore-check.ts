/** `gvpie restore --check`: restores a backup aside, opens what came of it, renders a sample again, and takes it away. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diskBulk } from '../orchestrator/host/bulk.ts';
import type { Trouble } from '../orchestrator/host/keeping.ts';
import { type RestoreReport, restoreBackup } from '../orchestrator/host/restore.ts';
import { examineRestored, type Restored } from '../orchestrator/host/restored.ts';
import { CHECK_PREFIX } from '../orchestrator/host/vault.ts';
import { sampleOf } from '../orchestrator/sample.ts';
import { hostFault } from '../shared/host/file-fault.ts';
import { diskFiles } from '../shared/host/files.ts';
import { forcedExitCode, type Told } from '../shared/host/lifecycle.ts';
import { asRefusals, folderOfBackups, sayTroubles } from './backup.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { ImageFiles } from './image-files.ts';
import { beginKeepingProgress, type KeepingProgress } from './keeping-progress.ts';
import { typedPath } from './npm.ts';
import { count, say, sayJson } from './print.ts';
import { describe, type Finding, verify } from './verify.ts';

export interface CheckOptions {
  readonly backup?: string;
  /** How many cartridges are rendered again, or all of them. */
  readonly sample: number | 'all';
  /** A whole number of 32 bits; undefined: one that is the backup's own. */
  readonly seed?: number;
  /** Where the folder for it is made; undefined: beside the backups. */
  readonly at?: string;
  readonly json?: boolean;
}

/** What would leave the folder behind. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the language of today makes of a cartridge that was sampled. */
interface Sampled {
  readonly path: string;
  readonly finding: Finding;
}

export async function checkRestore(dir: string, options: CheckOptions): Promise<ExitCode> {
  const folder = folderOfBackups(dir);
  const progress = beginKeepingProgress('bytes');
  const aside = join(typedPath(options.at ?? dir), `${CHECK_PREFIX}${process.pid}`);
  const remove = (): void => rmSync(aside, { recursive: true, force: true });
  const leave = (signal: NodeJS.Signals): void => {
    remove();
    process.exit(forcedExitCode(signal as Told));
  };
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    makeAside(aside);
    const place = { database: join(aside, 'daemon.db'), cartridges: join(aside, 'cartridges') };
    const report = await asRefusals(`another check is made in ${aside}`, () =>
      restoreBackup(
        { files: diskFiles, bulk: diskBulk, hear: progress.hear },
        { folder, name: options.backup, ...place, isTemporary: true },
      ),
    );
    progress.say('the database: whether it is whole');
    const { paths, seed } = sampleOf(report.content, options.sample, options.seed);
    const restored = examineRestored(place.database, report.content, place.cartridges, paths);
    const sampled = await renderAgain(paths, place.cartridges, restored, progress);
    progress.end();
    return tell(report, restored, sampled, seed, options.json === true);
  } finally {
    progress.end();
    remove();
    for (const signal of SIGNALS) process.off(signal, leave);
  }
}

/** Beside the backups there is room, if anywhere, and what is restored there has come all the way. */
function makeAside(aside: string): void {
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { mode: 0o700 });
  } catch (error) {
    throw hostFault('make folder', aside, error);
  }
}

async function renderAgain(
  paths: readonly string[],
  folder: string,
  { holders }: Restored,
  progress: KeepingProgress,
): Promise<Sampled[]> {
  const sampled: Sampled[] = [];
  for (const path of paths) {
    progress.say(`rendered again: ${sampled.length} of ${paths.length}`);
    const full = join(folder, path);
    // As the daemon finds the pictures of IMAGEs: by its registry, however many lie beside.
    const named = (holders.get(path) ?? []).map((name) => join(folder, name));
    sampled.push({ path, finding: await verify(full, new ImageFiles(named)) });
  }
  return sampled;
}

function tell(
  { name, content, troubles }: RestoreReport,
  { complaints, version }: Restored,
  sampled: readonly Sampled[],
  seed: number,
  isJson: boolean,
): ExitCode {
  // What the language has come to mean since is no fault of the backup's.
  const changed = sampled.filter(({ finding }) => finding.verdict === 'semantics-changed');
  const wrong: Trouble[] = [
    ...troubles,
    ...complaints.map((message) => ({ path: 'daemon.db', message })),
    ...sampled
      .filter(({ finding }) => finding.verdict !== 'ok' && finding.verdict !== 'semantics-changed')
      // Whose object is damaged has been said.
      .filter(({ path }) => !troubles.some((trouble) => trouble.path === path))
      .map(({ path, finding }) => ({ path, message: describe(finding) })),
  ];
  const code = wrong.length === 0 ? EXIT.ok : EXIT.failed;
  if (isJson) {
    sayJson({
      backup: name,
      ok: code === EXIT.ok,
      cartridges: content.cartridges.length,
      missing: content.missing.length,
      migration: version,
      sample: { size: sampled.length, seed, changed: changed.map(({ path }) => path) },
      troubles: wrong,
    });
    return code;
  }
  const whole = content.cartridges.length - troubles.length;
  say(
    `${name}: ${whole} of ${count(content.cartridges.length, 'cartridge')} whole, database of version ${version}`,
  );
  const same = sampled.length - sampled.filter(({ finding }) => finding.verdict !== 'ok').length;
  say(`rendered again: ${sampled.length} (seed ${seed}), ${same} with the same pixels`);
  if (changed.length > 0) {
    say(
      `${count(changed.length, 'cartridge')} of them from when the language meant something else: ${changed[0]?.path}`,
    );
  }
  if (content.missing.length > 0) {
    say(`missing: ${count(content.missing.length, 'cartridge')} that the backup could not have either`);
  }
  sayTroubles(wrong);
  return code;
}
