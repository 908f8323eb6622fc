/** When and how a script's jobs are run: from options to columns, with what the orchestrator would say against them, and back. */
import { isOver } from '../orchestrator/catch-up.ts';
import { readExpect } from '../orchestrator/expect.ts';
import { readMatrix, unqueueable } from '../orchestrator/matrix.ts';
import type { PlanRow } from '../orchestrator/queue.ts';
import { readSchedule } from '../orchestrator/schedule.ts';
import type { ScriptContent } from '../orchestrator/script.ts';
import { slotAfter, slotName } from '../orchestrator/slots.ts';
import type { Complaint } from '../shared/faults.ts';
import { NO_PARAMS, type Params } from '../shared/params.ts';
import { show } from '../shared/show.ts';
import type { PlanOptions } from './plan-options.ts';
import { count, snakeCase } from './print.ts';
import { wrongUsage } from './refusal.ts';
import { spanWords } from './time-words.ts';

/** Columns that options change. */
export type Plan = Omit<ScriptContent, 'lang' | 'code' | 'width' | 'height' | 'params' | 'parents'>;

/** What a new script has where no option says otherwise. */
export const NEW_PLAN = {
  schedule: null,
  timeZone: null,
  catchUp: 'one',
  priority: 0,
  needs: null,
  matrix: null,
  batch: null,
  expect: null,
  maxAttempts: 50,
  concurrency: null,
  submitKey: null,
  force: 0,
} as const satisfies Required<Plan>;

/**
 * Only the columns that are to be written.
 *
 * @throws {Refusal} when options contradict each other
 */
export function planOf(options: PlanOptions): Plan {
  const { every, cron, at, timeZone, catchUp, priority, needs, matrix, batch, expect, key } = options;
  const { maxAttempts, concurrency, forceRender } = options;
  const [schedule] = [
    ...(every === undefined ? [] : [`every ${every}`]),
    ...(cron === undefined ? [] : [`cron ${cron}`]),
    ...(at === undefined ? [] : [`at ${at}`]),
  ];
  if (options.schedule === false && schedule !== undefined) {
    throw wrongUsage(`Expected --no-schedule or a schedule, found ${show(schedule)} too`);
  }
  const json = (value: object | false): string | null => (value === false ? null : JSON.stringify(value));
  return {
    ...(schedule !== undefined && { schedule }),
    ...(options.schedule === false && { schedule: null }),
    ...(timeZone !== undefined && { timeZone }),
    ...(catchUp !== undefined && { catchUp }),
    ...(priority !== undefined && { priority }),
    ...(needs !== undefined && { needs: json(needs) }),
    ...(matrix !== undefined && { matrix: json(matrix) }),
    ...(batch !== undefined && { batch: batch === false ? null : batch }),
    ...(expect !== undefined && { expect: expect === false ? null : expect }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(concurrency !== undefined && { concurrency }),
    ...(key !== undefined && { submitKey: key }),
    ...(forceRender !== undefined && { force: forceRender ? 1 : 0 }),
  };
}

/** What the orchestrator would say against a row of these columns, in its own words. */
export function complaintsAboutPlan(
  plan: Pick<Required<Plan>, 'schedule' | 'timeZone' | 'matrix' | 'expect'>,
): Complaint[] {
  // A time zone alone is refused only once there is a schedule: better now.
  const schedule = readSchedule(plan.schedule ?? 'every 1s', plan.timeZone);
  const matrix = plan.matrix === null ? [] : readMatrix(plan.matrix);
  const expectation = readExpect(plan.expect ?? '');
  return [
    ...('code' in schedule ? [schedule] : []),
    ...('code' in matrix ? [matrix] : []),
    ...('code' in expectation ? [expectation] : []),
  ];
}

/** What the orchestrator would say against a matrix, in its own words, where the queue holds so many jobs. */
export function complaintAboutRoom(
  matrix: string | null | undefined,
  maxQueued: number | null,
): Complaint | undefined {
  const points = matrix == null ? [] : readMatrix(matrix);
  return 'code' in points ? undefined : unqueueable(points, maxQueued);
}

/** The first point of a matrix; no params where there is none, or where it cannot be read. */
export function firstPoint(matrix: string | null): Params {
  const points = matrix === null ? [] : readMatrix(matrix);
  return 'code' in points ? NO_PARAMS : (points[0] ?? NO_PARAMS);
}

/** The slot that comes next, ISO 8601 UTC; undefined without a schedule that can be read, and after its last slot. */
export function nextSlot({ schedule, timeZone }: Pick<PlanRow, 'schedule' | 'timeZone'>, nowMs: number) {
  if (schedule === null) return undefined;
  const read = readSchedule(schedule, timeZone);
  const ms = 'code' in read ? undefined : slotAfter(read, nowMs);
  return ms === undefined ? undefined : slotName(ms);
}

/** That the time of a schedule is over, so that it never comes; undefined where it may. */
export function complaintAboutPast(
  { schedule, timeZone }: Pick<PlanRow, 'schedule' | 'timeZone'>,
  nowMs: number,
): Complaint | undefined {
  const read = readSchedule(schedule ?? 'every 1s', timeZone);
  if ('code' in read || read.kind !== 'at' || !isOver(read, nowMs)) return undefined;
  const found = `found ${slotName(read.atMs)}, ${spanWords(nowMs - read.atMs)} ago`;
  const hint = 'It is not rendered by itself; gvpie script set NAME --at TIME, or --no-schedule.';
  return { code: '', message: `Expected a time that is still to come, ${found}`, hint };
}

/** What of a script's plan is not as every new script has it, as `script show` prints it. */
export function planFields(plan: PlanRow, nowMs: number): [string, string][] {
  const { schedule, timeZone, catchUp, skippedSlots, skippedAtLeast, needs, matrix } = plan;
  const atLeast = skippedAtLeast ? 'at least ' : '';
  const skipped = skippedSlots === 0 ? '' : `; ${atLeast}${skippedSlots} passed over`;
  const fields: [string, string | false | null][] = [
    ['schedule', schedule && `${schedule}, ${timeZone ?? 'UTC'}`],
    ['next slot', schedule && (nextSlot(plan, nowMs) ?? 'none')],
    ['missed slots', schedule && `${catchUp}${skipped}`],
    ['priority', plan.priority !== NEW_PLAN.priority && String(plan.priority)],
    ['needs', needs && namesIn(needs)],
    ['matrix', matrix && axesIn(matrix)],
    ['batch', plan.batch],
    ['expects', plan.expect],
    ['attempts', plan.maxAttempts !== NEW_PLAN.maxAttempts && `at most ${plan.maxAttempts}`],
    ['at once', plan.concurrency !== null && `at most ${plan.concurrency}`],
    ['known picture', plan.forceRender && 'rendered again'],
    ['submitted as', plan.submitKey],
  ];
  return fields.flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : []));
}

/** A plan as JSON writes it: what is JSON in the row is JSON here, unless it cannot be read. */
export function planJson(plan: PlanRow, nowMs: number): Record<string, unknown> {
  const { scriptName: _name, waits, needs, matrix, expect, ...rest } = plan;
  return {
    ...snakeCase(rest),
    needs: parsed(needs),
    matrix: parsed(matrix),
    expect: parsed(expect),
    next_slot: nextSlot(plan, nowMs) ?? null,
    waits,
  };
}

function namesIn(needs: string): string {
  const names = parsed(needs);
  return Array.isArray(names) ? names.join(', ') : needs;
}

function axesIn(matrix: string): string {
  const points = readMatrix(matrix);
  if ('code' in points) return matrix;
  const axes = Object.entries(parsed(matrix) as Record<string, number[]>);
  const words = axes.map(([name, values]) => `${name}=${values.join(',')}`).join(' ');
  return `${words} (${count(points.length, 'job')})`;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return text;
  }
}
