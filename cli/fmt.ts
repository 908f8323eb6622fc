/** `gvpie fmt`: programs in their canonical form; comments and blank lines stay. */
import type { Line } from '../renderer/language/ast.ts';
import { parse } from '../renderer/language/parser.ts';
import { print } from '../renderer/language/printer.ts';
import { decodeSource, sourceOf } from '../renderer/language/source.ts';
import { AuthorFault, HostFault } from '../shared/faults.ts';
import { LIMITS } from '../shared/limits.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { explain } from './explain.ts';
import { programName, readProgram } from './input.ts';
import { complainAbout, say } from './print.ts';
import { Refusal, wrongUsage } from './refusal.ts';
import { requireFile, rewrite } from './rewrite.ts';

export interface FmtOptions {
  /** Rewrites the files instead of printing them. */
  readonly write?: boolean;
  /** Only names the files that would change. */
  readonly check?: boolean;
}

/** Prints, rewrites or checks programs. What fails is left as it is, and the others are not. */
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
    // Of what can come of a file, the worse has the higher code.
    if (code > worst) worst = code;
  }
  return worst;
}

async function formatFile(input: string, { write, check }: FmtOptions): Promise<ExitCode> {
  try {
    if (write) requireFile(input);
    const program = await readProgram(input);
    const canonical = canonicalOf(program);
    if (!write && !check) {
      process.stdout.write(canonical);
      return EXIT.ok;
    }
    const bytes = Buffer.from(canonical);
    if (bytes.equals(program)) return EXIT.ok;
    if (write) rewrite(input, program, bytes);
    say(programName(input));
    return check ? EXIT.failed : EXIT.ok;
  } catch (error) {
    if (error instanceof Refusal || error instanceof HostFault) return explain(error);
    if (!(error instanceof AuthorFault)) throw error;
    complainAbout(programName(input), error.complaints);
    return EXIT.badInput;
  }
}

/**
 * The canonical text of a program. It takes the program's place in its file, so it is read again before it may.
 *
 * @param toText what makes a text of its lines
 * @throws {AuthorFault} also where the text would be refused, or would be another program
 */
export function canonicalOf(program: Uint8Array, toText = print): string {
  const { lines } = parse(decodeSource(program));
  const canonical = toText({ lines });
  requireReadable(canonical);
  requireSame(lines, canonical);
  return canonical;
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

/** The printer is held to this for every program that it ever prints, not only for those of the tests. */
function requireSame(lines: readonly Line[], canonical: string): void {
  let again: readonly Line[];
  try {
    again = parse(sourceOf(canonical)).lines;
  } catch (error) {
    if (!(error instanceof AuthorFault)) throw error;
    const [{ message, line }] = error.complaints;
    throw notTheSame(`one that is refused: ${message}`, line);
  }
  const count = Math.max(lines.length, again.length);
  for (let at = 0; at < count; at++) {
    if (!isSame(lines[at], again[at])) throw notTheSame('another program', at + 1);
  }
}

function notTheSame(found: string, line: number | undefined): AuthorFault {
  return new AuthorFault([
    {
      code: '',
      message: `Expected a canonical form that is the same program, found ${found}`,
      hint: 'the program is right and stays as it is; this is a fault of gvpie fmt',
      ...(line === undefined ? {} : { line }),
    },
  ]);
}

/** Whether two parts of programs say the same; where in its line a part stands says nothing. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const parts = Object.entries(one);
  if (parts.length !== Object.keys(other).length) return false;
  return parts.every(
    ([name, part]) => name === 'at' || isSame(part, (other as Record<string, unknown>)[name]),
  );
}
