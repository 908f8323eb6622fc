/** The seed: the same pictures and the same pauses on every run. Printed with the results. */
export const SEED = 20_251_120;
