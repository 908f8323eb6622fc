/** How people read of each limit: in the pages, and from `gvpie reference`. */
import { LIMITS } from './limits.ts';

/** The name of a limit, as in `LIMITS`. */
export type LimitName = keyof typeof LIMITS;

/** What each counts. */
export const LIMIT_WORDS: Readonly<Record<LimitName, string>> = {
  canvasSide: 'canvas side, pixels',
  canvasPixels: 'canvas area, pixels',
  sourceBytes: 'source, bytes',
  commandBytes: 'command file, bytes',
  replyBytes: 'reply file, bytes',
  errors: 'errors reported for one program',
  listedCalls: 'calls listed for one error',
  listedShapes: 'shapes that `gvpie why` lists over one pixel',
  warnings: 'warnings reported for one run',
  steps: 'steps of one run',
  shapes: 'shapes of one run',
  pixelsWritten: 'pixels written by one run, overdraw counted',
  listWords: 'words of the display list of one run',
  textCodePoints: 'code points of one text',
  characters: 'characters drawn by one run',
  nesting: 'blocks inside one another, brackets likewise',
  lineOperators: 'operators, calls, indexings and arguments of one line',
  nameLength: 'characters of a name',
  locals: 'variables of one DEF, arguments included',
  callDepth: 'calls inside one another',
  arrayCells: 'cells of all arrays and tables',
  spriteSide: 'rows of a SPRITE, and code points of one of its ROWs',
  imagePixels: 'pixels of all IMAGEs together',
  loopTurns: 'turns of one LOOP',
  shadeSize: 'lines, operators, calls and arguments in one SHADE',
  shadeNames: 'names that one SHADE sets; names of the program that it reads',
  shades: 'SHADEs of one program that differ',
  shadePixel: 'operations of one pixel of a SHADE',
  shadeOperations: 'operations of all SHADEs of one run',
  savedStates: 'states that PUSH holds at once',
  remembered: 'pictures that a run remembers, and bitmaps of letters likewise',
  cartridgeBytes: 'cartridge file, bytes',
  chunks: 'chunks of one PNG file',
  shortTextBytes: 'a text of a cartridge that is no record, bytes',
  labelValues: 'values of the label of a cartridge',
  runValues: 'values of the record of its run',
  signatures: 'signatures of one cartridge',
  signatureBytes: 'text of one signature, bytes',
  parents: 'parents of one cartridge',
  inputBytes: 'files of all inputs of one picture, bytes',
  idLength: 'characters of an id',
  scheduleLength: 'characters of a schedule',
  countedSlots: 'slots of a cron that are counted when they are passed over',
  sweptPercent: 'percent of a kind that one sweep removes without --yes',
  matrixPoints: 'points of one matrix',
  expectedColors: 'colours that one script expects of its picture',
  manifestBytes: 'manifest of a backup, bytes',
};

/** Files and ids are the protocol's business, schedules the orchestrator's, and what `why` lists is its own; every other limit is the language's. */
const ELSEWHERE: readonly string[] = [
  'listedShapes',
  'commandBytes',
  'replyBytes',
  'cartridgeBytes',
  'chunks',
  'shortTextBytes',
  'labelValues',
  'runValues',
  'signatures',
  'signatureBytes',
  'parents',
  'inputBytes',
  'idLength',
  'scheduleLength',
  'countedSlots',
  'sweptPercent',
  'matrixPoints',
  'expectedColors',
  'manifestBytes',
];

/** What a program is held to. */
export const LANGUAGE_LIMITS: readonly LimitName[] = (Object.keys(LIMIT_WORDS) as LimitName[]).filter(
  (name) => !ELSEWHERE.includes(name),
);

/** `10,000,000` */
export function limitFigure(name: LimitName): string {
  return LIMITS[name].toLocaleString('en-US');
}
