/** A tree of who comes from whom, as far as it is worth printing: hostile records may name anything, in circles too. */

export interface Kin {
  /** SHA-256 of the pixels. */
  readonly checksum: string;
  readonly kin: Kin[];
  /** It stands elsewhere in the tree, nearer to the root or before this place, and is told there. */
  again: boolean;
  /** It has more kin than are here: deeper, or beyond the width or the size of the tree. */
  more: boolean;
}

export interface Bounds {
  /** Steps from the root. */
  readonly depth: number;
  /** Of one cartridge. */
  readonly width: number;
  /** Of the whole tree, its root left out. */
  readonly nodes: number;
}

/**
 * The kin of a cartridge in one direction, the nearest first, each told once.
 *
 * @param next up to so many checksums that are one step further
 */
export function familyTree(
  root: string,
  next: (checksum: string, limit: number) => readonly string[],
  { depth, width, nodes }: Bounds,
): Kin {
  const tree: Kin = { checksum: root, kin: [], again: false, more: false };
  const told = new Set([root]);
  let left = nodes;
  let level = [tree];
  for (let step = 0; level.length > 0; step++) {
    const further: Kin[] = [];
    for (const one of level) {
      const room = step === depth ? 0 : Math.min(width, left);
      const found = next(one.checksum, room + 1);
      one.more = found.length > room;
      for (const checksum of found.slice(0, room)) {
        const again = told.has(checksum);
        const kin: Kin = { checksum, kin: [], again, more: false };
        one.kin.push(kin);
        left--;
        if (again) continue;
        told.add(checksum);
        further.push(kin);
      }
    }
    level = further;
  }
  return tree;
}

/** The lines of a tree below its root. @param name what is said of a cartridge, on one line */
export function treeLines(tree: Kin, name: (checksum: string) => string): string[] {
  const lines: string[] = [];
  const walk = ({ kin, more }: Kin, indent: string): void => {
    for (const [at, one] of kin.entries()) {
      const isLast = at === kin.length - 1 && !more;
      lines.push(
        `${indent}${isLast ? '└─' : '├─'} ${name(one.checksum)}${one.again ? ' (told elsewhere)' : ''}`,
      );
      // As deep as the bounds say.
      walk(one, `${indent}${isLast ? '  ' : '│ '} `);
    }
    if (more) lines.push(`${indent}└─ …`);
  };
  walk(tree, '');
  return lines;
}
