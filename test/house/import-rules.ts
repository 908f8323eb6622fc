/** The rules of "Who may import whom" as functions from a map of modules to objections. */
import { dirname, posix } from 'node:path';

/** One `import`, `export … from` or `import()` of a module. */
interface Import {
  /** As written: `./list.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** Path from the root when the specifier is relative, else undefined. */
  readonly target: string | undefined;
  /** Whether the whole statement is `import type` or `export type`. */
  readonly typeOnly: boolean;
  /** What stands between `{` and `}`, without `type` and `as`; `*` for anything else. */
  readonly names: readonly string[];
}

/** Path → source text. */
export type ModuleMap = ReadonlyMap<string, string>;

/** Gives one line per breach; none when the rule holds. */
export type Rule = (modules: ModuleMap) => string[];

/** The text without comments; strings stay as they are. */
function withoutComments(text: string): string {
  const stringOrComment =
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(stringOrComment, (_, string: string | undefined) => string ?? ' ');
}

/** Every import of a module's text. */
export function importsOf(path: string, text: string): Import[] {
  const statement =
    /(?:^|[;}])[ \t]*(?:import|export)\b([^'"`;()=]*?)\bfrom\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...withoutComments(text).matchAll(statement)].map((match) => {
    const clause = match[1] ?? '';
    const specifier = match[2] ?? match[3] ?? match[4] ?? '';
    const braces = /^\s*(?:type\s)?\s*\{([^}]*)\}\s*$/.exec(clause)?.[1];
    const names = braces?.split(',').map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s.*$/, ''),
    );
    return {
      specifier,
      target: specifier.startsWith('.') ? posix.join(dirname(path), specifier) : undefined,
      typeOnly: /^\s*type\b/.test(clause),
      names: names?.filter((name) => name !== '') ?? ['*'],
    };
  });
}

const roomOf = (path: string): string => path.split('/')[0] ?? '';
const isHost = (path: string): boolean => path.includes('/host/');
const isMain = (path: string): boolean => path.endsWith('/main.ts');
const isDaemon = (path: string): boolean => path.endsWith('/daemon.ts');
const isPure = (path: string): boolean =>
  !isHost(path) && !isMain(path) && !isDaemon(path) && roomOf(path) !== 'cli';

/** Runs `judge` over every import of every module and keeps the objections. */
function overImports(
  modules: ModuleMap,
  judge: (path: string, found: Import) => string | undefined,
): string[] {
  const objections: string[] = [];
  for (const [path, text] of modules) {
    for (const found of importsOf(path, text)) {
      const objection = judge(path, found);
      if (objection !== undefined) objections.push(`${path} imports ${found.specifier}: ${objection}`);
    }
  }
  return objections;
}

/** The daemons share `shared/` and a directory, nothing else; and what is shared knows neither. */
export const daemonsStayApart: Rule = (modules) =>
  overImports(modules, (path, { target }) => {
    if (target === undefined) return undefined;
    const forbidden: Record<string, readonly string[]> = {
      orchestrator: ['renderer'],
      renderer: ['orchestrator'],
      shared: ['orchestrator', 'renderer'],
    };
    const room = roomOf(path);
    return forbidden[room]?.includes(roomOf(target)) ? `${room} must not know ${roomOf(target)}` : undefined;
  });

/** The ends of the graph: programs, tests and measurements. */
export const endsAreNotImported: Rule = (modules) =>
  overImports(modules, (path, { target }) => {
    if (target === undefined) return undefined;
    const room = roomOf(target);
    if (isMain(target)) return 'main.ts is a program, not a module';
    if (room === 'test' || room === 'bench') return `nothing imports ${room}/`;
    if (room === 'cli' && roomOf(path) !== 'cli') return 'nothing imports cli/';
    return undefined;
  });

/** A relative import names a file that exists, so that no rule is passed by a misspelling. */
export const targetsExist: Rule = (modules) =>
  overImports(modules, (_, { target }) =>
    target === undefined || modules.has(target) ? undefined : 'there is no such module in the source rooms',
  );

/** What pure code may take from outside: `undefined` means all of a package's names. */
const PURE_PACKAGES: ReadonlyMap<string, RegExp | undefined> = new Map([
  ['zod', undefined],
  ['canonicalize', undefined],
  // The parser of ids; the makers of ids read the clock and draw random bits.
  ['uuidv7', /^UUID$/],
  // Ed25519 signs without chance; whose key it is comes in as an argument.
  ['node:crypto', /^(createHash|hash|createPublicKey|KeyObject|sign|verify)$/],
  // The calendar; `Cron` itself has timers and reads the clock.
  ['croner', /^(CronDate|CronPattern)$/],
  // Functions of their input; the rest of zlib works in streams and callbacks.
  ['node:zlib', /^(\w+Sync|crc32|constants)$/],
  // `resolve` and `relative` read the working directory.
  ['node:path/posix', /^(join|basename|dirname|extname|normalize)$/],
]);

/** Pure code imports pure code, and of packages only functions of their input. */
export const pureImportsPure: Rule = (modules) =>
  overImports(modules, (path, { specifier, target, names }) => {
    if (!isPure(path)) return undefined;
    if (target !== undefined) return isPure(target) ? undefined : 'pure code imports pure code only';
    if (!PURE_PACKAGES.has(specifier)) return 'pure code must not use this package';
    const allowed = PURE_PACKAGES.get(specifier);
    const refused = names.filter((name) => allowed !== undefined && !allowed.test(name));
    return refused.length > 0 ? `pure code must not use ${refused.join(', ')}` : undefined;
  });

/** The daemons are written against interfaces: of the doors they know the types only. */
export const daemonsKnowInterfacesOnly: Rule = (modules) =>
  overImports(modules, (path, { specifier, target, typeOnly }) => {
    if (!isDaemon(path) || typeOnly) return undefined;
    if (target !== undefined)
      return isPure(target) ? undefined : 'a daemon may import only types from a door';
    return PURE_PACKAGES.has(specifier) ? undefined : 'a daemon reaches the world through its doors';
  });

/** Geometry is numbers only: it takes the exact arithmetic of the machine, and knows nothing of programs and painters. */
export const geometryStaysApart: Rule = (modules) =>
  overImports(modules, (path, { target }) => {
    if (!path.startsWith('renderer/geometry/')) return undefined;
    const allowed = /^(shared\/|renderer\/geometry\/|renderer\/machine\/(integer|trigonometry)\.ts$)/;
    return target !== undefined && allowed.test(target) ? undefined : 'geometry knows numbers only';
  });

/** Shades are numbers and what is done with them: programs become shades elsewhere, and painters paint them elsewhere. */
export const shadesStayApart: Rule = (modules) =>
  overImports(modules, (path, { target }) => {
    if (!path.startsWith('renderer/shade/')) return undefined;
    const allowed =
      /^(shared\/|renderer\/shade\/|renderer\/machine\/(chance|fixed|integer|trigonometry)\.ts$)/;
    return target !== undefined && allowed.test(target) ? undefined : 'a shade knows numbers only';
  });

/** The clock, chance and the process by their names. */
const WORLD =
  /\bprocess\.|\bDate\.now\b|\bMath\.random\b|\bnew Date\(\s*\)|\bperformance\.now\b|\brandomUUID\b|\bset(?:Timeout|Interval|Immediate)\b/;

/** Pure code and the daemons mention no clock, no chance and no process; comments may. */
export const pureMentionsNoWorld: Rule = (modules) =>
  [...modules].flatMap(([path, text]) => {
    const found = isPure(path) || isDaemon(path) ? WORLD.exec(withoutComments(text))?.[0] : undefined;
    return found === undefined ? [] : [`${path} mentions ${found}: ids and time come in as arguments`];
  });

/** Each package's one door. A package without a door here is refused everywhere. */
const DOORS: ReadonlyMap<string, RegExp> = new Map([
  ['chokidar', /^renderer\/host\/inbox\.ts$/],
  ['better-sqlite3', /^(orchestrator\/host\/[\w-]+|shared\/host\/lock)\.ts$/],
  ['webgpu', /^renderer\/host\/gpu\/device\.ts$/],
  ['pino', /^shared\/host\/journal\.ts$/],
  ['pino-pretty', /^shared\/host\/journal\.ts$/],
  ['commander', /^cli\//],
  ['croner', /^orchestrator\/cron\.ts$/],
  ['zod', /./],
  ['canonicalize', /./],
  ['uuidv7', /./],
]);

export const packagesHaveOneDoor: Rule = (modules) =>
  overImports(modules, (path, { specifier, target }) => {
    if (target !== undefined || specifier.startsWith('node:')) return undefined;
    const door = DOORS.get(specifier);
    if (door === undefined) return 'the house knows no such package';
    return door.test(path) ? undefined : `its door is ${door.source}`;
  });

/** No cycles, types included: each cycle is given once, as the path round it. */
export const noCycles: Rule = (modules) => {
  const objections: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      objections.push(`cycle: ${[...trail.slice(start), path].join(' → ')}`);
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    for (const { target } of importsOf(path, modules.get(path) ?? '')) {
      if (target !== undefined && modules.has(target)) visit(target);
    }
    trail.pop();
    finished.add(path);
  };
  for (const path of modules.keys()) visit(path);
  return objections;
};
