/** Who serves the socket that the settings name, as commands look at it. */
import { resolve } from 'node:path';
import { systemClock } from '../shared/host/clock.ts';
import { diskFiles } from '../shared/host/files.ts';
import { Presence } from '../shared/host/presence.ts';
import type { Settings } from '../shared/settings.ts';

export function presenceAt({ socketDir }: Pick<Settings, 'socketDir'>): Presence {
  return new Presence(diskFiles, resolve(socketDir), () => systemClock.monotonic());
}
