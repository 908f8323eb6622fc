/** Jobs in words and in JSON, as several commands print them. */
import type { JobRow, JobRun } from '../orchestrator/queue.ts';
import type { RunRow } from '../orchestrator/script.ts';
import { snakeCase } from './print.ts';
import { cartridgeWords, errorsOf, keptWords } from './run-row.ts';

/** Its script's name; a deleted one has none. */
export function nameOf({ scriptName }: Pick<JobRow, 'scriptName'>): string {
  return scriptName ?? '(removed)';
}

/** Why a run ended as it did: the cartridge, or the first error. */
export function whyEnded(
  run: Pick<RunRow, 'success' | 'stderr' | 'outcome' | 'cartridgeName' | 'cartridgeSweptAt'>,
): string {
  const error = run.success === 1 ? undefined : firstError(run.stderr);
  return error === undefined ? cartridgeWords(run) : error + keptWords(run);
}

/** What went wrong, in one line: `1:5 PXL-E006: Expected …`; undefined where nothing did. */
export function firstError(stderr: string | null): string | undefined {
  const [error] = errorsOf({ stderr, success: 0 });
  if (error === undefined) return undefined;
  const { code, message, line, column } = error;
  const place = [line, column].filter((part) => part !== undefined).join(':');
  return [place, code === '' ? message : `${code}: ${message}`].join(' ').trimStart();
}

/** A job as JSON writes it, with a run of its if there is one. */
export function jobJson(row: JobRow, run: JobRun | undefined): Record<string, unknown> {
  return { ...snakeCase(row), run: run === undefined ? null : runJson(run) };
}

/** A run as JSON writes it, with its errors instead of their text. */
export function runJson(run: JobRun): Record<string, unknown> {
  const { stderr, ...rest } = run;
  return { ...snakeCase(rest), errors: errorsOf({ stderr, success: run.success }) };
}
