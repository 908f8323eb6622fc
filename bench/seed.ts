/** The seed: the same programs and the same pauses on every run. Printed with the results. */
export const SEED = 20_251_120;
