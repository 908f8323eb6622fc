/** The pictures of the bench: what the backends paint side by side is what a self-test times. */
import { TIMED_PICTURES } from '../renderer/timing/pictures.ts';

export const SIDE_BY_SIDE = TIMED_PICTURES;

export type PictureName = keyof typeof SIDE_BY_SIDE;
