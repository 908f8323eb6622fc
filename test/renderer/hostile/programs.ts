/** All hostile programs. */
import { ARITHMETIC } from './arithmetic.ts';
import { CONTROL } from './control.ts';
import { DRAWING } from './drawing.ts';
import type { Hostile } from './hostile.ts';
import { NAMES } from './names.ts';
import { NESTING } from './nesting.ts';
import { SHADE_PROGRAMS } from './shades.ts';
import { SHAPE_PROGRAMS } from './shapes.ts';
import { SPRITE_PROGRAMS } from './sprites.ts';
import { TEXTS } from './texts.ts';

export const PROGRAMS: readonly Hostile[] = [
  ...NESTING,
  ...NAMES,
  ...TEXTS,
  ...CONTROL,
  ...ARITHMETIC,
  ...DRAWING,
  ...SHAPE_PROGRAMS,
  ...SPRITE_PROGRAMS,
  ...SHADE_PROGRAMS,
];
