/** The arrays and tables of a run, and their cells. */
import { LIMITS } from '../../shared/limits.ts';
import type { MachineCode } from './instructions.ts';
import { Refused } from './refused.ts';

export class Arrays {
  /** By the array's number; empty until it is declared. */
  readonly cells: Int32Array[];
  readonly #code: MachineCode;
  #taken = 0;

  constructor(code: MachineCode) {
    this.#code = code;
    this.cells = code.arrays.map(() => new Int32Array(0));
  }

  /** @throws {Refused} when the size is none, or there are too many cells */
  dim(array: number, size: number): void {
    if (size < 1)
      throw new Refused('PXL-E005', `Expected cells from 1 to ${LIMITS.arrayCells}, found ${size}`);
    this.#take(size);
    this.cells[array] = new Int32Array(size);
  }

  /** @throws {Refused} when there are too many cells */
  data(array: number): void {
    const table = this.#code.tables[array]!;
    this.#take(table.length);
    this.cells[array] = table;
  }

  /** The refusal of an index. */
  outside(array: number, index: number): Refused {
    const name = this.#code.arrays[array];
    const range = `Expected an index of ${name} from 0 to ${this.cells[array]!.length - 1}`;
    return new Refused('PXL-E025', `${range}, found ${index}`, 'the first cell is 0');
  }

  #take(cells: number): void {
    this.#taken += cells;
    if (this.#taken <= LIMITS.arrayCells) return;
    const message = `Expected at most ${LIMITS.arrayCells} cells in all DIMs and DATAs, found ${this.#taken}`;
    throw new Refused('PXL-E028', message, 'declare smaller arrays');
  }
}
