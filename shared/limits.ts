/** Every limit of gvpie in one table. Errors quote these numbers, and a test holds the pages to them. */
export const LIMITS = {
  /** Canvas side, pixels. */
  canvasSide: 16_384,
  /** Canvas area, pixels (64 Mpx = 256 MiB of RGBA). */
  canvasPixels: 67_108_864,
  /** Program source, bytes of UTF-8. */
  sourceBytes: 1_048_576,
  /** One command file, bytes. */
  commandBytes: 2_097_152,
  /** One reply file (`out.json`, `outbox/<id>.json`), bytes. */
  replyBytes: 16_777_216,
  /** Errors reported for one program. */
  errors: 20,
  /** Warnings reported for one run; the rest are counted. */
  warnings: 20,
  /** Calls listed for one error, and for one shape of `gvpie why`, innermost first; the rest are counted. */
  listedCalls: 16,
  /** Shapes that `gvpie why` lists over one pixel, the front ones; the rest are counted. */
  listedShapes: 1_000,
  /** Steps of one run. */
  steps: 10_000_000,
  /** Shapes of one run, visible or not. */
  shapes: 1_000_000,
  /** Pixels that the shapes of one run write, overdraw counted: of the largest canvas all, eight times; seconds on a CPU. */
  pixelsWritten: 536_870_912,
  /** Words of 32 bits of one run's display list; docs/language.md says what each shape takes. */
  listWords: 16_777_216,
  /** Text of one TXT, code points. */
  textCodePoints: 4_096,
  /** Code points of the texts and numbers of one run, blanks too; no core program can have more, its source being no longer. */
  characters: 1_048_576,
  /** Blocks inside one another; brackets, signs and `?:` inside one another in an expression. */
  nesting: 64,
  /** Operators, calls, indexings and arguments of one line. */
  lineOperators: 1_024,
  /** Characters of a name. */
  nameLength: 64,
  /** Local names of one DEF, its arguments included. */
  locals: 256,
  /** Calls inside one another. */
  callDepth: 256,
  /** Cells of all DIMs and DATAs together. */
  arrayCells: 65_536,
  /** Rows of one SPRITE, and code points of one of its ROWs. */
  spriteSide: 256,
  /** Pixels of all IMAGEs of one program together (32 MiB of RGBA). */
  imagePixels: 8_388_608,
  /** Turns of one LOOP. */
  loopTurns: 65_536,
  /** Lines, operators, calls and arguments in one SHADE: what is much larger, engines run without optimising it. */
  shadeSize: 1_024,
  /** Names that one SHADE sets, and names of the program that it reads. */
  shadeNames: 256,
  /** SHADEs of one program that differ: all of them are kept compiled while it is painted. */
  shades: 32,
  /** Operations of one pixel of a SHADE: a millisecond on a CPU, so that painting can pause after each. */
  shadePixel: 1_048_576,
  /** Operations of all pixels of all SHADEs of one run: ten minutes on a CPU. */
  shadeOperations: 1_099_511_627_776,
  /** States that PUSH holds at once. */
  savedStates: 256,
  /**
   * Pictures that one run remembers to have listed, and likewise bitmaps of letters: beyond, it forgets all and lists, and
   * counts, them anew. More than our own 5×7 font has parts of glyphs. Large fonts and many clips make millions.
   */
  remembered: 65_536,
  /** A cartridge file, bytes. */
  cartridgeBytes: 402_653_184,
  /** Chunks of one PNG file: the largest cartridge in libpng's usual IDATs of 8 KiB has 49,152. */
  chunks: 65_536,
  /** One of a cartridge's texts that are no records, bytes: the longest that gvpie writes has 64. */
  shortTextBytes: 1_024,
  /**
   * Values of a label, lists and objects too, counted before it is taken apart: each takes V8 up to 300 bytes. A
   * program of 1 MiB can draw 278,000 glyphs that differ, and name 95,000 PARAMs.
   */
  labelValues: 524_288,
  /** Values of a cartridge's record of its run, which proves nothing: gvpie writes some ten. */
  runValues: 4_096,
  /** Signatures of one cartridge. */
  signatures: 16,
  /** The text of one signature, bytes of UTF-8: ours takes 300, the rest is for fields to come. */
  signatureBytes: 4_096,
  /** Cartridges that one label names as its parents. */
  parents: 16,
  /** Files of all inputs of one picture, bytes: the largest IMAGEs as raw RGBA, and a cartridge's texts beside them. */
  inputBytes: 67_108_864,
  /** Characters of a job's id. */
  idLength: 64,
  /** Characters of a schedule: lists of all minutes, hours and days are shorter. */
  scheduleLength: 1_024,
  /** Slots of a cron that are counted when they are passed over, so that a second's cron that rested for a year takes ms. */
  countedSlots: 1_000,
  /** The most that one sweep removes of a kind without a word: of its rows or files, and of their bytes, in hundredths. */
  sweptPercent: 20,
  /** Points of one matrix. */
  matrixPoints: 10_000,
  /** Colours that one script expects of its picture. */
  expectedColors: 256,
  /** A backup's manifest, bytes: a million cartridges and more. */
  manifestBytes: 268_435_456,
} as const;
