/** A refusal: why a command cannot do what it was asked, with the exit code that says whose turn it is. */
import { EXIT, type ExitCode } from './exit-codes.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** The command line asks for something that makes no sense. */
export function wrongUsage(message: string, hint?: string): Refusal {
  return new Refusal(EXIT.usage, message, hint);
}

/** What was named is not there, or cannot be read as what it should be. */
export function badInput(message: string, hint?: string): Refusal {
  return new Refusal(EXIT.badInput, message, hint);
}

/** The other side is not there. */
export function unavailable(message: string, hint?: string): Refusal {
  return new Refusal(EXIT.unavailable, message, hint);
}
