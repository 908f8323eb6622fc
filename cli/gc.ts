/** `gvpie gc`: what the rules of retention let go: counted, or with `--sweep` removed. */
import { resolve } from 'node:path';
import { SWEPT_KINDS, type SweptKind, stoppedWords, type Tally } from '../orchestrator/fuse.ts';
import type { Database } from '../orchestrator/host/migrate.ts';
import { ScriptCatalog } from '../orchestrator/host/script-catalog.ts';
import { shelfWithObjects } from '../orchestrator/host/shelf.ts';
import { SweepRecord } from '../orchestrator/host/sweep-record.ts';
import { SweepTable } from '../orchestrator/host/sweep-table.ts';
import { GRACE_MS } from '../orchestrator/retention.ts';
import type { SweepResult } from '../orchestrator/sweep-doors.ts';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { keepRulesOf, keepsAll } from '../shared/keep-rule.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Settings } from '../shared/settings.ts';
import { scriptNamed, withDatabase, withDatabaseToRead } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { count, say, sayJson, sayTable } from './print.ts';
import { Refusal, wrongUsage } from './refusal.ts';
import { styleOf } from './style.ts';
import { right } from './table.ts';
import { spanWords } from './time-words.ts';

interface GcOptions {
  readonly script?: readonly string[];
  readonly sweep?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

type Space = ReturnType<SweepTable['space']>;

/** What a sweep came to, and what the database has of pages then. */
interface Swept {
  readonly result: SweepResult;
  readonly space: Space;
}

/** @param flags the rules that were given as flags, as arguments for another gvpie */
export async function collectGarbage(
  options: GcOptions,
  settings: Settings,
  flags: readonly string[],
): Promise<ExitCode> {
  const rules = keepRulesOf(settings);
  if ([rules.runs, rules.logs, rules.cartridges].every(keepsAll)) {
    throw wrongUsage(
      'Expected a rule of what to keep, found that all is kept',
      'gvpie gc --keep-runs 30d; GVPIE_KEEP_RUNS=30d says it for good',
    );
  }
  // To count is to read: also of a database on a disk that nobody can write, and as it is.
  const open = options.sweep === true ? withDatabase<Swept> : withDatabaseToRead<Swept>;
  const { result, space } = await open(settings, async (database) => {
    const scripts = scriptIds(database, options.script);
    const shelf = shelfWithObjects(diskFiles, settings.cartridges, settings.durability);
    const record = new SweepRecord(database, shelf, systemClock, pause);
    const order = { ...rules, isMeant: options.sweep === true, isForced: options.yes === true };
    const result = await record.sweep(scripts === undefined ? order : { ...order, scripts });
    if (order.isMeant && scripts === undefined) record.note(result, systemClock.iso());
    return { result, space: new SweepTable(database).space() };
  });
  if (options.json) sayJson(json(result, settings, space));
  else report(result, settings, space, command(options, flags));
  if (result.left > 0) {
    throw new Refusal(
      EXIT.internal,
      `Could not remove ${count(result.left, 'cartridge')}: ${result.leftWhy}`,
      'no run is shown with it any more; gvpie gc --sweep tries again',
    );
  }
  return result.status === 'fuse' ? EXIT.failed : EXIT.ok;
}

/** A turn for whoever waits for the database. */
function pause(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** @throws {Refusal} when there is no such script */
function scriptIds(database: Database, names: readonly string[] | undefined): Set<number> | undefined {
  if (names === undefined) return undefined;
  const catalog = new ScriptCatalog(database);
  return new Set(names.map((name) => scriptNamed(catalog, name).id));
}

const RULE_OF = {
  runs: 'keepRuns',
  jobs: 'keepRuns',
  logs: 'keepLogs',
  cartridges: 'keepCartridges',
} as const;

function report(result: SweepResult, settings: Settings, space: Space, again: string): void {
  const { status, tallies, gone, blown } = result;
  const style = styleOf(process.stdout);
  sayTable(
    [
      { title: 'KIND', dress: style.bold },
      { title: 'KEEPS' },
      ...['OF', status === 'swept' ? 'GONE' : 'GO', 'SHARE', 'BYTES'].map(right),
      { title: 'OLDEST' },
      { title: 'NEWEST' },
    ],
    SWEPT_KINDS.map((kind) => {
      const tally = tallies[kind];
      const went = status === 'swept' ? gone[kind] : tally.go;
      return [
        kind,
        settings[RULE_OF[kind]],
        ...[String(tally.of), String(went), share(tally), String(tally.goBytes)],
        ...[iso(tally.oldestMs), iso(tally.newestMs)],
      ];
    }),
  );
  const total = SWEPT_KINDS.reduce((sum, kind) => sum + tallies[kind].go, 0);
  if (status === 'swept') {
    say(spaceWords(space));
    say(`the longest transaction took ${result.longestMs} ms`);
  } else if (status === 'fuse') {
    say(style.yellow(`${stoppedWords(tallies)}; nothing was removed`));
    say(`${again} --yes removes it`);
  } else if (total === 0)
    say(`nothing would go; what ended less than ${spanWords(GRACE_MS)} ago stays in any case`);
  else say(`nothing was removed; ${again}${blown.length > 0 ? ' --yes' : ''} removes it`);
}

function command({ script = [] }: GcOptions, flags: readonly string[]): string {
  return ['gvpie gc', ...flags, ...script.map((name) => `--script ${JSON.stringify(name)}`), '--sweep'].join(
    ' ',
  );
}

function spaceWords({ pages, freePages, pageBytes }: Space): string {
  const free = freePages * pageBytes;
  return `the database has ${pages * pageBytes} bytes; ${free} of them are free, and are used again before it grows`;
}

/** In tenths of a percent, rounded up: what is over the fuse shows so. */
function share({ of, go }: Tally): string {
  return of === 0 ? '' : `${(Math.ceil((go * 1_000) / of) / 10).toFixed(1)} %`;
}

function iso(ms: number | null): string {
  return ms === null ? '' : new Date(ms).toISOString();
}

function json(result: SweepResult, settings: Settings, space: Space): object {
  const { status, tallies, gone, blown, left, longestMs } = result;
  const kind = (name: SweptKind): object => {
    const { of, ofBytes, go, goBytes, oldestMs, newestMs } = tallies[name];
    return {
      ...{ keeps: settings[RULE_OF[name]], of, of_bytes: ofBytes, go, go_bytes: goBytes },
      ...{ oldest: iso(oldestMs) || null, newest: iso(newestMs) || null, gone: gone[name] },
    };
  };
  return {
    status,
    kinds: Object.fromEntries(SWEPT_KINDS.map((name) => [name, kind(name)])),
    fuse_percent: LIMITS.sweptPercent,
    blown,
    left,
    longest_ms: longestMs,
    database: {
      path: resolve(settings.database),
      bytes: space.pages * space.pageBytes,
      free_bytes: space.freePages * space.pageBytes,
    },
  };
}
