/** `gvpie fmt`: programs in their canonical form; comments and blank lines stay. */
import { parse } from '../renderer/language/parser.ts';
import { print } from '../renderer/language/printer.ts';
import { decodeSource } from '../renderer/language/source.ts';
import { AuthorFault } from '../shared/faults.ts';
import { LIMITS } from '../shared/limits.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { explain } from './explain.ts';
import { programName, readProgram } from './input.ts';
import { writeOutput } from './output.ts';
import { complainAbout, say } from './print.ts';
import { Refusal, wrongUsage } from './refusal.ts';

export interface FmtOptions {
  /** Rewrites the files instead of printing them. */
  readonly write?: boolean;
  /** Only names the files that would change. */
  readonly check?: boolean;
}

/** Prints, rewrites or checks programs. A program that is refused is left as it is; the others are not. */
export async function formatFiles(inputs: readonly string[], options: FmtOptions): Promise<ExitCode> {
  if (options.write && options.check) throw wrongUsage('Expected --write or --check, found both');
  if (options.write && inputs.includes('-')) {
    throw wrongUsage('Expected files to --write, found standard input', 'without --write it is printed');
  }
  if (inputs.length > 1 && !options.write && !options.check) {
    throw wrongUsage(`Expected one program to print, found ${inputs.length}`, '--write rewrites several');
  }
  let worst: ExitCode = EXIT.ok;
  for (const input of inputs) {
    const code = await formatFile(input, options);
    if (code === EXIT.badInput || worst === EXIT.ok) worst = code;
  }
  return worst;
}

async function formatFile(input: string, { write, check }: FmtOptions): Promise<ExitCode> {
  let program: Uint8Array;
  let canonical: string;
  try {
    program = await readProgram(input);
    canonical = print(parse(decodeSource(program)));
    requireReadable(canonical);
  } catch (error) {
    if (error instanceof AuthorFault) complainAbout(programName(input), error.complaints);
    else if (error instanceof Refusal) explain(error);
    else throw error;
    return EXIT.badInput;
  }
  if (!write && !check) {
    process.stdout.write(canonical);
    return EXIT.ok;
  }
  const bytes = Buffer.from(canonical);
  if (bytes.equals(program)) return EXIT.ok;
  say(programName(input));
  if (check) return EXIT.failed;
  writeOutput(input, bytes);
  return EXIT.ok;
}

/** A program of many short lines in blocks grows as it is indented: past the limit nobody could read it again. */
function requireReadable(canonical: string): void {
  const bytes = Buffer.byteLength(canonical);
  if (bytes <= LIMITS.sourceBytes) return;
  throw new AuthorFault([
    {
      code: 'PXL-E002',
      message: `Expected at most ${LIMITS.sourceBytes} bytes in canonical form, found ${bytes}`,
      hint: 'split the program, or nest its blocks less deeply',
    },
  ]);
}
