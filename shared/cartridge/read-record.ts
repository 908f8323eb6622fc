/** Reading a record of a cartridge: its JSON text becomes what its schema says, or one typed fault. */
import * as z from 'zod';
import { CartridgeFault } from './cartridge-fault.ts';
import { LABEL_FORMAT } from './label.ts';

/** Deepest nesting of a record, so that no reader of it needs a deep stack. */
const RECORD_DEPTH = 32;

/**
 * A record from its JSON text.
 *
 * @param name what messages call it
 * @throws {CartridgeFault} E013 when it is not JSON, E014 when it does not follow `schema`,
 *   E019 when it does not and says that it is of a newer format
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string, name: string): T {
  const value = parseJson(text, name);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = [name, ...(issue?.path ?? [])].join('.');
  const format = z.object({ format: z.int().min(LABEL_FORMAT + 1) }).safeParse(value);
  if (format.success) {
    throw new CartridgeFault(
      'CART-E019',
      `Expected a label of format ${LABEL_FORMAT}, found format ${format.data.format}, which differs in ${where}`,
    );
  }
  throw new CartridgeFault('CART-E014', `Expected a valid ${where}, found: ${issue?.message}`);
}

function parseJson(text: string, name: string): unknown {
  const depth = nesting(text);
  if (depth > RECORD_DEPTH) {
    throw new CartridgeFault(
      'CART-E013',
      `Expected ${name} to nest at most ${RECORD_DEPTH} deep, found ${depth}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CartridgeFault(
      'CART-E013',
      `Expected ${name} to be JSON, found otherwise: ${reason.slice(0, 200)}`,
    );
  }
}

/** The deepest bracket outside strings; for a text that is not JSON, any number. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (quoted && character === '\\') i++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) deepest = Math.max(deepest, ++depth);
    else if (!quoted && (character === '}' || character === ']')) depth--;
  }
  return deepest;
}
