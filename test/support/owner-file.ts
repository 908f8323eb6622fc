/** Owner files as other renderers write them, living or dead, near or foreign: by hand, for tests. */
import { ownIdentity } from '../../shared/host/process-identity.ts';
import type { Announcement } from '../../shared/protocol/announcement.ts';

/** The text of `renderer/<renderer>.json`; of this very process, unless `fields` say otherwise. */
export function ownerFile(renderer: string, fields: Partial<Announcement> = {}): string {
  const announcement: Announcement = {
    ...ownIdentity(),
    renderer,
    version: '0.1.0',
    backend: 'cpu',
    adapter: 'cpu',
    reason: '',
    health: 'ok',
    slot: false,
    started_at: '2026-01-01T00:00:00.000Z',
    heartbeat: 0,
    ...fields,
  };
  return `${JSON.stringify(announcement)}\n`;
}
