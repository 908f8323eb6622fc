/** Results: the figures of a run as a file, and back. */
import { z } from 'zod';
import type { Machine } from './machine.ts';
import { type Line, ratioOf, verdictsOf } from './report.ts';

const FORMAT = 1;

const figures = z.object({
  p50: z.number(),
  p25: z.number(),
  p75: z.number(),
  best: z.number(),
  p99: z.number().optional(),
  samples: z.number(),
});
const target = z.object({
  bound: z.enum(['at most', 'at least']),
  value: z.number(),
  of: z.enum(['ratio', 'p99 ratio', 'median', 'worst']),
});
const line = z.object({
  part: z.string(),
  name: z.string(),
  unit: z.enum(['ms', 'MB', '/s', 'MB/s', 'M steps/s', 'exponent']),
  ours: figures,
  peer: figures.extend({ name: z.string() }).optional(),
  targets: z.array(target).optional(),
  note: z.string().optional(),
  where: z.array(z.string()).optional(),
});
const results = z.object({
  format: z.literal(FORMAT),
  machine: z.object({ cpu: z.string(), cores: z.number(), node: z.string() }),
  quick: z.boolean(),
  lines: z.array(line),
});

/** What of a file is read again. */
export interface KeptResults {
  readonly machine: Pick<Machine, 'cpu' | 'cores' | 'node'>;
  readonly quick: boolean;
  readonly lines: readonly Line[];
}

export interface Results {
  readonly machine: Machine;
  /** The version of gvpie that was measured, and on which day: 2026-01-31. */
  readonly version: string;
  readonly day: string;
  readonly seed: number;
  readonly quick: boolean;
  readonly lines: readonly Line[];
}

/** JSON with each line's ratio and what became of its targets beside the figures. */
export function resultsText({ lines, ...run }: Results): string {
  const told = lines.map((one) => ({ ratio: ratioOf(one), ...one, verdicts: verdictsOf(one) }));
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  return `${JSON.stringify({ format: FORMAT, ...run, lines: told }, rounded, 2)}\n`;
}

/** @throws {Error} when it is no such file */
export function readResults(text: string, path: string): KeptResults {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`Expected ${path} to be JSON, found ${(error as Error).message}`);
  }
  const found = results.safeParse(value);
  if (found.success) return found.data as KeptResults;
  const [issue] = found.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new Error(`Expected ${path} to hold figures of this bench, found${where}: ${issue?.message}`);
}

/** The machine in a file's name: `amd-epyc-2-cores-node-20`. */
export function machineName({ cpu, cores, node }: Pick<Machine, 'cpu' | 'cores' | 'node'>): string {
  const major = /\d+/.exec(node)?.[0] ?? '';
  return `${cpu.replace(/\((?:R|TM)\)/gi, '')} ${cores} cores node ${major}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
