/** What the renderer is told: its settings, and the numbers that are its own. */
import type { DaemonAllowanceSettings, Settings } from '../shared/settings.ts';

/** Of what is not said about the cost of a run, the language's limits hold alone. */
export type RendererSettings = Pick<Settings, 'socketDir' | 'backend'> & Partial<DaemonAllowanceSettings>;

/** How long an incomplete `cmd.json` is read again before it counts as poison, ms. */
export const INCOMPLETE_COMMAND_MS = 2_000;
/** Shortest time from taking a command without an id to its answer, ms: its client may still delete. */
export const UNNAMED_ANSWER_MS = 2;
/**
 * How long after its publication an unread answer that is removed counts as removed by mistake, ms: the
 * seed's client waits no longer than this, so what is removed later is tidying up before another question.
 */
export const LATE_DELETE_MS = 2_000;
/** How long a door rests after a fault of the world, ms; less than the slow scan, which then tries again. */
export const FAULT_REST_MS = 200;
/** How long jobs of the spool are answered in one turn of the process before signals, timers and events have theirs, ms. */
export const TURN_MS = 1;
/** How often stale files are looked for, ms. */
export const SWEEP_MS = 5_000;
/** Most jobs of the spool in hand at once, where a GPU paints them together. */
export const HAND_JOBS = 64;
/** Most bytes of their canvases and display lists, beyond which no further job is taken. */
export const HAND_BYTES = 2 ** 24;
/** Longest stretch of taking or publishing them without a turn for signals, heartbeats and clients, ms. */
export const STRETCH_MS = 8;
/** How many recent ids are remembered, to know one that is used again. */
export const REMEMBERED_IDS = 10_000;
/** How often rooms and lock are looked after, ms. */
export const UPKEEP_MS = 1_000;
