/** Lowered limits: who lowered the one that refused a run, a setting or a command, and so who may raise it. */
import { type Allowance, FULL_ALLOWANCE } from './allowance.ts';
import type { Complaint } from './faults.ts';
import { SETTINGS } from './settings.ts';

/** What a refused run had too much of, by its code. */
const LIMIT_OF: Readonly<Record<string, keyof Allowance>> = {
  'PXL-E012': 'steps',
  'PXL-E013': 'shapes',
  'PXL-E014': 'pixels_written',
  'PXL-E032': 'bytes',
  'PXL-E042': 'shade',
};

const SETTING_OF = {
  steps: SETTINGS.maxSteps,
  shapes: SETTINGS.maxShapes,
  pixels_written: SETTINGS.maxPixels,
  bytes: SETTINGS.maxBytes,
  shade: SETTINGS.maxShade,
} as const satisfies Record<keyof Allowance, unknown>;

/**
 * The complaints about a run, those about a limit under the language's with the one who raises it for a hint.
 *
 * @param allowed what the settings of whoever ran it allow
 * @param place where that one takes its settings, for the end of a sentence; empty when it is the command line itself
 * @param asked what the command itself allows
 */
export function sayWhoLowered<Complaints extends readonly Complaint[]>(
  complaints: Complaints,
  allowed: Partial<Allowance>,
  place: string,
  asked: Partial<Allowance> = {},
): Complaints {
  return complaints.map((complaint) => {
    const name = LIMIT_OF[complaint.code];
    if (name === undefined) return complaint;
    const { [name]: most } = FULL_ALLOWANCE;
    const { [name]: byCommand = most } = asked;
    const { [name]: bySettings = most } = allowed;
    if (Math.min(byCommand, bySettings) >= most) return complaint;
    const known = `the language allows ${most}`;
    if (byCommand < bySettings) return { ...complaint, hint: `your command's limits say so: ${known}` };
    return { ...complaint, hint: `${raise(name)} raises this limit${place}: ${known}` };
  }) as readonly Complaint[] as Complaints;
}

function raise(name: keyof Allowance): string {
  const { env, flag } = SETTING_OF[name];
  return `${env} or ${flag.split(' ')[0]}`;
}

/** The setting that lowers the limit which a code stands for, as `raise` has it; undefined of other codes. */
export function settingBehind(code: string): string | undefined {
  const name = LIMIT_OF[code];
  return name === undefined ? undefined : raise(name);
}

/** Where a renderer takes its settings. */
export const AT_THE_RENDERER = ', where the renderer is started';

/**
 * What stands in the way of a program at a renderer whose settings nobody changed; undefined where nothing does.
 *
 * @param shade operations of all its SHADEs
 */
export function overDefault({ shade = 0 }: { readonly shade?: number }): string | undefined {
  const most = Number(SETTINGS.maxShade.fallback);
  if (shade <= most) return undefined;
  const found = `${shade} operations of SHADEs are more than the ${most} that a renderer allows by default`;
  return `${found}: ${raise('shade')} raises this limit${AT_THE_RENDERER}`;
}
