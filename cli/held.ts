/** What renderers have in hand, by command. */
import type { Announcement, InHand } from '../shared/protocol/announcement.ts';

/** What a renderer says of a command that it has in hand, and who it is. */
export interface Held extends InHand {
  readonly renderer: string;
}

/** What is in renderers' hands, by the id of its command; what has none is left out. */
export function heldById(renderers: readonly Announcement[]): Map<string, Held> {
  return new Map(
    renderers.flatMap(({ renderer, in_hand = [] }) =>
      in_hand.flatMap((held) => (held.id === null ? [] : [[held.id, { ...held, renderer }] as const])),
    ),
  );
}
