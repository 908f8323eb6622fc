/** Parameters: what a command or a row sets of a program's PARAMs. */
import * as z from 'zod';

/** By lower-case name; signed 32-bit integers. */
export type Params = Readonly<Record<string, number>>;

/** Sets nothing: every PARAM keeps its default. */
export const NO_PARAMS: Params = {};

export const paramsSchema: z.ZodType<Params> = z.record(
  z.string().regex(/^[a-z_][a-z0-9_]{0,63}$/),
  z
    .int()
    .min(-(2 ** 31))
    .max(2 ** 31 - 1),
);
