/** The options that commands share: the setting flags, made from the one table of settings, and a canvas. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Canvas, canvasComplaint, DEFAULT_CANVAS } from '../shared/canvas.ts';
import { LIMITS } from '../shared/limits.ts';
import { NO_PARAMS, PARAM_VALUE, type Params, readParamName, readParamValue } from '../shared/params.ts';
import {
  readSettings,
  SETTINGS,
  type SettingName,
  type SettingOrigins,
  type Settings,
} from '../shared/settings.ts';

export const ALL_SETTINGS = Object.keys(SETTINGS) as readonly SettingName[];

/** Those of daemons, which sign nothing. */
export const SERVING_SETTINGS: readonly SettingName[] = ALL_SETTINGS.filter((name) => name !== 'keys');

export const JSON_FLAG = ['--json', 'print one JSON document'] as const;

/** Values by option name, as commander hands them to an action. */
export type Options = Readonly<Record<string, unknown>>;

function settingOption(name: SettingName): Option {
  const { flag, about, range, env, fallback } = SETTINGS[name];
  const allowed = range === 'a path' ? '' : `${range}; `;
  return new Option(flag, `${about} (${allowed}${env}, or else ${fallback})`);
}

/** Gives `command` the flags of these settings; `hidden` ones are accepted and not listed in its help. */
export function addSettings(
  command: Command,
  names: readonly SettingName[],
  hidden: readonly SettingName[] = [],
): Command {
  for (const name of names) command.addOption(settingOption(name));
  for (const name of hidden) command.addOption(settingOption(name).hideHelp());
  return command;
}

/**
 * The settings that a command uses. Others keep their defaults whatever the environment says, so that
 * a bad value refuses only the commands it would concern.
 *
 * @throws {SettingFault}
 */
export function settingsFrom(
  options: Options,
  names: readonly SettingName[],
): { settings: Settings; origins: SettingOrigins } {
  const flags: { [Name in SettingName]?: string } = {};
  const environment: Record<string, string | undefined> = {};
  for (const name of names) {
    const value = options[settingOption(name).attributeName()];
    if (typeof value === 'string') flags[name] = value;
    environment[SETTINGS[name].env] = process.env[SETTINGS[name].env];
  }
  return readSettings(flags, environment);
}

/** The setting flags that were given, as arguments for another gvpie. */
export function settingFlags(options: Options): string[] {
  return ALL_SETTINGS.flatMap((name) => {
    const option = settingOption(name);
    const value = options[option.attributeName()];
    // With `=`, a value that begins with a dash stays a value.
    return typeof value === 'string' ? [`${option.long}=${value}`] : [];
  });
}

/**
 * `--size WxH`; without a default it is undefined where it was not given.
 *
 * @param otherwise what the canvas is then, in words
 */
export function sizeOption(withDefault: boolean, otherwise = 'a new script: 128x64'): Option {
  const about = `canvas in pixels, such as 320x200${withDefault ? '' : ` (${otherwise})`}`;
  const option = new Option('--size <WxH>', about).argParser(parseSize);
  return withDefault
    ? option.default(DEFAULT_CANVAS, `${DEFAULT_CANVAS.width}x${DEFAULT_CANVAS.height}`)
    : option;
}

function parseSize(text: string): Canvas {
  const match = /^(\d{1,9})[x×](\d{1,9})$/i.exec(text);
  if (match === null) throw new InvalidArgumentError('Expected a width and a height, such as 128x64.');
  const canvas = { width: Number(match[1]), height: Number(match[2]) };
  const complaint = canvasComplaint(canvas.width, canvas.height);
  if (complaint !== undefined) throw new InvalidArgumentError(complaint);
  return canvas;
}

/** `--param name=value`, as often as there are PARAMs to set; undefined when there are none. */
export function paramOption(): Option {
  return new Option('--param <name=value>', "sets one of the program's PARAMs; repeatable").argParser(
    addParam,
  );
}

/** `--point name=value`, as often as a matrix has PARAMs; undefined when there are none. */
export function pointOption(): Option {
  return new Option(
    '--point <name=value>',
    'of a matrix only the points with this value; repeatable',
  ).argParser(addParam);
}

function addParam(text: string, before: Params = NO_PARAMS): Params {
  const [, written = '', digits = ''] = /^([^=]*)=(-?\d{1,10})$/.exec(text) ?? [];
  const name = readParamName(written);
  const value = readParamValue(Number(digits));
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError(`Expected a name, = and ${PARAM_VALUE}, such as count=3.`);
  }
  if (Object.hasOwn(before, name))
    throw new InvalidArgumentError(`Expected each name once, found ${name} again.`);
  return { ...before, [name]: value };
}

/** `--input FILE`, as often as there are files; undefined when there are none. */
export function inputOption(): Option {
  const about = 'a cartridge, PNG or raw RGBA that an IMAGE of the program names; repeatable';
  return new Option('--input <FILE>', about).argParser((path: string, before: readonly string[] = []) => {
    return [...before, path];
  });
}

/** Params as `--param` takes them. */
export function paramWords(params: Params): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** A whole number from 1 to a million. */
export function parseCount(text: string): number {
  return parseWhole(text, 1_000_000);
}

/** How many backups stay. */
export function parseKeep(text: string): number {
  return parseWhole(text, 1_000);
}

/** A whole number from 1 to as many lines as a run may execute. */
export function parseOrdinal(text: string): number {
  return parseWhole(text, LIMITS.steps);
}

/** `--cycle SECONDS`, in milliseconds; undefined where it was not given. */
export function cycleOption(): Option {
  const about = 'render every script again this often, be its picture known or not, as the seed does';
  return new Option('--cycle <seconds>', about).argParser((text) => parseWhole(text, 86_400) * 1_000);
}

/** A span of time that a screen shows one frame, from 100 ms to a minute. */
export function parseFrameMs(text: string): number {
  return parseWhole(text, 60_000, 100);
}

/** How many daemons of a kind one supervisor starts: more than cores would only take turns. */
export function parseDaemons(text: string): number {
  return parseWhole(text, 16);
}

/** Pictures beside each other on a sheet. */
export function parseColumns(text: string): number {
  return parseWhole(text, 1_000);
}

/** How many steps of a lineage are told. */
export function parseDepth(text: string): number {
  return parseWhole(text, 100);
}

/** A column or a row of a canvas, from 0. */
export function parsePlace(text: string): number {
  return parseWhole(text, LIMITS.canvasSide - 1, 0);
}

function parseWhole(text: string, most: number, least = 1): number {
  const number = /^\d{1,8}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
}
