/** The frame of `gvpie top` that README shows: a busy moment, with pictures of docs/ as its newest cartridges. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { halfBlocks } from '../../cli/half-blocks.ts';
import { styleOf } from '../../cli/style.ts';
import { topFrame } from '../../cli/top-frame.ts';
import { openCartridge } from '../../shared/cartridge/open.ts';
import { packageRoot } from '../../shared/host/package-root.ts';
import { busyModel } from './top-model.ts';

const ROOM = { columns: 88, rows: 27 };

/** Without blanks at the ends of lines. */
export function shownTop(): string {
  const cartridges = ['hello', 'scripts'].map((name) => {
    const { canvas } = openCartridge(readFileSync(fileOf(`${name}.png`)));
    return { fileName: `${name}.png`, scriptName: name, ...canvas };
  });
  const lines = topFrame(busyModel({}, { cartridges }), {
    room: ROOM,
    style: styleOf({ isTTY: false }),
    hasKeys: true,
    thumbnail({ fileName }, room) {
      const { canvas, pixels } = openCartridge(readFileSync(fileOf(fileName)));
      return halfBlocks(pixels, canvas, room, 'characters');
    },
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function fileOf(name: string): string {
  return join(packageRoot(), 'docs', name);
}
