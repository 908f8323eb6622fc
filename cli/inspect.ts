/** `gvpie inspect`: what is written on a cartridge, its pixels left alone. */
import { visible } from '../renderer/language/caret.ts';
import { CartridgeFault } from '../shared/cartridge/cartridge-fault.ts';
import { type Inscription, readLabel } from '../shared/cartridge/open.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readCartridge } from './input.ts';
import { say, sayJson } from './print.ts';
import { badInput, wrongUsage } from './refusal.ts';
import { styleOf } from './style.ts';
import { fieldLines } from './table.ts';

export interface InspectOptions {
  readonly program?: boolean;
  readonly json?: boolean;
}

export function inspectCartridge(path: string, options: InspectOptions): ExitCode {
  if (options.program && options.json) throw wrongUsage('Expected --program or --json, found both');
  const bytes = readCartridge(path);
  let inscription: Inscription;
  try {
    inscription = readLabel(bytes);
  } catch (error) {
    if (error instanceof CartridgeFault)
      throw badInput(`${path} is damaged: ${error.code}: ${error.message}`);
    throw error;
  }
  const { label, run, text, newer } = inscription;
  if (options.json)
    sayJson({ path, bytes: bytes.length, text, label, run: run ?? null, newer: newer ?? null });
  else if (options.program) sayProgram(label.program);
  else {
    for (const line of fieldLines(fieldsOf(path, bytes.length, inscription), styleOf(process.stdout).dim))
      say(line);
    say();
    sayProgramBelow(label.program);
  }
  return EXIT.ok;
}

/** A program for a pipe, to the byte; on a terminal without what a terminal would obey. */
export function sayProgram(program: string): void {
  if (process.stdout.isTTY) sayProgramBelow(program);
  else process.stdout.write(program);
}

/** A program below its description: whole lines, and nothing that a terminal would obey. */
export function sayProgramBelow(program: string): void {
  for (const line of program.replace(/\r?\n$/, '').split(/\r?\n/)) say(visible(line));
}

function fieldsOf(path: string, bytes: number, inscription: Inscription): [string, string][] {
  const { label, run, text, canvas, newer } = inscription;
  const { price, script, used } = label;
  const fields: [string, string | undefined][] = [
    ['file', `${path}, ${bytes} bytes`],
    ['canvas', `${canvas.width}×${canvas.height}`],
    ['created', text.created_at],
    ['script', script && `${script.name}, revision ${script.revision}`],
    ['language', `${label.language.name} ${label.language.version}`],
    [
      'format',
      newer === undefined
        ? `${label.format}`
        : `${label.format}, newer than this gvpie: some of it may be missing here`,
    ],
    ['checksum', text.checksum],
    ['program sha256', label.program_sha256],
    ['uses', label.uses],
    [
      'opcodes',
      used &&
        Object.entries(used.opcodes)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
    ],
    ['glyphs', used && `${Object.keys(used.glyphs).length}`],
    [
      'price',
      price && `${price.steps} steps, ${price.shapes} shapes, ${price.pixels_written} pixels written`,
    ],
    ['run', run?.id],
    ['painted on', run && `${run.backend}, ${run.adapter}, by ${run.renderer}`],
    [
      'took',
      run?.timings_ms &&
        Object.entries(run.timings_ms)
          .map(([stage, ms]) => `${stage} ${ms.toFixed(2)} ms`)
          .join(', '),
    ],
  ];
  return fields.filter((field): field is [string, string] => field[1] !== undefined);
}
