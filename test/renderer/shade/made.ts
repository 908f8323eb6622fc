/** Shades that are made by hand. */
import type { Operator, Shade, ShadeFunction, Step, Value } from '../../../renderer/shade/shade.ts';

export const number = (value: number): Value => ({ kind: 'number', value });
export const variable = (index: number): Value => ({ kind: 'variable', index });
export const uniform = (index: number): Value => ({ kind: 'uniform', index });
export const place = (of: 'x' | 'y' | 'w' | 'h'): Value => ({ kind: 'place', of });
export const operation = (operator: Operator, left: Value, right: Value): Value => ({
  kind: 'operation',
  operator,
  left,
  right,
});
export const choice = (test: Value, yes: Value, no: Value): Value => ({ kind: 'choice', test, yes, no });
export const call = (name: ShadeFunction, ...values: readonly Value[]): Value => ({
  kind: 'call',
  name,
  values,
});
export const set = (index: number, value: Value): Step => ({ kind: 'set', variable: index, value });

/** A shade of these steps with variables up to 7 and uniforms up to 3. */
export function shadeOf(steps: readonly Step[], price = 10): Shade {
  const parts = { variables: 8, uniforms: 4, steps, price, readsPixel: true };
  return { ...parts, key: JSON.stringify(parts) };
}

/** The steps that make the four bytes of a value the channels, so that the pixel shows all of it. */
export function shown(value: Value): Step[] {
  const held = set(7, value);
  const bytes = [0, 8, 16, 24].map((bits, channel) =>
    set(channel, operation('&', operation('>>', variable(7), number(bits)), number(255))),
  );
  return [held, ...bytes];
}
