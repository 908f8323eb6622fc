/** What `gvpie top` shows: a model as lines that fit a terminal, whatever its size. */

import type { WatchedCartridge } from '../orchestrator/watching.ts';
import { visible } from '../renderer/language/caret.ts';
import { cellWidth, cut } from './cells.ts';
import type { Room } from './half-blocks.ts';
import { count } from './print.ts';
import type { Style } from './style.ts';
import { beside, type Section, type Shares, shareRows, thumbnailRoom, widthIn } from './top-layout.ts';
import type { TopModel } from './top-model.ts';
import { sectionsOf } from './top-sections.ts';

/** How it is shown. */
export interface TopShow {
  /** Rows: as many as there are to say where there is no terminal. */
  readonly room: Room;
  readonly style: Style;
  /** The lines of a cartridge's picture, of at most so many cells; undefined where it cannot be shown. */
  readonly thumbnail: (cartridge: WatchedCartridge, room: Room) => readonly string[] | undefined;
  /** Whether there are keys to tell of. */
  readonly hasKeys: boolean;
}

/** Cells of a section's name. */
const NAME = 14;

/** At most as many lines as the room has rows, none wider than its columns. */
export function topFrame(model: TopModel, show: TopShow): string[] {
  const { room, style, hasKeys } = show;
  const sections = sectionsOf(model, room);
  const cartridges = model.database.watched?.cartridges ?? [];
  const { note, isFailed } = model.database;
  const again = hasKeys ? '; it is tried again' : '';
  const notes = [
    ...(note === undefined ? [] : [isFailed ? note + again : note]),
    ...(model.socketNote === undefined ? [] : [model.socketNote + again]),
  ];
  const head = [
    style.bold(cut(headline(model), room.columns)),
    ...notes.map((note) => style.yellow(cut(visible(note), room.columns))),
  ];
  const foot = hasKeys
    ? [style.dim(cut(model.isFrozen ? 'q quits, space goes on' : 'q quits, space freezes', room.columns))]
    : [];
  const shares = shareRows(sections, cartridges.length, {
    ...room,
    rows: room.rows - head.length - foot.length,
  });
  const lines = [...head];
  for (const [index, section] of sections.entries()) {
    const shown = shares.lines[index];
    if (shown !== undefined) lines.push(...sectionLines(section, shown, room.columns, style));
  }
  if (shares.shelves > 0) lines.push(...thumbnailLines(cartridges, shares, show));
  return [...lines, ...foot].slice(0, room.rows);
}

function headline({ version, nowMs, database, isFrozen }: TopModel): string {
  const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  return [`gvpie top ${version}`, ...(isFrozen ? ['FROZEN'] : []), time, visible(database.path)].join('  ');
}

function sectionLines(section: Section, shown: number, columns: number, style: Style): string[] {
  const { name, summary, lines, alarm, count: all } = section;
  const isWhole = shown === (all ?? lines.length) || shown === 0;
  const more = isWhole ? '' : all === undefined ? ', …' : ` (${shown} shown)`;
  const heading = cut(`${name.padEnd(NAME)}${summary}${more}`, columns);
  const dress = alarm === undefined ? (text: string) => text : style[alarm];
  // The name is of ASCII, so that its characters are its cells.
  return [
    style.bold(heading.slice(0, NAME)) + dress(heading.slice(NAME)),
    ...lines.slice(0, shown).map((line) => {
      const fitting = cut(`  ${line}`, columns);
      return alarm === 'red' ? style.red(fitting) : fitting;
    }),
  ];
}

function thumbnailLines(
  cartridges: readonly WatchedCartridge[],
  { thumbnailRows, shelves }: Shares,
  { room: { columns }, style, thumbnail }: TopShow,
): string[] {
  const { room, fit } = thumbnailRoom(columns, thumbnailRows);
  const shown = cartridges.slice(0, shelves * fit);
  const heading = cut(`${'cartridges'.padEnd(NAME)}the newest ${count(shown.length, 'picture')}`, columns);
  const lines = [style.bold(heading.slice(0, NAME)) + heading.slice(NAME)];
  for (let first = 0; first < shown.length; first += fit) {
    const shelf = shown.slice(first, first + fit);
    const names = shelf.map(({ scriptName, fileName }) =>
      plain(cut(visible(scriptName ?? fileName), room.columns)),
    );
    const pictures = shelf.map((cartridge) => {
      const picture = thumbnail(cartridge, room);
      if (picture !== undefined) return { lines: picture, width: widthIn(room, cartridge) };
      return plain(cut(visible(`${cartridge.width}×${cartridge.height}`), room.columns));
    });
    lines.push(...beside(pictures, room), ...beside(names, { ...room, rows: 1 }));
  }
  return lines;
}

function plain(line: string): { readonly lines: readonly string[]; readonly width: number } {
  return { lines: [line], width: cellWidth(line) };
}
