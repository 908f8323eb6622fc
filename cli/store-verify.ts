/** `gvpie store verify`: holds every cartridge to its checksum, and says what lies beside them. */
import { pictureFindings } from '../orchestrator/host/store-pictures.ts';
import type { StoreFinding } from '../orchestrator/host/store-walk.ts';
import { isGrave, type Problem } from '../orchestrator/store-verdict.ts';
import type { Settings } from '../shared/settings.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { count, snakeCase } from './print.ts';
import { beginProgress } from './progress-line.ts';
import { Outlet } from './replay-report.ts';
import { breathe, withStoreToRead } from './store-open.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

interface VerifyOptions {
  readonly deep?: boolean;
  readonly jobs?: number;
  readonly input?: readonly string[];
  readonly json?: boolean;
}

const BESIDE = new Set(['foreign', 'renamed', 'leftover', 'orphan', 'stray']);

/** Whether the command has found something wrong, and not only something to know. */
export function isWrong({ problem }: StoreFinding): boolean {
  return !BESIDE.has(problem) && isGrave(problem as Problem);
}

/** @returns where it renders again, the worse of both exit codes */
export async function verifyStore(options: VerifyOptions, settings: Settings): Promise<number> {
  if (!options.deep) return verifyFiles(options, settings);
  const { jobs, input, json } = options;
  // Both write their documents as they come, and there is to be one.
  const outlet = new Outlet();
  const between = async (text: string): Promise<void> => {
    if (json) await outlet.write(text);
  };
  await between('{"files":');
  const code = await verifyFiles(options, settings);
  await between(',"replay":');
  const { replay } = await import('./replay.ts');
  const again = await replay(
    [],
    { all: true, ...(jobs && { jobs }), ...(input && { input }), ...(json && { json }) },
    settings,
  );
  await between('}\n');
  return again === EXIT.ok ? code : again;
}

async function verifyFiles({ json = false }: VerifyOptions, settings: Settings): Promise<ExitCode> {
  const outlet = new Outlet();
  const counts = new Map<string, number>();
  let cartridges = 0;
  let total = 0;
  const progress = beginProgress(() => `verify  ${cartridges} of ${total}`);
  let objects = 0;
  let pictures = 0;
  let told = 0;
  let isOk = true;
  const tell = async (finding: StoreFinding): Promise<void> => {
    counts.set(finding.problem, (counts.get(finding.problem) ?? 0) + 1);
    if (isWrong(finding)) isOk = false;
    // There are as many of them as cartridges where none has an object yet: they are counted.
    if (!json && QUIET.has(finding.problem)) return;
    progress.wipe();
    await outlet.write(
      json ? `${told++ === 0 ? '{"findings":[\n' : ',\n'}${jsonOf(finding)}` : `${lineOf(finding)}\n`,
    );
  };
  await withStoreToRead(settings, async (walk) => {
    total = walk.table.count();
    for (const finding of walk.cartridges()) {
      if (finding !== undefined) await tell(finding);
      if (++cartridges % 64 === 0) await breathe();
      if (outlet.isUnread) return;
    }
    for (const finding of pictureFindings(walk)) {
      pictures++;
      if (finding !== undefined) await tell(finding);
      await breathe();
    }
    for (const finding of walk.besides()) if (finding !== undefined) await tell(finding);
    for (const { finding } of walk.amongObjects()) {
      if (finding?.problem !== 'stray') objects++;
      if (finding !== undefined) await tell(finding);
    }
  }).finally(() => progress.end());
  const found = Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  if (json) {
    const head = told === 0 ? '{"findings":[' : '\n';
    await outlet.write(
      `${head}],"cartridges":${cartridges},"objects":${objects},"pictures":${pictures},"found":${JSON.stringify(found)},"ok":${isOk}}\n`,
    );
  } else {
    const words = Object.entries(found).map(([problem, number]) => `${number} ${problem}`);
    await outlet.write(
      `${count(cartridges, 'cartridge')}, ${count(objects, 'object')}${pictures === 0 ? '' : `, ${count(pictures, 'picture')}`}: ${words.join(', ') || 'all is well'}\n`,
    );
  }
  return isOk ? EXIT.ok : EXIT.failed;
}

const QUIET = new Set<string>(['object-missing', 'unsummed']);

/** A finding as a line. */
function lineOf(finding: StoreFinding): string {
  const { red, yellow } = styleOf(process.stdout);
  const [line = ''] = fieldLines([[finding.path, finding.message] as const]);
  return `${(isWrong(finding) ? red : yellow)(finding.problem.padEnd(14))} ${line}`;
}

/** A finding as JSON. */
function jsonOf({ path, problem, message, object }: StoreFinding): string {
  return JSON.stringify(snakeCase({ path, problem, message, object: object ?? null }));
}
