/** Operands that many opcodes take. */

export const x = { name: 'x', kind: 'integer' } as const;
export const y = { name: 'y', kind: 'integer' } as const;
export const w = { name: 'w', kind: 'integer', min: 0 } as const;
export const h = { name: 'h', kind: 'integer', min: 0 } as const;
export const test = { name: 'test', kind: 'integer' } as const;
export const value = { name: 'value', kind: 'integer' } as const;
export const label = { name: 'label', kind: 'label' } as const;
export const name = { name: 'name', kind: 'name' } as const;
