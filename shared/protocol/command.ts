/** Commands: what a client asks of a renderer, as text and as records. docs/protocol.md is the contract. */
import { z } from 'zod';
import { type Allowance, readLimits } from '../allowance.ts';
import { decodeUtf8 } from '../bytes.ts';
import { type Canvas, canvasComplaint, DEFAULT_CANVAS } from '../canvas.ts';
import { type Complaint, PeerFault } from '../faults.ts';
import { hasInputs, type InputPaths, NO_INPUTS, readInputPaths } from '../inputs.ts';
import { LIMITS } from '../limits.ts';
import { hasParams, NO_PARAMS, type Params, readParams } from '../params.ts';
import { show } from '../show.ts';
import { BACKEND_CHOICES } from './backend-choices.ts';
import { isJobId } from './spool.ts';

export type BackendChoice = (typeof BACKEND_CHOICES)[number];

interface CommonFields {
  readonly id: string | undefined;
  /** Unix epoch, milliseconds: not rendered when this has passed. */
  readonly deadlineMs: number | undefined;
  /** Names of the fields that were not understood. */
  readonly ignored: readonly string[];
}

export interface RenderCommand extends CommonFields {
  readonly op: 'render_program';
  readonly code: string;
  readonly canvas: Canvas;
  readonly backend: BackendChoice | undefined;
  /** Values for the program's PARAMs; undefined when it says none. */
  readonly params: Params | undefined;
  /** The most that the run may cost, beside what the language and the renderer allow. */
  readonly limits: Partial<Allowance> | undefined;
  /** Where the canvases lie that the program's IMAGEs name; undefined when it says none. */
  readonly inputs: InputPaths | undefined;
}

export interface PingCommand extends CommonFields {
  readonly op: 'ping';
}

export interface ReadCanvasCommand extends CommonFields {
  readonly op: 'read_canvas';
  readonly canvas: Canvas;
}

export type Command = RenderCommand | PingCommand | ReadCanvasCommand;

/** A command that could be read but not accepted: answered with these complaints. */
export interface RefusedCommand {
  readonly op: 'refused';
  readonly id: string | undefined;
  readonly complaints: readonly [Complaint, ...Complaint[]];
}

/** What a field wants, in words; width, height, params, limits and inputs have words of their own. */
const WANTED = {
  id: `1 to ${LIMITS.idLength} characters of [A-Za-z0-9_-]`,
  deadline_ms: 'a number of milliseconds since 1970',
  format: '"RGBA"',
  code: 'the text of a program',
  backend: `one of ${BACKEND_CHOICES.join(', ')}`,
};

const OPS = ['render_program', 'ping', 'read_canvas'] as const;

const fields = {
  id: z.string().refine(isJobId).optional(),
  deadline_ms: z.number().optional(),
};
const canvasFields = {
  width: z.unknown().default(DEFAULT_CANVAS.width),
  height: z.unknown().default(DEFAULT_CANVAS.height),
  format: z.literal('RGBA').default('RGBA'),
};

/** A field with a reader that gives what it read, or what is wrong in words. */
const readBy = <Value extends object>(read: (value: unknown) => Value | string) =>
  z.unknown().transform((input, context): Value => {
    const found = read(input);
    if (typeof found !== 'string') return found;
    context.issues.push({ code: 'custom', message: found, input });
    return z.NEVER;
  });

const schemas = {
  render_program: z.looseObject({
    ...fields,
    ...canvasFields,
    op: z.literal('render_program'),
    code: z.string(),
    backend: z.enum(BACKEND_CHOICES).optional(),
    params: readBy((value) => readParams(value, '"params"')).optional(),
    limits: readBy((value) => readLimits(value, '"limits"')).optional(),
    inputs: readBy((value) => readInputPaths(value, '"inputs"')).optional(),
  }),
  ping: z.looseObject({ ...fields, op: z.literal('ping') }),
  read_canvas: z.looseObject({ ...fields, ...canvasFields, op: z.literal('read_canvas') }),
};

/**
 * Reads one command file.
 *
 * @throws {PeerFault} when the bytes are not a JSON object, so that there is nobody to answer by name
 */
export function decodeCommand(bytes: Uint8Array): Command | RefusedCommand {
  const record = decodeJsonObject(bytes);
  const id = typeof record.id === 'string' && isJobId(record.id) ? record.id : undefined;
  const op = OPS.find((known) => known === record.op);
  if (op === undefined) {
    return refused(
      id,
      'CMD-E004',
      `Expected "op" to be one of ${OPS.join(', ')}, found ${show(record.op)}`,
      'For example {"op":"render_program","code":"TXT 10 10 Hello"}',
    );
  }
  const parsed = schemas[op].safeParse(record);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      code: 'CMD-E005',
      message: describeIssue(issue, record),
    }));
    return { op: 'refused', id, complaints: issues as [Complaint, ...Complaint[]] };
  }
  const value = parsed.data;
  const known = Object.keys(schemas[op].shape);
  const common = {
    id,
    deadlineMs: value.deadline_ms,
    ignored: Object.keys(record).filter((name) => !known.includes(name)),
  };
  if (value.op === 'ping') return { op: 'ping', ...common };
  const complaint = canvasComplaint(value.width, value.height);
  if (complaint !== undefined) return refused(id, 'CMD-E006', complaint);
  const canvas = { width: value.width as number, height: value.height as number };
  if (value.op === 'read_canvas') return { op: 'read_canvas', canvas, ...common };
  if (/\p{Surrogate}/u.test(value.code)) {
    return refused(
      id,
      'CMD-E005',
      'Expected "code" to be text that UTF-8 can hold, found half of a surrogate pair',
      'Write characters beyond U+FFFF as they are, or as both halves of the pair.',
    );
  }
  const { code, backend, params, limits, inputs } = value;
  return { op: 'render_program', code, canvas, backend, params, limits, inputs, ...common };
}

/**
 * Reads a JSON object from UTF-8 bytes; a BOM in front is skipped.
 *
 * @throws {PeerFault} CMD-E001 not UTF-8, CMD-E002 not JSON, CMD-E003 not an object
 */
function decodeJsonObject(bytes: Uint8Array): Record<string, unknown> {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new PeerFault('CMD-E001', 'Expected JSON in UTF-8, found bytes that are not');
  let value: unknown;
  try {
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    throw new PeerFault(
      'CMD-E002',
      `Expected JSON, found ${show(text)}: ${(error as Error).message.slice(0, 120)}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PeerFault('CMD-E003', `Expected a JSON object, found ${show(text)}`);
  }
  return value as Record<string, unknown>;
}

/** The command as the bytes of its file. */
export function encodeRenderCommand(command: {
  id?: string;
  code: string;
  canvas: Canvas;
  backend?: BackendChoice;
  params?: Params;
  inputs?: InputPaths;
}): string {
  const { params = NO_PARAMS, inputs = NO_INPUTS } = command;
  return JSON.stringify({
    op: 'render_program',
    id: command.id,
    code: command.code,
    width: command.canvas.width,
    height: command.canvas.height,
    format: 'RGBA',
    backend: command.backend,
    // Left out where there are none: to a renderer that does not know them it is the command it knows.
    params: hasParams(params) ? params : undefined,
    inputs: hasInputs(inputs) ? inputs : undefined,
  });
}

function refused(id: string | undefined, code: string, message: string, hint?: string): RefusedCommand {
  return {
    op: 'refused',
    id,
    complaints: [hint === undefined ? { code, message } : { code, message, hint }],
  };
}

function describeIssue({ path, message }: z.core.$ZodIssue, record: Record<string, unknown>): string {
  const field = String(path[0]);
  if (!Object.hasOwn(WANTED, field)) return message;
  return `Expected "${field}" to be ${WANTED[field as keyof typeof WANTED]}, found ${show(record[field])}`;
}
