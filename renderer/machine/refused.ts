/** A refusal by the machine: what is wrong, thrown where it is found; the machine adds the place. */
import type { FaultCode } from '../language/codes.ts';

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: FaultCode;
  readonly hint: string;

  constructor(code: FaultCode, message: string, hint = '') {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** A refusal before the run, of a line that may not be the one that would be carried out first. */
export class RefusedLine extends Error {
  override readonly name = 'RefusedLine';
  /** Counts from 1. */
  readonly line: number;
  readonly refused: Refused;

  constructor(line: number, refused: Refused) {
    super(refused.message);
    this.line = line;
    this.refused = refused;
  }
}

/** @param division as it would be written, such as `7 / 0` */
export function byZero(division: string): Refused {
  return new Refused('PXL-E024', `Expected a divisor other than 0, found ${division}`);
}

/** Of an argument of a function. */
export function outOf(name: string, parameter: string, range: string, found: number): Refused {
  return new Refused('PXL-E026', `Expected ${parameter} of ${name} to be ${range}, found ${found}`);
}
