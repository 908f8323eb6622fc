/** `gvpie verify`: whether cartridges are what they say, by rendering their programs again on the CPU. */

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { paintInTurns } from '../renderer/host/paint-in-turns.ts';
import { type FindImages, InputsMissing } from '../renderer/inputs.ts';
import { visible } from '../renderer/language/caret.ts';
import type { ImagePixels } from '../renderer/machine/pictures.ts';
import { Progress } from '../renderer/progress.ts';
import { cpuPainter } from '../renderer/raster/cpu-painter.ts';
import type { Painter } from '../renderer/raster/painter.ts';
import { render } from '../renderer/render.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { Effort } from '../shared/cartridge/effort.ts';
import { damaged, judge, judgeFile, type Verdict } from '../shared/cartridge/judge.ts';
import { type Cartridge, openCartridge } from '../shared/cartridge/open.ts';
import { AuthorFault, type Complaint } from '../shared/faults.ts';
import { systemClock } from '../shared/host/clock.ts';
import { isFolder } from '../shared/host/folders.ts';
import { NO_PARAMS } from '../shared/params.ts';
import type { Settings } from '../shared/settings.ts';
import { describeChanges, placeChanges } from './changes.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { ImageFiles, namedInputs } from './image-files.ts';
import { readCartridge } from './input.ts';
import { describeFault } from './inspect.ts';
import { KeyRing, type KnownKey } from './key-ring.ts';
import { typedPath } from './npm.ts';
import { say, sayJson } from './print.ts';
import { beginProgress } from './progress-line.ts';
import { makingWords } from './progress-words.ts';
import { Refusal } from './refusal.ts';
import { isBy, isRejected, type Signed, Signers, signerWords } from './signers.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

/** What verifying a path gave: a verdict on the cartridge, or why there was nothing to judge. */
export type Finding =
  | Verdict
  | { readonly verdict: 'unreadable'; readonly message: string }
  /** The language as it is today refuses the embedded program. */
  | { readonly verdict: 'bad-program'; readonly errors: readonly Complaint[] }
  /** Nobody knows a file that holds the canvas of one of its IMAGEs. */
  | { readonly verdict: 'input-missing'; readonly errors: readonly Complaint[] }
  /** The cartridge is what it says, and whoever is said to have signed it has not, or is not believed. */
  | {
      readonly verdict: 'signature-rejected';
      readonly checksum: string;
      /** The key of `--signed-by`, where none of the good signatures is by it. */
      readonly lacks?: string;
    };

/** Of each verdict alone. */
const EXIT_OF: Readonly<Record<Finding['verdict'], ExitCode>> = {
  ok: EXIT.ok,
  'semantics-changed': EXIT.semanticsChanged,
  'pixels-differ': EXIT.failed,
  'label-differs': EXIT.failed,
  'program-checksum': EXIT.programChecksum,
  damaged: EXIT.badInput,
  unreadable: EXIT.badInput,
  'bad-program': EXIT.badInput,
  'input-missing': EXIT.badInput,
  'signature-rejected': EXIT.signature,
};

/** From worst to best: a file that cannot be trusted at all comes before one that is merely old. */
const WORST_FIRST: readonly ExitCode[] = [
  EXIT.badInput,
  EXIT.programChecksum,
  EXIT.failed,
  EXIT.signature,
  EXIT.semanticsChanged,
  EXIT.ok,
];

/** By the database it is looked up whether a file that is not there was swept; by the keys, who signed. */
export async function verifyCartridges(
  paths: readonly string[],
  options: { readonly input?: readonly string[]; readonly signedBy?: string; readonly json?: boolean },
  { database, keys }: Pick<Settings, 'database' | 'keys'>,
): Promise<ExitCode> {
  const ring = new KeyRing(keys);
  const wanted = options.signedBy === undefined ? undefined : ring.find(options.signedBy);
  const belief = { signers: new Signers(ring), wanted };
  const imageFiles = new ImageFiles(namedInputs(options.input));
  const style = styleOf(process.stdout);
  const findings: ({ path: string } & SignedFinding)[] = [];
  let at = '';
  let progress = new Progress();
  const line = beginProgress(() => `${at}  ${makingWords(progress)}`);
  for (const [index, path] of paths.entries()) {
    progress = new Progress();
    at = `${paths.length > 1 ? `${index + 1} of ${paths.length}: ` : ''}${visible(path)}`;
    line.tick();
    const found = await verify(path, imageFiles, progress, belief).finally(line.wipe);
    const finding = await withSweep(path, found, database);
    findings.push({ path, ...finding });
    if (options.json) continue;
    const [words = ''] = fieldLines([[path, describe(finding)]]);
    say(`${finding.verdict === 'ok' ? style.green('ok     ') : style.red('not ok ')} ${words}`);
    if (finding.newer !== undefined) say(`        ${newerWords(finding.newer)}`);
    for (const signed of finding.signatures ?? []) say(`        ${visible(signerWords(signed))}`);
  }
  line.end();
  if (options.json) sayJson(findings);
  return exitOfWorst(findings.map(({ verdict }) => verdict));
}

/** Whose signatures are believed. */
export interface Belief {
  readonly signers: Signers;
  /** The key by which a cartridge has to be signed. */
  readonly wanted: KnownKey | undefined;
}

/** A finding, what signatures there are, whatever it is, and what was left out. */
type SignedFinding = Finding & {
  readonly signatures?: readonly Signed[];
  /** The label's format, where it is newer than ours. */
  readonly newer?: number;
};

/** Of several verdicts the worst decides. */
export function exitOfWorst(verdicts: readonly Finding['verdict'][]): ExitCode {
  const codes = new Set(verdicts.map((verdict) => EXIT_OF[verdict]));
  return WORST_FIRST.find((code) => codes.has(code)) ?? EXIT.ok;
}

/** Leaves the process its turns. */
const PAINTER: Painter = {
  standing: cpuPainter.standing,
  paint: (list, progress) => paintInTurns(list, { progress }),
};

/**
 * What rendering a cartridge again gives.
 *
 * @param path as it was typed, or absolute
 * @param imageFiles where the canvases of its IMAGEs are looked for
 */
export async function verify(
  path: string,
  imageFiles: ImageFiles,
  progress?: Progress,
  belief?: Belief,
): Promise<SignedFinding> {
  let bytes: Uint8Array;
  try {
    bytes = readCartridge(path);
  } catch (error) {
    if (error instanceof Refusal) {
      const more = isFolder(typedPath(path)) ? `: gvpie replay ${path} is about all that is in a folder` : '';
      return { verdict: 'unreadable', message: error.message + more };
    }
    throw error;
  }
  return verifyBytes(bytes, (images) => imageFiles.find(images, path), progress, belief);
}

/**
 * @param find finds the pixels of IMAGEs
 * @param progress is told how far it is
 * @param belief undefined: the finding alone is given, and signatures are not looked at
 */
export async function verifyBytes(
  bytes: Uint8Array,
  find: FindImages,
  progress?: Progress,
  belief?: Belief,
): Promise<SignedFinding> {
  const effort = new Effort(bytes.length);
  let cartridge: Cartridge;
  try {
    cartridge = openCartridge(bytes, effort);
  } catch (error) {
    if (error instanceof CartridgeFault) return damaged(error);
    throw error;
  }
  const more = cartridge.newer === undefined ? {} : { newer: cartridge.newer };
  if (belief === undefined) return { ...(await rerender(cartridge, find, progress)), ...more };
  const { signers, wanted } = belief;
  const signatures = signers.of(cartridge, effort);
  const finding = await rerender(cartridge, find, progress);
  const lacks = wanted !== undefined && !signatures.some((signed) => isBy(signed, wanted.key));
  // The picture comes first: who signed it adds to what it proves by itself, and replaces nothing.
  const judged: Finding =
    finding.verdict === 'ok' && (lacks || signatures.some(isRejected))
      ? {
          verdict: 'signature-rejected',
          checksum: finding.checksum,
          ...(lacks ? { lacks: wanted.name } : {}),
        }
      : finding;
  return { ...judged, ...more, ...(signatures.length > 0 ? { signatures } : {}) };
}

async function rerender(
  cartridge: Cartridge,
  find: FindImages,
  progress: Progress | undefined,
): Promise<Finding> {
  const early = judgeFile(cartridge);
  if (early !== undefined) return early;
  const { program, canvas, params = NO_PARAMS } = cartridge.label;
  try {
    const monotonic = () => systemClock.monotonic();
    let found: ImagePixels | undefined;
    const findImages: FindImages = async (images) => {
      found = await find(images);
      return found;
    };
    const given = { params, findImages, progress };
    const rendering = await render(Buffer.from(program), canvas, PAINTER, monotonic, given);
    const verdict = judge(cartridge, rendering);
    rendering.release?.();
    return placeChanges(verdict, cartridge.label, found);
  } catch (error) {
    if (error instanceof InputsMissing) return { verdict: 'input-missing', errors: error.complaints };
    if (error instanceof AuthorFault) return { verdict: 'bad-program', errors: error.complaints };
    // It was removed while it was being judged.
    if (error instanceof Refusal) return { verdict: 'unreadable', message: error.message };
    throw error;
  }
}

/** What is said of a label of that format, beside all that is known of it. */
export function newerWords(format: number): string {
  return `its label is of format ${format}, newer than this gvpie: what that adds was not looked at`;
}

/** A file that was swept is not merely missing. */
async function withSweep(path: string, finding: SignedFinding, database: string): Promise<SignedFinding> {
  if (finding.verdict !== 'unreadable' || existsSync(typedPath(path))) return finding;
  // With it SQLite is loaded, which verifying takes nothing else of.
  const { whenSwept } = await import('../orchestrator/host/when-swept.ts');
  const sweptAt = whenSwept(database, basename(path));
  return sweptAt === undefined
    ? finding
    : { ...finding, message: `${finding.message}: it was swept ${sweptAt}` };
}

/** A finding in words, on one line but for what a file says. */
export function describe(finding: Finding): string {
  switch (finding.verdict) {
    case 'ok':
      return finding.checksum;
    case 'damaged':
      return describeFault(finding);
    case 'unreadable':
      return finding.message;
    case 'program-checksum':
      return `the program does not match its checksum: expected ${finding.expected}, found ${finding.found}`;
    case 'pixels-differ':
      return finding.whose === 'file'
        ? `the file's pixels do not match its checksum: expected ${finding.expected}, found ${finding.found}`
        : `the program gives other pixels: expected ${finding.expected}, found ${finding.found}`;
    case 'semantics-changed': {
      const pixels =
        finding.pixels_differ === undefined
          ? ''
          : finding.pixels_differ
            ? '; the pixels differ'
            : '; the pixels are the same';
      return `semantics have changed: ${describeChanges(finding.changes)}${pixels}`;
    }
    case 'label-differs':
      return `the label does not say what the program did: ${describeChanges(finding.changes)}`;
    case 'signature-rejected':
      return `the picture is right, but ${finding.lacks === undefined ? 'a signature is not good' : `there is no good signature by ${finding.lacks}`}`;
    case 'bad-program': {
      const [first] = finding.errors;
      return `the embedded program is refused: ${first?.code}: ${first?.message}`;
    }
    case 'input-missing': {
      const [first] = finding.errors;
      return `an input is missing: line ${first?.line}: ${first?.message}; ${first?.hint}`;
    }
  }
}
