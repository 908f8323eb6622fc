/** Placing inputs: for each IMAGE of a program, a file on the shelf that is to hold its canvas. */
import type { Complaint } from '../shared/faults.ts';
import type { ScannedInput } from '../shared/inputs.ts';
import type { PlacedInput } from './decide.ts';
import type { OrchestratorDoors } from './doors.ts';

const HINT = 'Render that picture first; gvpie script run NAME then asks for this one again.';

/**
 * A file for each input, or the complaint about the first that has none. What the files hold is the renderer's to
 * judge: where one has failed it, the next attempt takes the next file of the same checksum.
 *
 * @param attempts how often this script has failed in a row
 * @throws {HostFault} when database or shelf cannot be looked at
 */
export function placeInputs(
  inputs: readonly ScannedInput[],
  attempts: number,
  { table, shelf }: Pick<OrchestratorDoors, 'table' | 'shelf'>,
): PlacedInput[] | { readonly complaint: Complaint } {
  const placed: PlacedInput[] = [];
  for (const { checksum, width, height, line } of inputs) {
    const known = table.cartridgesByChecksum(checksum);
    const fitting = known.filter((row) => row.width === width && row.height === height);
    const first = fitting.length === 0 ? 0 : attempts % fitting.length;
    let path: string | undefined;
    for (const { fileName } of [...fitting.slice(first), ...fitting.slice(0, first)]) {
      path = shelf.locate(fileName);
      if (path !== undefined) break;
    }
    if (path === undefined) {
      const asked = `a cartridge of ${width}×${height} with the checksum ${checksum} for line ${line}`;
      const [other] = known;
      const found =
        other === undefined
          ? 'none'
          : fitting.length === 0
            ? `one of ${other.width}×${other.height}`
            : 'its file gone';
      const message = `Expected ${asked}, found ${found}`;
      return { complaint: { code: 'ROW-E008', message, line, hint: HINT } };
    }
    placed.push({ checksum, width, height, path });
  }
  return placed;
}
