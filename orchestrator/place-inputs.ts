/** Placing inputs: for each IMAGE of a program, a file on the shelf that is to hold its canvas. */
import type { Complaint } from '../shared/faults.ts';
import type { ScannedInput } from '../shared/inputs.ts';
import type { PlacedInput } from './decide.ts';
import type { OrchestratorDoors } from './doors.ts';

const HINT = 'Render that picture first; gvpie script run NAME then asks for this one again.';

/**
 * A file for each input, or the complaint about the first that has none. What the files hold is the renderer's to
 * judge: where one has failed it, the next attempt takes others of the same checksums.
 *
 * @param attempts how often this script has failed in a row
 * @throws {HostFault} when database or shelf cannot be looked at
 */
export function placeInputs(
  inputs: readonly ScannedInput[],
  attempts: number,
  { table, shelf }: Pick<OrchestratorDoors, 'table' | 'shelf'>,
): PlacedInput[] | { readonly complaint: Complaint } {
  const known = inputs.map((input) => table.cartridgeFiles(input));
  const firsts = firstsOf(
    known.map(({ length }) => length),
    attempts,
  );
  const placed: PlacedInput[] = [];
  for (const [at, { checksum, width, height, line }] of inputs.entries()) {
    const [files = [], first] = [known[at], firsts[at]];
    let path: string | undefined;
    for (const fileName of [...files.slice(first), ...files.slice(0, first)]) {
      path = shelf.locate(fileName);
      if (path !== undefined) break;
    }
    if (path === undefined) {
      const asked = `a cartridge of ${width}×${height} with the checksum ${checksum} for line ${line}`;
      const [other] = files.length > 0 ? [] : table.cartridgesByChecksum(checksum);
      const others = other === undefined ? 'none' : `one of ${other.width}×${other.height}`;
      const message = `Expected ${asked}, found ${files.length > 0 ? 'its file gone' : others}`;
      return { complaint: { code: 'ROW-E008', message, line, hint: HINT } };
    }
    placed.push({ checksum, width, height, path });
  }
  return placed;
}

/**
 * Which file each input takes first, from 0. All take their next one together, because mostly one file is bad and
 * any other will do. After each round, the rest shift against the input with the most files: so every combination has
 * its turn.
 *
 * @param counts how many files each has
 * @param attempts from 0
 */
export function firstsOf(counts: readonly number[], attempts: number): number[] {
  const most = counts.reduce((one, other) => Math.max(one, other), 1);
  const together = attempts % most;
  const leader = counts.indexOf(most);
  let rounds = Math.floor(attempts / most);
  return counts.map((count, at) => {
    if (count === 0) return 0;
    if (at === leader) return together;
    const shift = rounds % count;
    rounds = Math.floor(rounds / count);
    return (together + shift) % count;
  });
}
