/** `gvpie store repair`: gives names back to cartridges whose content is there, and objects to those that have none. */
import { join } from 'node:path';
import { type Source, StoreRepair } from '../orchestrator/host/store-repair.ts';
import { sha256Hex } from '../shared/bytes.ts';
import { PeerFault } from '../shared/faults.ts';
import { diskFiles } from '../shared/host/files.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { typedPath } from './npm.ts';
import { complain, count, say, sayJson } from './print.ts';
import { beginProgress } from './progress-line.ts';
import { alone, breathe, withStore } from './store-open.ts';
import { isWrong } from './store-verify.ts';
import { fieldLines } from './table.ts';

interface RepairOptions {
  readonly dryRun?: boolean;
  readonly from?: string;
  readonly json?: boolean;
}

/** Most cartridges that are named; the others are counted. */
const NAMED = 1_000;

export async function repairStore(options: RepairOptions, settings: Settings): Promise<ExitCode> {
  const { dryRun = false, from, json = false } = options;
  const names: { path: string; from: string; aside: string | null }[] = [];
  const left: { path: string; problem: string; message: string }[] = [];
  const counts = { names: 0, objects: 0, left: 0 };
  let noObjects: string | null = null;
  let seen = 0;
  let total = 0;
  const progress = beginProgress(() => `repair  ${seen} of ${total}`);
  await alone(settings, () =>
    withStore(settings, async (walk) => {
      const repair = new StoreRepair(walk, from === undefined ? undefined : backupAt(typedPath(from)));
      total = walk.table.count();
      for (const finding of walk.cartridges()) {
        if (++seen % 64 === 0) await breathe();
        if (finding === undefined) continue;
        const { path, problem, message } = finding;
        const isDone = dryRun ? repair.can(finding) : await repair.repair(finding);
        if (isDone === true || (typeof isDone === 'object' && isDone.did !== 'nothing')) {
          if (problem.startsWith('object-')) counts.objects++;
          else {
            counts.names++;
            const aside = typeof isDone === 'object' && isDone.did === 'name' ? (isDone.aside ?? null) : null;
            const source = typeof isDone === 'object' && isDone.did === 'name' ? isDone.from : 'object';
            if (names.length < NAMED) names.push({ path, from: source, aside });
          }
        } else if (isWrong(finding)) {
          counts.left++;
          if (left.length < NAMED) left.push({ path, problem, message });
        }
      }
      ({ noObjects } = repair);
    }),
  ).finally(() => progress.end());
  if (json)
    sayJson({
      dry_run: dryRun,
      repaired: counts.names,
      objects: counts.objects,
      left: counts.left,
      names,
      troubles: left,
    });
  else {
    const would = dryRun ? 'would be put back' : 'put back';
    for (const { path, aside } of names) {
      say(
        fieldLines([[path, aside === null ? would : `${would}; what lay there is ${aside}`] as const]).join(
          '',
        ),
      );
    }
    for (const { path, problem, message } of left)
      say(`not ok  ${fieldLines([[path, `${problem}: ${message}`] as const]).join('')}`);
    say(
      `${count(counts.names, 'name')} and ${count(counts.objects, 'object')} ${dryRun ? 'would be made' : 'made'}; ${counts.left} left`,
    );
  }
  if (noObjects !== null) complain(`no objects were made: ${noObjects}`);
  return counts.left === 0 ? EXIT.ok : EXIT.failed;
}

/** Where backups keep cartridges by the checksum of their files. */
function backupAt(folder: string): Source {
  return (sha256) => {
    try {
      const bytes = diskFiles.read(
        join(folder, 'objects', sha256.slice(0, 2), `${sha256}.png`),
        LIMITS.cartridgeBytes,
      );
      return bytes !== undefined && sha256Hex(bytes) === sha256 ? bytes : undefined;
    } catch (error) {
      if (error instanceof PeerFault) return undefined;
      throw error;
    }
  };
}
