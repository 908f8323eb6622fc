/** Operands that many opcodes take. */

export const x = { name: 'x', kind: 'integer' } as const;
export const y = { name: 'y', kind: 'integer' } as const;
export const w = { name: 'w', kind: 'integer', min: 0 } as const;
export const h = { name: 'h', kind: 'integer', min: 0 } as const;
export const test = { name: 'test', kind: 'integer' } as const;
export const value = { name: 'value', kind: 'integer' } as const;
export const label = { name: 'label', kind: 'label' } as const;
export const name = { name: 'name', kind: 'name' } as const;
export const x0 = { name: 'x0', kind: 'integer' } as const;
export const y0 = { name: 'y0', kind: 'integer' } as const;
export const x1 = { name: 'x1', kind: 'integer' } as const;
export const y1 = { name: 'y1', kind: 'integer' } as const;
export const x2 = { name: 'x2', kind: 'integer' } as const;
export const y2 = { name: 'y2', kind: 'integer' } as const;
/** A radius: 16383 reaches across the largest canvas from its middle. */
export const r = { name: 'r', kind: 'integer', min: 0, max: 16_383 } as const;
export const rx = { ...r, name: 'rx' } as const;
export const ry = { ...r, name: 'ry' } as const;
/** Angles, 65536 a turn. */
export const from = { name: 'from', kind: 'integer' } as const;
export const to = { name: 'to', kind: 'integer' } as const;
