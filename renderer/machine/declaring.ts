/** Declaring opcodes: those whose lines are carried out before the first, wherever they stand. */
import type { OpcodeName } from '../language/opcodes.ts';

type Declaring = 'DIM' | 'DATA' | 'PARAM' | 'SPRITE' | 'IMAGE';

const DECLARING: readonly Declaring[] = ['DIM', 'DATA', 'PARAM', 'SPRITE', 'IMAGE'];

/** Whether lines of this opcode come first. */
export function declares(opcode: OpcodeName): opcode is Declaring {
  return (DECLARING as readonly OpcodeName[]).includes(opcode);
}
