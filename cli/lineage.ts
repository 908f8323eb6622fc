/** `gvpie lineage`: what a cartridge was made from, and what was made from it, as far as the registry and its label know. */
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { LineageTable, type Relative } from '../orchestrator/host/lineage-table.ts';
import { CartridgeShelf } from '../orchestrator/host/shelf.ts';
import { visible } from '../renderer/language/caret.ts';
import { readLabel } from '../shared/cartridge/open.ts';
import { diskFiles } from '../shared/host/files.ts';
import { checksumIn } from '../shared/inputs.ts';
import type { Settings } from '../shared/settings.ts';
import { hasDatabase, withDatabase } from './database.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { type Bounds, familyTree, type Kin, treeLines } from './family-tree.ts';
import { readCartridge } from './input.ts';
import { fromCartridge } from './inspect.ts';
import { typedPath } from './npm.ts';
import { say, sayJson, shorten } from './print.ts';
import { badInput } from './refusal.ts';

/** Cartridges of one tree that are told, and of one cartridge. */
const MOST: Omit<Bounds, 'depth'> = { nodes: 1_000, width: 100 };

export interface LineageOptions {
  /** Steps up, and down. */
  readonly depth: number;
  readonly json?: boolean;
}

/** Whom it is about, and what a file says beside the registry. */
interface Subject {
  readonly checksum: string;
  readonly parents: readonly string[];
  readonly file?: string;
}

/** What the registry is asked; without one it knows nothing. */
type Registry = Pick<LineageTable, 'ofPixels' | 'newestOf' | 'parentsOf' | 'childrenOf' | 'beginningWith'>;

const NO_REGISTRY: Registry = {
  ofPixels: () => [],
  newestOf: () => undefined,
  parentsOf: () => [],
  childrenOf: () => [],
  beginningWith: () => [],
};

/** Of a checksum that is not written out: the fewest, as of a key's fingerprint, and what a tree prints is more. */
const BEGINNING = /^[0-9a-f]{8,63}$/;

export async function tellLineage(
  who: string,
  options: LineageOptions,
  settings: Settings,
): Promise<ExitCode> {
  if (!hasDatabase(settings)) return tell(who, options, settings, NO_REGISTRY);
  return withDatabase(settings, (database) => tell(who, options, settings, new LineageTable(database)));
}

function tell(
  who: string,
  { depth, json }: LineageOptions,
  settings: Settings,
  registry: Registry,
): ExitCode {
  const subject = subjectOf(who, registry);
  const { checksum } = subject;
  const parentsOf = (of: string): string[] => [
    ...new Set([...(of === checksum ? subject.parents : []), ...registry.parentsOf(of)]),
  ];
  const bounds = { ...MOST, depth };
  const up = familyTree(checksum, (of, limit) => parentsOf(of).slice(0, limit), bounds);
  const down = familyTree(checksum, (of, limit) => registry.childrenOf(of, limit), bounds);
  const shelf = new CartridgeShelf(diskFiles, settings.cartridges, settings.durability);
  const known = (of: string) => describe(registry.ofPixels(of)[0], shelf);
  if (json) {
    sayJson({
      ...{ checksum, file: subject.file ?? null, ...known(checksum) },
      ...{ parents: jsonOf(up, known), children: jsonOf(down, known) },
    });
    return EXIT.ok;
  }
  const name = (of: string): string => {
    const { cartridge, script, swept } = known(of);
    const where = cartridge ?? (swept ? 'swept' : 'not known here');
    return `${of.slice(0, 12)}  ${visible(where)}${script === null ? '' : `  ${visible(shorten(script))}`}`;
  };
  say(subject.file === undefined ? name(checksum) : `${checksum.slice(0, 12)}  ${visible(subject.file)}`);
  for (const [title, tree] of [
    ['made from', up],
    ['made of it', down],
  ] as const) {
    const lines = treeLines(tree, name);
    say(lines.length === 0 ? `${title}: nothing that is known here` : `${title}:`);
    for (const line of lines) say(line);
  }
  return EXIT.ok;
}

/** @throws {Refusal} where nobody is meant */
function subjectOf(who: string, registry: Registry): Subject {
  const checksum = checksumIn(who);
  if (checksum !== undefined) {
    const isKnown = registry.ofPixels(checksum).length > 0 || registry.childrenOf(checksum, 1).length > 0;
    if (isKnown) return { checksum, parents: [] };
    throw badInput(
      `Expected the checksum of a cartridge's pixels, found ${checksum}, which is not known here`,
    );
  }
  // A folder may well be called as a script is.
  if (statSync(typedPath(who), { throwIfNoEntry: false })?.isDirectory() === false) {
    const { label } = fromCartridge(who, () => readLabel(readCartridge(who)));
    const parents = (label.parents ?? [])
      .map((parent) => parent.checksum)
      .filter((parent) => parent !== label.checksum);
    return { checksum: label.checksum, parents, file: who };
  }
  const newest = registry.newestOf(who);
  if (newest !== undefined) return { checksum: newest.checksum, parents: [] };
  const beginning = who.toLowerCase();
  const [begun, another] = BEGINNING.test(beginning) ? registry.beginningWith(beginning) : [];
  if (another !== undefined) throw badInput(`Expected one checksum that begins with ${who}, found several`);
  if (begun !== undefined) return { checksum: begun, parents: [] };
  throw badInput(
    `Expected a cartridge's file, a checksum, or a script with a cartridge, found ${JSON.stringify(who)}`,
    'gvpie script list shows the scripts',
  );
}

interface Known {
  /** Its place from here, where its file is on the shelf. */
  readonly cartridge: string | null;
  readonly script: string | null;
  readonly swept: boolean;
}

function describe(found: Relative | undefined, shelf: CartridgeShelf): Known {
  if (found === undefined) return { cartridge: null, script: null, swept: false };
  const path = found.isSwept ? undefined : shelf.locate(found.fileName);
  return {
    cartridge: path === undefined ? null : relative('', path),
    script: found.script,
    swept: found.isSwept,
  };
}

interface KinJson extends Known {
  readonly checksum: string;
  readonly again: boolean;
  readonly more: boolean;
  readonly kin: readonly KinJson[];
}

function jsonOf(tree: Kin, known: (checksum: string) => Known): { more: boolean; kin: KinJson[] } {
  const walk = ({ checksum, again, more, kin }: Kin): KinJson => ({
    ...{ checksum, ...known(checksum), again, more },
    kin: kin.map(walk),
  });
  return { more: tree.more, kin: tree.kin.map(walk) };
}
