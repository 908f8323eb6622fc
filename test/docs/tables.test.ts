import { describe, expect, it } from 'vitest';
import { EXIT, EXIT_MEANINGS } from '../../cli/exit-codes.ts';
import { GPU_BOUNDS } from '../../renderer/raster/gpu-bounds.ts';
import { CARTRIDGE_FAULTS } from '../../shared/cartridge/cartridge-fault.ts';
import { ORCHESTRATOR_FAULTS, RENDERER_FAULTS } from '../../shared/fault-codes.ts';
import { LIMIT_WORDS, type LimitName, limitFigure } from '../../shared/limit-names.ts';
import { SETTINGS } from '../../shared/settings.ts';
import { codesInSource, readPage, tableRows } from './pages.ts';

/** Holds every code, whether anything gives it or not. */
const TABLE = 'shared/fault-codes.ts';

/** How docs/gpu.md names each bound. */
const BOUND_NAMES: Readonly<Record<keyof typeof GPU_BOUNDS, string>> = {
  bandBytes: 'one band of pixels, bytes',
  dispatchWork: 'pixels times shapes of one dispatch',
  softwareDispatchWork: 'pixels times shapes of one dispatch, in software',
  pictureWork: 'pixels times shapes of one picture',
  softwarePictureWork: 'pixels times shapes of one picture, in software',
  entries: 'entries of tiles of 32 pixels',
  batchedPixels: 'pixels of a canvas that is painted with others',
  batchedWords: 'words of shapes and pool of such a canvas',
  batchBytes: 'one batch of canvases, bytes',
  shades: 'SHADEs of one picture',
  shadeSize: 'operations in the text of a SHADE',
  pixelOperations: 'operations of a SHADE for one pixel',
  pictureMs: 'a picture on the GPU, ms',
  silenceMs: 'a submission unanswered, ms',
  openMs: 'opening a device, ms',
  firstRestMs: 'rest after a first fault, ms',
  faults: 'faults that turn a GPU off',
  faultWindowMs: 'within, ms',
};

const LIMIT_ROWS = Object.entries(LIMIT_WORDS).map(([key, words]) => [words, limitFigure(key as LimitName)]);

/** Rows that a page has and the source has not, or the other way round. */
function disagreement(
  page: readonly (readonly string[])[],
  source: readonly (readonly string[])[],
): string[] {
  const [written, true_] = [page, source].map((rows) => new Set(rows.map((row) => row.join(' | '))));
  return [
    ...[...(written as Set<string>)]
      .filter((row) => !true_?.has(row))
      .map((row) => `only on the page: ${row}`),
    ...[...(true_ as Set<string>)]
      .filter((row) => !written?.has(row))
      .map((row) => `only in the source: ${row}`),
  ];
}

describe('the tables of the pages', () => {
  it('README lists every setting with its variable, flag, default, range and meaning', () => {
    const rows = tableRows(readPage('README.md'), ['variable', 'flag', 'default', 'range', 'what it is']);
    const settings = Object.values(SETTINGS).map(({ env, flag, fallback, range, about }) => [
      env,
      flag,
      fallback,
      range,
      about,
    ]);
    expect(disagreement(rows, settings)).toEqual([]);
  });

  it('README lists every exit code', () => {
    const rows = tableRows(readPage('README.md'), ['code', 'meaning']);
    const codes = Object.entries(EXIT).map(([name, code]) => [
      String(code),
      EXIT_MEANINGS[name as keyof typeof EXIT],
    ]);
    expect(disagreement(rows, codes)).toEqual([]);
  });

  it('README lists every limit', () => {
    expect(disagreement(tableRows(readPage('README.md'), ['what', 'limit']), LIMIT_ROWS)).toEqual([]);
  });

  it('docs/protocol.md lists limits as they are', () => {
    const rows = tableRows(readPage('docs/protocol.md'), ['what', 'limit']);
    expect(rows.length).toBeGreaterThan(4);
    const known = LIMIT_ROWS.map((row) => row.join(' | '));
    for (const row of rows) expect(known).toContain(row.join(' | '));
  });

  it('docs/gpu.md lists every bound', () => {
    const bounds = Object.entries(BOUND_NAMES).map(([key, name]) => [
      name,
      GPU_BOUNDS[key as keyof typeof GPU_BOUNDS].toLocaleString('en-US'),
    ]);
    expect(disagreement(tableRows(readPage('docs/gpu.md'), ['bound', 'value']), bounds)).toEqual([]);
  });

  it('docs/protocol.md lists exactly the codes of commands, files, runs and rows that the source gives', () => {
    const listed = tableRows(readPage('docs/protocol.md'), ['code', 'status', 'meaning']).map(
      ([code]) => code,
    );
    expect([...listed].sort()).toEqual(codesInSource(/^(CMD|FILE|RUN|ROW)-/, [TABLE]));
  });

  it('docs/protocol.md lists each of them as the table does', () => {
    const page = readPage('docs/protocol.md');
    const rows = [RENDERER_FAULTS, ORCHESTRATOR_FAULTS].flatMap((faults) =>
      Object.entries(faults).map(([code, [status, meaning]]) => `| ${code} | ${status} | ${meaning} |`),
    );
    const written = [...page.matchAll(/^\| (?:CMD|FILE|RUN|ROW)-E\d{3} \| .*$/gm)].map(([row]) => row);
    expect(written).toEqual(rows);
  });

  it('docs/cartridge.md lists every code of cartridges with its meaning', () => {
    const rows = tableRows(readPage('docs/cartridge.md'), ['code', 'meaning']);
    expect(disagreement(rows, Object.entries(CARTRIDGE_FAULTS))).toEqual([]);
  });
});

describe('the comparer of tables', () => {
  it('objects to one changed character, a missing row and a row too many', () => {
    expect(disagreement(LIMIT_ROWS, LIMIT_ROWS)).toEqual([]);
    const changed = LIMIT_ROWS.map(([name, value], index) => [
      name as string,
      index === 0 ? '16,385' : `${value}`,
    ]);
    expect(disagreement(changed, LIMIT_ROWS)).toHaveLength(2);
    expect(disagreement(LIMIT_ROWS.slice(1), LIMIT_ROWS)).toHaveLength(1);
    expect(disagreement([...LIMIT_ROWS, ['lines', '7']], LIMIT_ROWS)).toHaveLength(1);
  });

  it('reads tables under their header only, with code and bars unwrapped', () => {
    const page = '| a | b |\n|---|---|\n| `x \\| y` | 1 |\n\n| c | d |\n|---|---|\n| 2 | 3 |\n';
    expect(tableRows(page, ['a', 'b'])).toEqual([['x | y', '1']]);
    expect(tableRows(page, ['c', 'd'])).toEqual([['2', '3']]);
    expect(tableRows(page, ['a', 'd'])).toEqual([]);
  });
});
