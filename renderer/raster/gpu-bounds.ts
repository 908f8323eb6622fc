/** Every bound of painting on a GPU, in one table; docs/gpu.md lists them. */
export const GPU_BOUNDS = {
  /** Most bytes of a band: pixels stand in three buffers of this size at most, whatever is painted. */
  bandBytes: 2 ** 26,
  /** Most pixels times shapes of one dispatch: milliseconds on a GPU, so that no watchdog bites. */
  dispatchWork: 2 ** 25,
  /** Most of the same on an adapter in software: a tenth of a second on SwiftShader, also beside other load. */
  softwareDispatchWork: 2 ** 22,
  /** Most of the same for one picture. The CPU, which walks a shape's own pixels only, paints what is beyond it. */
  pictureWork: 2 ** 34,
  /** Most of the same on an adapter in software: a few seconds. */
  softwarePictureWork: 2 ** 28,
  /** Most pixels of a canvas that is painted together with others: larger ones are worth a submission of their own. */
  batchedPixels: 2 ** 17,
  /** Most words of shapes and pool of such a canvas. */
  batchedWords: 2 ** 15,
  /** Most bytes of one batch's scene, and of its canvases: while one is read back, the next one is painted. */
  batchBytes: 2 ** 23,
  /** Most SHADEs of one picture: each is a dispatch at least, that waits for the one before it. */
  shades: 256,
  /** Most operations in the text of a SHADE, its functions put in place: what takes longer to compile, the CPU paints. */
  shadeSize: 2 ** 13,
  /** Most operations of a SHADE for one pixel, which one thread carries out: milliseconds. */
  pixelOperations: 2 ** 22,
  /** Most entries of the smallest tiles together; a list with more takes larger tiles. */
  entries: 2 ** 24,
  /** How long one picture may take, ms, looked at between dispatches; then the CPU paints it, within a drain's 5 s. */
  pictureMs: 3_000,
  /** How long one submission may take, ms: beyond it the device counts as lost. Less than a renderer has to drain. */
  silenceMs: 3_000,
  /** How long a device may take to open, ms. */
  openMs: 4_000,
  /** From a fault to the first attempt with a new device, ms; after each further fault it is four times as long. */
  firstRestMs: 250,
  /** So many faults within so long, ms, turn the GPU off until the renderer is started again. */
  faults: 5,
  faultWindowMs: 600_000,
} as const;
