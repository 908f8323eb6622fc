/** Every bound of painting on a GPU, in one table; docs/gpu.md lists them. */
export const GPU_BOUNDS = {
  /** Most bytes of a band: pixels stand in two buffers of this size at most, whatever is painted. */
  bandBytes: 2 ** 26,
  /** Most pixels times shapes of one dispatch: a second on SwiftShader, milliseconds on a GPU, so no watchdog bites. */
  dispatchWork: 2 ** 25,
  /** Most of the same for one picture. The CPU, which walks a shape's own pixels only, paints what is beyond it. */
  pictureWork: 2 ** 36,
  /** Most of the same on an adapter in software. */
  softwarePictureWork: 2 ** 30,
  /** How long one submission may take, ms: beyond it the device counts as lost, in time for the CPU to answer a client. */
  silenceMs: 5_000,
  /** From a fault to the first attempt with a new device, ms; after each further fault it is four times as long. */
  firstRestMs: 250,
  /** So many faults within so long, ms, turn the GPU off until the renderer is started again. */
  faults: 5,
  faultWindowMs: 600_000,
} as const;
