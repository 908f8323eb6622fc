/** Decisions: what the orchestrator makes of rows and of answers. No files, no clock; all of it by argument. */
import { decodeUtf8, firstInvalidUtf8 } from '../shared/bytes.ts';
import { type Canvas, canvasBytes, canvasComplaint } from '../shared/canvas.ts';
import type { Complaint } from '../shared/faults.ts';
import type { Input } from '../shared/inputs.ts';
import { LIMITS } from '../shared/limits.ts';
import { NO_PARAMS, type Params, readParams } from '../shared/params.ts';
import type { Unbelievable } from '../shared/protocol/belief.ts';
import type { BackendChoice } from '../shared/protocol/command.ts';
import { encodeRenderCommand } from '../shared/protocol/command.ts';
import type { OkReply, Reply } from '../shared/protocol/reply.ts';
import { show } from '../shared/show.ts';
import type { DueJob } from './script.ts';

/** A program with the canvas it is drawn on, and values for its PARAMs. */
export interface Work {
  readonly program: string;
  readonly canvas: Canvas;
  readonly params: Params;
  /** What its IMAGEs ask for, each once; absent where it has none. */
  readonly inputs?: readonly PlacedInput[];
}

/** An input with the absolute path of a file that is to hold it. */
export interface PlacedInput extends Input {
  readonly path: string;
}

/** A row that names a cartridge: its program is drawn, and `params` go over the ones it was drawn with. */
export interface CartridgeReading {
  readonly kind: 'cartridge';
  readonly reference: string;
  readonly params: Params;
}

/** What a row asks for, or why it is refused without asking anybody. */
export type Reading =
  | { readonly kind: 'work'; readonly work: Work }
  | CartridgeReading
  | { readonly kind: 'refused'; readonly complaint: Complaint };

/** Reads a row that any SQLite client may have written. */
export function readScript(script: DueJob): Reading {
  if (script.lang === 'python') {
    return refused(
      'ROW-E001',
      'Expected a lang that this version runs, found "python"',
      'Write the picture in PXL-ε and set lang to pixel; python scripts are kept, not run.',
    );
  }
  if (!['pixel', 'gvpie', 'cartridge'].includes(script.lang)) {
    return refused(
      'ROW-E001',
      `Expected lang pixel, gvpie, cartridge or python, found ${JSON.stringify(script.lang)}`,
    );
  }
  if (script.codeType !== 'text') {
    return refused(
      'ROW-E002',
      `Expected code to be TEXT, found a ${script.codeType.toUpperCase()}`,
      'Bind the program as a string, or insert CAST(… AS TEXT).',
    );
  }
  if (script.codeBytes > LIMITS.sourceBytes) {
    return refused(
      'ROW-E004',
      `Expected at most ${LIMITS.sourceBytes} bytes of code, found ${script.codeBytes}`,
    );
  }
  const code = decodeUtf8(script.code);
  if (code === undefined) {
    const offset = firstInvalidUtf8(script.code);
    return refused('ROW-E003', `Expected code in UTF-8, found an invalid byte at offset ${offset}`);
  }
  const own = readStoredParams(script);
  if (typeof own === 'string') return refused('ROW-E007', own, PARAMS_HINT);
  const point = script.point === null ? NO_PARAMS : readParamsText(script.point);
  if (typeof point === 'string') return refused('ROW-E007', point, PARAMS_HINT);
  const params = script.point === null ? own : { ...own, ...point };
  if (script.lang === 'cartridge') return { kind: 'cartridge', reference: code.trim(), params };
  const complaint = canvasComplaint(script.width, script.height);
  if (complaint !== undefined) return refused('ROW-E005', complaint);
  const canvas = { width: script.width as number, height: script.height as number };
  return { kind: 'work', work: { program: code, canvas, params } };
}

const PARAMS_HINT = `Write a JSON object of names and whole numbers, such as {"count":3}, or NULL.`;

/** The params of a row, or what is wrong with them, in words. */
function readStoredParams({ params, paramsType }: DueJob): Params | string {
  if (params === null) return NO_PARAMS;
  if (paramsType !== 'text') return `Expected params to be TEXT, found a ${paramsType.toUpperCase()}`;
  // No program that may be as long has as many PARAMs.
  if (params.length > LIMITS.sourceBytes) {
    return `Expected at most ${LIMITS.sourceBytes} bytes of params, found more`;
  }
  const text = decodeUtf8(params);
  if (text === undefined) return 'Expected params in UTF-8, found other bytes';
  return readParamsText(text);
}

/** Params as a row has them, in JSON; or what is wrong with them, in words. */
export function readParamsText(text: string): Params | string {
  if (text === '') return NO_PARAMS;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `Expected params in JSON, found ${show(text)}`;
  }
  return readParams(value, 'params');
}

/** The command for a piece of work, or why it cannot be sent. */
export function commandFor(
  work: Work,
  id: string,
  backend: BackendChoice | undefined,
): { command: string } | { complaint: Complaint } {
  const encode = (inputs: readonly PlacedInput[]): string =>
    encodeRenderCommand({
      id,
      code: work.program,
      canvas: work.canvas,
      params: work.params,
      inputs: Object.fromEntries(inputs.map(({ checksum, path }) => [checksum, path])),
      ...(backend === undefined ? {} : { backend }),
    });
  const { inputs = [] } = work;
  const command = encode(inputs);
  const length = Buffer.byteLength(command);
  if (length <= LIMITS.commandBytes) return { command };
  const ofInputs = length - Buffer.byteLength(encode([]));
  return {
    complaint: {
      code: 'ROW-E004',
      message: `Expected a command of at most ${LIMITS.commandBytes} bytes, found ${length}`,
      hint:
        length - ofInputs <= LIMITS.commandBytes
          ? `The paths of ${inputs.length} inputs take ${ofInputs} of them: draw fewer IMAGEs, or give GVPIE_CARTRIDGES a shorter path.`
          : 'Quotes, backslashes and line ends take two bytes each in JSON.',
    },
  };
}

/** What an answer means for its run. */
export type Judgement =
  | {
      readonly kind: 'press';
      readonly reply: OkReply | undefined;
      readonly pixels: Uint8Array;
      readonly digest?: string;
    }
  | Ending;

/** Why a run ends without a cartridge. */
export interface Ending {
  readonly kind: 'refused' | 'failed';
  readonly stderr: string;
}

/** Judges an answer to `work`: pixels to press, the author's fault, or the world's. */
export function judgeAnswer(
  work: Work,
  answer:
    | { reply: Reply | undefined; pixels: Uint8Array | undefined; digest?: string }
    | { unbelievable: string },
): Judgement {
  if ('unbelievable' in answer) return disbelieved(answer);
  const { reply, pixels, digest } = answer;
  const judgement = reply === undefined ? { kind: 'fits' as const, reply } : judgeReply(work, reply);
  if (judgement.kind !== 'fits') return judgement;
  if (pixels?.length !== canvasBytes(work.canvas)) {
    const found = pixels === undefined ? 'none' : String(pixels.length);
    return failed(`Expected ${canvasBytes(work.canvas)} bytes of pixels, found ${found}`);
  }
  return { kind: 'press', reply: judgement.reply, pixels, ...(digest === undefined ? {} : { digest }) };
}

/** Judges a reply to `work` without its pixels: it fits, and they are to be looked at, or it ends the run. */
export function judgeReply(
  work: Work,
  reply: Reply,
): Ending | { readonly kind: 'fits'; readonly reply: OkReply } {
  if (reply.status === 'refused') return { kind: 'refused', stderr: JSON.stringify(reply) };
  // An error is the world's, whatever the renderer thinks of trying again: the waits between attempts grow.
  if (reply.status !== 'ok') return { kind: 'failed', stderr: JSON.stringify(reply) };
  const { width, height } = work.canvas;
  if (reply.width !== width || reply.height !== height) {
    return failed(`Expected a picture of ${width}×${height}, found one of ${reply.width}×${reply.height}`);
  }
  const stood = new Map(Object.entries(reply.params ?? NO_PARAMS));
  const other = Object.entries(work.params).find(([name, value]) => stood.get(name) !== value);
  if (other !== undefined) {
    const [name, value] = other;
    return failed(`Expected a picture with ${name}=${value}, found one with ${show(stood.get(name))}`);
  }
  // A reply has room for a quarter of a million.
  const asked = new Set(work.inputs?.map(({ checksum }) => checksum));
  const drawn = new Set(reply.inputs);
  const stray = [...asked, ...drawn].find((one) => !asked.has(one) || !drawn.has(one));
  if (stray !== undefined) {
    const [wanted, found] = asked.has(stray) ? ['with', 'without'] : ['without', 'with'];
    return failed(`Expected a picture drawn ${wanted} the input ${stray}, found one ${found}`);
  }
  return { kind: 'fits', reply };
}

/** What cannot be believed is the world's fault. */
export function disbelieved({ unbelievable }: Unbelievable): Ending {
  return { kind: 'failed', stderr: describe('RUN-E004', unbelievable) };
}

function failed(message: string): Ending {
  return disbelieved({ unbelievable: message });
}

/** A fault of the world in the same shape as a reply's error. */
export function describe(code: string, message: string): string {
  return JSON.stringify({ status: 'error', retryable: true, error: { code, message } });
}

/** A refusal in the same shape as a reply's. */
export function describeRefusal(complaint: Complaint): string {
  return JSON.stringify({ status: 'refused', error: complaint, errors: [complaint] });
}

function refused(code: string, message: string, hint?: string): Reading {
  return { kind: 'refused', complaint: hint === undefined ? { code, message } : { code, message, hint } };
}
