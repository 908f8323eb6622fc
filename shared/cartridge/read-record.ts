/** Reading a record of a cartridge: its JSON text becomes what its schema says, or one typed fault. */
import * as z from 'zod';
import { CartridgeFault } from './cartridge-fault.ts';
import { LABEL_FORMAT } from './label.ts';

/** Characters of what a file says, in a message. */
const SHOWN = 200;
/** Deepest nesting of a record, so that no reader of it needs a deep stack. */
const RECORD_DEPTH = 32;

/**
 * A record from its JSON text.
 *
 * @param name what messages call it
 * @param mostValues that it may have, lists and objects counted too
 * @throws {CartridgeFault} E013 when it is not JSON or has more, E014 when it does not follow `schema` or
 *   has no canonical form, E019 when it does not and says that it is of a newer format
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string, name: string, mostValues: number): T {
  const value = parseJson(text, name, mostValues);
  const result = schema.safeParse(value);
  if (result.success) {
    const odd = withoutForm(value);
    if (odd === undefined) return result.data;
    throw new CartridgeFault(
      'CART-E014',
      `Expected a ${name} that canonical JSON can write, found ${odd} in it`,
    );
  }
  const issue = result.error.issues[0];
  const where = [name, ...(issue?.path ?? [])].join('.').slice(0, SHOWN);
  const format = z.object({ format: z.int().min(LABEL_FORMAT + 1) }).safeParse(value);
  if (format.success) {
    throw new CartridgeFault(
      'CART-E019',
      `Expected a label of format ${LABEL_FORMAT}, found format ${format.data.format}, which differs in ${where}`,
    );
  }
  throw new CartridgeFault(
    'CART-E014',
    `Expected a valid ${where}, found: ${issue?.message.slice(0, SHOWN)}`,
  );
}

function parseJson(text: string, name: string, mostValues: number): unknown {
  const { depth, values, names } = extentOf(text);
  if (depth > RECORD_DEPTH) throw unreadable(name, `nest at most ${RECORD_DEPTH} deep`, `${depth}`);
  if (values > mostValues) {
    throw unreadable(name, `have at most ${mostValues} values`, `${values}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unreadable(name, 'be JSON', `otherwise: ${reason.slice(0, SHOWN)}`);
  }
  // Others take the first of two programs, and we the last: one signature would be on both.
  const twice = names - namesIn(value);
  if (twice > 0)
    throw unreadable(name, 'have each name of an object once', `${twice} that stand there again`);
  return value;
}

/** Of all objects together. */
function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let names = 0;
  if (Array.isArray(value)) for (const item of value) names += namesIn(item);
  else for (const name in value) names += 1 + namesIn((value as Record<string, unknown>)[name]);
  return names;
}

const SURROGATE = /\p{Surrogate}/u;

/**
 * What of a value JSON can say and canonical JSON cannot, in words; whoever digests, compares or keeps such a record would
 * fail over it.
 */
function withoutForm(value: unknown): string | undefined {
  if (typeof value === 'string') return SURROGATE.test(value) ? 'half of a surrogate pair' : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'a number beyond 1.8e308';
  if (typeof value !== 'object' || value === null) return undefined;
  // As deep as a record may nest. Not over its entries: of half a million values they would be as many lists.
  for (const name in value) {
    const odd = withoutForm(name) ?? withoutForm((value as Readonly<Record<string, unknown>>)[name]);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

function unreadable(name: string, expected: string, found: string): CartridgeFault {
  return new CartridgeFault('CART-E013', `Expected ${name} to ${expected}, found ${found}`);
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * How large a text is as JSON, before it is taken apart; for a text that is not JSON, any numbers.
 *
 * @returns the deepest bracket outside strings, and at least as many values as it has: one, another for each comma, and
 *   another for each bracket, in which there may be nothing; and the names of all objects, of which some may be the same
 */
function extentOf(text: string): { readonly depth: number; readonly values: number; readonly names: number } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  let names = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === COMMA) values++;
    else if (code === COLON) names++;
    // { and [, which one bit tells apart; and } and ] likewise.
    else if ((code | 0x20) === 0x7b) {
      values++;
      deepest = Math.max(deepest, ++depth);
    } else if ((code | 0x20) === 0x7d) depth--;
  }
  return { depth: deepest, values, names };
}
