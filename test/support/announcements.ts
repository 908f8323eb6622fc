/** All announcements at a socket, of the living and the dead. */
import { join } from 'node:path';
import { diskFiles } from '../../shared/host/files.ts';
import { type Announcement, decodeAnnouncement } from '../../shared/protocol/announcement.ts';

/** @param socketDir absolute; what is no announcement is passed over */
export function readAnnouncements(socketDir: string): Announcement[] {
  const folder = join(socketDir, 'renderer');
  return diskFiles.list(folder).flatMap((name) => {
    const bytes = name.endsWith('.json') ? diskFiles.read(join(folder, name), 65_536) : undefined;
    return (bytes && decodeAnnouncement(Buffer.from(bytes).toString('utf8'))) ?? [];
  });
}
