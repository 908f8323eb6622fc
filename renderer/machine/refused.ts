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
