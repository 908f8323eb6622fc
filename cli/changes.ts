/** What has changed since a cartridge was pressed, with where its program uses it: found by running it once more. */
import { parse } from '../renderer/language/parser.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { run } from '../renderer/machine/machine.ts';
import type { ImagePixels } from '../renderer/machine/pictures.ts';
import { Sites } from '../renderer/machine/sites.ts';
import type { Change, Verdict } from '../shared/cartridge/judge.ts';
import type { Label } from '../shared/cartridge/label.ts';
import { NO_PARAMS } from '../shared/params.ts';

/** Places of one change that a finding has; beyond, its lines are counted. */
const LISTED_PLACES = 100;
/** Changes that a line of text names, and lines of the program for each. */
const NAMED_CHANGES = 8;
const NAMED_LINES = 3;
/** Characters of a name or a meaning that a line of text has: a label may say megabytes. */
const SHOWN = 256;

/**
 * A verdict with the places of its changes; one without changes as it is.
 *
 * @param label of the cartridge that it is about, whose program was rendered for it: so it runs
 * @param images the pixels of its IMAGEs, where it has some
 */
export function placeChanges(verdict: Verdict, label: Label, images: ImagePixels | undefined): Verdict {
  if (verdict.verdict !== 'semantics-changed' && verdict.verdict !== 'label-differs') return verdict;
  // Where the order of inputs differs, the one that stands there today is meant.
  const wanted = verdict.changes.map(({ section, name, after }) => ({
    section,
    name: section === 'inputs' && name.startsWith('number ') ? String(after) : name,
  }));
  const sites = new Sites(wanted);
  const { program, canvas, params = NO_PARAMS } = label;
  run(parse(decodeSource(Buffer.from(program))), canvas, {
    params,
    sites,
    ...(images === undefined ? {} : { images }),
  });
  const changes = verdict.changes.map((change, at): Change => {
    const places = sites.of(wanted[at] as { section: string; name: string });
    const lines = new Set(places.map(({ line }) => line)).size;
    return lines === 0 ? change : { ...change, places: places.slice(0, LISTED_PLACES), lines };
  });
  return { ...verdict, changes };
}

/** `opcodes TXT 1 → 2 on line 3, …`: the first few, and how many there are beside. */
export function describeChanges(changes: readonly Change[]): string {
  const words = changes.slice(0, NAMED_CHANGES).map(describeChange);
  const more = changes.length - words.length;
  return more === 0 ? words.join(', ') : `${words.join(', ')} and ${more} more`;
}

function describeChange(change: Change): string {
  const { section, name, before, after } = change;
  const what = section === name ? name : `${section} ${cut(name)}${characterOf(change)}`;
  const [was, is] = [before ?? 'none', after ?? 'none'].map((meaning) => cut(`${meaning}`));
  return `${what} ${was} → ${is}${whereWords(change)}`;
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** The character of a glyph, which its name has in hex. */
function characterOf({ section, name }: Change): string {
  const code = section === 'glyphs' || section === 'font_glyphs' ? /[0-9A-F]+$/.exec(name) : null;
  const point = Number.parseInt(code?.[0] ?? '', 16);
  return point <= 0x10ffff ? ` (${String.fromCodePoint(point)})` : '';
}

/** ` on line 3`, ` on lines 3, 17 and 41 more`; nothing where no line is known. */
function whereWords({ places = [], lines = 0 }: Change): string {
  const named = [...new Set(places.map(({ line }) => line))];
  if (lines === 0) return '';
  if (lines === 1) return ` on line ${named[0]}`;
  // A line may have all the places that are listed.
  const isAll = lines <= NAMED_LINES && named.length === lines;
  const first = named.slice(0, isAll ? lines - 1 : NAMED_LINES - 1);
  return ` on lines ${first.join(', ')} and ${isAll ? named.at(-1) : `${lines - first.length} more`}`;
}
